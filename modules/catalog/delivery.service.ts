import { randomUUID } from 'node:crypto'
import { actingAs, type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { defineSubscriber, emit } from '../../core/events.ts'
import { cancelJob, enqueue } from '../../core/jobs.ts'
import { loadThrough } from '../../core/loader.ts'
import { authorize } from '../../core/policy.ts'
import * as standards from '../../standards/index.ts'
import { comparison } from './change.ts'
import { currentVersion, dataset as readDataset } from './dataset.service.ts'
import {
  type Delivery,
  type DeliveryRun,
  errors,
  isOpen,
  requireDeliverable,
  requireOpen,
  targetColumns,
} from './delivery.ts'
import * as repository from './delivery.repository.ts'
import { can } from './policy.ts'
import { errors as sources, type Source } from './source.ts'
import { source as readSource, withSession } from './source.service.ts'
import * as versions from './version.repository.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'catalog.delivery.set': { deliveryId: string; sourceId: string; datasetId: string; collection: string }
    'catalog.delivery.ended': { deliveryId: string }
    'catalog.delivery.queued': { deliveryId: string; runId: string }
    'catalog.delivery.cancelled': { deliveryId: string; runId: string }
    'catalog.delivery.done': { deliveryId: string; runId: string; version: number; rows: number }
    'catalog.delivery.failed': { deliveryId: string; runId: string; code: string }
  }
}

export const DELIVERY_JOB = 'catalog.deliver'

/** Seen by its own department alone. @throws CATALOG_DELIVERY_NOT_FOUND */
export async function delivery(ctx: Context, id: string): Promise<Delivery> {
  return requireSeen(ctx, id, await repository.find(ctx, id))
}

async function requireSeen(ctx: Context, id: string, found: Delivery | undefined): Promise<Delivery> {
  if (found && (await maySee(ctx, found))) return found
  throw errors.DELIVERY_NOT_FOUND({ id })
}

const maySee = async (ctx: Context, owned: { readonly organisationId: string }) =>
  (await ctx.policy.allows(ctx, can.useAnySource)) || ctx.policy.allows(ctx, can.readSource, owned)

/** Those that go on, oldest first; none for those who see the source for its network alone. */
export async function deliveriesOf(ctx: Context, source: Source): Promise<Delivery[]> {
  return (await maySee(ctx, source)) ? loadThrough(ctx, repository.bySources, source.id) : []
}

/** Newest first, at most 20. */
export const runsOf = (ctx: Context, { id }: Delivery): Promise<DeliveryRun[]> =>
  loadThrough(ctx, repository.recentRuns, id)

export interface DeliveryInput {
  readonly sourceId: string
  readonly datasetId: string
  readonly collection: string
}

/**
 * Keeps a dataset up to date in a table of the source from its next version on. Looks at the target first: every
 * column of the dataset must fit the column of its name there (section 4, publishing back). Setting the same again
 * changes nothing.
 *
 * @throws CATALOG_SOURCE_NOT_FOUND, POLICY_FORBIDDEN, CATALOG_DATASET_NOT_FOUND, CATALOG_DELIVERY_DATASET_FOREIGN,
 * CATALOG_SOURCE_READ_ONLY, CATALOG_DELIVERY_TARGET_READ, CATALOG_TARGET_MISMATCHED, CATALOG_DELIVERY_TARGET_TAKEN,
 * and what opening a source throws
 */
export async function setDelivery(ctx: Context, input: DeliveryInput): Promise<Delivery> {
  const { sourceId, datasetId, collection } = input
  const source = await readSource(ctx, sourceId)
  await authorize(ctx, can.manageDelivery, source)
  const dataset = await readDataset(ctx, datasetId)
  requireDeliverable(dataset, source)
  if (['rest', 'files'].includes(source.connection.kind)) throw sources.SOURCE_READ_ONLY()
  if (source.reading?.collection === collection) throw errors.DELIVERY_TARGET_READ({ collection })
  const version = await currentVersion(ctx, datasetId)
  const schema = await standards.publishedSchema(ctx, dataset.schemaCode, version?.schemaVersion)
  const { key } = comparison(schema.columns, schema.primaryKey, [])
  const columns = targetColumns(schema.columns, key)
  await withSession(ctx, source, async (session) => {
    if (!session.write) throw sources.SOURCE_READ_ONLY()
    await session.write({ dataset: datasetId, collection, columns })
  })
  return transaction(ctx, async (ctx) => {
    const { organisationId } = source
    const found = await repository.insert(ctx, {
      id: randomUUID(),
      sourceId,
      datasetId,
      organisationId,
      collection,
      keyColumns: key,
      setAt: ctx.now(),
      endedAt: null,
    })
    const present = found ?? (await repository.ofTarget(ctx, sourceId, collection))
    if (present?.datasetId !== datasetId) throw errors.DELIVERY_TARGET_TAKEN({ collection })
    if (!found) return present
    await bindDelivery(ctx, found, [standards.bindingTo('schema', dataset.schemaCode, collection)])
    await emit(ctx, 'catalog.delivery.set', { deliveryId: found.id, sourceId, datasetId, collection })
    return found
  })
}

/** Tells the registry of standards that a department receives data of the schema; only that department may know. */
function bindDelivery(
  ctx: TransactionContext,
  { id, collection, organisationId }: Delivery,
  bindings: readonly standards.Binding[],
): Promise<void> {
  const name = { zh: `回流到 ${collection}`, en: `delivery into ${collection}` }
  const user = { kind: 'grant' as const, id: `delivery:${id}`, code: `delivery:${id}`, version: '', name }
  return standards.registerUser(ctx, { ...user, organisationId, readers: [organisationId] }, bindings)
}

/**
 * Sends nothing more; what is in the target stays there. A delivery of the same dataset set anew goes on where
 * this one stopped.
 *
 * @throws CATALOG_DELIVERY_NOT_FOUND, POLICY_FORBIDDEN
 */
export async function endDelivery(ctx: Context, id: string): Promise<Delivery> {
  return transaction(ctx, async (ctx) => {
    const found = await requireSeen(ctx, id, await repository.lock(ctx, id))
    await authorize(ctx, can.manageDelivery, found)
    if (found.endedAt !== null) return found
    const run = await repository.openRun(ctx, id)
    if (run) await cancelled(ctx, run)
    const result = { ...found, endedAt: ctx.now() }
    await repository.saveEnd(ctx, result)
    await bindDelivery(ctx, result, [])
    await emit(ctx, 'catalog.delivery.ended', { deliveryId: id })
    return result
  })
}

/**
 * Brings the target to the current version now; one run at a time.
 *
 * @throws CATALOG_DELIVERY_NOT_FOUND, POLICY_FORBIDDEN, CATALOG_DELIVERY_VERSION_MISSING, CATALOG_DELIVERY_RUNNING
 */
export async function runDelivery(ctx: Context, id: string): Promise<DeliveryRun> {
  return transaction(ctx, async (ctx) => {
    const found = await requireSeen(ctx, id, await repository.lock(ctx, id))
    await authorize(ctx, can.manageDelivery, found)
    if (found.endedAt !== null) throw errors.DELIVERY_NOT_FOUND({ id })
    if ((await currentVersion(ctx, found.datasetId)) === null) throw errors.DELIVERY_VERSION_MISSING()
    const run = await queueRun(ctx, found)
    if (!run) throw errors.DELIVERY_RUNNING()
    return run
  })
}

/** Undefined when a run is on its way, which reaches the current version too. */
async function queueRun(ctx: TransactionContext, found: Delivery): Promise<DeliveryRun | undefined> {
  const { id, datasetId } = found
  const current = await versions.current(ctx, datasetId)
  const run = await repository.insertRun(ctx, {
    id: randomUUID(),
    deliveryId: id,
    status: 'queued',
    version: null,
    wantedVersion: current?.version ?? 0,
    refusal: null,
    progress: null,
    createdAt: ctx.now(),
  })
  if (!run) return undefined
  await enqueue(ctx, DELIVERY_JOB, run.id, { runId: run.id })
  await emit(ctx, 'catalog.delivery.queued', { deliveryId: id, runId: run.id })
  return run
}

/**
 * A version that was published while a run was open was left to that run: when it ended without it, another goes.
 * The delivery is locked.
 */
export async function queueNewer(
  ctx: TransactionContext,
  found: Delivery,
  { version, wantedVersion }: DeliveryRun,
): Promise<void> {
  if (found.endedAt !== null) return
  const current = await versions.current(ctx, found.datasetId)
  if (current && current.version > (version ?? wantedVersion)) await queueRun(ctx, found)
}

/**
 * Ends a run; its last whole transaction stays in the target, and the next run goes on from there: at once where a
 * newer version waits.
 *
 * @throws CATALOG_DELIVERY_NOT_FOUND, POLICY_FORBIDDEN, CATALOG_DELIVERY_RUN_ENDED
 */
export async function cancelDeliveryRun(ctx: Context, runId: string): Promise<DeliveryRun> {
  return transaction(ctx, async (ctx) => {
    const seen = await repository.findRun(ctx, runId)
    const found = seen && (await repository.lock(ctx, seen.deliveryId))
    const delivery = await requireSeen(ctx, runId, found)
    await authorize(ctx, can.manageDelivery, delivery)
    const run = await repository.lockRun(ctx, runId)
    if (!run) throw errors.DELIVERY_NOT_FOUND({ id: runId })
    requireOpen(run)
    const result = await cancelled(ctx, run)
    await queueNewer(ctx, delivery, result)
    return result
  })
}

async function cancelled(ctx: TransactionContext, run: DeliveryRun): Promise<DeliveryRun> {
  const result: DeliveryRun = { ...run, status: 'cancelled' }
  await repository.updateRun(ctx, result)
  await cancelJob(ctx, DELIVERY_JOB, run.id)
  await emit(ctx, 'catalog.delivery.cancelled', { deliveryId: run.deliveryId, runId: run.id })
  return result
}

/** Whether the actor may do it. */
export const mayDeliver = (ctx: Context, owned: { readonly organisationId: string }): Promise<boolean> =>
  ctx.policy.allows(ctx, can.manageDelivery, owned)

export async function mayCancelRun(ctx: Context, run: DeliveryRun): Promise<boolean> {
  return isOpen(run) && mayDeliver(ctx, await delivery(ctx, run.deliveryId))
}

/** A new version sets out to where its dataset is delivered. Idempotent: one run of a delivery is open at a time. */
export const deliverVersion = defineSubscriber({
  name: 'catalog.deliver-version',
  event: 'catalog.version.published',
  async run(ctx, { payload }) {
    for (const id of await repository.ofDataset(ctx, payload.datasetId)) {
      const found = await repository.lock(ctx, id)
      if (found?.endedAt !== null) continue
      await queueRun(actingAs(ctx, { ...ctx.actor, organisationId: found.organisationId }), found)
    }
  },
})
