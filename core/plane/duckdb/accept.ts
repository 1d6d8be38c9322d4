import { access, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from '../emitter/literal.ts'
import { inRange, linesIn, rangeOf, setBounds } from '../emitter/ranges.ts'
import { acceptedRows, singleRows, type Snapshot } from '../emitter/settle.ts'
import type { Parts } from './judge.ts'
import type { Work } from './main.ts'
import { partRows } from './parquet.ts'

/** Files of ranges that are written at once, each with a row group in memory until it is full. */
const FILES_AT_ONCE = 32

/**
 * The statements that make a snapshot, one behind the other: by ranges of the key, without a key by lines. The register is
 * read once for so many ranges, and each row laid into the file of its range; a range at a time is sorted then.
 */
export async function* acceptedParts(
  work: Work,
  spec: Snapshot,
  { sorted, lines, rows }: Parts,
  token: string,
): AsyncGenerator<string> {
  const { connection, folder } = work
  const { columns, primaryKey } = spec
  const single = (condition: string) => acceptedRows(spec, `(${singleRows(condition)})`, 'true')
  if (primaryKey.length === 0) {
    for (const each of lines) yield single(linesIn(each))
    return
  }
  if (sorted === 1) {
    yield single('true')
    return
  }
  await connection.run(setBounds(columns, primaryKey, rows, sorted))
  const parted = join(folder, 'staging', `${token}.parted`)
  try {
    for (let from = 0; from < sorted; from += FILES_AT_ONCE) {
      const ranges = { from, to: Math.min(sorted, from + FILES_AT_ONCE), ranges: sorted }
      const within = singleRows(inRange(columns, primaryKey, ranges))
      await partRows(connection, within, rangeOf(columns, primaryKey, ranges), parted)
      for (let at = from; at < ranges.to; at += 1) {
        const range = join(parted, `_range=${at}`)
        yield (await isThere(range))
          ? acceptedRows(
              spec,
              `read_parquet(${text(`${range}/*.parquet`)}, hive_partitioning = false)`,
              'true',
            )
          : single('false')
        await rm(range, { recursive: true, force: true })
      }
      await rm(parted, { recursive: true, force: true })
    }
  } finally {
    await rm(parted, { recursive: true, force: true })
  }
}

/** A range without rows has no file. */
const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
