import type { ColumnType } from 'kysely'
import type { DeliveryProgress, RunRefusal, RunStatus } from './delivery.ts'

type NullableJson<T> = ColumnType<T | null, string | null, string | null>

declare module '../../core/database.ts' {
  interface Database {
    'catalog.delivery': {
      id: string
      sourceId: string
      datasetId: string
      organisationId: string
      collection: string
      keyColumns: string[]
      setAt: Date
      endedAt: Date | null
    }
    'catalog.deliveryRun': {
      id: string
      deliveryId: string
      status: RunStatus
      version: number | null
      wantedVersion: number
      refusal: NullableJson<RunRefusal>
      progress: NullableJson<DeliveryProgress>
      createdAt: Date
    }
  }
}
