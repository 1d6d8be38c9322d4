import type { Aggregate, Filter, SelectSource, SelectSpec } from '../plane.ts'
import { name, textList } from './literal.ts'

export interface Statement {
  readonly sql: string
  /** Values of $1, $2, … */
  readonly values: readonly (string | number | boolean)[]
}

/** The one SELECT a spec can become; `pathOf` knows where files are. */
export function selectStatement(spec: SelectSpec, pathOf: (sha256: string) => string): Statement {
  const values: (string | number | boolean)[] = []
  const bind = (value: string | number | boolean) => `$${values.push(value)}`
  const columns = columnsOf(spec)
  const parts = [
    `with rows as (${spec.sources.map((source) => sourceSql(source, columns, pathOf, bind)).join(' union all by name ')})`,
    `select ${selected(spec, columns)} from rows`,
  ]
  const where = (spec.where ?? []).map((filter) => filterSql(filter, bind))
  if (where.length > 0) parts.push(`where ${where.join(' and ')}`)
  if (spec.groupBy !== undefined && spec.groupBy.length > 0)
    parts.push(`group by ${spec.groupBy.map(name).join(', ')}`)
  const order = (spec.orderBy ?? []).map(
    ({ column, descending }) => name(column) + (descending === true ? ' desc' : ''),
  )
  if (order.length > 0) parts.push(`order by ${order.join(', ')}`)
  if (spec.limit !== undefined) parts.push(`limit ${bind(spec.limit)}`)
  return { sql: parts.join('\n'), values }
}

/** Every column any source gives, in the order first named. */
export function columnsOf({ sources }: Pick<SelectSpec, 'sources'>): string[] {
  return [...new Set(sources.flatMap(({ columns }) => Object.keys(columns)))]
}

function sourceSql(
  source: SelectSource,
  columns: readonly string[],
  pathOf: (sha256: string) => string,
  bind: (value: string) => string,
): string {
  const given = columns.filter((column) => column in source.columns)
  const cells = given.map((column) => `${name(source.columns[column] as string)} as ${name(column)}`)
  if (source.name !== undefined) cells.unshift(`${bind(source.name)}::varchar as _source`)
  return `select ${cells.join(', ')} from read_parquet(${textList(source.files.map(pathOf))})`
}

function selected({ groupBy, aggregates, sources }: SelectSpec, columns: readonly string[]): string {
  const named = sources.some((source) => source.name !== undefined) ? ['_source', ...columns] : columns
  if (groupBy === undefined && aggregates === undefined) return named.map(name).join(', ')
  const computed = Object.entries(aggregates ?? {}).map(
    ([as, aggregate]) => `${aggregateSql(aggregate)} as ${name(as)}`,
  )
  return [...(groupBy ?? []).map(name), ...computed].join(', ')
}

function aggregateSql({ function: kind, column }: Aggregate): string {
  const over = column === undefined ? '*' : name(column)
  return kind === 'count-distinct' ? `count(distinct ${over})` : `${kind}(${over})`
}

function filterSql(
  { column, operator, values = [] }: Filter,
  bind: (value: string | number | boolean) => string,
): string {
  const cell = name(column)
  const first = () => bind(values[0] ?? '')
  switch (operator) {
    case 'is-null':
      return `${cell} is null`
    case 'not-null':
      return `${cell} is not null`
    case 'contains':
      return `contains(${cell}, ${first()})`
    case 'starts-with':
      return `starts_with(${cell}, ${first()})`
    case 'in':
      return values.length === 0 ? 'false' : `${cell} in (${values.map(bind).join(', ')})`
    default:
      return `${cell} ${COMPARISON[operator]} ${first()}`
  }
}

/** A second wall: an operator that came from outside the type is not printed. */
const COMPARISON = { '=': '=', '<>': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>=' } as const
