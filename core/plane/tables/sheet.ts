import type { Readable } from 'node:stream'
import { errors } from '../refusals.ts'
import { columnOf, type Merge, MergeFiller, mergeOf } from './merges.ts'
import { type NumberForm, numberText } from './serial.ts'
import { MAX_FIELDS, MAX_ROW_CHARACTERS, type TableRow } from './table.ts'
import { type Attributes, readXml, type XmlListener } from './xml.ts'

export interface SheetContext {
  readonly is1904: boolean
  readonly strings: readonly string[]
  /** By the number of a cell's style. */
  readonly forms: readonly NumberForm[]
}

/** What a first walk over a sheet finds: ranges are listed behind the rows they merge. */
export interface Survey {
  readonly merges: readonly Merge[]
  readonly hiddenRows: number
  /** Columns up to the last one that holds anything. */
  readonly width: number
}

interface RawRow {
  readonly line: number
  readonly isHidden: boolean
  readonly cells: string[]
}

const MAX_MERGES = 100_000
/** Of a sheet, in every office program. */
const MAX_ROWS = 1_048_576
/** What is handed out together. */
const PIECE_ROWS = 1_000
const PIECE_CHARACTERS = 4 * MAX_ROW_CHARACTERS

export async function surveySheet(stream: Readable): Promise<Survey> {
  const merges: Merge[] = []
  let hiddenRows = 0
  let width = 0
  for await (const rows of rawRows(stream, present, merges))
    for (const { isHidden, cells } of rows) {
      if (cells.length === 0) continue
      if (isHidden) hiddenRows += 1
      width = Math.max(width, cells.length)
    }
  return { merges, hiddenRows, width }
}

/** Whether any cell holds a value; stops at the first. */
export async function holdsAnything(stream: Readable): Promise<boolean> {
  for await (const rows of rawRows(stream, present, []))
    if (rows.some(({ cells }) => cells.length > 0)) return true
  return false
}

/**
 * The rows that hold anything, merged cells filled; in small pieces, however far a merged range reaches.
 *
 * @throws PLANE_FILE_UNREADABLE, PLANE_FILE_TOO_LARGE
 */
export async function* readSheet(
  stream: Readable,
  { merges, width }: Survey,
  context: SheetContext,
): AsyncGenerator<readonly TableRow[]> {
  const filler = new MergeFiller(merges)
  let before = 0
  let piece: TableRow[] = []
  let characters = 0
  for await (const rows of rawRows(stream, (cell) => textOf(cell, context), []))
    for (const { line, cells } of rows) {
      for (const at of reachedLines(filler, before, line)) {
        const row = filledRow(filler, at, at === line ? cells : [], width)
        if (row === undefined) continue
        piece.push(row)
        characters += charactersOf(row.cells)
        if (piece.length < PIECE_ROWS && characters < PIECE_CHARACTERS) continue
        yield piece
        piece = []
        characters = 0
      }
      before = line
    }
  yield piece
}

/** The line, behind those that only a merged range fills: they need not be written down in the file. */
function* reachedLines(filler: MergeFiller, before: number, line: number): Generator<number> {
  for (let gap = before + 1; gap < line && filler.reaches(gap); gap += 1) yield gap
  yield line
}

function filledRow(filler: MergeFiller, line: number, cells: string[], width: number): TableRow | undefined {
  const isSpread = filler.fill(line, cells, width)
  while (cells.length > 0 && (cells.at(-1) ?? '') === '') cells.pop()
  if (cells.length === 0) return undefined
  requireShort(charactersOf(cells))
  return { line, cells: Array.from(cells, (cell) => cell ?? ''), isSpread }
}

const charactersOf = (cells: readonly string[]) => cells.reduce((sum, { length }) => sum + length, 0)

function requireShort(characters: number): void {
  if (characters > MAX_ROW_CHARACTERS)
    throw errors.FILE_TOO_LARGE({ limit: `${MAX_ROW_CHARACTERS} characters a row` })
}

interface RawCell {
  readonly type: string
  readonly style: number
  readonly value: string
}

const present = ({ value }: RawCell) => (value === '' ? '' : '1')

function textOf({ type, style, value }: RawCell, { strings, forms, is1904 }: SheetContext): string {
  switch (type) {
    case 's':
      return sharedText(value, strings)
    case 'b':
      return value === '1' ? 'true' : value === '0' ? 'false' : value
    case 'n':
      return value === '' ? '' : numberText(value, forms[style] ?? 'plain', is1904)
    case 'd':
      return value.replace(/T00:00:00(\.0+)?Z?$/, '').replace('T', ' ')
    default:
      return unescaped(value)
  }
}

/** What XML cannot hold stands as `_xHHHH_` in the texts of a workbook (ISO/IEC 29500-1, 22.9.2.19). */
export const unescaped = (text: string) =>
  text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, unit: string) => String.fromCharCode(parseInt(unit, 16)))

/** A number that no text has is damage: an empty cell in its place would look like the department's own. */
function sharedText(value: string, strings: readonly string[]): string {
  if (value === '') return ''
  const text = strings[Number(value)]
  if (text === undefined) throw errors.FILE_UNREADABLE({ reason: 'XLSX' })
  return text
}

function rawRows(
  stream: Readable,
  read: (cell: RawCell) => string,
  merges: Merge[],
): AsyncGenerator<RawRow[]> {
  return readXml(stream, sheetListener(read, merges))
}

/** Takes the sheet's elements apart; a row without a number follows the one before it, a cell likewise. */
function sheetListener(read: (cell: RawCell) => string, merges: Merge[]): XmlListener<RawRow> {
  let line = 0
  let column = -1
  let row: RawRow | undefined
  let cell: Attributes = {}
  let value = ''
  let characters = 0
  let isValue = false
  let isReading = false

  function place(): void {
    const text = read({ type: cell['t'] ?? 'n', style: Number(cell['s'] ?? 0), value })
    if (row === undefined || text === '') return
    if (column >= MAX_FIELDS) throw errors.FILE_TOO_LARGE({ limit: `${MAX_FIELDS} columns` })
    characters += text.length
    requireShort(characters)
    while (row.cells.length < column) row.cells.push('')
    row.cells[column] = text
  }

  return {
    opened(name, attributes) {
      if (name === 'row') {
        const before = line
        line = Number(attributes['r'] ?? line + 1)
        if (line > MAX_ROWS) throw errors.FILE_TOO_LARGE({ limit: `${MAX_ROWS} rows` })
        // Of two rows with one number, a finding would speak of either.
        if (!Number.isInteger(line) || line <= before) throw errors.FILE_UNREADABLE({ reason: 'XLSX' })
        column = -1
        characters = 0
        row = { line, isHidden: attributes['hidden'] === '1' || attributes['hidden'] === 'true', cells: [] }
      } else if (name === 'c') {
        cell = attributes
        value = ''
        const letters = /^[A-Z]{1,3}/.exec(attributes['r'] ?? '')?.[0]
        column = letters === undefined ? column + 1 : columnOf(letters)
      } else if (name === 'mergeCell') {
        const merge = mergeOf(attributes['ref'] ?? '')
        if (merge && merges.length < MAX_MERGES) merges.push(merge)
      }
      if (name === 'rPh') isReading = true
      isValue = (name === 'v' || name === 't') && !isReading
    },
    closed(name, put) {
      isValue = false
      if (name === 'rPh') isReading = false
      if (name === 'c') place()
      if (name === 'row' && row !== undefined) {
        put(row)
        row = undefined
      }
    },
    text(more) {
      if (isValue && value.length <= MAX_ROW_CHARACTERS) value += more
    },
  }
}
