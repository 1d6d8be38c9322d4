import type { ColumnType } from 'kysely'
import type { Refusal } from './batch.ts'
import type { FileCounts } from './inbox.ts'
import type { PullProgress, PullStatus } from './pull.ts'

type NullableJson<T> = ColumnType<T | null, string | null, string | null>

declare module '../../core/database.ts' {
  interface Database {
    'ingest.pull': {
      id: string
      sourceId: string
      datasetId: string
      organisationId: string
      status: PullStatus
      batchId: string | null
      revision: number
      watermark: string | null
      refusal: NullableJson<Refusal>
      progress: NullableJson<PullProgress>
      files: NullableJson<FileCounts>
      createdAt: Date
    }
  }
}
