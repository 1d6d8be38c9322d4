import { parse } from 'csv-parse/sync'
import { MAX_IMPORT_ROWS } from './limits.ts'
import type { Sheet } from './sheet.ts'

// What makes a spreadsheet take a cell for a formula, also in full width, and after blanks that some readers drop.
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u
const MARK = "'"

/** A cell that no spreadsheet evaluates: a formula's beginning gets an apostrophe before it, as does an apostrophe. */
function guarded(cell: string): string {
  return FORMULA.test(cell) || cell.startsWith(MARK) ? MARK + cell : cell
}

/** The cell as it was before {@link guarded}; an apostrophe that guards nothing stays. */
function unguarded(cell: string): string {
  if (!cell.startsWith(MARK)) return cell
  const rest = cell.slice(1)
  return FORMULA.test(rest) || rest.startsWith(MARK) ? rest : cell
}

const quoted = (cell: string) => `"${guarded(cell).replaceAll('"', '""')}"`

/** RFC 4180 in UTF-8, every cell in quotes, so that no other separator parts it. */
export function writeCsv({ header, rows }: Sheet, { bom }: { readonly bom: boolean }): Buffer {
  const lines = [header, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`)
  return Buffer.from(`${bom ? '\ufeff' : ''}${lines.join('')}`)
}

/** Rows of cells, the header first. Throws what csv-parse throws. */
export function readCsv(text: string): string[][] {
  const first = text.split(/\r?\n/, 1)[0] ?? ''
  const delimiter = [',', '\t', ';'].reduce((best, each) =>
    first.split(each).length > first.split(best).length ? each : best,
  )
  // One row more than is allowed tells that there are too many.
  const rows = parse(text, { bom: true, delimiter, relax_column_count: true, to: MAX_IMPORT_ROWS + 2 })
  return rows.map((row: readonly string[]) => row.map(unguarded))
}
