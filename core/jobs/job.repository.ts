import { sql } from 'kysely'
import type { Context } from '../context.ts'

export interface ClaimedJob {
  readonly id: string
  readonly kind: string
  readonly key: string
  readonly payload: object
  /** This attempt included. */
  readonly attempts: number
}

/** The attempt that a worker holds: once another has taken the job over, its word counts no more. */
export type Attempt = Pick<ClaimedJob, 'id' | 'attempts'>

/** Takes one due job for `leaseMs`; another worker may take it over when the lease has run out. */
export async function claim(
  ctx: Context,
  kinds: readonly string[],
  leaseMs: number,
): Promise<ClaimedJob | undefined> {
  if (kinds.length === 0) return undefined
  const now = ctx.now()
  return ctx.db
    .updateTable('core.job')
    .set({ lockedUntil: new Date(now.getTime() + leaseMs), attempts: sql`attempts + 1` })
    .where('id', '=', (query) =>
      query
        .selectFrom('core.job')
        .select('id')
        .where('status', '=', 'waiting')
        .where('runAfter', '<=', now)
        .where((or) => or.or([or('lockedUntil', 'is', null), or('lockedUntil', '<', now)]))
        .where('kind', 'in', kinds)
        .orderBy('runAfter')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'kind', 'key', 'payload', 'attempts'])
    .executeTakeFirst()
}

/** Ends every lease. */
export async function release(ctx: Context): Promise<void> {
  await ctx.db
    .updateTable('core.job')
    .set({ lockedUntil: null })
    .where('status', '=', 'waiting')
    .where('lockedUntil', 'is not', null)
    .execute()
}

/** Puts a job back as it was before this attempt took it. */
export async function giveBack(ctx: Context, { id, attempts }: Attempt): Promise<void> {
  await ctx.db
    .updateTable('core.job')
    .set({ attempts: attempts - 1, lockedUntil: null })
    .where('id', '=', id)
    .where('attempts', '=', attempts)
    .where('status', '=', 'waiting')
    .execute()
}

/** Prolongs the lease; answers false when the job has been cancelled or taken over meanwhile. */
export async function prolong(ctx: Context, { id, attempts }: Attempt, leaseMs: number): Promise<boolean> {
  const row = await ctx.db
    .updateTable('core.job')
    .set({ lockedUntil: new Date(ctx.now().getTime() + leaseMs) })
    .where('id', '=', id)
    .where('attempts', '=', attempts)
    .where('status', '=', 'waiting')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function saveProgress(ctx: Context, { id, attempts }: Attempt, progress: object): Promise<void> {
  await ctx.db
    .updateTable('core.job')
    .set({ progress: JSON.stringify(progress) })
    .where('id', '=', id)
    .where('attempts', '=', attempts)
    .execute()
}

export async function settle(
  ctx: Context,
  { id, attempts }: Attempt,
  outcome: { status: 'waiting' | 'done' | 'failed'; runAfter?: Date; lastError: string | null },
): Promise<void> {
  await ctx.db
    .updateTable('core.job')
    .set({ ...outcome, lockedUntil: null })
    .where('id', '=', id)
    .where('attempts', '=', attempts)
    .where('status', '=', 'waiting')
    .execute()
}
