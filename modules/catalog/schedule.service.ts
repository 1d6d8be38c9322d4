import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { authorize } from '../../core/policy.ts'
import { can } from './policy.ts'
import { nextDue, readSchedule, type ScheduleInput } from './schedule.ts'
import { errors, type Source } from './source.ts'
import * as repository from './source.repository.ts'
import { requireSeen } from './source.service.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    /** `dueAt` is an ISO instant; null for a source read by hand. */
    'catalog.source.scheduled': { sourceId: string; every: string; dueAt: string | null }
  }
}

/**
 * Sets when the source is read by itself, or that it is not. Setting it again counts from now.
 *
 * @throws CATALOG_SOURCE_NOT_FOUND, POLICY_FORBIDDEN, CATALOG_SOURCE_READING_MISSING, CATALOG_SOURCE_SCHEDULE_INVALID
 */
export async function scheduleSource(ctx: Context, id: string, input: ScheduleInput): Promise<Source> {
  return transaction(ctx, async (ctx) => {
    const found = await requireSeen(ctx, id, await repository.lock(ctx, id))
    await authorize(ctx, can.manageSource, found)
    if (found.reading === null) throw errors.SOURCE_READING_MISSING()
    const schedule = readSchedule(input)
    const dueAt = schedule && nextDue(schedule, ctx.now())
    const result = { ...found, schedule, dueAt }
    await repository.update(ctx, result)
    const { every } = input
    await emit(ctx, 'catalog.source.scheduled', { sourceId: id, every, dueAt: dueAt?.toISOString() ?? null })
    return result
  })
}

/**
 * Takes one source that is due now and moves its due time on, for whoever reads it in the same transaction.
 * However many times were missed, it is taken once. Several nodes take different sources.
 */
export async function claimDue(ctx: TransactionContext): Promise<Source | undefined> {
  const found = await repository.lockDue(ctx, ctx.now())
  if (!found?.schedule) return undefined
  const result = { ...found, dueAt: nextDue(found.schedule, ctx.now()) }
  await repository.update(ctx, result)
  return result
}
