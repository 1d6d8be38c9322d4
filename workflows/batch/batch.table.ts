import type { Generated, JSONColumnType } from 'kysely'
import type { Texts } from '../../core/errors.ts'
import type { Variables } from '../runtime/step/index.ts'
import type { Batch, BatchItem } from './batch.ts'

declare module '../../core/database.ts' {
  interface Database {
    'workflow.batch': Omit<Batch, 'id' | 'output' | 'requestedRoles'> & {
      id: Generated<string>
      output: JSONColumnType<Variables>
      requestedRoles: string[]
    }
    'workflow.batchItem': Omit<BatchItem, 'refusal'> & {
      batchId: string
      refusal: JSONColumnType<Texts> | null
    }
  }
}
