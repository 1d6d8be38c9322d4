import type { OutlineSpec } from '../plane.ts'
import { errors } from '../refusals.ts'
import { openTable } from '../tables/open.ts'
import { shownRows } from '../tables/shown.ts'
import { MAX_ROW_CHARACTERS, type Outline } from '../tables/table.ts'
import type { Work } from './main.ts'
import { parquetOutline } from './parquet-table.ts'
import { withReceived } from './received.ts'

/** Sends what the file shows as one row with one JSON text. @throws PLANE_FILE_UNREADABLE, PLANE_FILE_TOO_LARGE */
export async function outline(work: Work, spec: Omit<OutlineSpec, 'content'>, token: string): Promise<void> {
  const found = await withReceived(work, token, spec, (path) =>
    spec.table.kind === 'parquet' ? parquetOutline(work.connection, path) : tableOutline(path, spec.table),
  )
  // Too late to be wanted: the parent knows whether it was the time or a person.
  if (work.interrupted) throw errors.CANCELLED()
  if (JSON.stringify([found.tables, found.fields]).length > MAX_ROW_CHARACTERS)
    throw errors.FILE_TOO_LARGE({ limit: `${MAX_ROW_CHARACTERS} characters of names` })
  work.report({ type: 'rows', names: ['outline'], rows: [[JSON.stringify(found)]] })
}

async function tableOutline(path: string, choice: OutlineSpec['table']): Promise<Outline> {
  const table = await openTable(path, { ...choice, fields: null })
  try {
    const { tables, name, fields, hiddenRows } = table
    return { tables, name, fields, hiddenRows, rows: await shownRows(table.rows()) }
  } finally {
    table.close()
  }
}
