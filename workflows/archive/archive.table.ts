import type { JSONColumnType } from 'kysely'
import type { ArchivedInstance, ArchivedRecord } from './archive.ts'

declare module '../../core/database.ts' {
  interface Database {
    'workflow.archivedInstance': Omit<ArchivedInstance, 'version' | 'bodies'> & {
      /** Null for one that no other called. */
      parentId: string | null
      bodies: string[]
      record: JSONColumnType<ArchivedRecord>
      archivedBy: string
    }
  }
}
