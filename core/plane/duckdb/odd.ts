import type { DuckDBConnection } from '@duckdb/node-api'
import { reasonNumber } from '../emitter/checks.ts'
import { oddCells, unsettledColumns } from '../emitter/judge.ts'
import { judgeCell } from '../judge-cell.ts'
import type { ValidateSpec } from '../plane.ts'
import type { Work } from './main.ts'

/**
 * Judges the cells SQL has no short form for by core/text itself, each distinct one once, into tables
 * `odd<place>`. Answers the places of the columns that have any.
 */
export async function judgeOddCells(
  work: Work,
  { columns, primaryKey, today }: Pick<ValidateSpec, 'columns' | 'primaryKey' | 'today'>,
): Promise<Set<number>> {
  const places = new Set<number>()
  const [unsettled = []] = (await work.connection.runAndReadAll(unsettledColumns(columns))).getRows()
  for (const [at, column] of columns.entries()) {
    if (unsettled[at] !== true) continue
    const isKey = primaryKey.includes(column.name)
    const statement = oddCells(column, at)
    if (statement === undefined) continue
    const result = await work.reader.stream(statement)
    let appender: Awaited<ReturnType<typeof open>> | undefined
    for (;;) {
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0 || work.interrupted) break
      appender ??= await open(work.connection, `odd${at}`)
      for (const barred of chunk.getColumnValues(0)) {
        if (typeof barred !== 'string') continue
        const cell = barred.slice(1)
        const { value, reason } = judgeCell(column, isKey, cell, today)
        appender.appendVarchar(cell)
        if (value === null) appender.appendNull()
        else appender.appendVarchar(value)
        appender.appendUTinyInt(reasonNumber(reason))
        appender.endRow()
      }
    }
    if (appender === undefined) continue
    appender.closeSync()
    places.add(at)
  }
  return places
}

async function open(connection: DuckDBConnection, table: string) {
  await connection.run(`create table ${table} (cell varchar, value varchar, reason utinyint)`)
  return connection.createAppender(table)
}
