import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** What a fresh database is made from: the sources, the packs and data they ship, the libraries. */
const MADE_FROM = [
  'package-lock.json',
  'core',
  'standards',
  'modules',
  'workflows',
  'gateway',
  'tests/support',
]
const PREFIX = 'gdbos-snapshots-'
const DAY_MS = 24 * 60 * 60_000

/**
 * What `make` makes, kept on disk for every other process of a run and for the next run of the same sources.
 * Those of other sources are removed after a day.
 */
export async function kept(name: string, make: () => Promise<Blob>): Promise<Blob> {
  const folder = join(tmpdir(), `${PREFIX}${await digestOfSources()}`)
  const path = join(folder, name)
  try {
    return new Blob([await readFile(path)])
  } catch {
    const made = await make()
    await removeOld()
    await mkdir(folder, { recursive: true })
    // Whole or not at all: another process may be reading, or making the same.
    await writeFile(`${path}.${process.pid}`, made.stream())
    await rename(`${path}.${process.pid}`, path)
    return made
  }
}

/** The same for a folder that `make` fills; whoever asks copies it and leaves it as it is. */
export async function keptFolder(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const parent = join(tmpdir(), `${PREFIX}${await digestOfSources()}`)
  const path = join(parent, name)
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return path
  await removeOld()
  await mkdir(parent, { recursive: true })
  const making = `${path}.${process.pid}`
  await mkdir(making)
  await make(making)
  await rename(making, path)
  return path
}

async function removeOld(): Promise<void> {
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX))
  for (const folder of folders.map((name) => join(tmpdir(), name)))
    if ((await stat(folder)).mtimeMs < Date.now() - DAY_MS) await rm(folder, { recursive: true, force: true })
}

let digested: Promise<string> | undefined

/** Of all that a fresh database is made from. */
export function digestOfSources(): Promise<string> {
  digested ??= (async () => {
    const hash = createHash('sha256')
    for (const top of MADE_FROM)
      for (const file of await filesIn(top)) hash.update(file).update(await readFile(join(ROOT, file)))
    return hash.digest('hex').slice(0, 16)
  })()
  return digested
}

async function filesIn(path: string): Promise<string[]> {
  if (path === 'gateway/portal') return []
  const entries = await readdir(join(ROOT, path), { withFileTypes: true }).catch(() => undefined)
  if (!entries) return [path]
  const found = await Promise.all(entries.map(({ name }) => filesIn(`${path}/${name}`)))
  return found.flat().sort()
}
