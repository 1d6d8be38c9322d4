import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Day } from '../../core/day.ts'
import type { Plane, PlaneControl, Staged } from '../../core/plane/plane.ts'
import type { CompiledColumn } from '../../core/text/column.ts'
import type { Encoding } from '../../core/text/encoding.ts'
import { type ColumnMapping, mappedColumns, MAX_ROWS, type Outcome } from './batch.ts'
import type { Layout } from './layout.ts'
import { asIngest } from './look.ts'

/** What rows are judged by: a published schema, or one read from a pack. */
export interface LoadSchema {
  readonly columns: readonly CompiledColumn[]
  readonly primaryKey: readonly string[]
}

/** Reads the file once, every record as text. @throws INGEST_FILE_UNREADABLE, INGEST_FILE_TOO_LARGE */
export function stage(
  plane: Plane,
  content: Readable,
  { encoding, layout }: { readonly encoding: Encoding; readonly layout: Layout },
  control: PlaneControl,
): Promise<Staged> {
  return asIngest(() => plane.stage({ content, ...readingOf(encoding, layout) }, control))
}

/** How the plane is told to read the file. */
export function readingOf(encoding: Encoding, { delimiter, skipRecords, header, form }: Layout) {
  const spec = { encoding, delimiter, skipRecords, width: header.length, maxRows: MAX_ROWS }
  const packed = form?.isGzip === true ? { isGzip: true } : {}
  const table =
    form === undefined || form.kind === 'delimited'
      ? {}
      : { table: { kind: form.kind, name: form.table, fields: form.fields } }
  return { ...spec, ...packed, ...table }
}

export interface Judged {
  readonly staged: Staged
  readonly layout: Layout
  readonly mapping: readonly ColumnMapping[]
  readonly schema: LoadSchema
  readonly datasetId: string
  readonly batchId: string
  readonly today: Day
}

/** Judges the staged rows by the schema; never reads the file. */
export async function judge(plane: Plane, judged: Judged, control: PlaneControl): Promise<Outcome> {
  const { staged, layout, mapping, schema, datasetId, batchId, today } = judged
  if (staged.rows === 0)
    return { counts: NOTHING, findings: [], snapshot: null, quarantine: null, basis: basisOf(judged) }
  const { counts, findings, snapshot, quarantine } = await plane.validate(
    {
      staged: staged.sha256,
      delimiter: layout.delimiter,
      header: layout.header,
      columns: mappedColumns(schema.columns, mapping),
      primaryKey: schema.primaryKey,
      datasetId,
      batchId,
      today,
    },
    control,
  )
  return {
    counts,
    findings,
    snapshot: snapshot ?? null,
    quarantine: quarantine ?? null,
    basis: basisOf(judged),
  }
}

const NOTHING = { read: 0, accepted: 0, rejected: 0, duplicate: 0, filtered: 0 }

/** Equal for two judgements that must come out the same; the schema's texts and thresholds play no part. */
export function basisOf({ staged, mapping, schema }: Pick<Judged, 'staged' | 'mapping' | 'schema'>): string {
  const columns = schema.columns.map(({ label: _label, synonyms: _synonyms, ...column }) => column)
  const basis = JSON.stringify([staged.sha256, mapping, columns, schema.primaryKey])
  return createHash('sha256').update(basis).digest('hex')
}
