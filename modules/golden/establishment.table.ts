import type { Generated } from 'kysely'

declare module '../../core/database.ts' {
  interface Database {
    'golden.establishment': {
      id: Generated<string>
      runId: string
      partOf: string
      number: string
      name: string | null
      address: string | null
      viaDatasetId: string | null
      datasetId: string
      organisationId: string
      version: number
      rowId: string
      line: number | null
      asOfAt: Date
    }
  }
}
