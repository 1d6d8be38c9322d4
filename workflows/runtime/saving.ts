import type { Fact } from '../../core/events.ts'
import type { Instance } from './instance.ts'
import type { Effect, State, Variables } from './step/index.ts'

/** A task to open, with what the model and the instance say of it. */
export interface TaskOpening {
  readonly token: number
  readonly node: string
  readonly formKey: string | null
  readonly candidateRole: string | null
  readonly organisationId: string
  readonly candidateGroups: readonly string[]
  readonly dueAt: Date | null
}

/** What a step leaves behind beside the effects: who did what to which task, job or command. */
export interface Done {
  readonly task?: { readonly id: string; readonly version: number; readonly output: object }
  readonly job?: { readonly id: string; readonly result: object }
  readonly command?: {
    readonly key: string
    readonly kind: string
    readonly payloadSha256: string
    /** Variables that the module's command gave back beside the answers of the form. */
    readonly added?: Variables
  }
  /** What a called process gives back: taken in even while the instance is held. */
  readonly returned?: true
}

/** A step as decided: the instance it was decided on, what becomes of it, and who did it when. */
export interface Saving {
  readonly instance: Instance
  readonly state: State
  readonly effects: readonly Effect[]
  readonly visited: readonly string[]
  readonly openings: readonly TaskOpening[]
  readonly done: Done
  readonly facts: readonly Fact[]
  readonly actorId: string
  readonly onBehalfOf: string | null
  readonly at: Date
}

/** Stale: the instance or the task is not any more as it was read. */
export type SaveResult = 'saved' | 'stale'

/** Rows of one part for all the steps, each with its instance. */
export function rowsOf<Row extends object>(
  savings: readonly Saving[],
  rows: (saving: Saving) => readonly Row[],
): (Row & { readonly instance: string })[] {
  return savings.flatMap((saving) => rows(saving).map((row) => ({ ...row, instance: saving.instance.id })))
}
