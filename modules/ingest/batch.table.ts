import type { ColumnType, Generated } from 'kysely'
import type { BatchStatus, ColumnMapping, Outcome, Override, Progress, Refusal } from './batch.ts'
import type { Staged } from '../../core/plane/plane.ts'
import type { Encoding, EncodingGuess } from '../../core/text/encoding.ts'
import type { Drift } from './drift.ts'
import type { Layout } from './layout.ts'
import type { Cells, RowDecision } from './quarantine.ts'

type Json<T> = ColumnType<T, string, string>
type NullableJson<T> = ColumnType<T | null, string | null, string | null>

declare module '../../core/database.ts' {
  interface Database {
    'ingest.batch': {
      id: Generated<string>
      datasetId: string
      organisationId: string
      fileName: string
      objectSha256: string
      /** int8 arrives as text. */
      sizeBytes: ColumnType<string, number, number>
      status: BatchStatus
      encoding: Encoding | null
      encodingGuesses: Json<EncodingGuess[]>
      layout: Json<Layout>
      mapping: NullableJson<ColumnMapping[]>
      attempt: number
      schemaVersion: string | null
      staged: NullableJson<Staged>
      outcome: NullableJson<Outcome>
      refusal: NullableJson<Refusal>
      progress: NullableJson<Progress>
      publishedVersion: number | null
      replayOf: string | null
      drift: NullableJson<Drift>
      confirmedBy: string | null
      override: NullableJson<Override>
      createdAt: Date
    }
    'ingest.batchSample': {
      batchId: string
      rows: Json<string[][]>
    }
    'ingest.quarantineRow': {
      batchId: string
      /** int8 arrives as text. */
      line: ColumnType<string, number, number>
      status: RowDecision['status']
      cells: NullableJson<Cells>
      explanation: string | null
      decidedBy: string
      decidedAt: Date
    }
    'ingest.driftOrder': {
      id: Generated<string>
      datasetId: string
      organisationId: string
      /** The load that stopped. */
      batchId: string
      openedAt: Date
      closedAt: Date | null
      closedByBatch: string | null
    }
    'ingest.confirmation': {
      datasetId: string
      encoding: Encoding
      /** Name of a file's column → name of the schema's. */
      columns: Json<Record<string, string>>
      confirmedBy: string
      confirmedAt: Date
    }
  }
}
