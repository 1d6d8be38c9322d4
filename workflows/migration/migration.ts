import type { NodeMapping, Obstacle } from '../runtime/step/migration.ts'
import type { WaitChanges } from '../runtime/step/rearm.ts'

export const MIGRATION_STATUSES = [
  ...(['proposed', 'rehearsing', 'rehearsed', 'executing', 'done', 'cancelled', 'failed'] as const),
  ...(['undoing', 'undone', 'archived'] as const),
] as const

export type MigrationStatus = (typeof MIGRATION_STATUSES)[number]

/** A plan to take running instances from one version of a process to another. */
export interface Migration {
  readonly id: string
  readonly definitionKey: string
  readonly fromDefinition: string
  readonly toDefinition: string
  readonly mapping: NodeMapping
  /** Only this body's instances; null for all. */
  readonly organisationId: string | null
  readonly status: MigrationStatus
  readonly reason: string
  readonly proposedBy: string
  /** Who ordered what its job does now or did last, as whom it is on the record. */
  readonly orderedBy: string
  readonly orderedFor: string
  /** Why, of the execution or undoing. */
  readonly orderReason: string
  readonly createdAt: Date
  readonly rehearsedAt: Date | null
  readonly begunAt: Date | null
  readonly endedAt: Date | null
  /** Code of what ended its job. */
  readonly failure: string | null
}

export type Act = 'remap' | 'rehearse' | 'execute' | 'cancel' | 'undo' | 'archive'

/** In which states a plan may be told what: the one table that the server and its readers go by. */
const FROM: Readonly<Record<Act, readonly MigrationStatus[]>> = {
  remap: ['proposed', 'rehearsed'],
  rehearse: ['proposed', 'rehearsed'],
  execute: ['rehearsed', 'cancelled', 'failed'],
  cancel: ['rehearsing', 'executing', 'undoing'],
  undo: ['done', 'cancelled', 'failed', 'undone'],
  archive: ['proposed', 'rehearsed', 'done', 'cancelled', 'failed', 'undone'],
}

export const ACTS = Object.keys(FROM) as Act[]

/**
 * Whether the plan may be told this now. One that was cancelled or failed before it was ever executed is to be
 * rehearsed to its end first; what was taken back is not taken over again.
 */
export function may(act: Act, { status, rehearsedAt, begunAt }: Migration): boolean {
  if (act === 'rehearse' && (status === 'cancelled' || status === 'failed')) return begunAt === null
  if (!FROM[act].includes(status)) return false
  if (act === 'execute') return rehearsedAt !== null
  return act !== 'undo' || begunAt !== null
}

export const OUTCOMES = [
  ...(['movable', 'blocked', 'gone', 'moved', 'stale', 'failed', 'undone', 'kept'] as const),
] as const

/** What became of an instance: see `MigrationOutcome` of the SDL. */
export type Outcome = (typeof OUTCOMES)[number]

/** An instance in a plan. */
export interface MigrationInstance {
  readonly instanceId: string
  readonly outcome: Outcome
  /** Where it stood. */
  readonly nodes: readonly string[]
  readonly obstacles: readonly Obstacle[]
  readonly waits: WaitChanges
}

export const NO_WAITS: WaitChanges = { kept: 0, renewed: 0, added: 0, removed: 0 }

export type Counts = Readonly<Record<Outcome | 'total' | 'done', number>>
