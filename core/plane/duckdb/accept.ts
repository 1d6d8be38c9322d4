import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from '../emitter/literal.ts'
import { inRange, linesIn, setBounds } from '../emitter/ranges.ts'
import { acceptedRows, singleRows, type Snapshot } from '../emitter/settle.ts'
import type { Parts } from './judge.ts'
import type { Work } from './main.ts'
import { copyRows } from './parquet.ts'

/** Each range reads the whole register; more of them are first brought together by so many. */
const RANGES_AT_ONCE = 16

/** The statements that make a snapshot, one behind the other: by ranges of the key, without a key by lines. */
export async function* acceptedParts(
  work: Work,
  spec: Snapshot,
  { sorted, lines, rows }: Parts,
  token: string,
): AsyncGenerator<string> {
  const { connection, folder } = work
  const { columns, primaryKey } = spec
  const single = (condition: string) => `(${singleRows(condition)})`
  if (primaryKey.length === 0) {
    for (const each of lines) yield acceptedRows(spec, single(linesIn(each)), 'true')
    return
  }
  if (sorted > 1) await connection.run(setBounds(columns, primaryKey, rows, sorted))
  const within = (from: number, to: number) => inRange(columns, primaryKey, { from, to, ranges: sorted })
  if (sorted <= RANGES_AT_ONCE) {
    for (let at = 0; at < sorted; at += 1) yield acceptedRows(spec, single(within(at, at + 1)), 'true')
    return
  }
  const step = Math.ceil(Math.sqrt(sorted))
  const gathered = join(folder, 'staging', `${token}.gathered`)
  try {
    for (let from = 0; from < sorted; from += step) {
      const to = Math.min(sorted, from + step)
      await copyRows(connection, singleRows(within(from, to)), gathered, 'brief')
      for (let at = from; at < to; at += 1)
        yield acceptedRows(spec, `read_parquet(${text(gathered)})`, within(at, at + 1))
    }
  } finally {
    await rm(gathered, { force: true })
  }
}
