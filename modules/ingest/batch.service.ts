import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import { cancelJob, enqueue } from '../../core/jobs.ts'
import { type Connection, connection, type PageRequest, readCursor, rowsToRead } from '../../core/page.ts'
import { authorize } from '../../core/policy.ts'
import type { Encoding } from '../../core/text/encoding.ts'
import * as catalog from '../catalog/index.ts'
import * as standards from '../../standards/index.ts'
import { type Batch, checkMapping, type ColumnMapping, errors, may, requireAllowed } from './batch.ts'
import * as repository from './batch.repository.ts'
import * as orders from './drift.repository.ts'
import type { DriftOrder } from './drift.repository.ts'
import { tablesOf } from './layout.ts'
import { type Look, lookAt } from './look.ts'
import { historyOf, type SuggestedColumn, suggestMapping } from './mapping.ts'
import { isOverridableBy, overridden } from './override.ts'
import { authorizeLoad, can, maySee } from './policy.ts'
import { drawSample } from './sample.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'ingest.batch.mapped': { batchId: string; datasetId: string; attempt: number }
    'ingest.batch.cancelled': { batchId: string; datasetId: string }
    'ingest.batch.retried': { batchId: string; datasetId: string; attempt: number }
    'ingest.batch.overridden': { batchId: string; datasetId: string; code: string; reason: string }
    'ingest.batch.published': { batchId: string; datasetId: string; version: number }
    'ingest.batch.stopped': { batchId: string; datasetId: string; code: string }
  }
}

export const LOAD_JOB = 'ingest.load'

/** Visible to its own department only. @throws INGEST_BATCH_NOT_FOUND */
export async function batch(ctx: Context, id: string): Promise<Batch> {
  const found = await repository.find(ctx, id)
  if (!found || !(await maySee(ctx, found))) throw errors.BATCH_NOT_FOUND({ id })
  return found
}

/** Of one dataset, newest first. @throws CATALOG_DATASET_NOT_FOUND, POLICY_FORBIDDEN */
export async function batches(
  ctx: Context,
  page: PageRequest & { readonly datasetId: string },
): Promise<Connection<Batch>> {
  const dataset = await catalog.dataset(ctx, page.datasetId)
  if (!(await maySee(ctx, dataset))) await authorize(ctx, can.readBatch, dataset)
  const after = readCursor('batches', ['instant', 'uuid'], page)
  const rows = await repository.list(ctx, {
    datasetId: dataset.id,
    after: after && [String(after[0]), String(after[1])],
    limit: rowsToRead(page),
  })
  return connection('batches', rows, page, ({ createdAt, id }) => [createdAt.toISOString(), id])
}

/** What the file's columns may be, for the steward to confirm. */
export async function suggestedColumns(ctx: Context, batch: Batch): Promise<readonly SuggestedColumn[]> {
  const [dataset] = await catalog.datasetsByIds(ctx, [batch.datasetId])
  const schema = await standards.publishedSchema(ctx, dataset?.schemaCode ?? '')
  const history = historyOf(await repository.confirmationsOf(ctx, batch.organisationId))
  const sample = (await repository.sampleOf(ctx, batch.id)) ?? batch.layout.sample
  return suggestMapping({ ...batch.layout, sample }, schema.columns, history, dayOf(ctx.now()))
}

export interface MappingInput {
  readonly batchId: string
  readonly encoding: Encoding
  readonly columns: readonly ColumnMapping[]
}

/**
 * Confirms encoding and mapping, remembers them for the dataset, and queues the load.
 *
 * @throws INGEST_BATCH_NOT_FOUND, POLICY_FORBIDDEN, INGEST_BATCH_STATUS_UNFIT, INGEST_FILE_ENCODING_MISMATCH,
 * STANDARDS_SCHEMA_UNPUBLISHED, and what {@link checkMapping} throws
 */
export async function confirmMapping(ctx: Context, input: MappingInput): Promise<Batch> {
  const before = await batch(ctx, input.batchId)
  // Read before the transaction: another encoding gives other names.
  const reread = before.encoding === input.encoding ? undefined : await readAnew(ctx, before, input.encoding)
  const sample = reread && (await drawSample(ctx, { ...reread, sha256: before.objectSha256 }))
  return transaction(ctx, async (ctx) => {
    const found = await lockOwn(ctx, input.batchId)
    await authorizeLoad(ctx, found)
    requireAllowed('confirm', found)
    // The corrected cells of a replay are text already.
    if (found.replayOf !== null && reread !== undefined)
      throw errors.BATCH_STATUS_UNFIT({ status: found.status })
    const schema = await schemaOf(ctx, found)
    const layout = reread?.layout ?? found.layout
    checkMapping(input.columns, layout.header.length, schema.columns, schema.primaryKey)
    const result: Batch = {
      ...found,
      status: 'mapped',
      encoding: input.encoding,
      layout,
      mapping: input.columns.map(({ index, target, calendar }) => ({
        index,
        target,
        ...(calendar && { calendar }),
      })),
      attempt: found.attempt + 1,
      confirmedBy: ctx.actor.id,
      override: null,
      schemaVersion: schema.version,
      staged: reread === undefined ? found.staged : null,
      outcome: null,
      refusal: null,
      progress: null,
    }
    await repository.update(ctx, result)
    if (reread !== undefined) await repository.keepSample(ctx, found.id, sample ?? layout.sample)
    await repository.confirm(ctx, found.datasetId, {
      encoding: input.encoding,
      columns: Object.fromEntries(
        input.columns.flatMap(({ index, target }) =>
          target === null ? [] : [[layout.header[index] ?? '', target] as const],
        ),
      ),
    })
    await queue(ctx, result)
    const { id, datasetId, attempt } = result
    await emit(ctx, 'ingest.batch.mapped', { batchId: id, datasetId, attempt })
    return result
  })
}

/** Starts the load where a person confirmed the mapping of every one of its columns before. */
export async function confirmAsBefore(ctx: Context, batch: Batch): Promise<void> {
  const confirmed = await repository.confirmation(ctx, batch.datasetId)
  const { header } = batch.layout
  if (!confirmed || !Object.keys(confirmed.columns).every((name) => header.includes(name))) return
  await confirmMapping(ctx, {
    batchId: batch.id,
    encoding: batch.encoding ?? 'utf-8',
    columns: header.map((name, index) => ({ index, target: confirmed.columns[name] ?? null })),
  })
}

/** The layout in another encoding; only delimited text has one. */
async function readAnew(ctx: Context, { objectSha256, layout }: Batch, encoding: Encoding): Promise<Look> {
  if (tablesOf(layout).length > 0) throw errors.MAPPING_INVALID({ reason: `encoding ${encoding}` })
  const options = { words: [], encoding }
  return lookAt(ctx.plane, () => ctx.objects.get(objectSha256), options)
}

/** The published schema of the batch's dataset. @throws STANDARDS_SCHEMA_UNPUBLISHED */
export async function schemaOf(ctx: Context, { datasetId }: Pick<Batch, 'datasetId'>) {
  const [dataset] = await catalog.datasetsByIds(ctx, [datasetId])
  return standards.publishedSchema(ctx, dataset?.schemaCode ?? '')
}

/** Locks a batch the actor may see. @throws INGEST_BATCH_NOT_FOUND */
export async function lockOwn(ctx: TransactionContext, id: string): Promise<Batch> {
  const found = await repository.lock(ctx, id)
  if (!found || !(await maySee(ctx, found))) throw errors.BATCH_NOT_FOUND({ id })
  return found
}

/** Queues the load of a batch's present attempt. */
export const queue = (ctx: TransactionContext, { id, attempt }: Batch) =>
  enqueue(ctx, LOAD_JOB, jobKey(id, attempt), { batchId: id, attempt })

const jobKey = (id: string, attempt: number) => `${id}:${attempt}`

/**
 * Ends a batch at any moment before its publication; a running load is interrupted and cleans up behind itself.
 *
 * @throws INGEST_BATCH_NOT_FOUND, POLICY_FORBIDDEN, INGEST_BATCH_STATUS_UNFIT
 */
export async function cancelBatch(ctx: Context, batchId: string): Promise<Batch> {
  return transaction(ctx, async (ctx) => {
    const found = await lockOwn(ctx, batchId)
    await authorizeLoad(ctx, found)
    requireAllowed('cancel', found)
    const result: Batch = { ...found, status: 'cancelled', progress: null }
    await repository.update(ctx, result)
    await cancelJob(ctx, LOAD_JOB, jobKey(found.id, found.attempt))
    await emit(ctx, 'ingest.batch.cancelled', { batchId, datasetId: found.datasetId })
    return result
  })
}

/**
 * Decides a stopped or failed batch again, under the schema in force now and against the version current now.
 * Rows that were staged are not read from the file again.
 *
 * @throws INGEST_BATCH_NOT_FOUND, POLICY_FORBIDDEN, INGEST_BATCH_STATUS_UNFIT, STANDARDS_SCHEMA_UNPUBLISHED
 */
export async function retryBatch(ctx: Context, batchId: string): Promise<Batch> {
  return transaction(ctx, async (ctx) => {
    const found = await lockOwn(ctx, batchId)
    await authorizeLoad(ctx, found)
    requireAllowed('retry', found)
    const { version } = await schemaOf(ctx, found)
    const attempt = found.attempt + 1
    const result: Batch = {
      ...found,
      status: 'mapped',
      attempt,
      schemaVersion: version,
      refusal: null,
      progress: null,
    }
    await repository.update(ctx, result)
    await queue(ctx, result)
    await emit(ctx, 'ingest.batch.retried', { batchId, datasetId: found.datasetId, attempt })
    return result
  })
}

/**
 * Lets a batch that a threshold stopped be published all the same: by a second person, with a reason, for the
 * judgement at hand only.
 *
 * @throws INGEST_BATCH_NOT_FOUND, POLICY_FORBIDDEN, INGEST_OVERRIDE_UNFIT, INGEST_OVERRIDE_BY_SAME_PERSON,
 * INGEST_OVERRIDE_REASON_MISSING
 */
export async function overrideBatch(ctx: Context, batchId: string, reason: string): Promise<Batch> {
  return transaction(ctx, async (ctx) => {
    const found = await lockOwn(ctx, batchId)
    await authorize(ctx, can.overrideBatch, found)
    const result = overridden(found, ctx.actor.id, reason, ctx.now())
    await repository.update(ctx, result)
    await queue(ctx, result)
    await emit(ctx, 'ingest.batch.overridden', {
      batchId,
      datasetId: found.datasetId,
      code: found.refusal?.code ?? '',
      reason: result.override?.reason ?? '',
    })
    return result
  })
}

/** Whether the actor may let the batch pass the threshold that stopped it, as the second person. */
export async function mayOverride(ctx: Context, batch: Batch): Promise<boolean> {
  return isOverridableBy(batch, ctx.actor.id) && (await ctx.policy.allows(ctx, can.overrideBatch, batch))
}

/** Asks of the dataset's department for files with the confirmed columns, newest first; for itself only. */
export async function driftOrders(ctx: Context, dataset: catalog.Dataset): Promise<DriftOrder[]> {
  return (await maySee(ctx, dataset)) ? orders.list(ctx, dataset.id) : []
}

/** Whether the actor may do it now. */
export async function mayDo(ctx: Context, action: 'cancel' | 'retry', batch: Batch): Promise<boolean> {
  return may(action, batch) && (await ctx.policy.allows(ctx, can.loadBatch, batch))
}
