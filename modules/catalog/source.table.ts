import type { ColumnType } from 'kysely'
import type { Connection, Network } from '../../core/plane/connectors/index.ts'
import type { Schedule } from './schedule.ts'
import type { Reading, Watermark } from './source.ts'

type Json<T> = ColumnType<T, string, string>
type NullableJson<T> = ColumnType<T | null, string | null, string | null>

declare module '../../core/database.ts' {
  interface Database {
    'catalog.source': {
      id: string
      organisationId: string
      title: string
      titleKey: string
      connection: Json<Connection>
      network: Json<Network>
      /** AES-256-GCM, bound to the id; never selected with the rest. */
      secret: string | null
      secretKeyId: string | null
      reading: NullableJson<Reading>
      watermark: NullableJson<Watermark>
      revision: number
      schedule: NullableJson<Schedule>
      dueAt: Date | null
      registeredAt: Date
    }
  }
}
