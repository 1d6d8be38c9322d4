import type { ChangesSpec } from '../plane.ts'
import { name, text, textList } from './literal.ts'
import type { Statement } from './select.ts'

/** Columns each side's files have, with their types; a column one side lacks is null there. */
export interface Sides {
  readonly before: ReadonlyMap<string, string>
  readonly after: ReadonlyMap<string, string>
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
  const distinct = spec.columns.map((column, at) => distinctSql(sides, column, `c${at}`))
  const differs = distinct.length === 0 ? 'false' : distinct.join(' or ')
  const operation = `case when a.k0 is null then 'insert' when b.k0 is null then 'delete'
    when ${differs} then 'update' else 'unchanged' end`
  const changed = spec.columns.map((column, at) => `case when ${distinct[at]} then ${text(column)} end`)
  const side = (alias: string) =>
    `case when ${alias}.k0 is not null then json_object(${cellsOf(spec)
      .map((column, at) => `${text(column)}, ${alias}.c${at}::varchar`)
      .join(', ')})::varchar end`
  const joined = `with a as (${sideSql(spec, spec.before, sides, sides.before, pathOf)}),
    b as (${sideSql(spec, spec.after, sides, sides.after, pathOf)}),
    compared as (select ${key.map((k) => `coalesce(a.${k}, b.${k})::varchar as ${k}`).join(', ')}, ${operation} as operation,
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

/** Values of one type are equal as they are when they are as text, and far sooner compared; but for 0 and -0. */
function distinctSql(sides: Sides, column: string, cell: string): string {
  const distinct = `a.${cell} is distinct from b.${cell}`
  return isFloating(sharedType(sides, column))
    ? `(${distinct} or (a.${cell} = 0 and signbit(a.${cell}) <> signbit(b.${cell})))`
    : distinct
}

/** The type both sides' files give the column; undefined where they differ, or one has no such column. */
function sharedType({ before, after }: Sides, column: string): string | undefined {
  return before.get(column) === after.get(column) ? before.get(column) : undefined
}

const isFloating = (type: string | undefined) => type === 'DOUBLE' || type === 'FLOAT'

function sideSql(
  spec: ChangesSpec,
  files: readonly string[],
  sides: Sides,
  known: ReadonlyMap<string, string>,
  pathOf: (sha256: string) => string,
): string {
  const shown = cellsOf(spec)
  const keys = spec.key.map((column, at) => {
    const type = sharedType(sides, column)
    return `${name(column)}${type === undefined || isFloating(type) ? '::varchar' : ''} as k${at}`
  })
  const cells = shown.map((column, at) => {
    const cell = known.has(column) ? name(column) : 'null'
    return `${cell}${sharedType(sides, column) === undefined ? '::varchar' : ''} as c${at}`
  })
  // Before the first version there is nothing.
  if (files.length === 0) {
    const none = [...spec.key.map((_, at) => `k${at}`), ...shown.map((_, at) => `c${at}`)]
    return `select ${none.map((cell) => `null::varchar as ${cell}`).join(', ')} where false`
  }
  return `select ${[...keys, ...cells].join(', ')} from read_parquet(${textList(files.map(pathOf))})`
}
