import type { Outline, OutlineRow, TableKind } from '../../core/plane/plane.ts'
import { errors, MAX_COLUMNS } from './batch.ts'
import { doubtOf, type Layout, SAMPLE_ROWS, uniqueNames } from './layout.ts'

/** A title row fills fewer of the sheet's columns than this share; the header fills at least it. */
const HEADER_SHARE = 0.6
const LOOKED_AT = 60

/**
 * How a sheet or a list of records is laid out. A sheet's header is its first row that names most columns,
 * below titles; where names are spread over columns that a second row names apart, the two are joined by `/`
 * (section 5.3). Records bring the names of their fields.
 *
 * @throws INGEST_FILE_EMPTY, INGEST_FILE_TOO_LARGE
 */
export function tableLayout(
  outline: Outline,
  { kind, isGzip }: { readonly kind: TableKind; readonly isGzip: boolean },
): Layout {
  const { tables, name: table, fields, hiddenRows } = outline
  const { skipRecords, names } = fields === null ? sheetHeader(outline) : { skipRecords: 0, names: fields }
  if (names.length === 0) throw errors.FILE_EMPTY()
  if (names.length > MAX_COLUMNS) throw errors.FILE_TOO_LARGE({ limit: `${MAX_COLUMNS} columns` })
  const rows = outline.rows.slice(skipRecords).filter(({ fault }) => fault === undefined)
  return {
    delimiter: ',',
    skipRecords,
    header: uniqueNames(names),
    unclear: doubtOf(names),
    sample: rows.slice(0, SAMPLE_ROWS).map(({ cells }) => names.map((_, at) => cells[at] ?? '')),
    form: { kind, isGzip, table, tables, fields, hiddenRows },
  }
}

function sheetHeader({ rows }: Outline): { readonly skipRecords: number; readonly names: readonly string[] } {
  const looked = rows.slice(0, LOOKED_AT)
  const most = Math.max(0, ...looked.map(named))
  const at = looked.findIndex((row) => named(row) > 1 && named(row) >= most * HEADER_SHARE)
  const header = looked[at === -1 && most === 1 ? 0 : at]
  if (header === undefined) throw errors.FILE_EMPTY()
  const below = header.isSpread === true ? looked[at + 1] : undefined
  if (below === undefined) return { skipRecords: Math.max(at, 0) + 1, names: header.cells }
  const width = Math.max(header.cells.length, below.cells.length)
  return {
    skipRecords: at + 2,
    names: Array.from({ length: width }, (_, at) => joined(header.cells[at] ?? '', below.cells[at] ?? '')),
  }
}

/** How many columns a row may name: a title spread over the sheet is one text. */
function named({ cells, isSpread }: OutlineRow): number {
  const filled = cells.filter((cell) => cell.trim() !== '')
  return isSpread === true && new Set(filled).size === 1 ? 1 : filled.length
}

const joined = (upper: string, lower: string) =>
  [...new Set([upper.trim(), lower.trim()])].filter((part) => part !== '').join('/')
