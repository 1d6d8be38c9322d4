import type { Generated, JSONColumnType } from 'kysely'
import type { NodeMapping, Obstacle } from '../runtime/step/migration.ts'
import type { WaitChanges } from '../runtime/step/rearm.ts'
import type { Migration, Outcome } from './migration.ts'
import type { Before } from './waits.ts'

declare module '../../core/database.ts' {
  interface Database {
    'workflow.migration': Omit<Migration, 'id' | 'mapping'> & {
      id: Generated<string>
      mapping: JSONColumnType<NodeMapping>
      orders: Generated<number>
    }
    'workflow.migrationInstance': {
      migrationId: string
      instanceId: string
      outcome: Outcome
      waiting: boolean
      nodes: string[]
      verdict: 'movable' | 'blocked' | null
      obstacles: JSONColumnType<readonly Obstacle[]>
      waits: JSONColumnType<WaitChanges>
      attempts: Generated<number>
      versionAfter: number | null
      before: JSONColumnType<Before> | null
      movedAt: Date | null
    }
  }
}
