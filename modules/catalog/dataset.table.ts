import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Counts, PlaneFile } from '../../core/plane/plane.ts'
import type { Quality } from './quality.ts'

declare module '../../core/database.ts' {
  interface Database {
    'catalog.dataset': {
      id: Generated<string>
      organisationId: string
      title: string
      titleKey: string
      schemaCode: string
      sourceRank: number
      search: ColumnType<string, string, string>
      registeredAt: Date
      quality: ColumnType<Quality | null, string | null, string | null>
    }
    'catalog.datasetVersion': {
      datasetId: string
      version: number
      parent: number | null
      schemaVersion: string
      batchId: string
      files: JSONColumnType<PlaneFile[]>
      counts: JSONColumnType<Counts>
      rowCount: number
      createdAt: Date
    }
  }
}
