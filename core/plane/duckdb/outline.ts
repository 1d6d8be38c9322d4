import type { OutlineSpec } from '../plane.ts'
import { openTable } from '../tables/open.ts'
import { OUTLINE_ROWS, type Outline, type TableRow } from '../tables/table.ts'
import type { Work } from './main.ts'
import { parquetOutline } from './parquet-table.ts'
import { withReceived } from './received.ts'

/** Sends what the file shows as one row with one JSON text. */
export async function outline(work: Work, spec: Omit<OutlineSpec, 'content'>, token: string): Promise<void> {
  const found = await withReceived(work, token, spec.isGzip, (path) =>
    spec.table.kind === 'parquet' ? parquetOutline(work.connection, path) : tableOutline(path, spec.table),
  )
  work.report({ type: 'rows', names: ['outline'], rows: [[JSON.stringify(found)]] })
}

async function tableOutline(path: string, choice: OutlineSpec['table']): Promise<Outline> {
  const table = await openTable(path, { ...choice, fields: null })
  try {
    const { tables, name, fields, hiddenRows } = table
    const rows: TableRow[] = []
    for await (const piece of table.rows()) {
      rows.push(...piece.slice(0, OUTLINE_ROWS - rows.length))
      if (rows.length >= OUTLINE_ROWS) break
    }
    return { tables, name, fields, hiddenRows, rows }
  } finally {
    table.close()
  }
}
