import type { Readable } from 'node:stream'
import type { CompiledColumn } from '../text/column.ts'
import type { Encoding } from '../text/encoding.ts'
import type { Matched, MatchSpec } from './match.ts'
import type { Outline, TableChoice } from './tables/table.ts'

export type { Outline, OutlineRow, TableChoice, TableKind, TableName, TableRow } from './tables/table.ts'

/** A cell as it leaves the plane: days as `YYYY-MM-DD`, whole numbers beyond 2^53 as text. */
export type Cell = string | number | boolean | null
export type PlaneRow = Readonly<Record<string, Cell>>

/** An immutable Parquet file, named by the SHA-256 of its bytes. */
export interface PlaneFile {
  readonly sha256: string
  readonly rows: number
  readonly bytes: number
}

export interface PlaneProgress {
  readonly phase: 'receive' | 'decode' | 'read' | 'validate' | 'compare' | 'write'
  /** Done in this phase. */
  readonly rows: number
  readonly bytes: number
  /** A register is judged, compared and written range by range: how many of all of them are done. */
  readonly ranges?: { readonly done: number; readonly of: number }
  /** How much of the phase is done, 0 to 1, where one statement is all of it; never less than told before. */
  readonly share?: number
}

export interface PlaneControl {
  /** Aborting interrupts the work, ends the child two seconds later, and leaves no file behind. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: PlaneProgress) => void
  /** A select over whole registers: gets a child of its own with the memory and the time of a load. */
  readonly asLoad?: boolean
}

export interface StageSpec {
  /** The file's bytes as they were uploaded. */
  readonly content: Readable
  readonly encoding: Encoding
  readonly delimiter: ',' | '\t' | ';' | '|'
  /** Records before the first data record: titles and the header. */
  readonly skipRecords: number
  /** How many fields each record must have. */
  readonly width: number
  /** Largest number of records. */
  readonly maxRows: number
  /** The bytes are packed by gzip. */
  readonly isGzip?: boolean
  /** The file is no delimited text: which of its tables is read. Encoding plays no part then. */
  readonly table?: StagedTable
}

export interface StagedTable extends TableChoice {
  /** As the outline named them; null where the rows name them. */
  readonly fields: readonly string[] | null
}

export interface OutlineSpec {
  readonly content: Readable
  readonly isGzip: boolean
  readonly table: TableChoice
}

export interface SampleSpec extends StageSpec {
  /** How many rows at most. */
  readonly count: number
  /** The same seed gives the same rows of the same file. */
  readonly seed: number
}

/** Every record of one file as text, with its line; what a batch is decided on, again if need be. */
export interface Staged extends PlaneFile {
  /** Records with too few or too many fields, or with bytes that mean nothing in the encoding. */
  readonly faults: number
}

export interface ValidateSpec {
  readonly staged: string
  /** What parted the file's fields. */
  readonly delimiter: string
  /** Names of the file's columns, in the file's order. */
  readonly header: readonly string[]
  /** The schema's columns; `index` is the file's column, null when the file has none for it. */
  readonly columns: readonly (CompiledColumn & { readonly index: number | null })[]
  /** Names of schema columns; empty when rows have no key, then only whole rows can repeat. */
  readonly primaryKey: readonly string[]
  readonly datasetId: string
  readonly batchId: string
  /** The day dates are judged against, Asia/Shanghai. */
  readonly today: string
}

/** Why a value fails, or, without a column, a whole row: `width`, `bytes`, `quote`, `key-conflict`. */
export interface Finding {
  /** Name of the schema's column; null when the whole row is at fault. */
  readonly column: string | null
  readonly reason: string
  /** Whether it sends the row to quarantine. */
  readonly severity: 'reject' | 'warn'
}

export interface FindingCount extends Finding {
  readonly count: number
}

export interface Counts {
  readonly read: number
  readonly accepted: number
  readonly rejected: number
  readonly duplicate: number
  readonly filtered: number
}

export interface Validated {
  readonly counts: Counts
  /** Over all rows read, most frequent first. */
  readonly findings: readonly FindingCount[]
  /** Accepted rows, typed, sorted by key, with `_row_id`, `_batch` and `_line`; absent when no row is accepted. */
  readonly snapshot: PlaneFile | undefined
  /** Rejected rows: `_line`, `raw`, `cells` and `failures` (JSON texts of header → text, and of {@link Finding} with `value`); absent when no row is rejected. */
  readonly quarantine: PlaneFile | undefined
}

export type FilterOperator =
  '=' | '<>' | '<' | '<=' | '>' | '>=' | 'in' | 'contains' | 'starts-with' | 'is-null' | 'not-null'

export interface Filter {
  /** One of the names the select gives its columns. */
  readonly column: string
  readonly operator: FilterOperator
  /** One value; several for `in`; none for `is-null` and `not-null`. */
  readonly values?: readonly (string | number | boolean)[]
}

export interface SelectSource {
  /** The files of one dataset version. */
  readonly files: readonly string[]
  /** Becomes the column `_source` of its rows: names where a row comes from. */
  readonly name?: string
  /** Column of the result → column of the files; a column of the result left out here is null in these rows. */
  readonly columns: Readonly<Record<string, string>>
}

export interface Aggregate {
  readonly function: 'count' | 'count-distinct' | 'sum' | 'min' | 'max'
  /** Absent only for `count`. */
  readonly column?: string
}

/**
 * One query over snapshots: the union of its sources, filtered, grouped, sorted. Only this can be asked;
 * names are quoted, values bound. A source column that its files do not have is refused.
 */
export interface SelectSpec {
  readonly sources: readonly SelectSource[]
  /** All must hold. */
  readonly where?: readonly Filter[]
  /** Columns to group by; then the rows hold these and the aggregates. */
  readonly groupBy?: readonly string[]
  readonly aggregates?: Readonly<Record<string, Aggregate>>
  readonly orderBy?: readonly { readonly column: string; readonly descending?: boolean }[]
  readonly limit?: number
}

/** Cells to put in place of those of a staged file, by line. */
export interface AmendSpec {
  readonly staged: string
  readonly delimiter: string
  /** How many cells a row has. */
  readonly width: number
  readonly rows: readonly { readonly line: number; readonly cells: readonly (string | null)[] }[]
}

/** The rows that one judging rejects and another does not. */
export interface FailingSpec {
  /** Files of rejected rows, as {@link Validated} has them; null where nothing was rejected. */
  readonly before: string | null
  readonly after: string
  /** Columns of the file to be written and the headers of the cells they hold; null for none. */
  readonly key: readonly { readonly column: string; readonly header: string | null }[]
}

export type ChangeOperation = 'insert' | 'update' | 'delete' | 'unchanged'

/** What differs between the files of two versions. */
export interface ChangesSpec {
  /** Of no files everything is new. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** Columns that name a row, in both. */
  readonly key: readonly string[]
  /** Columns compared and shown; one that a side lacks is null there. */
  readonly columns: readonly string[]
  /** Columns shown beside them and not compared. */
  readonly shown?: readonly string[]
  /** Only the number of rows by operation. */
  readonly counted?: boolean
  readonly operations?: readonly ChangeOperation[]
  /** The key before the page, as text. */
  readonly afterKey?: readonly string[]
  readonly limit: number
}

/**
 * The data plane: department rows as immutable Parquet, read and written by DuckDB in a child process
 * (K9, K10). A crash of the child fails one query and nothing else.
 */
export interface Plane {
  /**
   * Reads a file as text, every record with its line number, into one staged file.
   *
   * @throws PLANE_FILE_TOO_LARGE, PLANE_FILE_UNREADABLE, PLANE_TABLE_UNKNOWN, PLANE_MEMORY_EXCEEDED,
   * PLANE_SPILL_EXCEEDED, PLANE_DISK_FULL, PLANE_LOAD_STALLED, PLANE_QUERY_FAILED, PLANE_CANCELLED
   */
  stage(spec: StageSpec, control?: PlaneControl): Promise<Staged>

  /**
   * Looks into a workbook, a JSON or a Parquet file: its tables, and the first rows of one.
   *
   * @throws PLANE_FILE_UNREADABLE, PLANE_TABLE_UNKNOWN, PLANE_TIME_EXCEEDED, and as stage
   */
  outline(spec: OutlineSpec, control?: PlaneControl): Promise<Outline>

  /**
   * An even sample of the sound rows of a whole file, as texts, long cells cut; in no particular order.
   *
   * @throws PLANE_TIME_EXCEEDED, and as stage
   */
  sample(spec: SampleSpec, control?: PlaneControl): Promise<string[][]>

  /** Judges a staged file by compiled columns and writes the accepted and the rejected rows. @throws as stage */
  validate(spec: ValidateSpec, control?: PlaneControl): Promise<Validated>

  /** Writes a staged file anew with the cells of some rows replaced. @throws PLANE_FILE_MISSING, and as stage */
  amend(spec: AmendSpec, control?: PlaneControl): Promise<Staged>

  /**
   * Writes the rows that are newly rejected, by line: `_line`, the columns of the key as texts, and `_reasons`, a list
   * of `column: reason`; null when there are none.
   *
   * @throws PLANE_FILE_MISSING, and as stage
   */
  failing(spec: FailingSpec, control?: PlaneControl): Promise<PlaneFile | null>

  /**
   * Streams `operation`, `key` (JSON list of texts), `changed` (JSON list of columns), `before` and `after`
   * (JSON objects of texts, null on the side that lacks the row), by key; or `operation` and `rows`.
   *
   * @throws PLANE_FILE_MISSING, PLANE_COLUMN_UNKNOWN, PLANE_TIME_EXCEEDED, and as stage
   */
  changes(spec: ChangesSpec, control?: PlaneControl): AsyncIterable<PlaneRow>

  /**
   * Finds rows that stand for the same thing, each pair with its weight.
   *
   * @throws PLANE_MATCH_BLOCK_TOO_LARGE, PLANE_MATCH_ID_REPEATED, and as stage
   */
  match(spec: MatchSpec, control?: PlaneControl): Promise<Matched>

  /**
   * Streams the rows of a query; stop iterating to end it.
   *
   * @throws PLANE_FILE_MISSING, PLANE_COLUMN_UNKNOWN, PLANE_TIME_EXCEEDED, and as stage
   */
  select(spec: SelectSpec, control?: PlaneControl): AsyncIterable<PlaneRow>

  /** Where the file of that digest is, or would be. */
  snapshotPath(sha256: string): string

  has(sha256: string): Promise<boolean>

  /** Reads the whole file again. @throws PLANE_FILE_MISSING, PLANE_FILE_CHECKSUM_DIFFERS */
  verify(sha256: string): Promise<void>

  /** Removes a file no manifest refers to. */
  remove(sha256: string): Promise<void>

  /** Largest resident size of a load's process so far, in bytes; 0 where the system does not tell. */
  readonly loadPeakBytes: number

  close(): Promise<void>
}

/** All rows of a query, for those known to be few. */
export async function selectAll(plane: Plane, spec: SelectSpec, control?: PlaneControl): Promise<PlaneRow[]> {
  const rows: PlaneRow[] = []
  for await (const row of plane.select(spec, control)) rows.push(row)
  return rows
}
