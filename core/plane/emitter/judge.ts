import type { CompiledColumn } from '../../text/column.ts'
import { type Failing, failuresOf, type Reason, reasonNumber } from './checks.ts'
import { commonDay } from './dates.ts'
import { expiry } from './expiry.ts'
import { isOneOf, isWord, text } from './literal.ts'
import { isPlain, normalised } from './plain.ts'

export interface JudgedColumn extends CompiledColumn {
  /** Which of the file's columns `c0`, `c1`, … it reads; null when the file has none for it. */
  readonly index: number | null
}

export interface Judging {
  readonly columns: readonly JudgedColumn[]
  readonly primaryKey: readonly string[]
  /** How many cells `c0`, `c1`, … a row of the file has. */
  readonly width: number
  /** A day, `YYYY-MM-DD`. */
  readonly today: string
  /** Lines that are totals and no data. */
  readonly totals?: readonly number[]
  /** Places of the columns that have a table `odd<place>` (`cell`, `value`, `reason`): cells core/text judged. */
  readonly odd?: ReadonlySet<number>
  /** What each column stores of a cell that is settled, where the source tells by `s<place>` which ones are. */
  readonly settled?: readonly string[]
}

/**
 * The statement that judges each row of `source`: `_line`, `_fault`, `_total`, `_bad`, and for each column
 * its typed value `v0…`, the number of its failure `f0…` (see REASONS) and, where codes can expire, the last day `e0…`
 * of one that has; of a bad row besides `_raw` and its cells `c0…`. In layers, because a name given in
 * one can be used many times in the next.
 */
export function judgement(judging: Judging, source: string): string {
  const { columns, primaryKey, width, totals = [], odd = new Set(), settled } = judging
  const layer = (of: (column: JudgedColumn, at: number) => readonly string[]) =>
    columns.flatMap(of).join(', ')
  // A settled cell is never normalised nor judged again; one of core/text's is looked up.
  const choose = (at: number, ofSettled: string, looked: string, computed: string) =>
    chosen([
      [settled !== undefined, `s${at}`, ofSettled],
      [odd.has(at), `or${at} is not null`, looked],
      [true, '', computed],
    ])
  const carried = columns.map((_, at) => [
    ...(settled === undefined ? [] : [`s${at}`, `w${at}`]),
    ...(odd.has(at) ? [`ov${at}`, `or${at}`] : []),
  ])
  const joined = [...odd].map((at) => `left join odd${at} on s.c${columns[at]?.index} = odd${at}.cell`)
  const looked = [...odd].map((at) => `, odd${at}.value as ov${at}, odd${at}.reason as or${at}`)
  const stored = (settled ?? []).map((value, at) => `, case when s${at} then ${value} end as w${at}`)
  const texts = layer((column, at) => [
    `${choose(at, 'null', 'null', textOf(column))} as n${at}`,
    ...(carried[at] ?? []),
  ])
  const values = layer((column, at) => [
    `n${at}`,
    `${withoutPlaceholders(column, `n${at}`)} as m${at}`,
    ...(carried[at] ?? []),
  ])
  const typed = layer((column, at) => [
    `n${at}`,
    `m${at}`,
    `${choose(at, `w${at}`, `cast(ov${at} as ${storedType(column)})`, valueOf(column, `m${at}`))} as v${at}`,
    ...(column.codes === undefined ? [] : [`${isOneOf(`m${at}`, column.codes)} as l${at}`]),
    ...(carried[at] ?? []),
  ])
  const judged = layer((column, at) => {
    const isKey = primaryKey.includes(column.name)
    return [
      `v${at}`,
      `cast(${choose(at, '0', `or${at}`, failureOf(column, isKey, at, judging.today))} as utinyint) as f${at}`,
    ]
  })
  const bad = columns.flatMap(({ severity }, at) => (severity === 'reject' ? badIf(at) : [])).join(' or ')
  // A row that goes to quarantine takes the cells it came with there.
  const cells = Array.from({ length: width }, (_, index) => `c${index}`)
  const own = ['_line', '_fault', '_raw', ...cells].join(', ')
  const kept = ['_raw', ...cells].map((cell) => `case when _bad then ${cell} end as ${cell}`)
  return `select * replace (${kept.join(', ')}) from (
    select *, ${totals.length === 0 ? 'false' : `_line in (${totals.join(', ')})`} as _total,
    (_fault is not null${bad === '' ? '' : ` or ${bad}`}) as _bad from (
    select ${own}, ${layer(expiry(columns, judging.today))} from (
    select ${own}, ${judged} from (
    select ${own}, ${typed} from (
    select ${own}, ${values} from (
    select ${own}, ${texts} from (
    select s.*${looked.join('')}${stored.join('')} from ${source} as s ${joined.join(' ')})))))))`
}

/** One row: of each column whether `suspects` has a cell of it that did not settle. */
export function unsettledColumns(columns: readonly JudgedColumn[]): string {
  return `select ${columns.map((_, at) => `coalesce(bool_or(not s${at}), false)`).join(', ')} from suspects`
}

/**
 * Distinct cells of a column in `suspects` that core/text has to judge, each behind a bar: the driver takes a leading
 * U+FEFF for a byte order mark and drops it. Undefined when the file has no such column.
 */
export function oddCells(column: JudgedColumn, at: number): string | undefined {
  if (column.index === null) return undefined
  const plain = isPlain(column, 'c')
  const odd = plain === 'false' ? 'true' : `not (${plain}) or ${unusual(column)}`
  return `select '|' || c from (select distinct c from (select c, ${plain === 'false' ? 'null' : normalised(column, 'c')} as n
    from (select c${column.index} as c from suspects where _fault is null and not s${at} and c${column.index} is not null)) where ${odd})`
}

/** Whether a plain cell is written in a way its type does not have in SQL; `n` is the cell normalised. */
function unusual(column: CompiledColumn): string {
  const shape = PLAIN_SHAPES[column.dataType]
  const known = withoutPlaceholders(column, 'n')
  // The 15 digits of before 1999 are stored as the 18 of GB 11643-1999.
  if (column.check === 'gb11643') return `coalesce(length(${known}) = 15, false)`
  if (column.dataType === 'date')
    return `(${known} is not null and ${commonDay(known, column.calendar ?? 'gregorian')} is null)`
  return shape === undefined ? 'false' : `not regexp_full_match(coalesce(${known}, '0'), '${shape}')`
}

export const PLAIN_SHAPES: Partial<Record<CompiledColumn['dataType'], string>> = {
  integer: '0|-?[1-9][0-9]{0,14}',
  number: '-?(0|[1-9][0-9]{0,9})([.][0-9]{1,5})?',
  money: '(0|[1-9][0-9]{0,11})([.][0-9]{1,2})?',
}

function textOf(column: JudgedColumn): string {
  return column.index === null ? 'null::varchar' : normalised(column, `c${column.index}`)
}

/** The first of the cases that apply; the last has no condition. */
function chosen(cases: readonly (readonly [applies: boolean, condition: string, value: string])[]): string {
  const applying = cases.filter(([applies]) => applies)
  const [, , otherwise] = applying.at(-1) ?? [true, '', 'null']
  const before = applying.slice(0, -1).map(([, condition, value]) => `when ${condition} then ${value}`)
  return before.length === 0 ? otherwise : `case ${before.join(' ')} else ${otherwise} end`
}

function withoutPlaceholders({ placeholders }: CompiledColumn, n: string): string {
  return placeholders.length === 0 ? n : `case when not ${isWord(n, placeholders)} then ${n} end`
}

/** A placeholder is a finding and no failure. */
function badIf(at: number): string {
  return `(f${at} <> 0 and f${at} <> ${reasonNumber('placeholder')})`
}

/** Whether a failure of the column sends the row to quarantine. */
export function rejects(column: CompiledColumn, reason: Reason): boolean {
  return column.severity === 'reject' && reason !== 'placeholder'
}

/** How a value is kept in snapshots; money in its smallest unit. */
export function storedType({ dataType }: CompiledColumn): string {
  switch (dataType) {
    case 'date':
      return 'date'
    case 'integer':
    case 'money':
      return 'bigint'
    case 'number':
      return 'double'
    case 'boolean':
      return 'boolean'
    case 'datetime':
      return 'timestamp'
    default:
      return 'varchar'
  }
}

export function valueOf(column: CompiledColumn, m: string): string {
  if (column.dataType === 'date') return commonDay(m, column.calendar ?? 'gregorian')
  // Exact: the texts SQL judges have at most twelve digits before the point and two behind it.
  if (column.dataType === 'money') return `try_cast(round(try_cast(${m} as double) * 100) as bigint)`
  const type = storedType(column)
  return type === 'varchar' ? m : `try_cast(${m} as ${type})`
}

/** The number of the first failure of `m`, in the order core/text judges by. */
function failureOf(column: JudgedColumn, isKey: boolean, at: number, today: string): string {
  const m = `m${at}`
  const conditions: Failing[] = []
  if (column.check !== undefined && column.check !== 'iban' && column.check !== 'luhn')
    conditions.push(...failuresOf(column.check, m, `date ${text(today)}`))
  if (storedType(column) !== 'varchar')
    conditions.push([`v${at} is null`, column.dataType.startsWith('date') ? 'unreadable' : 'type'])
  const isNumber = ['integer', 'number', 'money'].includes(column.dataType)
  if (isNumber && column.minimum !== undefined) conditions.push([`v${at} < ${column.minimum}`, 'range'])
  if (isNumber && column.maximum !== undefined) conditions.push([`v${at} > ${column.maximum}`, 'range'])
  if (column.minLength !== undefined) conditions.push([`length(${m}) < ${column.minLength}`, 'length'])
  if (column.maxLength !== undefined) conditions.push([`length(${m}) > ${column.maxLength}`, 'length'])
  if (column.pattern !== undefined)
    conditions.push([`not regexp_matches(${m}, ${text(column.pattern)})`, 'pattern'])
  if (column.codes !== undefined) conditions.push([`not l${at}`, 'code'])
  const cases = conditions.map(([condition, reason]) => `when ${condition} then ${reasonNumber(reason)}`)
  cases.unshift(`when ${m} is null then ${reasonNumber(column.required || isKey ? 'missing' : 'ok')}`)
  // A key that means unknown is no key.
  if (column.placeholders.length > 0 && !isKey)
    cases.unshift(`when n${at} is not null and ${m} is null then ${reasonNumber('placeholder')}`)
  return `case ${cases.join(' ')} else 0 end`
}
