import type { Day } from '../../core/day.ts'

declare module '../../core/database.ts' {
  interface Database {
    'golden.nameChange': {
      datasetId: string
      organisationId: string
      version: number
      laterVersion: number
      rowId: string
      line: number | null
      key: string | null
      name: string
      eventOn: Day | null
      asOfAt: Date
      validTo: Day
    }
    'golden.nameHistory': {
      datasetId: string
      throughVersion: number
    }
  }
}
