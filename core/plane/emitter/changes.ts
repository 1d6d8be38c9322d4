import type { ChangesSpec } from '../plane.ts'
import { name, text, textList } from './literal.ts'
import type { Statement } from './select.ts'

/** Columns each side's files have; a column one side lacks is null there. */
export interface Sides {
  readonly before: ReadonlySet<string>
  readonly after: ReadonlySet<string>
}

/** How the rows of two versions differ, by key, every value as text. */
export function changesStatement(
  spec: ChangesSpec,
  sides: Sides,
  pathOf: (sha256: string) => string,
): Statement {
  const values: (string | number)[] = []
  const bind = (value: string | number) => `$${values.push(value)}`
  const key = spec.key.map((_, at) => `k${at}`)
  const distinct = spec.columns.map((_, at) => `a.c${at} is distinct from b.c${at}`)
  const differs = distinct.length === 0 ? 'false' : distinct.join(' or ')
  const operation = `case when a.k0 is null then 'insert' when b.k0 is null then 'delete'
    when ${differs} then 'update' else 'unchanged' end`
  const changed = spec.columns.map((column, at) => `case when ${distinct[at]} then ${text(column)} end`)
  const side = (alias: string) =>
    `case when ${alias}.k0 is not null then json_object(${cellsOf(spec)
      .map((column, at) => `${text(column)}, ${alias}.c${at}`)
      .join(', ')})::varchar end`
  const joined = `with a as (${sideSql(spec, spec.before, sides.before, pathOf)}),
    b as (${sideSql(spec, spec.after, sides.after, pathOf)}),
    compared as (select ${key.map((k) => `coalesce(a.${k}, b.${k}) as ${k}`).join(', ')}, ${operation} as operation,
      case when a.k0 is not null and b.k0 is not null then to_json(list_filter([${changed.join(', ')}]::varchar[], lambda each: each is not null))::varchar else '[]' end as changed,
      ${side('a')} as before, ${side('b')} as after
      from a full outer join b on ${key.map((k) => `a.${k} = b.${k}`).join(' and ')})`
  if (spec.counted === true)
    return { sql: `${joined} select operation, count(*) as rows from compared group by operation`, values }
  const conditions: string[] = []
  if (spec.operations !== undefined)
    conditions.push(`operation in (${spec.operations.map((each) => bind(each)).join(', ')})`)
  if (spec.afterKey !== undefined)
    conditions.push(
      `row(${key.join(', ')}) > row(${spec.afterKey.map((each) => `${bind(each)}::varchar`).join(', ')})`,
    )
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
  return {
    sql: `${joined} select to_json([${key.join(', ')}])::varchar as key, operation, changed, before, after from compared
      ${where} order by ${key.join(', ')} limit ${bind(spec.limit)}`,
    values,
  }
}

/** Those compared come first. */
const cellsOf = ({ columns, shown = [] }: ChangesSpec) => [...columns, ...shown]

function sideSql(
  spec: ChangesSpec,
  files: readonly string[],
  known: ReadonlySet<string>,
  pathOf: (sha256: string) => string,
): string {
  const keys = spec.key.map((column, at) => `${name(column)}::varchar as k${at}`)
  const cells = cellsOf(spec).map((column, at) =>
    known.has(column) ? `${name(column)}::varchar as c${at}` : `null::varchar as c${at}`,
  )
  // Before the first version there is nothing.
  if (files.length === 0) {
    const none = [...keys.map((_, at) => `k${at}`), ...cells.map((_, at) => `c${at}`)]
    return `select ${none.map((cell) => `null::varchar as ${cell}`).join(', ')} where false`
  }
  return `select ${[...keys, ...cells].join(', ')} from read_parquet(${textList(files.map(pathOf))})`
}
