import { randomUUID } from 'node:crypto'
import { type Context, transaction } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { cancelJob, enqueue } from '../../core/jobs.ts'
import { authorize } from '../../core/policy.ts'
import { errors, type Harvest, type HarvestFormat, isRunning, NOTHING, requireRunning } from './harvest.ts'
import * as repository from './harvest.repository.ts'
import { can } from './policy.ts'
import { errors as sourceErrors, type Source } from './source.ts'
import { source as readSource } from './source.service.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'catalog.harvest.queued': { harvestId: string; sourceId: string; organisationId: string }
    'catalog.harvest.cancelled': { harvestId: string; sourceId: string }
    'catalog.harvest.ended': { harvestId: string; sourceId: string; status: Harvest['status'] }
  }
}

export const HARVEST_JOB = 'catalog.harvest'

/** Visible to its own department only. @throws CATALOG_HARVEST_NOT_FOUND */
export async function harvest(ctx: Context, id: string): Promise<Harvest> {
  return requireSeen(ctx, id, await repository.find(ctx, id))
}

async function requireSeen(ctx: Context, id: string, found: Harvest | undefined): Promise<Harvest> {
  if (found && (await ctx.policy.allows(ctx, can.readSource, found))) return found
  throw errors.HARVEST_NOT_FOUND({ id })
}

/** Newest first, at most 20; none for those who see the source for its network alone. */
export async function harvestsOf(ctx: Context, source: Source): Promise<Harvest[]> {
  return (await ctx.policy.allows(ctx, can.readSource, source)) ? repository.ofSource(ctx, source.id) : []
}

/**
 * Queues a crawl of another catalogue, through a source of the actor's organisation; one at a time.
 * `mayWithdrawMany`: also where more than a fifth of the known entries are listed no longer.
 *
 * @throws CATALOG_SOURCE_NOT_FOUND, POLICY_FORBIDDEN, CATALOG_SOURCE_CONNECTION_INVALID, CATALOG_HARVEST_RUNNING
 */
export async function startHarvest(
  ctx: Context,
  sourceId: string,
  format: HarvestFormat,
  mayWithdrawMany: boolean,
): Promise<Harvest> {
  return transaction(ctx, async (ctx) => {
    const { organisationId, connection } = await readSource(ctx, sourceId)
    await authorize(ctx, can.manageSource, { organisationId })
    if (connection.kind !== 'rest') throw sourceErrors.SOURCE_CONNECTION_INVALID({ reason: 'kind' })
    const queued = await repository.insert(ctx, {
      id: randomUUID(),
      sourceId,
      organisationId,
      format,
      status: 'queued',
      startedBy: ctx.actor.id,
      mayWithdrawMany,
      counts: NOTHING,
      quarantined: [],
      refusal: null,
      createdAt: ctx.now(),
    })
    if (!queued) throw errors.HARVEST_RUNNING()
    await enqueue(ctx, HARVEST_JOB, queued.id, { harvestId: queued.id })
    await emit(ctx, 'catalog.harvest.queued', { harvestId: queued.id, sourceId, organisationId })
    return queued
  })
}

/** Ends a crawl at any moment; what it registered stays. @throws CATALOG_HARVEST_NOT_FOUND, POLICY_FORBIDDEN, CATALOG_HARVEST_ENDED */
export async function cancelHarvest(ctx: Context, id: string): Promise<Harvest> {
  return transaction(ctx, async (ctx) => {
    const found = await requireSeen(ctx, id, await repository.lock(ctx, id))
    await authorize(ctx, can.manageSource, found)
    requireRunning(found)
    const result: Harvest = { ...found, status: 'cancelled' }
    await repository.update(ctx, result)
    await cancelJob(ctx, HARVEST_JOB, id)
    await emit(ctx, 'catalog.harvest.cancelled', { harvestId: id, sourceId: found.sourceId })
    return result
  })
}

/** Whether the actor may end it now. */
export async function mayCancelHarvest(ctx: Context, harvest: Harvest): Promise<boolean> {
  return isRunning(harvest) && (await ctx.policy.allows(ctx, can.manageSource, harvest))
}
