import type { Context, TransactionContext } from './context.ts'
import { defineErrors, type DomainError } from './errors.ts'

/** Work outside any transaction: a load, a merge, a rendering. Runs at least once; idempotent by its key. */
export interface Job<Payload extends object = object> {
  /** How many of its kind a node runs at the same time, 1 unless said: more for what waits for a far machine. */
  readonly atOnce?: number
  run(ctx: Context, payload: Payload, control: JobControl): Promise<void>
  /**
   * Told once `run` will not be tried again after what it threw, to say so where people look. May come twice.
   * JOB_GAVE_UP stands for anything that is no refusal.
   */
  gaveUp?(ctx: Context, payload: Payload, refusal: DomainError): Promise<void>
}

export const errors = defineErrors('JOB', {
  GAVE_UP: {
    kind: 'unavailable',
    zh: '系统内部出错，多次重试后仍未完成，请联系系统管理员',
    en: 'The platform failed at this several times and gave up; tell its administrator',
  },
})

export interface JobControl {
  /** Aborted when the job is cancelled or the server stops. */
  readonly signal: AbortSignal
  /** Stores what a reader may be shown meanwhile; writes at most once in two seconds. */
  progress(state: object): Promise<void>
}

export function defineJob<Payload extends object>(job: Job<Payload>): Job {
  return job as Job
}

/**
 * Asks for `kind` to be run with `payload` once the transaction has committed. The same `kind` and `key`
 * again is the same work and is not queued twice.
 */
export async function enqueue(
  ctx: TransactionContext,
  kind: string,
  key: string,
  payload: object,
  runAfter: Date = ctx.now(),
): Promise<void> {
  await ctx.db
    .insertInto('core.job')
    .values({
      kind,
      key,
      payload: JSON.stringify(payload),
      status: 'waiting',
      runAfter,
      lastError: null,
      lockedUntil: null,
      createdAt: ctx.now(),
    })
    .onConflict((conflict) => conflict.columns(['kind', 'key']).doNothing())
    .execute()
}

/** Marks a waiting or running job cancelled; a running one is aborted by its worker within two seconds. */
export async function cancelJob(ctx: TransactionContext, kind: string, key: string): Promise<void> {
  await ctx.db
    .updateTable('core.job')
    .set({ status: 'cancelled' })
    .where('kind', '=', kind)
    .where('key', '=', key)
    .where('status', '=', 'waiting')
    .execute()
}

/**
 * Something the platform looks at again and again: due timers, unsent deliveries, waiting jobs.
 * Answers how many things it did; 0 lets the worker rest until woken or until the next poll.
 */
export interface Poller {
  readonly name: string
  /** In how many places a node looks at the same time, 1 unless said. */
  readonly atOnce?: number
  poll(ctx: Context, signal: AbortSignal): Promise<number>
  /**
   * Gives back what a process that died had claimed. Called before the first poll where this process is the
   * only one that can hold claims, so that nobody waits for a dead one's lease.
   */
  recover?(ctx: Context): Promise<void>
}
