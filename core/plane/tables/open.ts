import type { StagedTable } from '../plane.ts'
import { errors } from '../refusals.ts'
import { openJson, openNdjson } from './json.ts'
import type { Table } from './table.ts'
import { openWorkbook } from './workbook.ts'

/** Opens one table of a file, but of a Parquet file, which the engine reads itself. @throws PLANE_FILE_UNREADABLE */
export async function openTable(path: string, { kind, name, fields }: StagedTable): Promise<Table> {
  switch (kind) {
    case 'workbook':
      return openWorkbook(path, name)
    case 'json':
      return openJson(path, name, fields)
    case 'ndjson':
      return openNdjson(path, fields)
    case 'parquet':
      throw errors.FILE_UNREADABLE({ reason: 'Parquet' })
  }
}
