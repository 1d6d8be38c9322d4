import type { Generated } from 'kysely'

declare module '../../core/database.ts' {
  interface Database {
    'organisation.absence': {
      id: Generated<string>
      organisationId: string
      personId: string
      substituteId: string
      fromOn: string
      untilOn: string
      recordedBy: string
      recordedAt: Date
      endedAt: Date | null
      endedBy: string | null
    }
  }
}
