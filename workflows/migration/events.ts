declare module '../../core/events.ts' {
  interface EventMap {
    'workflow.migration.proposed': MigrationFact & { from: number; to: number; reason: string }
    'workflow.migration.remapped': MigrationFact
    'workflow.migration.rehearsed': MigrationFact & { movable: number; blocked: number }
    'workflow.migration.begun': MigrationFact & { act: 'execute' | 'undo'; reason: string }
    'workflow.migration.cancelled': MigrationFact & { reason: string }
    'workflow.migration.ended': MigrationFact & { act: 'execute' | 'undo'; done: number; left: number }
    'workflow.migration.archived': MigrationFact & { reason: string }
    'workflow.version.retired': { definitionId: string; key: string; version: number; reason: string }
    'workflow.version.reinstated': { definitionId: string; key: string; version: number; reason: string }
  }
}

export interface MigrationFact {
  migrationId: string
  key: string
}
