import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { text } from '../emitter/literal.ts'
import type { PlaneFile } from '../plane.ts'
import { ParquetJoin } from './parquet-join.ts'
import { both } from './both.ts'

/**
 * How a file is written: for keeping, or to be read once or twice by us and soon gone. A column that has more values than a
 * twentieth of its group gets no dictionary: by itself DuckDB tries for a fifth, which takes a quarter of the time and
 * saves one byte in twenty-five.
 */
const KINDS = {
  kept: 'compression zstd, compression_level 1, row_group_size 100000, dictionary_size_limit 5000',
  // Quick to write counts for more than size; smaller groups, since several wait in memory for the one before them. The
  // codes of all counties (3,000) still get a dictionary, whose entries are judged once.
  brief: 'compression snappy, row_group_size 40960, dictionary_size_limit 4096',
  // Read once, and soon; each range of the key has a group in memory.
  parted: 'compression uncompressed, row_group_size 8192, dictionary_size_limit 400',
} as const

/** The encodings of the second version (lengths and differences apart) are written and read in less time and are smaller. */
const FORMAT = 'format parquet, parquet_version v2'

export interface WrittenFile extends PlaneFile {
  /** Whether a file of the same bytes stood there before. */
  readonly existed: boolean
}

/** Rows of a statement as a Parquet file; how many there are. */
export async function copyRows(
  connection: DuckDBConnection,
  statement: string,
  path: string,
  kind: 'kept' | 'brief',
): Promise<number> {
  const result = await connection.run(`copy (${statement}) to ${text(path)} (${FORMAT}, ${KINDS[kind]})`)
  return result.rowsChanged
}

/** Lays the rows of a statement into a folder, by `_range=<number>` of each; to be read once. */
export async function partRows(
  connection: DuckDBConnection,
  statement: string,
  range: string,
  folder: string,
): Promise<void> {
  await connection.run(`copy (select *, ${range} as _range from (${statement})) to ${text(folder)}
    (${FORMAT}, ${KINDS.parted}, partition_by (_range))`)
}

/**
 * Writes the rows of statements, one behind the other, as an immutable file: under a temporary name, synced, then
 * renamed to its digest (K11). What crashes before the rename leaves nothing a reader could meet. No rows, no file.
 *
 * @param wrote told the rows so far after each statement; may throw to give up
 */
export async function writeParquet(
  connection: DuckDBConnection,
  folder: string,
  temporaryName: string,
  statements: Iterable<string> | AsyncIterable<string>,
  kind: 'kept' | 'brief' = 'kept',
  wrote: (rows: number) => void = () => undefined,
): Promise<WrittenFile | undefined> {
  const temporary = join(folder, 'staging', temporaryName)
  const parts: string[] = []
  /** The part that is not joined yet: it is while the next statement runs, and never if that was the only one. */
  let held: string | undefined
  let whole: ParquetJoin | undefined
  const joinHeld = async () => {
    if (held === undefined) return
    whole ??= await ParquetJoin.open(temporary)
    await whole.add(held)
    await rm(held)
  }
  try {
    let rows = 0
    for await (const statement of statements) {
      const part = `${temporary}.${parts.length}`
      parts.push(part)
      const [written] = await both(copyRows(connection, statement, part, kind), joinHeld())
      rows += written
      held = written === 0 ? undefined : part
      wrote(rows)
    }
    if (rows === 0) return undefined
    if (whole === undefined) await rename(String(held), temporary)
    else await joinHeld()
    const sha256 = (await whole?.end()) ?? (await digestOf(temporary))
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
    await whole?.close().catch(() => {})
    for (const path of [temporary, ...parts]) await rm(path, { force: true })
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1_048_576 }), hash)
  return hash.digest('hex')
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
