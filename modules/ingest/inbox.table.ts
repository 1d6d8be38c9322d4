import type { ColumnType } from 'kysely'
import type { Refusal } from './batch.ts'

declare module '../../core/database.ts' {
  interface Database {
    'ingest.placedFile': {
      sourceId: string
      name: string
      /** int8 arrives as text. */
      sizeBytes: ColumnType<string, number, number>
      checksum: string
      placedAt: Date
      objectSha256: string | null
      batchId: string | null
      refusal: ColumnType<Refusal | null, string | null, string | null>
      seenAt: Date
    }
  }
}
