import { REASONS, type Reason } from './checks.ts'
import { type JudgedColumn, rejects } from './judge.ts'
import { name, text } from './literal.ts'

// What follows the judgement, as statements over the relations of rows.ts.

/** Of each column by its place and each reason by its number (see REASONS): how many cells of sound records it was found of. */
export function findingCounts(columns: readonly JudgedColumn[]): string {
  const numbers = columns.map((_, at) => `f${at}`)
  const found = numbers.map((number) => `${number} <> 0`)
  return `select place, reason, count(*) from (
      select unnest(range(${columns.length})) as place, unnest([${numbers.join(', ')}]) as reason
      from judged where _fault is null and (${found.join(' or ')}))
    where reason <> 0 group by place, reason order by place, reason`
}

/** How many records each fault was found of. */
export const FAULT_COUNTS =
  'select _fault, count(*) from judged where _fault is not null group by _fault order by _fault'

/** Digests of the keys, or whole rows, that more than one row of `good` has; of all digests, one of so many parts. */
export function twinDigests(
  columns: readonly JudgedColumn[],
  primaryKey: readonly string[],
  part = 0,
  parts = 1,
): string {
  return `select digest from (select ${digestOf(columns, primaryKey)} as digest from good)
    where digest % ${Number(parts)} = ${Number(part)} group by digest having count(*) > 1`
}

/** The rows those digests belong to; few, and compared in full. */
export function contendingRows(columns: readonly JudgedColumn[], primaryKey: readonly string[]): string {
  return `select * from good where ${digestOf(columns, primaryKey)} in (select digest from twins)`
}

function digestOf(columns: readonly JudgedColumn[], primaryKey: readonly string[]): string {
  return `hash(${(primaryKey.length > 0 ? keyOf(columns, primaryKey) : valuesOf(columns)).join(', ')})`
}

const valuesOf = (columns: readonly JudgedColumn[]) => columns.map((_, at) => `v${at}`)

export const keyOf = (columns: readonly JudgedColumn[], primaryKey: readonly string[]) =>
  primaryKey.map((key) => `v${columns.findIndex(({ name }) => name === key)}`)

/**
 * Rows of `contenders` that repeat another: `_line` and `status`. Rows of one key with the same content are one
 * row and its duplicates, with different content they all conflict; without a key, only whole rows repeat.
 */
export function repeats(columns: readonly JudgedColumn[], primaryKey: readonly string[]): string {
  const all = valuesOf(columns).join(', ')
  if (primaryKey.length === 0)
    return `select _line, 'duplicate' as status
      from (select _line, row_number() over (partition by ${all} order by _line) as place from contenders)
      where place > 1`
  const keys = keyOf(columns, primaryKey).join(', ')
  return `with keyed as (select ${keys}, count(distinct row(${all})) > 1 as conflict
      from contenders group by ${keys}),
    numbered as (select _line, conflict, row_number() over (partition by ${keys} order by _line) as place
      from contenders join keyed using (${keys}))
    select _line, case when conflict then 'conflict' else 'duplicate' end as status
    from numbered where conflict or place > 1`
}

export interface Snapshot {
  readonly columns: readonly JudgedColumn[]
  readonly primaryKey: readonly string[]
  readonly datasetId: string
  readonly batchId: string
}

/** The good rows for which the condition holds that repeat no other. */
export function singleRows(condition: string): string {
  return `select * from good anti join settled using (_line) where ${condition}`
}

/**
 * The accepted rows of a relation or a statement for which the condition holds, sorted by key and line. `_row_id` depends
 * on the dataset and the key, or on the whole row; like `_batch` it is made of the sorted rows, and not carried along.
 */
export function acceptedRows(
  { columns, primaryKey, datasetId, batchId }: Snapshot,
  from: string,
  condition: string,
): string {
  const key = keyOf(columns, primaryKey)
  const identity = (key.length > 0 ? key : valuesOf(columns)).map(
    (value) => `coalesce(${value}::varchar, chr(0))`,
  )
  const cells = columns.map((column, index) => `v${index} as ${name(column.name)}`)
  const order = [...key, '_line'].join(', ')
  return `select md5_number_lower(concat_ws(chr(31), ${text(datasetId)}, ${identity.join(', ')})) as _row_id,
    ${text(batchId)} as _batch, _line, ${cells.join(', ')}
    from (select * from ${from} where ${condition} order by ${order})`
}

export interface Quarantine {
  readonly columns: readonly JudgedColumn[]
  readonly header: readonly string[]
  readonly delimiter: string
  /** How many rows conflict over a key: good each by itself, so that their cells are still in the staged file only. */
  readonly conflicts: number
}

/** Rejected rows of these lines with their raw line, their cells by the file's own names and all their failures. */
export function rejectedRows({ columns, header, delimiter, conflicts }: Quarantine, lines: string): string {
  const cells = header.map((title, index) => `${text(title)}, c${index}`)
  const raw = `array_to_string([${header.map((_, index) => `coalesce(c${index}, '')`).join(', ')}], ${text(delimiter)})`
  const failures = columns.map((column, at) => {
    const value = column.index === null ? 'null' : `c${column.index}`
    const warns = REASONS.filter((reason) => !rejects(column, reason)).map((reason) =>
      REASONS.indexOf(reason),
    )
    return `case when f${at} <> 0 then json_object('column', ${text(column.name)}, 'reason', ${reasonText(`f${at}`)},
      'severity', case when f${at} in (${warns.join(', ')}) then 'warn' else 'reject' end, 'value', ${value}${
        column.spans === undefined ? '' : `, 'lastDay', e${at}::varchar`
      }) end`
  })
  const whole = `case when j._fault is not null then json_object('column', null, 'reason', j._fault, 'severity', 'reject', 'value', null)
    when status = 'conflict' then json_object('column', null, 'reason', 'key-conflict', 'severity', 'reject', 'value', null) end`
  const all = `to_json(list_filter([${[whole, ...failures].join(', ')}], lambda failure: failure is not null))::varchar`
  return `select _line, coalesce(_raw, ${raw}) as raw,
    case when j._fault is null then json_object(${cells.join(', ')})::varchar else '{}' end as cells,
    case when j._fault is null then ${all} else to_json([${whole}])::varchar end as failures
    from (select *, null as status from judged where ${lines} and _bad and not _total
      ${conflicts === 0 ? '' : `union all by name ${conflictingRows(columns, header.length, lines)}`}) as j order by _line`
}

function conflictingRows(columns: readonly JudgedColumn[], width: number, lines: string): string {
  const found = columns.map((_, at) => `coalesce(f${at}, 0) as f${at}`)
  const ends = columns.flatMap(({ spans }, at) => (spans === undefined ? [] : [`e${at}`]))
  const cells = Array.from({ length: width }, (_, index) => `s.c${index}`)
  return `select _line, s._fault, s._raw, status, ${[...found, ...ends, ...cells].join(', ')}
    from (select * from settled where ${lines} and status = 'conflict')
      left join (select * exclude (_fault, _raw, ${cells.map((cell) => cell.slice(2)).join(', ')}) from judged where ${lines}) using (_line)
      join (select * from staged where ${lines}) as s using (_line)`
}

function reasonText(number: string): string {
  const reasons: readonly Reason[] = REASONS
  return `[${reasons.map(text).join(', ')}][${number} + 1]`
}
