import { name, text } from '../../core/plane/emitter/literal.ts'
import type { CompiledColumn, DataType } from '../../core/text/column.ts'
import type { CodeValue } from '../codelist.ts'
import { constraintsOf, type Described } from './constraints.ts'
import { checkFunction, checkFunctionDdl } from './ddl-checks.ts'
import { postgresPattern } from './ddl-pattern.ts'

const TYPES: Record<DataType, string> = {
  text: 'text',
  'long-text': 'text',
  code: 'text',
  number: 'double precision',
  integer: 'bigint',
  money: 'bigint',
  date: 'date',
  datetime: 'timestamp',
  boolean: 'boolean',
  binary: 'bytea',
}

type Values = readonly Pick<CodeValue, 'code' | 'name' | 'parent'>[]

/**
 * PostgreSQL statements that create the table of the schema with its comments and checks, and before it the code
 * tables and check functions it needs. `lists` holds the values of each list by `number@edition`.
 */
export function ddlOf(schema: Described, lists: ReadonlyMap<string, Values>): string {
  const { code, version, name: title, columns, primaryKey } = schema
  const table = name(code.replaceAll('-', '_'))
  const tables = codeTables(columns, lists)
  const rules = columns.map(constraintsOf)
  const algorithms = [...new Set(rules.flatMap(({ check }) => check ?? []))]
  const lines = [
    ...columns.map((column) => columnLine(column, tables)),
    ...(primaryKey.length === 0 ? [] : [`primary key (${primaryKey.map(name).join(', ')})`]),
  ]
  const isDated = columns.some(({ dataType }) => dataType === 'date' || dataType === 'datetime')
  return [
    // Otherwise 03/04/2017 would be read as a day, and as which one depends on the server.
    ...(isDated ? ["set datestyle to 'ISO, YMD';"] : []),
    ...algorithms.map(checkFunctionDdl),
    ...[...tables].map(([id, table]) => codeTableDdl(id, table)),
    `create table ${table} (\n${lines.map((line) => `  ${line}`).join(',\n')}\n);`,
    `comment on table ${table} is ${text(`${title.zh}（${code} ${version}）`)};`,
    ...columns.map(
      ({ name: column, label, elementCode, elementVersion, dataType, currency = 'CNY' }) =>
        `comment on column ${table}.${name(column)} is ${text(
          `${label.zh}（${elementCode} ${elementVersion}${dataType === 'money' ? `，${currency}最小单位` : ''}）`,
        )};`,
    ),
    '',
  ].join('\n\n')
}

function columnLine(column: CompiledColumn, tables: ReadonlyMap<string, CodeTable>): string {
  const { required, minLength, maxLength, minimum, maximum, check, codes, placeholders, ...rest } =
    constraintsOf(column)
  const x = name(column.name)
  const pattern = rest.pattern === undefined ? undefined : postgresPattern(rest.pattern)
  const list = tables.get(column.codeListId ?? '')
  const conditions = [
    minLength === undefined ? undefined : `char_length(${x}) >= ${minLength}`,
    maxLength === undefined ? undefined : `char_length(${x}) <= ${maxLength}`,
    minimum === undefined ? undefined : `${x} >= ${minimum}`,
    maximum === undefined ? undefined : `${x} <= ${maximum}`,
    pattern === undefined ? undefined : `${x} ~ ${text(pattern)}`,
    check === undefined ? undefined : `${checkFunction(check)}(${x})`,
    placeholders === undefined ? undefined : `${x} not in (${placeholders.map(text).join(', ')})`,
    // The code table holds the whole list; a column may allow fewer.
    codes === undefined || codes.length === list?.values.length
      ? undefined
      : `${x} in (${codes.map(text).join(', ')})`,
  ].filter((condition) => condition !== undefined)
  return [
    `${x} ${TYPES[column.dataType]}`,
    ...(required ? ['not null'] : []),
    ...(codes === undefined || list === undefined ? [] : [`references ${name(list.name)} ("code")`]),
    ...conditions.map((condition) => `check (${condition})`),
  ].join(' ')
}

interface CodeTable {
  readonly name: string
  readonly values: Values
}

/** One for each list that a column keeps to, named after it, each code once. */
function codeTables(
  columns: readonly CompiledColumn[],
  lists: ReadonlyMap<string, Values>,
): Map<string, CodeTable> {
  const tables = new Map<string, CodeTable>()
  const names = new Set<string>()
  for (const column of columns) {
    const id = column.codeListId
    const values = lists.get(id ?? '')
    if (id === undefined || values === undefined || tables.has(id)) continue
    if (constraintsOf(column).codes === undefined) continue
    const stem = `code_${id.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}`.slice(0, 50)
    let unique = stem
    for (let number = 2; names.has(unique); number++) unique = `${stem}_${number}`
    names.add(unique)
    // A code that comes back after a gap stands in the list twice.
    tables.set(id, {
      name: unique,
      values: [...new Map(values.map((value) => [value.code, value])).values()],
    })
  }
  return tables
}

function codeTableDdl(id: string, { name: table, values }: CodeTable): string {
  const x = name(table)
  const rows = values.map(
    ({ code, name: { zh, en }, parent }) =>
      `  (${text(code)}, ${text(zh)}, ${text(en)}, ${parent === null ? 'null' : text(parent)})`,
  )
  return [
    `create table ${x} ("code" text primary key, "name_zh" text not null, "name_en" text not null, "parent" text);`,
    `comment on table ${x} is ${text(`代码集 ${id}`)};`,
    ...(rows.length === 0
      ? []
      : [`insert into ${x} ("code", "name_zh", "name_en", "parent") values\n${rows.join(',\n')};`]),
  ].join('\n')
}
