import type { DuckDBConnection } from '@duckdb/node-api'
import { name as quotedName, text } from '../emitter/literal.ts'
import { errors } from '../refusals.ts'
import { CELL_CHARACTERS, shownRows } from '../tables/shown.ts'
import { MAX_FIELDS, MAX_ROW_CHARACTERS, OUTLINE_ROWS, type Outline } from '../tables/table.ts'
import { unreadable } from '../tables/unpack.ts'

// What another program wrote as Parquet, every column as exact text: decimals with their digits, floating-point
// numbers by the shortest text that means the same, instants in UTC, lists and structures as JSON.

interface Field {
  readonly name: string
  readonly type: string
}

const source = (path: string) => `read_parquet(${text(path)}, binary_as_string = true)`

/** @throws PLANE_FILE_UNREADABLE, PLANE_FILE_TOO_LARGE */
export async function parquetOutline(connection: DuckDBConnection, path: string): Promise<Outline> {
  return guarded(async () => {
    const fields = await fieldsOf(connection, path)
    const names = fields.map(({ name }) => name)
    const reader = await connection.runAndReadAll(
      `select ${fields.map((field) => `left(${textOf(field)}, ${CELL_CHARACTERS})`).join(', ')}
        from ${source(path)} limit ${OUTLINE_ROWS}`,
    )
    const read = reader.getRows().map((cells, at) => ({
      line: at + 1,
      cells: cells.map((cell) => (typeof cell === 'string' ? cell : '')),
    }))
    const rows = await shownRows([read])
    const tables = [{ name: '', isEmpty: rows.length === 0 }]
    return { tables, name: '', fields: names, hiddenRows: 0, rows }
  })
}

/** The statement that reads all rows as a staged file holds them: a number to skip, and cells. */
export async function parquetRows(
  connection: DuckDBConnection,
  path: string,
  { width, maxRows }: { readonly width: number; readonly maxRows: number },
): Promise<string> {
  return guarded(async () => {
    const fields = await fieldsOf(connection, path)
    if (fields.length !== width) throw errors.FILE_UNREADABLE({ reason: 'Parquet' })
    const [row] = (await connection.runAndReadAll(`select count(*) from ${source(path)}`)).getRows()
    if (Number(row?.[0]) > maxRows) throw errors.FILE_TOO_LARGE({ limit: `${maxRows} rows` })
    const longest = fields.map((field) => `coalesce(max(strlen(${textOf(field)})), 0)`).join(', ')
    const [cell] = (
      await connection.runAndReadAll(`select greatest(${longest}) from ${source(path)}`)
    ).getRows()
    if (Number(cell?.[0]) > MAX_ROW_CHARACTERS)
      throw errors.FILE_TOO_LARGE({ limit: `${MAX_ROW_CHARACTERS} bytes a cell` })
    const cells = fields.map((field, at) => `nullif(${textOf(field)}, '') as c${at}`)
    return `select cast(0 as bigint) as _skip, ${cells.join(', ')} from ${source(path)}`
  })
}

/** What ends a load for other reasons than the file. */
const OURS = /^(INTERRUPT|Out of Memory)|No space left/i

/** The engine's complaint about a file is ours about it; its text may hold paths and rows and does not travel. */
export async function guarded<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof Error && OURS.test(error.message)) throw error
    throw unreadable('Parquet', error)
  }
}

async function fieldsOf(connection: DuckDBConnection, path: string): Promise<Field[]> {
  const reader = await connection.runAndReadAll(`describe select * from ${source(path)}`)
  const fields = reader.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }))
  if (fields.length > MAX_FIELDS) throw errors.FILE_TOO_LARGE({ limit: `${MAX_FIELDS} columns` })
  return fields
}

function textOf({ name, type }: Field): string {
  const isNested = /\]$|^(STRUCT|MAP|UNION)\b/.test(type)
  return `cast(${isNested ? `to_json(${quotedName(name)})` : quotedName(name)} as varchar)`
}
