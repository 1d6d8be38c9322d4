/** Kinds of files that hold rows of cells otherwise than as delimited text. */
export type TableKind = 'workbook' | 'json' | 'ndjson' | 'parquet'

/** A sheet of a workbook, or the place of a JSON document that holds its records. */
export interface TableName {
  /** The sheet's name; keys parted by points, empty for the document itself. */
  readonly name: string
  readonly isEmpty: boolean
}

/** Why a whole row is no row: not an object, or with fields nobody announced. */
export type TableFault = 'record' | 'width' | 'bytes'

export interface TableRow {
  /** Row of the sheet, line of the file, place among the records; from 1. */
  readonly line: number
  /** Texts, empty for nothing. */
  readonly cells: readonly string[]
  readonly fault?: TableFault
  /** What stood there, where it is not the cells themselves. */
  readonly raw?: string
  /** Whether a cell of it is spread over several columns (merged). */
  readonly isSpread?: boolean
}

/** One table of a file, opened to be read from its beginning. */
export interface Table {
  /** Every table of the file, in its order. */
  readonly tables: readonly TableName[]
  /** The one that is read. */
  readonly name: string
  /** Names of the cells, where the file has them apart from its rows. */
  readonly fields: readonly string[] | null
  /** Rows a person does not see in the sheet; they are read all the same. */
  readonly hiddenRows: number
  /** Rows that hold anything, in pieces. */
  rows(): AsyncIterable<readonly TableRow[]>
  close(): void
}

/** What the beginning of a table shows: at most {@link OUTLINE_ROWS} rows, cells of at most 2,000 characters. */
export interface Outline extends Pick<Table, 'tables' | 'name' | 'fields' | 'hiddenRows'> {
  readonly rows: readonly OutlineRow[]
}

export type OutlineRow = Omit<TableRow, 'raw'>

/** Which table of a file is meant. */
export interface TableChoice {
  readonly kind: TableKind
  /** Null takes the first one that holds anything. */
  readonly name: string | null
}

export const MAX_FIELDS = 500
/** Of all cells of a row together; a cell cannot hold more either. */
export const MAX_ROW_CHARACTERS = 1_048_576
/** Rows an outline shows: a person's look and the header's search need no more. */
export const OUTLINE_ROWS = 260

/** Characters no text of a register can hold: zero, lone surrogates, and what a decoder puts for bytes that mean nothing. */
export const MEANINGLESS = /[\0\uFFFD]|[\uD800-\uDFFF]/u
