import type { DuckDBConnection } from '@duckdb/node-api'
import { chooseCalendar } from '../../text/dates.ts'
import type { JudgedColumn } from '../emitter/judge.ts'

/** Replaces `auto` by the one calendar that reads enough of the column's cells; where none does, `auto` stays. */
export async function resolveCalendars(
  connection: DuckDBConnection,
  columns: readonly JudgedColumn[],
): Promise<JudgedColumn[]> {
  return Promise.all(
    columns.map(async (column) => {
      if (column.dataType !== 'date' || column.calendar !== 'auto' || column.index === null) return column
      const cells = `c${column.index}`
      const reader = await connection.runAndReadAll(`select ${cells} from staged where ${cells} is not null`)
      const { calendar } = chooseCalendar(reader.getColumns()[0] as string[])
      return calendar === undefined ? column : { ...column, calendar }
    }),
  )
}
