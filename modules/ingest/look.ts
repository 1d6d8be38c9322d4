import type { Readable } from 'node:stream'
import { DomainError, type ErrorParams } from '../../core/errors.ts'
import type { Plane, PlaneControl } from '../../core/plane/plane.ts'
import { type FileForm, isGzip, kindOf } from '../../core/plane/tables/form.ts'
import { gunzipped } from '../../core/plane/tables/unpack.ts'
import type { CompiledColumn } from '../../core/text/column.ts'
import { type Encoding, type EncodingGuess, SAMPLE_BYTES } from '../../core/text/encoding.ts'
import { errors } from './batch.ts'
import { encodingOf } from './encoding.ts'
import { type Layout, layoutOf } from './layout.ts'
import { tableLayout } from './table-layout.ts'

/** Opens the file from its beginning; asked more than once. */
export type Opener = () => Readable | Promise<Readable>

/** The beginning of a file, unpacked. */
export interface Head extends FileForm {
  readonly bytes: Buffer
  /** Whether that is all of it. */
  readonly isWhole: boolean
}

/** @throws INGEST_FILE_UNREADABLE a cut or corrupt gzip file */
export async function headOf(open: Opener): Promise<Head> {
  const packed = await beginning(await open())
  if (!isGzip(packed.bytes)) return { ...packed, isGzip: false, kind: kindOf(packed.bytes) }
  const head = await asIngest(async () => beginning(gunzipped(await open(), Infinity)))
  return { ...head, isGzip: true, kind: kindOf(head.bytes) }
}

async function beginning(
  content: AsyncIterable<unknown>,
): Promise<{ readonly bytes: Buffer; readonly isWhole: boolean }> {
  const parts: Buffer[] = []
  let bytes = 0
  // Leaving the loop closes the stream.
  for await (const part of content) {
    parts.push(part as Buffer)
    bytes += (part as Buffer).length
    if (bytes > SAMPLE_BYTES) break
  }
  return { bytes: Buffer.concat(parts).subarray(0, SAMPLE_BYTES), isWhole: bytes <= SAMPLE_BYTES }
}

/** Names a file's columns may have. */
export function wordsOf({ columns }: { readonly columns: readonly CompiledColumn[] }): string[] {
  return columns.flatMap(({ label, synonyms }) => [label.zh, ...synonyms])
}

export interface LookOptions {
  /** Names the columns may have: they help to tell the encoding. */
  readonly words: readonly string[]
  /** Named by a person. */
  readonly encoding?: Encoding | undefined
  /** By an earlier batch. */
  readonly confirmed?: Encoding | undefined
  /** Sheet, or place of the records; the first that holds anything when absent. */
  readonly table?: string | undefined
}

export interface Look {
  readonly encoding: Encoding
  readonly guesses: EncodingGuess[]
  readonly layout: Layout
}

/**
 * What a file is and how it is laid out, by its content alone: delimited text, a workbook, JSON, JSON lines or
 * Parquet, each also packed by gzip.
 *
 * @throws INGEST_FILE_UNREADABLE, INGEST_FILE_TOO_LARGE, INGEST_TABLE_UNKNOWN, INGEST_FILE_EMPTY, and what
 * {@link encodingOf} throws
 */
export async function lookAt(
  plane: Plane,
  open: Opener,
  options: LookOptions,
  control: PlaneControl = {},
): Promise<Look> {
  const head = await headOf(open)
  const { kind, isGzip } = head
  if (kind === 'foreign') throw errors.FILE_UNREADABLE({ reason: 'XLS' })
  if (kind === 'delimited') {
    const { encoding, guesses } = encodingOf(head.bytes, options)
    const layout = layoutOf(head.bytes, encoding, head.isWhole)
    return { encoding, guesses, layout: isGzip ? { ...layout, form: { kind, isGzip } } : layout }
  }
  const outline = await asIngest(async () =>
    plane.outline({ content: await open(), isGzip, table: { kind, name: options.table ?? null } }, control),
  )
  return { encoding: 'utf-8', guesses: [], layout: tableLayout(outline, { kind, isGzip }) }
}

type Factory = (params: ErrorParams) => DomainError

const TRANSLATED: Readonly<Record<string, Factory>> = {
  PLANE_FILE_UNREADABLE: errors.FILE_UNREADABLE as Factory,
  PLANE_FILE_TOO_LARGE: errors.FILE_TOO_LARGE as Factory,
  PLANE_TABLE_UNKNOWN: errors.TABLE_UNKNOWN as Factory,
}

/** What the plane says about a file is said to the department in this module's name. */
export async function asIngest<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const translated = error instanceof DomainError ? TRANSLATED[error.code]?.(error.params) : undefined
    throw translated ? Object.assign(translated, { cause: error }) : error
  }
}
