import type { Context, TransactionContext } from '../../core/context.ts'
import type { FileCounts } from './inbox.ts'
import type { Pull, PullProgress } from './pull.ts'
import './pull.table.ts'

const COLUMNS = [
  'id',
  'sourceId',
  'datasetId',
  'organisationId',
  'status',
  'batchId',
  'revision',
  'watermark',
  'refusal',
  'progress',
  'files',
  'createdAt',
] as const

const MAX_SHOWN = 20

export async function find(ctx: Context, id: string): Promise<Pull | undefined> {
  return ctx.db.selectFrom('ingest.pull').select(COLUMNS).where('id', '=', id).executeTakeFirst()
}

/** Reads the row and holds it, so that a steward and the job take turns. */
export async function lock(ctx: TransactionContext, id: string): Promise<Pull | undefined> {
  return ctx.db.selectFrom('ingest.pull').select(COLUMNS).where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function ofBatch(ctx: Context, batchId: string): Promise<Pull | undefined> {
  return ctx.db.selectFrom('ingest.pull').select(COLUMNS).where('batchId', '=', batchId).executeTakeFirst()
}

/** The newest of each source, newest first, in the order of `sourceIds`; for loaders. */
export async function recentBySources(ctx: Context, sourceIds: readonly string[]): Promise<Pull[][]> {
  const rows = await ctx.db
    .selectFrom((query) =>
      query
        .selectFrom('ingest.pull')
        .select(COLUMNS)
        .select(({ fn }) =>
          fn
            .agg<number>('row_number')
            .over((over) => over.partitionBy('sourceId').orderBy('createdAt', 'desc').orderBy('id'))
            .as('place'),
        )
        .where('sourceId', 'in', [...new Set(sourceIds)])
        .as('recent'),
    )
    .select(COLUMNS)
    .where('place', '<=', MAX_SHOWN)
    .orderBy('place')
    .execute()
  return sourceIds.map((id) => rows.filter(({ sourceId }) => sourceId === id))
}

/** Undefined when the source is being read already. */
export async function insert(ctx: TransactionContext, pull: Pull): Promise<Pull | undefined> {
  return ctx.db
    .insertInto('ingest.pull')
    .values({ ...pull, ...written(pull) })
    .onConflict((conflict) => conflict.doNothing())
    .returning(COLUMNS)
    .executeTakeFirst()
}

export async function update(ctx: TransactionContext, pull: Pull): Promise<void> {
  const { id, ...columns } = pull
  await ctx.db
    .updateTable('ingest.pull')
    .set({ ...columns, ...written(pull) })
    .where('id', '=', id)
    .execute()
}

/** Shown while the job runs; written outside its transactions. */
export async function saveProgress(
  ctx: Context,
  id: string,
  progress: PullProgress,
  files?: FileCounts,
): Promise<void> {
  await ctx.db
    .updateTable('ingest.pull')
    .set({ progress: JSON.stringify(progress), ...(files && { files: JSON.stringify(files) }) })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .execute()
}

function written({ refusal, progress, files }: Pull) {
  const json = (value: object | null) => value && JSON.stringify(value)
  return { refusal: json(refusal), progress: json(progress), files: json(files) }
}
