import type { Context, TransactionContext } from '../../core/context.ts'
import './batch.table.ts'

/** Asks the department for a file with the confirmed columns; closed only by a load that is published. */
export interface DriftOrder {
  readonly id: string
  readonly datasetId: string
  readonly organisationId: string
  readonly batchId: string
  readonly openedAt: Date
  readonly closedAt: Date | null
  readonly closedByBatch: string | null
}

const COLUMNS = [
  'id',
  'datasetId',
  'organisationId',
  'batchId',
  'openedAt',
  'closedAt',
  'closedByBatch',
] as const
const MAX_SHOWN = 50

/** One open order a dataset: a second drift joins it. */
export async function open(
  ctx: TransactionContext,
  order: Pick<DriftOrder, 'datasetId' | 'organisationId' | 'batchId' | 'openedAt'>,
): Promise<void> {
  await ctx.db
    .insertInto('ingest.driftOrder')
    .values({ ...order, closedAt: null, closedByBatch: null })
    .onConflict((conflict) => conflict.column('datasetId').where('closedAt', 'is', null).doNothing())
    .execute()
}

export async function close(ctx: TransactionContext, datasetId: string, batchId: string): Promise<void> {
  await ctx.db
    .updateTable('ingest.driftOrder')
    .set({ closedAt: ctx.now(), closedByBatch: batchId })
    .where('datasetId', '=', datasetId)
    .where('closedAt', 'is', null)
    .execute()
}

/** Of one dataset, newest first. */
export async function list(ctx: Context, datasetId: string): Promise<DriftOrder[]> {
  return ctx.db
    .selectFrom('ingest.driftOrder')
    .select(COLUMNS)
    .where('datasetId', '=', datasetId)
    .orderBy('openedAt', 'desc')
    .orderBy('id')
    .limit(MAX_SHOWN)
    .execute()
}
