import { setTimeout } from 'node:timers/promises'
import { actingAs, type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { DomainError } from '../../core/errors.ts'
import { emit } from '../../core/events.ts'
import { cancelJob, defineJob, enqueue, errors as ofJobs, type Job } from '../../core/jobs.ts'
import { Loaders } from '../../core/loader.ts'
import { authorize } from '../../core/policy.ts'
import { type Aged, endedOf, putAway } from '../archive/archive.service.ts'
import { chosenEnded } from '../archive/archive.repository.ts'
import { can } from '../policy.ts'
import { checkReason } from '../reason.ts'
import { errors as ofWorkflows } from '../refusals.ts'
import * as instances from '../runtime/instance.repository.ts'
import { retryIncident } from '../runtime/instances.ts'
import * as operations from '../runtime/operations.ts'
import type { Variables } from '../runtime/step/index.ts'
import {
  type Batch,
  type BatchItem,
  errors,
  type IncidentChoice,
  type IncidentOperation,
  type InstanceChoice,
  type InstanceOperation,
  isChoice,
  MAX_ITEMS,
} from './batch.ts'
import * as repository from './batch.repository.ts'
import * as choices from './choice.repository.ts'
import { isPassing } from './passing.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'workflow.batch.begun': BatchFact & { operation: string; items: number; reason: string }
    'workflow.batch.cancelled': BatchFact & { reason: string }
    'workflow.batch.ended': BatchFact & { done: number; refused: number }
  }
}

interface BatchFact {
  batchId: string
  organisationId: string
}

const KIND = 'workflow.batch'
/** How often an item is tried that meets a fault which passes, with a pause that doubles from this one. */
const ATTEMPTS = 4
const PAUSE_MS = 100

export interface Selection {
  readonly count: number
  readonly places: readonly choices.Place[]
}

/** How many open incidents of the own body a choice meets. @throws POLICY_FORBIDDEN, WORKFLOW_BATCH_CHOICE_MISSING */
export async function incidentSelection(ctx: Context, choice: IncidentChoice): Promise<Selection> {
  await authorize(ctx, can.resolveIncident, ctx.actor)
  if (!isChoice(choice)) throw errors.BATCH_CHOICE_MISSING()
  return counted(await choices.incidentPlaces(ctx, choice))
}

/** The same of running instances, as an operation meets them. @throws like {@link incidentSelection} */
export async function instanceSelection(
  ctx: Context,
  choice: InstanceChoice,
  operation?: InstanceOperation | null,
): Promise<Selection> {
  await authorize(ctx, can.operateInstance, ctx.actor)
  if (!isChoice(choice)) throw errors.BATCH_CHOICE_MISSING()
  return counted(await choices.instancePlaces(ctx, choice, operation))
}

const counted = (places: readonly choices.Place[]): Selection => ({
  count: places.reduce((sum, { count }) => sum + count, 0),
  places: places.slice(0, 100),
})

export interface IncidentOrder {
  readonly operation: IncidentOperation
  readonly choice: IncidentChoice
  readonly output?: Variables | null
  /** How many the selection told: no more are touched. */
  readonly expectedCount?: number | null
  readonly reason: string
}

export interface InstanceOrder {
  readonly operation: InstanceOperation
  readonly choice: InstanceChoice
  readonly expectedCount?: number | null
  readonly reason: string
}

/**
 * Has a job do the same to every open incident chosen, one after another; a refusal is of one alone.
 *
 * @throws POLICY_FORBIDDEN, WORKFLOW_REASON_MISSING, WORKFLOW_BATCH_CHOICE_MISSING, WORKFLOW_BATCH_CHOICE_EMPTY,
 *   WORKFLOW_BATCH_TOO_MANY, WORKFLOW_BATCH_CHANGED
 */
export function operateIncidents(ctx: Context, order: IncidentOrder): Promise<Batch> {
  return transaction(ctx, async (ctx) => {
    await authorize(ctx, can.resolveIncident, ctx.actor)
    if (order.operation !== 'retry') await authorize(ctx, can.operateInstance, ctx.actor)
    const { operation, choice, output, reason, expectedCount = null } = order
    if (!isChoice(choice)) throw errors.BATCH_CHOICE_MISSING()
    return begin(ctx, { operation, output: output ?? {}, reason, expectedCount }, (limit) =>
      choices.chosenIncidents(ctx, choice, limit),
    )
  })
}

/** The same of running instances. @throws like {@link operateIncidents} */
export function operateInstances(ctx: Context, order: InstanceOrder): Promise<Batch> {
  return transaction(ctx, async (ctx) => {
    await authorize(ctx, can.operateInstance, ctx.actor)
    const { operation, choice, reason, expectedCount = null } = order
    if (!isChoice(choice)) throw errors.BATCH_CHOICE_MISSING()
    return begin(ctx, { operation, output: {}, reason, expectedCount }, (limit) =>
      choices.chosenInstances(ctx, choice, operation, limit),
    )
  })
}

export interface ArchiveOrder extends Aged {
  readonly reason: string
}

/**
 * Has a job put away the instances of a process that ended before a day.
 *
 * @throws what `endedOf` throws, WORKFLOW_REASON_MISSING, WORKFLOW_BATCH_CHOICE_EMPTY, WORKFLOW_BATCH_TOO_MANY
 */
export function archiveInstances(ctx: Context, { reason, ...aged }: ArchiveOrder): Promise<Batch> {
  return transaction(ctx, async (ctx) => {
    const ended = await endedOf(ctx, aged)
    return begin(ctx, { operation: 'archive', output: {}, reason }, (limit) => chosenEnded(ctx, ended, limit))
  })
}

type Beginning = Pick<Batch, 'operation' | 'output' | 'reason'> & Pick<IncidentOrder, 'expectedCount'>

async function begin(
  ctx: TransactionContext,
  { operation, output, reason, expectedCount }: Beginning,
  choose: (limit: number) => Promise<choices.Chosen[]>,
): Promise<Batch> {
  checkReason(reason)
  const chosen = await choose(MAX_ITEMS + 1)
  if (chosen.length === 0) throw errors.BATCH_CHOICE_EMPTY()
  if (chosen.length > MAX_ITEMS) throw errors.BATCH_TOO_MANY({ max: MAX_ITEMS })
  const count = chosen.length
  if (expectedCount != null && count > expectedCount)
    throw errors.BATCH_CHANGED({ expected: expectedCount, count })
  const batch = await repository.insert(ctx, { operation, output, reason }, chosen)
  await enqueue(ctx, KIND, batch.id, { batchId: batch.id })
  await emit(ctx, 'workflow.batch.begun', { ...factOf(batch), operation, items: count, reason })
  return batch
}

const factOf = ({ id: batchId, organisationId }: Batch): BatchFact => ({ batchId, organisationId })

/** @throws POLICY_FORBIDDEN, WORKFLOW_BATCH_NOT_FOUND, also for another body's */
export async function batch(ctx: Context, id: string): Promise<Batch> {
  await authorize(ctx, can.readBatch, ctx.actor)
  const found = await repository.find(ctx, id)
  if (found?.organisationId !== ctx.actor.organisationId) throw errors.BATCH_NOT_FOUND({ id })
  return found
}

/** The last of the own body, the newest first. @throws POLICY_FORBIDDEN */
export async function batches(ctx: Context): Promise<Batch[]> {
  await authorize(ctx, can.readBatch, ctx.actor)
  return repository.ofBody(ctx, ctx.actor.organisationId)
}

/** Stops it before its next item. @throws like {@link batch}, WORKFLOW_BATCH_OVER, WORKFLOW_REASON_MISSING */
export function cancel(ctx: Context, id: string, reason: string): Promise<Batch> {
  return transaction(ctx, async (ctx) => {
    const found = await batch(ctx, id)
    checkReason(reason)
    if (!(await repository.end(ctx, id, 'cancelled'))) throw errors.BATCH_OVER()
    await cancelJob(ctx, KIND, id)
    await emit(ctx, 'workflow.batch.cancelled', { ...factOf(found), reason })
    return batch(ctx, id)
  })
}

/** Each item is a transaction that holds the batch: after a crash it goes on with the first that waits. */
export const batchJob: Job = defineJob<{ readonly batchId: string }>({
  async run(ctx, { batchId }, { signal, progress }) {
    for (let done = 0; ; done++) {
      signal.throwIfAborted()
      if (!(await one(ctx, batchId, signal))) return
      await progress({ done })
    }
  },
  async gaveUp(ctx, { batchId }) {
    await repository.end(ctx, batchId, 'failed')
  },
})

export const jobs: Record<string, Job> = { [KIND]: batchJob }

/** Does the next item, again after a fault that passes; false when the batch is over. */
async function one(ctx: Context, id: string, signal: AbortSignal): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    let item: BatchItem | undefined
    try {
      return await transaction(ctx, async (ctx) => {
        const found = await repository.holdRunning(ctx, id)
        item = found && (await repository.nextItem(ctx, id))
        if (found && item) await doItem(ctx, found, item)
        else if (found) await finish(ctx, found)
        return item !== undefined
      })
    } catch (error) {
      // What is refused of one, or fails in it, is rolled back with it and leaves the others alone.
      if (!item) throw error
      if (isPassing(error) && attempt < ATTEMPTS) {
        await setTimeout(PAUSE_MS * 2 ** attempt, undefined, { signal })
        continue
      }
      const { place } = item
      if (!(error instanceof DomainError))
        ctx.log.error({ err: error, batch: id, place }, 'batch item failed')
      await transaction(ctx, (ctx) => repository.settle(ctx, id, place, refusalOf(error)))
      return true
    }
  }
}

function refusalOf(error: unknown): DomainError {
  if (isPassing(error)) return errors.BATCH_ITEM_GIVEN_UP({ attempts: ATTEMPTS })
  return error instanceof DomainError ? error : ofJobs.GAVE_UP()
}

async function finish(ctx: TransactionContext, found: Batch): Promise<void> {
  const [{ done, refused } = { done: 0, refused: 0 }] = await repository.counts(ctx, [found.id])
  await repository.end(ctx, found.id, 'done')
  await emit(ctx, 'workflow.batch.ended', { ...factOf(found), done, refused })
}

async function doItem(ctx: TransactionContext, found: Batch, item: BatchItem): Promise<void> {
  const { requestedBy, organisationId, requestedRoles: roles } = found
  const acting = actingAs(ctx, { id: requestedBy, organisationId, roles })
  await operate({ ...acting, loaders: new Loaders() }, found, item)
  await repository.settle(ctx, found.id, item.place)
}

async function operate(
  ctx: TransactionContext,
  { operation, reason, output }: Batch,
  { incidentId, instanceId }: BatchItem,
): Promise<unknown> {
  const instance = await instances.lock(ctx, instanceId)
  if (!instance) throw ofWorkflows.INSTANCE_NOT_FOUND({ id: instanceId })
  const at = { id: instanceId, expectedVersion: instance.version, reason }
  switch (operation) {
    case 'archive':
      return putAway(ctx, instance, reason)
    case 'suspend':
      return operations.suspend(ctx, at)
    case 'resume':
      return operations.resume(ctx, at)
    case 'terminate':
      return operations.terminate(ctx, at)
  }
  const id = incidentId ?? ''
  const incident = await instances.findIncident(ctx, id)
  if (!incident || incident.resolvedAt) throw ofWorkflows.INCIDENT_NOT_FOUND({ id })
  const { token, node } = incident
  const stands = instance.state.tokens.some((one) => one.id === token && one.trouble)
  if (operation === 'resolve') {
    await authorize(ctx, can.operateInstance, instance)
    if (stands) throw errors.INCIDENT_STANDS()
    await repository.resolveIncident(ctx, id)
    return operations.tell(ctx, instance, 'resolve', node, reason)
  }
  if (operation === 'retry') return retryIncident(ctx, id, reason)
  if (!stands) throw ofWorkflows.INCIDENT_NOT_FOUND({ id })
  if (operation === 'skip') return operations.skip(ctx, { ...at, token, output })
  return operations.cancelToken(ctx, { ...at, token })
}
