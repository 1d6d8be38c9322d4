import type { JudgedColumn } from './judge.ts'
import { keyOf } from './settle.ts'

// What grows with a register is done in parts, so that it needs as much memory for many rows as for few: judged by
// ranges of lines, sorted by ranges of the key.

/** Keys looked at to part them evenly. */
const SAMPLED = 10_000

/** From the first line to before the second. */
export type Lines = readonly [from: number, to: number]

export const linesIn = ([from, to]: Lines) => `_line >= ${Number(from)} and _line < ${Number(to)}`

/** Which rows are judged, a bit a line: a join with as many lines would be built anew for each range of the key. */
export function markUnsettled(lastLine: number): string {
  return `set variable unsettled = (select bitstring_agg(_line, 0, ${Number(lastLine)}) from unsettled)`
}

/** Whether a row of the staged file is not judged; without any that is, there are no bits. */
export const IS_SETTLED = "coalesce(get_bit(getvariable('unsettled'), cast(_line as integer)), 0) = 0"

/**
 * Parts the keys of `rows` good rows into about equal ranges; the same for the same rows in any order. The bounds stay in
 * the engine, as a variable that its planner takes for a constant.
 */
export function setBounds(
  columns: readonly JudgedColumn[],
  primaryKey: readonly string[],
  rows: number,
  ranges: number,
): string {
  const key = keyIn(columns, primaryKey)
  const every = Math.max(1, Math.floor(rows / SAMPLED))
  const bounds = Array.from(
    { length: ranges - 1 },
    (_, at) => `keys[1 + (len(keys) * ${at + 1}) // ${Number(ranges)}]`,
  )
  return `set variable key_bounds = (select [${bounds.join(', ')}] from (select list_sort(list(key)) as keys
    from (select ${key} as key from good) where key is not null and hash(key) % ${every} = 0))`
}

/** Neighbouring ranges, the last one not among them. */
export interface Ranges {
  readonly from: number
  readonly to: number
  /** How many there are in all. */
  readonly ranges: number
}

/** Whether the key of a good row lies in these ranges; each key, none too, lies in just one. */
export function inRange(
  columns: readonly JudgedColumn[],
  primaryKey: readonly string[],
  { from, to, ranges }: Ranges,
): string {
  const key = keyIn(columns, primaryKey)
  const bound = (at: number) => `getvariable('key_bounds')[${Number(at)}]`
  if (from === 0 && to === ranges) return 'true'
  // Without a key in the sample there is no bound, and the first range takes all.
  if (from === 0) return `(${key} < ${bound(to)} or ${bound(to)} is null)`
  if (to === ranges) return `((${key} >= ${bound(from)} or ${key} is null) and ${bound(from)} is not null)`
  const [least, below] = [`${key} >= ${bound(from)}`, `${key} < ${bound(to)}`]
  // Of two conditions DuckDB makes a BETWEEN, which it has not for the structure that several columns are.
  return primaryKey.length === 1 ? `${least} and ${below}` : `case when ${least} then ${below} else false end`
}

/** The number of the range, of those, that the key of a row in them lies in. */
export function rangeOf(
  columns: readonly JudgedColumn[],
  primaryKey: readonly string[],
  { from, to }: Ranges,
): string {
  const key = keyIn(columns, primaryKey)
  // Halved again and again: a key is compared with five bounds of thirty-two. One that is null lies in the last range.
  const among = (from: number, to: number): string => {
    if (to - from === 1) return String(Number(from))
    const middle = (from + to) >> 1
    const isBelow = `${key} < getvariable('key_bounds')[${middle}]`
    return `case when ${isBelow} then ${among(from, middle)} else ${among(middle, to)} end`
  }
  return among(from, to)
}

function keyIn(columns: readonly JudgedColumn[], primaryKey: readonly string[]): string {
  const key = keyOf(columns, primaryKey)
  return key.length === 1 ? String(key[0]) : `row(${key.join(', ')})`
}
