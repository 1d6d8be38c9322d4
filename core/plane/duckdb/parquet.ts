import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { text } from '../emitter/literal.ts'
import type { PlaneFile } from '../plane.ts'
import { joinParquet } from './parquet-join.ts'

const ROW_GROUP_ROWS = 100_000

export interface WrittenFile extends PlaneFile {
  /** Whether a file of the same bytes stood there before. */
  readonly existed: boolean
}

/** Rows of a statement as a Parquet file; how many there are. */
export async function copyRows(
  connection: DuckDBConnection,
  statement: string,
  path: string,
  compression = 'compression zstd',
): Promise<number> {
  const result = await connection.run(
    `copy (${statement}) to ${text(path)} (format parquet, ${compression}, row_group_size ${ROW_GROUP_ROWS})`,
  )
  return result.rowsChanged
}

/**
 * Writes the rows of statements, one behind the other, as an immutable file: under a temporary name, synced, then
 * renamed to its digest (K11). What crashes before the rename leaves nothing a reader could meet. No rows, no file.
 */
export async function writeParquet(
  connection: DuckDBConnection,
  folder: string,
  temporaryName: string,
  statements: string | readonly string[],
  compression?: string,
): Promise<WrittenFile | undefined> {
  const temporary = join(folder, 'staging', temporaryName)
  const parts = [statements].flat().map((statement, at) => ({ statement, path: `${temporary}.${at}` }))
  try {
    const written: string[] = []
    let rows = 0
    for (const { statement, path } of parts) {
      const own = await copyRows(connection, statement, path, compression)
      if (own > 0) written.push(path)
      rows += own
    }
    if (rows === 0) return undefined
    if (written.length === 1) await rename(String(written[0]), temporary)
    else await joinParquet(written, temporary)
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
    for (const path of [temporary, ...parts.map((part) => part.path)]) await rm(path, { force: true })
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
