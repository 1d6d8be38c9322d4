import type { ColumnType } from 'kysely'
import type { HarvestCounts, HarvestFormat, HarvestStatus, Quarantined, Refusal } from './harvest.ts'

type Json<T> = ColumnType<T, string, string>

declare module '../../core/database.ts' {
  interface Database {
    'catalog.harvest': {
      id: string
      sourceId: string
      organisationId: string
      format: HarvestFormat
      status: HarvestStatus
      startedBy: string
      mayWithdrawMany: boolean
      counts: Json<HarvestCounts>
      quarantined: Json<Quarantined[]>
      refusal: ColumnType<Refusal | null, string | null, string | null>
      createdAt: Date
    }
    'catalog.harvestedEntry': {
      sourceId: string
      remoteId: string
      entryId: string
      digest: string
    }
  }
}
