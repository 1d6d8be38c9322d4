import type { Context, TransactionContext } from '../../core/context.ts'
import type { Delivery, DeliveryProgress, DeliveryRun } from './delivery.ts'
import './delivery.table.ts'

const DELIVERY = [
  'id',
  'sourceId',
  'datasetId',
  'organisationId',
  'collection',
  'keyColumns',
  'setAt',
  'endedAt',
] as const
const RUN = [
  'id',
  'deliveryId',
  'status',
  'version',
  'wantedVersion',
  'refusal',
  'progress',
  'createdAt',
] as const

/** Deliveries of one source or dataset, and runs shown of each. */
const MAX_DELIVERIES = 200
const MAX_RUNS = 20

export async function find(ctx: Context, id: string): Promise<Delivery | undefined> {
  return ctx.db.selectFrom('catalog.delivery').select(DELIVERY).where('id', '=', id).executeTakeFirst()
}

/** Holds the row, so that a steward, a publication and the end of a run take turns. Taken before a run. */
export async function lock(ctx: TransactionContext, id: string): Promise<Delivery | undefined> {
  return ctx.db
    .selectFrom('catalog.delivery')
    .select(DELIVERY)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** Those that go on, oldest first, in the order of `sourceIds`; for loaders. */
export async function bySources(ctx: Context, sourceIds: readonly string[]): Promise<Delivery[][]> {
  const rows = await ctx.db
    .selectFrom('catalog.delivery')
    .select(DELIVERY)
    .where('sourceId', 'in', [...new Set(sourceIds)])
    .where('endedAt', 'is', null)
    .orderBy('setAt')
    .orderBy('id')
    .limit(MAX_DELIVERIES)
    .execute()
  return sourceIds.map((id) => rows.filter(({ sourceId }) => sourceId === id))
}

/** Ids of those that go on. */
export async function ofDataset(ctx: Context, datasetId: string): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('catalog.delivery')
    .select('id')
    .where('datasetId', '=', datasetId)
    .where('endedAt', 'is', null)
    .orderBy('id')
    .limit(MAX_DELIVERIES)
    .execute()
  return rows.map(({ id }) => id)
}

/** The one that goes on. */
export async function ofTarget(
  ctx: Context,
  sourceId: string,
  collection: string,
): Promise<Delivery | undefined> {
  return ctx.db
    .selectFrom('catalog.delivery')
    .select(DELIVERY)
    .where('sourceId', '=', sourceId)
    .where('collection', '=', collection)
    .where('endedAt', 'is', null)
    .executeTakeFirst()
}

/** Undefined when the collection is a target already. */
export async function insert(ctx: TransactionContext, delivery: Delivery): Promise<Delivery | undefined> {
  return ctx.db
    .insertInto('catalog.delivery')
    .values({ ...delivery, keyColumns: [...delivery.keyColumns] })
    .onConflict((conflict) => conflict.doNothing())
    .returning(DELIVERY)
    .executeTakeFirst()
}

export async function saveEnd(ctx: TransactionContext, { id, endedAt }: Delivery): Promise<void> {
  await ctx.db.updateTable('catalog.delivery').set({ endedAt }).where('id', '=', id).execute()
}

export async function findRun(ctx: Context, id: string): Promise<DeliveryRun | undefined> {
  return ctx.db.selectFrom('catalog.deliveryRun').select(RUN).where('id', '=', id).executeTakeFirst()
}

export async function lockRun(ctx: TransactionContext, id: string): Promise<DeliveryRun | undefined> {
  return ctx.db
    .selectFrom('catalog.deliveryRun')
    .select(RUN)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** The run that is on its way. */
export async function openRun(ctx: Context, deliveryId: string): Promise<DeliveryRun | undefined> {
  return ctx.db
    .selectFrom('catalog.deliveryRun')
    .select(RUN)
    .where('deliveryId', '=', deliveryId)
    .where('status', 'in', ['queued', 'running'])
    .executeTakeFirst()
}

/** The newest of each delivery, newest first, in the order of `deliveryIds`; for loaders. */
export async function recentRuns(ctx: Context, deliveryIds: readonly string[]): Promise<DeliveryRun[][]> {
  const rows = await ctx.db
    .selectFrom((query) =>
      query
        .selectFrom('catalog.deliveryRun')
        .select(RUN)
        .select(({ fn }) =>
          fn
            .agg<number>('row_number')
            .over((over) => over.partitionBy('deliveryId').orderBy('createdAt', 'desc').orderBy('id'))
            .as('place'),
        )
        .where('deliveryId', 'in', [...new Set(deliveryIds)])
        .as('recent'),
    )
    .select(RUN)
    .where('place', '<=', MAX_RUNS)
    .orderBy('place')
    .execute()
  return deliveryIds.map((id) => rows.filter(({ deliveryId }) => deliveryId === id))
}

/** Undefined when one is on its way. */
export async function insertRun(ctx: TransactionContext, run: DeliveryRun): Promise<DeliveryRun | undefined> {
  return ctx.db
    .insertInto('catalog.deliveryRun')
    .values({ ...run, ...written(run) })
    .onConflict((conflict) => conflict.doNothing())
    .returning(RUN)
    .executeTakeFirst()
}

export async function updateRun(ctx: TransactionContext, run: DeliveryRun): Promise<void> {
  const { id, ...columns } = run
  await ctx.db
    .updateTable('catalog.deliveryRun')
    .set({ ...columns, ...written(run) })
    .where('id', '=', id)
    .execute()
}

/** Shown while the job runs; written outside its transactions. */
export async function saveProgress(ctx: Context, id: string, progress: DeliveryProgress): Promise<void> {
  await ctx.db
    .updateTable('catalog.deliveryRun')
    .set({ progress: JSON.stringify(progress) })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .execute()
}

/** Written outside the job's transactions, as progress is. */
export async function saveWanted(ctx: Context, id: string, wantedVersion: number): Promise<void> {
  await ctx.db.updateTable('catalog.deliveryRun').set({ wantedVersion }).where('id', '=', id).execute()
}

function written({ refusal, progress }: DeliveryRun) {
  return { refusal: refusal && JSON.stringify(refusal), progress: progress && JSON.stringify(progress) }
}
