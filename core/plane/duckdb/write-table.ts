import { open } from 'node:fs/promises'
import type { StagedTable, StageSpec } from '../plane.ts'
import { errors } from '../refusals.ts'
import { openTable } from '../tables/open.ts'
import { MEANINGLESS, type TableFault, type TableRow } from '../tables/table.ts'
import type { Work } from './main.ts'
import type { Written } from './stage.ts'

const PROGRESS_MS = 1_000

export type TableSpec = Omit<StageSpec, 'content'> & { readonly table: StagedTable }

/** Writes the rows of a table as the strict table that a scanned file becomes too. */
export async function writeTable(work: Work, spec: TableSpec, from: string, to: string): Promise<Written> {
  const table = await openTable(from, spec.table)
  const output = await open(to, 'wx', 0o600)
  try {
    let skip = spec.skipRecords
    let rows = 0
    let faults = 0
    let bytes = 0
    let reportedAt = performance.now()
    for await (const piece of table.rows()) {
      if (work.interrupted) throw errors.CANCELLED()
      const kept = piece.slice(skip)
      skip -= piece.length - kept.length
      rows += kept.length
      faults += kept.filter((row) => faultOf(row, spec.width) !== undefined).length
      if (rows > spec.maxRows) throw errors.FILE_TOO_LARGE({ limit: `${spec.maxRows} rows` })
      const text = Buffer.from(kept.map((row) => recordOf(row, spec)).join(''))
      bytes += text.length
      await output.writeFile(text)
      if (performance.now() - reportedAt < PROGRESS_MS) continue
      reportedAt = performance.now()
      work.report({ type: 'progress', progress: { phase: 'decode', rows, bytes } })
    }
    return { rows, faults, bytes }
  } finally {
    await output.close()
    table.close()
  }
}

/** Why a row of a table is none of `width` cells. */
export function faultOf({ fault, cells }: TableRow, width: number): TableFault | undefined {
  if (fault !== undefined) return fault
  if (cells.length > width) return 'width'
  return cells.some((cell) => MEANINGLESS.test(cell)) ? 'bytes' : undefined
}

/** A row shorter than the table is wide ends in empty cells: a sheet does not write them down. */
function recordOf(row: TableRow, { width, delimiter }: TableSpec): string {
  const { line, cells } = row
  const written = (cell: string) => (needsQuotes(cell, delimiter) ? quoted(cell) : cell)
  const joined = () => cells.map(written).join(delimiter)
  const fault = faultOf(row, width)
  if (fault !== undefined) {
    const raw = (row.raw ?? joined()).replaceAll('\0', '\uFFFD')
    return `${line}${delimiter}${fault}${delimiter}${quoted(raw)}${delimiter.repeat(width)}\n`
  }
  const raw = row.raw ?? (cells.some((cell) => needsQuotes(cell, delimiter)) ? joined() : '')
  const filled = Array.from({ length: width }, (_, at) => written(cells[at] ?? '')).join(delimiter)
  return `${line}${delimiter}${delimiter}${raw === '' ? '' : quoted(raw)}${delimiter}${filled}\n`
}

const needsQuotes = (cell: string, delimiter: string) => cell.includes(delimiter) || /["\r\n]/.test(cell)

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
