import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { type DuckDBValue, JsonDuckDBValueConverter } from '@duckdb/node-api'
import { textList } from '../emitter/literal.ts'
import { columnsOf, selectStatement, type Statement } from '../emitter/select.ts'
import type { Cell, SelectSpec } from '../plane.ts'
import { errors } from '../refusals.ts'
import type { Work } from './main.ts'

/** Streams the rows chunk by chunk, each after the parent took the one before. */
export async function select(work: Work, spec: SelectSpec): Promise<null> {
  const pathOf = pathIn(work.folder)
  await requireColumns(work, spec, pathOf)
  return stream(work, selectStatement(spec, pathOf))
}

/** Where a file of that digest is; a name that is no digest reaches no path. */
export function pathIn(folder: string): (sha256: string) => string {
  return (sha256) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw errors.FILE_MISSING({ sha256: sha256.slice(0, 64) })
    return join(folder, 'snapshots', `${sha256}.parquet`)
  }
}

export async function stream(work: Work, { sql, values }: Statement): Promise<null> {
  const { connection, report } = work
  const result = await connection.stream(sql, [...values])
  const names = result.columnNames()
  for (;;) {
    const chunk = await result.fetchChunk()
    if (work.interrupted) throw errors.CANCELLED()
    if (chunk === null || chunk.rowCount === 0) return null
    const rows = chunk.convertRows(CELLS) as Cell[][]
    const taken = work.taken()
    report({ type: 'rows', names, rows })
    await taken
  }
}

/** Names come from the files themselves, so that a wrong one is a refusal and not a driver's message. */
async function requireColumns(
  work: Work,
  spec: SelectSpec,
  pathOf: (sha256: string) => string,
): Promise<void> {
  for (const source of spec.sources) {
    const known = await columnsIn(work, source.files, pathOf)
    const unknown = Object.values(source.columns).find((column) => !known.has(column))
    if (unknown !== undefined) throw errors.COLUMN_UNKNOWN({ column: unknown })
  }
  const columns = new Set([...columnsOf(spec), ...Object.keys(spec.aggregates ?? {}), '_source'])
  const used = [
    ...(spec.where ?? []).map(({ column }) => column),
    ...(spec.groupBy ?? []),
    ...(spec.orderBy ?? []).map(({ column }) => column),
    ...Object.values(spec.aggregates ?? {}).flatMap(({ column }) => column ?? []),
  ]
  const unknown = used.find((column) => !columns.has(column))
  if (unknown !== undefined) throw errors.COLUMN_UNKNOWN({ column: unknown })
}

/** Columns of the files with their types. @throws PLANE_FILE_MISSING */
export async function columnsIn(
  { connection }: Work,
  files: readonly string[],
  pathOf: (sha256: string) => string,
): Promise<Map<string, string>> {
  for (const sha256 of files)
    await access(pathOf(sha256)).catch(() => {
      throw errors.FILE_MISSING({ sha256 })
    })
  const described = await connection.runAndReadAll(
    `describe select * from read_parquet(${textList(files.map(pathOf))})`,
  )
  return new Map(described.getRows().map(([column, type]) => [String(column), String(type)]))
}

/** Whole numbers stay numbers while they are exact. */
const CELLS: typeof JsonDuckDBValueConverter = (value, type, converter) => {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value.toString()
  }
  return JsonDuckDBValueConverter(value as DuckDBValue, type, converter)
}
