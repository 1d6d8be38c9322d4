import type { JSONColumnType } from 'kysely'
import type { ArchivedInstance, ArchivedRecord } from './archive.ts'

declare module '../../core/database.ts' {
  interface Database {
    'workflow.archivedInstance': Omit<ArchivedInstance, 'version' | 'bodies'> & {
      bodies: string[]
      record: JSONColumnType<ArchivedRecord>
      archivedBy: string
    }
  }
}
