import { randomUUID } from 'node:crypto'
import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { cancelJob, enqueue } from '../../core/jobs.ts'
import { loadThrough } from '../../core/loader.ts'
import * as catalog from '../catalog/index.ts'
import { authorizeLoad, can, maySee } from './policy.ts'
import { errors, isReading, type Pull, requireReading } from './pull.ts'
import * as repository from './pull.repository.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'ingest.pull.queued': { pullId: string; sourceId: string; datasetId: string }
    'ingest.pull.cancelled': { pullId: string; sourceId: string }
    'ingest.pull.handed': { pullId: string; sourceId: string; batchId: string }
    'ingest.pull.failed': { pullId: string; sourceId: string; code: string }
  }
}

export const PULL_JOB = 'ingest.pull'

/** Visible to its own department only. @throws INGEST_PULL_NOT_FOUND */
export async function pull(ctx: Context, id: string): Promise<Pull> {
  return requireSeen(ctx, id, await repository.find(ctx, id))
}

/** Newest first, at most 20; none for those who see the source for its network alone. */
export async function pullsOf(ctx: Context, source: catalog.Source): Promise<Pull[]> {
  return (await maySee(ctx, source)) ? loadThrough(ctx, repository.recentBySources, source.id) : []
}

async function requireSeen(ctx: Context, id: string, found: Pull | undefined): Promise<Pull> {
  if (found && (await maySee(ctx, found))) return found
  throw errors.PULL_NOT_FOUND({ id })
}

/**
 * Queues a reading of the source into its dataset; one at a time.
 *
 * @throws CATALOG_SOURCE_NOT_FOUND, POLICY_FORBIDDEN, CATALOG_SOURCE_READING_MISSING, INGEST_PULL_RUNNING
 */
export async function pullSource(ctx: Context, sourceId: string): Promise<Pull> {
  return transaction(ctx, async (ctx) => {
    const source = await catalog.source(ctx, sourceId)
    await authorizeLoad(ctx, source)
    if (source.reading === null) throw catalog.sourceErrors.SOURCE_READING_MISSING()
    const queued = await queuePull(ctx, source, source.reading)
    if (!queued) throw errors.PULL_RUNNING()
    return queued
  })
}

/** Undefined when the source is being read already. For callers that may: it asks nobody. */
export async function queuePull(
  ctx: TransactionContext,
  { id: sourceId, organisationId, revision }: catalog.Source,
  { datasetId }: catalog.Reading,
): Promise<Pull | undefined> {
  const queued = await repository.insert(ctx, {
    id: randomUUID(),
    sourceId,
    datasetId,
    organisationId,
    status: 'queued',
    batchId: null,
    revision,
    watermark: null,
    refusal: null,
    progress: null,
    files: null,
    createdAt: ctx.now(),
  })
  if (!queued) return undefined
  await enqueue(ctx, PULL_JOB, queued.id, { pullId: queued.id })
  await emit(ctx, 'ingest.pull.queued', { pullId: queued.id, sourceId, datasetId })
  return queued
}

/** Ends a reading at any moment. @throws INGEST_PULL_NOT_FOUND, POLICY_FORBIDDEN, INGEST_PULL_ENDED */
export async function cancelPull(ctx: Context, id: string): Promise<Pull> {
  return transaction(ctx, async (ctx) => {
    const found = await requireSeen(ctx, id, await repository.lock(ctx, id))
    await authorizeLoad(ctx, found)
    requireReading(found)
    const result: Pull = { ...found, status: 'cancelled', progress: null }
    await repository.update(ctx, result)
    await cancelJob(ctx, PULL_JOB, id)
    await emit(ctx, 'ingest.pull.cancelled', { pullId: id, sourceId: found.sourceId })
    return result
  })
}

export async function mayCancel(ctx: Context, pull: Pull): Promise<boolean> {
  return isReading(pull) && (await ctx.policy.allows(ctx, can.loadBatch, pull))
}

/** Moves the source's watermark with the version that a pulled batch becomes, in the transaction of both. */
export async function settlePulled(
  ctx: TransactionContext,
  batchId: string,
  objectSha256: string,
): Promise<void> {
  const found = await repository.ofBatch(ctx, batchId)
  if (found?.watermark == null) return
  const { sourceId, revision, watermark } = found
  await catalog.moveWatermark(ctx, sourceId, revision, { value: watermark, objectSha256 })
}
