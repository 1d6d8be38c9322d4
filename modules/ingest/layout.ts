import { type Encoding } from '../../core/text/encoding.ts'
import { decodeSample } from '../../core/text/decode.ts'
import type { TableKind, TableName } from '../../core/plane/plane.ts'
import { errors, MAX_COLUMNS } from './batch.ts'

export type Delimiter = ',' | '\t' | ';' | '|'

/** What a file is beside plain delimited text, and which of its tables was taken. */
export type LayoutForm = { readonly isGzip: boolean } & (
  | { readonly kind: 'delimited' }
  | {
      readonly kind: TableKind
      /** The sheet, or the place of the records. */
      readonly table: string
      readonly tables: readonly TableName[]
      /** Of the records, as they are written; null for a sheet. */
      readonly fields: readonly string[] | null
      /** Rows of the sheet that a person does not see; they are loaded. */
      readonly hiddenRows: number
    }
)

/** How a file is laid out, as far as its beginning shows. */
export interface Layout {
  readonly delimiter: Delimiter
  /** Records before the data: titles and the header. */
  readonly skipRecords: number
  /** Names of the columns, made unique (`name__2`). */
  readonly header: readonly string[]
  /** Why a person should look at the header; null when it is plain. */
  readonly unclear: string | null
  /** The first rows of data, at most 200, ragged ones left out. */
  readonly sample: readonly (readonly string[])[]
  /** Absent for delimited text that is not packed. */
  readonly form?: LayoutForm
}

/** The tables a person may choose from; empty for delimited text. */
export function tablesOf({ form }: Pick<Layout, 'form'>): readonly TableName[] {
  return form === undefined || form.kind === 'delimited' ? [] : form.tables
}

const DELIMITERS: readonly Delimiter[] = [',', '\t', ';', '|']
export const SAMPLE_ROWS = 200
const LOOKED_AT = 60

/**
 * Finds delimiter and header in the beginning of a file (section 5.3).
 *
 * @param whole whether the sample is the whole file; else its last, cut record is left out
 * @throws INGEST_FILE_EMPTY, INGEST_FILE_TOO_LARGE
 */
export function layoutOf(bytes: Uint8Array, encoding: Encoding, whole: boolean): Layout {
  const text = decodeSample(bytes, encoding).replace(/^\uFEFF/, '')
  const { delimiter, records } = DELIMITERS.map((each) => {
    const parted = recordsOf(text, each, whole)
    return { delimiter: each, records: parted, fit: fitOf(parted.slice(0, LOOKED_AT)) }
  }).reduce((best, each) => (each.fit > best.fit ? each : best))
  const width = usualWidth(records.slice(0, LOOKED_AT))
  if (width > MAX_COLUMNS) throw errors.FILE_TOO_LARGE({ limit: `${MAX_COLUMNS} columns` })
  const at = records.findIndex((record) => record.length === width && (width === 1 || filled(record) > 1))
  const header = records[at]
  if (header === undefined) throw errors.FILE_EMPTY()
  const data = records.slice(at + 1)
  return {
    delimiter,
    skipRecords: at + 1,
    header: uniqueNames(header),
    unclear: doubtOf(header),
    sample: data.filter((record) => record.length === width).slice(0, SAMPLE_ROWS),
  }
}

/** Names trimmed, empty ones numbered, repeated ones marked. */
export function uniqueNames(header: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return header.map((cell, index) => {
    const name = cell.trim() === '' ? `列${index + 1}` : cell.trim()
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name}__${times}`
  })
}

/** Why a person should look at the names of the columns; null when they are plain. */
export function doubtOf(header: readonly string[]): string | null {
  const names = header.map((cell) => cell.trim())
  const repeated = names.find((name, at) => name !== '' && names.indexOf(name) !== at)
  if (repeated !== undefined) return `${repeated}, ${repeated}`
  const numbers = names.filter((name) => /^[-+]?[\d.,/:-]*\d[\d.,/:-]*$/.test(name))
  if (numbers.length * 3 >= names.length) return numbers.slice(0, 3).join(', ')
  const empty = names.indexOf('')
  return empty === -1 ? null : `#${empty + 1}`
}

const filled = (record: readonly string[]) => record.filter((cell) => cell.trim() !== '').length

function usualWidth(records: readonly (readonly string[])[]): number {
  const times = new Map<number, number>()
  for (const { length } of records) times.set(length, (times.get(length) ?? 0) + 1)
  return [...times].reduce((best, each) => (each[1] > best[1] ? each : best), [0, 0] as [number, number])[0]
}

/** How well a delimiter parts the records: share of those with the usual width; a single column is the last resort. */
function fitOf(records: readonly (readonly string[])[]): number {
  const width = usualWidth(records)
  if (records.length === 0 || width < 2) return 0
  return (
    records.filter(({ length }) => length === width).length / records.length + Math.min(width, 50) / 1_000
  )
}

/** Records as the plane's scanner parts them (RFC 4180, leniently), without blank lines. */
export function recordsOf(text: string, delimiter: Delimiter, whole: boolean): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let at = 0
  while (at < text.length && records.length <= SAMPLE_ROWS + LOOKED_AT) {
    let value = ''
    if (text[at] === '"') {
      at += 1
      for (;;) {
        const close = text.indexOf('"', at)
        if (close === -1) return whole ? [...records, [...record, text.slice(at)]] : records
        value += text.slice(at, close)
        at = close + 1
        if (text[at] !== '"') break
        value += '"'
        at += 1
      }
    }
    const from = at
    while (at < text.length && text[at] !== delimiter && text[at] !== '\n') at += 1
    record.push((value + text.slice(from, at)).replace(/\r$/, text[at] === delimiter ? '\r' : ''))
    if (text[at] === delimiter) {
      at += 1
      if (at < text.length) continue
      record.push('')
    }
    const isCut = at >= text.length && !whole
    if (!isCut && !(record.length === 1 && record[0] === '')) records.push(record)
    record = []
    at += 1
  }
  return records
}
