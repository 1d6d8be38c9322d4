import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { parse as parsed } from 'csv-parse/sync'
import type { Row, Session } from '../../core/plane/connectors/index.ts'
import { csvLine } from '../../core/text/csv.ts'
import type { Reading, Watermark } from '../catalog/index.ts'

export interface Pulled {
  rows: number
  bytes: number
  /** Of the last row in the cursor's order. */
  watermark: string | null
  /** The first rows, for whoever confirms the mapping. */
  readonly sample: string[][]
}

const SAMPLE_ROWS = 200

export const nothingPulled = (): Pulled => ({ rows: 0, bytes: 0, watermark: null, sample: [] })

/**
 * The whole collection as text. With a watermark only what follows it is read from the source, and the text
 * before supplies the rows that were not read again, found by their key; a row read twice takes its new content.
 * The next batch is read when the one before has been taken.
 *
 * @param before the text as of the watermark; null reads everything
 */
export async function* pulledText(
  session: Session,
  reading: Reading,
  before: { readonly watermark: Watermark; readonly content: Readable } | null,
  pulled: Pulled,
): AsyncGenerator<Buffer> {
  const { collection, columns, keyColumns, cursorColumn, overlap } = reading
  const keys = keyColumns.map((name) => columns.indexOf(name))
  const cursorAt = cursorColumn === null ? -1 : columns.indexOf(cursorColumn)
  const again = new Set<string>()
  function counted(text: Buffer, rows: number): Buffer {
    pulled.rows += rows
    pulled.bytes += text.length
    return text
  }
  function written(rows: readonly Row[]): Buffer {
    for (const row of rows)
      if (pulled.sample.length < SAMPLE_ROWS) pulled.sample.push(row.map((cell) => cell ?? ''))
    return counted(Buffer.from(rows.map(csvLine).join('')), rows.length)
  }

  pulled.watermark = before?.watermark.value ?? null
  yield Buffer.from(csvLine(columns))
  const cursor =
    cursorColumn === null ? null : { column: cursorColumn, after: before?.watermark.value ?? null, overlap }
  // A source that writes such text itself is not asked for cells, unless each row has to be known by its key.
  if (before === null && session.copy !== undefined && columns.length > 1) {
    for await (const { text, rows, last } of session.copy({ collection, columns, cursor })) {
      const missing = SAMPLE_ROWS - pulled.sample.length
      if (missing > 0) pulled.sample.push(...parsed(text, { to: missing }))
      if (cursorAt >= 0) pulled.watermark = parsed(last)[0]?.[cursorAt] || pulled.watermark
      yield counted(text, rows)
    }
    return
  }
  for await (const rows of session.read({ collection, columns, cursor })) {
    if (before !== null) for (const row of rows) again.add(digestOf(keys.map((at) => row[at] ?? '')))
    pulled.watermark = rows.at(-1)?.[cursorAt] ?? pulled.watermark
    yield written(rows)
  }
  if (before === null) return
  let kept: string[][] = []
  for await (const record of before.content.pipe(parse({ from: 2, relaxColumnCount: true }))) {
    const row = record as string[]
    if (again.has(digestOf(keys.map((at) => row[at] ?? '')))) continue
    kept.push(row)
    if (kept.length < 1_000) continue
    yield written(kept)
    kept = []
  }
  if (kept.length > 0) yield written(kept)
}

/** Short, because it is kept for each row read. */
function digestOf(key: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(key)).digest('base64').slice(0, 24)
}
