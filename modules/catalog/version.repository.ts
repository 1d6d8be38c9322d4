import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import './dataset.table.ts'
import type { DatasetVersion } from './version.ts'

const COLUMNS = [
  'datasetId',
  'version',
  'parent',
  'schemaVersion',
  'batchId',
  'files',
  'counts',
  'rowCount as rows',
  'createdAt',
] as const

/** Versions shown of one dataset. */
const MAX_SHOWN = 50

export async function current(ctx: Context, datasetId: string): Promise<DatasetVersion | undefined> {
  return ctx.db
    .selectFrom('catalog.datasetVersion')
    .select(COLUMNS)
    .where('datasetId', '=', datasetId)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The version that was current at `instant`. */
export async function asOf(
  ctx: Context,
  datasetId: string,
  instant: Date,
): Promise<DatasetVersion | undefined> {
  return ctx.db
    .selectFrom('catalog.datasetVersion')
    .select(COLUMNS)
    .where('datasetId', '=', datasetId)
    .where('createdAt', '<=', instant)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** In the order of `datasetIds`, for loaders; null for a dataset without a version. */
export async function currentByDatasets(
  ctx: Context,
  datasetIds: readonly string[],
): Promise<(DatasetVersion | null)[]> {
  const rows = await ctx.db
    .selectFrom('catalog.datasetVersion')
    .distinctOn('datasetId')
    .select(COLUMNS)
    .where('datasetId', 'in', [...new Set(datasetIds)])
    .orderBy('datasetId')
    .orderBy('version', 'desc')
    .execute()
  const byDataset = new Map(rows.map((row) => [row.datasetId, row]))
  return datasetIds.map((id) => byDataset.get(id) ?? null)
}

/** The newest versions of each dataset, newest first, in the order of `datasetIds`; for loaders. */
export async function recentByDatasets(
  ctx: Context,
  datasetIds: readonly string[],
): Promise<DatasetVersion[][]> {
  const rows = await ctx.db
    .selectFrom('catalog.dataset as dataset')
    .innerJoinLateral(
      (query) =>
        query
          .selectFrom('catalog.datasetVersion')
          .select(COLUMNS)
          .whereRef('datasetId', '=', 'dataset.id')
          .orderBy('version', 'desc')
          .limit(MAX_SHOWN)
          .as('recent'),
      (join) => join.onTrue(),
    )
    .selectAll('recent')
    .where('dataset.id', 'in', [...new Set(datasetIds)])
    .orderBy('recent.version', 'desc')
    .execute()
  return datasetIds.map((id) => rows.filter(({ datasetId }) => datasetId === id))
}

/** The named versions that exist, by dataset. */
export async function findAll(
  ctx: Context,
  versions: readonly { readonly datasetId: string; readonly version: number }[],
): Promise<DatasetVersion[]> {
  if (versions.length === 0) return []
  return ctx.db
    .selectFrom('catalog.datasetVersion')
    .select(COLUMNS)
    .where((where) =>
      where.or(
        versions.map(({ datasetId, version }) =>
          where.and([where('datasetId', '=', datasetId), where('version', '=', version)]),
        ),
      ),
    )
    .orderBy('datasetId')
    .execute()
}

/** The current version of every dataset that has one, with what reading it needs. */
export async function allCurrent(ctx: Context): Promise<(DatasetVersion & { schemaCode: string })[]> {
  return ctx.db
    .selectFrom('catalog.datasetVersion')
    .innerJoin('catalog.dataset', 'catalog.dataset.id', 'catalog.datasetVersion.datasetId')
    .distinctOn('datasetId')
    .select([...COLUMNS, 'schemaCode'])
    .orderBy('datasetId')
    .orderBy('version', 'desc')
    .execute()
}

export async function insert(ctx: TransactionContext, version: DatasetVersion): Promise<void> {
  const { rows, files, counts, ...columns } = version
  await ctx.db
    .insertInto('catalog.datasetVersion')
    .values({
      ...columns,
      rowCount: rows,
      files: sql`${JSON.stringify(files)}::jsonb`,
      counts: sql`${JSON.stringify(counts)}::jsonb`,
    })
    .execute()
}
