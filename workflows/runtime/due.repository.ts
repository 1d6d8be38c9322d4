import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import { INSTANCE, readable } from './instance.repository.ts'
import type { Instance } from './instance.ts'
import '../workflow.table.ts'

export interface DueTimer {
  readonly id: string
  readonly instanceId: string
  readonly token: number
  readonly node: string
  readonly dueAt: Date
  /** How often a cycle fires after this, -1 without end; null for what fires once. */
  readonly repeatLeft: number | null
}

/** Nothing happens to an instance that is held. */
const isHeld = (table: 'timer' | 'job') =>
  sql<boolean>`exists (select from workflow.instance held
    where held.id = ${sql.ref(`workflow.${table}.instance_id`)} and held.suspended_at is not null)`

export interface ClaimedJob {
  /** `instance:version:seq`: the idempotency key of the task. */
  readonly id: string
  readonly instanceId: string
  readonly token: number
  readonly node: string
  readonly task: string
  readonly input: Record<string, unknown>
  /** This attempt included. */
  readonly attempts: number
  readonly retriesLeft: number
}

/** Takes due timers for `leaseMs`; another node takes them over when the lease has run out. */
export async function claimTimers(ctx: Context, limit: number, leaseMs: number): Promise<DueTimer[]> {
  const now = ctx.now()
  return ctx.db
    .updateTable('workflow.timer')
    .set({ lockedUntil: new Date(now.getTime() + leaseMs) })
    .where('id', 'in', (query) =>
      query
        .selectFrom('workflow.timer')
        .select('id')
        .where('status', '=', 'armed')
        .where('dueAt', '<=', now)
        .where(sql<boolean>`not ${isHeld('timer')}`)
        .where((is) => is.or([is('lockedUntil', 'is', null), is('lockedUntil', '<', now)]))
        .orderBy('dueAt')
        .orderBy('id')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'instanceId', 'token', 'node', 'dueAt', 'repeatLeft'])
    .execute()
}

/**
 * Those of the timers that are armed still, with their instances as they are at that moment, none held: whatever
 * disarms a timer gives its instance another version. An instance that cannot be read is left out.
 */
export async function armedWithInstances(
  ctx: Context,
  timers: readonly DueTimer[],
): Promise<{ readonly timer: DueTimer; readonly instance: Instance }[]> {
  const rows = await ctx.db
    .selectFrom('workflow.timer as timer')
    .innerJoin('workflow.instance as instance', 'instance.id', 'timer.instanceId')
    .select('timer.id as timerId')
    .select(INSTANCE.map((column) => `instance.${column}` as const))
    .where('timer.status', '=', 'armed')
    .where(
      'timer.id',
      'in',
      timers.map(({ id }) => id),
    )
    .execute()
  const found = new Map(rows.map(({ timerId, ...row }) => [timerId, row]))
  return timers.flatMap((timer) => {
    const row = found.get(timer.id)
    const instance = row && readable(row)
    return instance ? [{ timer, instance }] : []
  })
}

export async function isArmed(ctx: TransactionContext, id: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('workflow.timer')
    .select('id')
    .where('id', '=', id)
    .where('status', '=', 'armed')
    .executeTakeFirst()
  return row !== undefined
}

/** A timer whose token is gone. */
export async function disarm(ctx: TransactionContext, id: string): Promise<void> {
  await ctx.db.updateTable('workflow.timer').set({ status: 'disarmed' }).where('id', '=', id).execute()
}

/** Takes due jobs for `leaseMs`; another node takes them over when the lease has run out. */
export async function claimJobs(
  ctx: Context,
  tasks: readonly string[],
  limit: number,
  leaseMs: number,
): Promise<ClaimedJob[]> {
  if (tasks.length === 0) return []
  const now = ctx.now()
  return ctx.db
    .updateTable('workflow.job')
    .set({
      lockedUntil: new Date(now.getTime() + leaseMs),
      lockedBy: ctx.requestId,
      attempts: sql`attempts + 1`,
      retriesLeft: sql`retries_left - 1`,
    })
    .where('id', 'in', (query) =>
      query
        .selectFrom('workflow.job')
        .select('id')
        .where('status', '=', 'waiting')
        .where('runAfter', '<=', now)
        .where((is) => is.or([is('lockedUntil', 'is', null), is('lockedUntil', '<', now)]))
        .where('task', 'in', tasks)
        .where(sql<boolean>`not ${isHeld('job')}`)
        .orderBy('runAfter')
        .orderBy('id')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'instanceId', 'token', 'node', 'task', 'input', 'attempts', 'retriesLeft'])
    .execute()
}

/** Those of the jobs that wait for their result still; one that another node has taken over is that node's. */
export async function prolongJobs(ctx: Context, jobs: readonly ClaimedJob[], leaseMs: number): Promise<void> {
  if (jobs.length === 0) return
  await ctx.db
    .updateTable('workflow.job')
    .set({ lockedUntil: new Date(ctx.now().getTime() + leaseMs) })
    .where('status', '=', 'waiting')
    .where('lockedBy', '=', ctx.requestId)
    .where(
      'id',
      'in',
      jobs.map(({ id }) => id),
    )
    .execute()
}

/** Ends every lease on a job. */
export async function releaseJobs(ctx: Context): Promise<void> {
  await ctx.db
    .updateTable('workflow.job')
    .set({ lockedUntil: null, lockedBy: null })
    .where('status', '=', 'waiting')
    .where('lockedUntil', 'is not', null)
    .execute()
}

/** Ends every lease on a timer. */
export async function releaseTimers(ctx: Context): Promise<void> {
  await ctx.db
    .updateTable('workflow.timer')
    .set({ lockedUntil: null })
    .where('status', '=', 'armed')
    .where('lockedUntil', 'is not', null)
    .execute()
}

/** Whether the job still waits: a boundary event may have dropped it while it ran. */
export async function isWaiting(ctx: TransactionContext, id: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('workflow.job')
    .select('id')
    .where('id', '=', id)
    .where('status', '=', 'waiting')
    .executeTakeFirst()
  return row !== undefined
}

export async function postponeJob(
  ctx: Context,
  id: string,
  { runAfter, lastError }: { readonly runAfter: Date; readonly lastError: string },
): Promise<void> {
  await ctx.db
    .updateTable('workflow.job')
    .set({ runAfter, lastError, lockedUntil: null, lockedBy: null })
    .where('id', '=', id)
    .where('status', '=', 'waiting')
    .execute()
}

export async function failJob(ctx: TransactionContext, id: string, lastError: string): Promise<void> {
  await ctx.db
    .updateTable('workflow.job')
    .set({ status: 'failed', lastError, lockedUntil: null, lockedBy: null })
    .where('id', '=', id)
    .execute()
}
