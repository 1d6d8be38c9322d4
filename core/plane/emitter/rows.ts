import type { CheckAlgorithm } from '../../text/column.ts'
import { type JudgedColumn, storedType } from './judge.ts'
import { IS_SETTLED } from './ranges.ts'
import { knownCell, settledCell } from './settled-cell.ts'

// Names of a load's temporary relations, in the order they are made:
//   staged    every record of the file, as text
//   failing<place>  values of a column that do not settle, where meeting each once is cheaper
//   suspects  records of a range of lines that are not settled at a glance, with `s<place>` for each cell that is
//   unsettled  the lines of all of them
//   judged  what became of them, cell by cell
//   good      rows without a failure, typed: the settled ones and those of `judged`
//   twins, contenders, settled  digests and rows of keys that repeat, and what each repeat is

/** `_line`, `_fault`, `_raw` and the cells `c0…` of a staged file, whichever way it was written (see stage.ts). */
export function stagedRows(parquet: string, width: number, isNumbered: boolean): string {
  const cells = Array.from({ length: width }, (_, index) => `c${index}`).join(', ')
  return isNumbered
    ? `select _line, _fault, _raw, ${cells} from read_parquet(${parquet})`
    : `select _skip + file_row_number + 1 as _line, cast(null as varchar) as _fault, cast(null as varchar) as _raw, ${cells}
       from read_parquet(${parquet}, file_row_number = true)`
}

export interface Suspicion {
  readonly columns: readonly JudgedColumn[]
  readonly primaryKey: readonly string[]
  readonly today: string
  /** Lines that may be totals and no data. */
  readonly totals: readonly number[]
  readonly width: number
  /** Places of the columns whose failing values are known: tables `failing<place>`. */
  readonly repeating: ReadonlySet<number>
}

/** Columns whose check costs more than meeting each value once. */
const COSTLY: readonly (CheckAlgorithm | undefined)[] = ['gb11643', 'gb32100']

/** How often the values of costly columns repeat: for each its place, values and distinct values, roughly. */
export function repetition({
  columns,
  primaryKey,
}: Pick<Suspicion, 'columns' | 'primaryKey'>): string | undefined {
  const costly = columns.flatMap(({ name, check, index }, at) =>
    index !== null && COSTLY.includes(check) && !primaryKey.includes(name) ? [{ at, c: `c${index}` }] : [],
  )
  if (costly.length === 0) return undefined
  const counts = costly.map(({ at, c }) => `[${at}, count(${c}), approx_count_distinct(${c})]`)
  return `select unnest([${counts.join(', ')}]) from staged`
}

/** The distinct values of a column that do not settle; none of them is null. */
export function failingValues({ columns, today }: Pick<Suspicion, 'columns' | 'today'>, at: number): string {
  const column = columns[at]
  if (column === undefined || column.index === null) throw new Error(`there is no column ${at}`)
  const { prepared, condition } = settledCell(column, false, at, today)
  const c = `c${column.index}`
  return `select ${c} as cell from (select ${[c, ...prepared].join(', ')}
    from (select distinct ${c} from staged where ${c} is not null)) where not (${condition})`
}

/** Records of `staged` in these lines that have to be judged cell by cell. */
export function suspectRows(
  { columns, primaryKey, today, totals, width, repeating }: Suspicion,
  lines: string,
): string {
  const cells = columns.map((column, at) =>
    repeating.has(at)
      ? knownCell(column, at)
      : settledCell(column, primaryKey.includes(column.name), at, today),
  )
  const prepared = cells.flatMap((cell) => cell.prepared.map((each) => `, ${each}`)).join('')
  const settled = cells.map(({ condition }, at) => `(${condition}) as s${at}`)
  const all = cells.map((_, at) => `s${at}`)
  const own = ['_line', '_fault', '_raw', ...Array.from({ length: width }, (_, index) => `c${index}`)].join(
    ', ',
  )
  const isTotal = totals.length === 0 ? '' : ` or _line in (${totals.join(', ')})`
  return `select ${own}, ${all.join(', ')} from (
    select *, ${asItIs(`_fault is not null${isTotal} or not (${all.join(' and ')})`)} as _suspect from (
    select ${own}, ${settled.join(', ')} from (
    select ${own}${prepared} from staged where ${lines}))) where _suspect`
}

/**
 * A condition that DuckDB computes where it stands. Moved down into the scan as a filter, each of its parts would run on
 * the few rows the part before it left over, and no more once for each entry of a column's dictionary, and then again
 * in the select: two to three times the work.
 */
const asItIs = (condition: string) => `(${condition} or random() < 0)`

/** What each column stores of a cell that settles. */
export function settledValues({
  columns,
  primaryKey,
  today,
}: Pick<Suspicion, 'columns' | 'primaryKey' | 'today'>): string[] {
  return columns.map((column, at) => {
    const { value } = settledCell(column, primaryKey.includes(column.name), at, today)
    return `cast(${value} as ${storedType(column)})`
  })
}

/** Typed rows without a failure. */
export function goodRows(spec: Suspicion): string {
  const values = settledValues(spec).map((value, at) => `${value} as v${at}`)
  return `select _line, ${values.join(', ')} from staged where ${IS_SETTLED}
    union all
    select _line, ${values.map((_, at) => `v${at}`).join(', ')} from judged where not _bad and not _total`
}
