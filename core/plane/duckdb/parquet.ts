import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { text } from '../emitter/literal.ts'
import type { PlaneFile } from '../plane.ts'

const ROW_GROUP_ROWS = 100_000

export interface WrittenFile extends PlaneFile {
  /** Whether a file of the same bytes stood there before. */
  readonly existed: boolean
}

/**
 * Writes the rows of a statement as an immutable file: under a temporary name, synced, then renamed to its
 * digest (K11). What crashes before the rename leaves nothing a reader could meet. No rows, no file.
 */
export async function writeParquet(
  connection: DuckDBConnection,
  folder: string,
  temporaryName: string,
  statement: string,
  compression = 'compression zstd',
): Promise<WrittenFile | undefined> {
  const temporary = join(folder, 'staging', temporaryName)
  try {
    const result = await connection.run(
      `copy (${statement}) to ${text(temporary)} (format parquet, ${compression}, row_group_size ${ROW_GROUP_ROWS})`,
    )
    const rows = result.rowsChanged
    if (rows === 0) return undefined
    const hash = createHash('sha256')
    await pipeline(createReadStream(temporary, { highWaterMark: 1_048_576 }), hash)
    const sha256 = hash.digest('hex')
    const { size } = await stat(temporary)
    await sync(temporary)
    const final = join(folder, 'snapshots', `${sha256}.parquet`)
    const existed = await stat(final).then(
      () => true,
      () => false,
    )
    await rename(temporary, final)
    await sync(join(folder, 'snapshots'))
    return { sha256, rows, bytes: size, existed }
  } finally {
    await rm(temporary, { force: true })
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
