import { execFile } from 'node:child_process'
import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { gdbosCommand } from './command.ts'
import { keptFolder } from './snapshots.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/**
 * A data folder of its own with all that ships and nothing else, as `gdbos migrate` leaves it: made once for all runs
 * of the same sources, then copied. Remove it afterwards.
 */
export async function migratedFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gdbos-data-'))
  await copyMigrated(folder)
  return folder
}

/** Fills a folder with the same. */
export async function copyMigrated(folder: string): Promise<void> {
  const migrated = await keptFolder('migrated', async (data) => {
    const line = [...(await gdbosCommand()), 'migrate', '--data', data]
    await promisify(execFile)(process.execPath, line, {
      cwd: ROOT,
      env: { ...process.env, DATABASE_URL: '' },
    })
  })
  await cp(migrated, folder, { recursive: true })
}
