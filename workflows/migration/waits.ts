import type { Waits } from '../runtime/step/rearm.ts'
import type { Variables } from '../runtime/step/index.ts'

interface Row {
  readonly id: string
  readonly token: number
  readonly node: string
}

/** An open or claimed task, as far as a migration changes it. */
export interface TaskRow extends Row {
  readonly formKey: string | null
  readonly candidateRole: string | null
  readonly organisationId: string
  readonly candidateGroups: readonly string[]
  readonly status: 'open' | 'claimed'
  readonly assignee: string | null
  readonly owner: string | null
  readonly claimedAt: string | null
  readonly dueAt: string | null
  readonly createdAt: string
}

export interface TimerRow extends Row {
  readonly dueAt: string
  readonly repeatLeft: number | null
}

export interface SubscriptionRow extends Row {
  readonly kind: 'message' | 'signal'
  readonly message: string
  readonly correlationKey: string | null
}

export interface JobRow extends Row {
  readonly task: string
  readonly runAfter: string
  readonly lockedUntil: string | null
}

/** The rows of one instance that a migration may change; instants as ISO 8601 texts, so that it can be stored. */
export interface Rows {
  readonly tasks: readonly TaskRow[]
  readonly timers: readonly TimerRow[]
  readonly subscriptions: readonly SubscriptionRow[]
  readonly jobs: readonly JobRow[]
  readonly incidents: readonly Row[]
}

/** An instance as it was before, for undoing. */
export interface Before extends Rows {
  readonly definitionId: string
  readonly state: object
  readonly variables: Variables
  readonly visited: readonly string[]
}

export const NO_ROWS: Rows = { tasks: [], timers: [], subscriptions: [], jobs: [], incidents: [] }

export const waitsIn = ({ tasks, timers, subscriptions, jobs }: Rows, now: Date): Waits => ({
  tasks: tasks.map((task) => ({ ...task, createdAt: new Date(task.createdAt) })),
  timers,
  subscriptions,
  jobs: jobs.map((job) => ({
    ...job,
    running: job.lockedUntil !== null && new Date(job.lockedUntil) > now,
  })),
})
