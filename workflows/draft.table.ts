import type { ColumnType, Generated } from 'kysely'
import type { Files } from './draft.ts'

declare module '../core/database.ts' {
  interface Database {
    'workflow.draft': {
      id: Generated<string>
      key: string
      organisationId: string
      definitionId: string | null
      files: ColumnType<Files, string, string>
      version: number
      createdBy: string
      createdAt: Date
      changedBy: string
      changedAt: Date
    }
  }
}
