import { type SelectQueryBuilder, sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import type { Database } from '../../core/database.ts'
import { type Dataset, errors, titleKey } from './dataset.ts'
import type { Quality } from './quality.ts'
import './dataset.table.ts'

const COLUMNS = [
  'id',
  'organisationId',
  'title',
  'schemaCode',
  'sourceRank',
  'registeredAt',
  'quality',
] as const

export interface DatasetFilter {
  /** Shows unpublished datasets of this organisation only; all when absent. */
  readonly unpublishedOf?: string | undefined
  /** A tsquery over the words of title, schema and columns. */
  readonly query?: string | undefined
  /** Title and id of the row before the page. */
  readonly after?: readonly [title: string, id: string] | undefined
  readonly limit: number
}

export async function find(ctx: Context, id: string): Promise<Dataset | undefined> {
  return ctx.db.selectFrom('catalog.dataset').select(COLUMNS).where('id', '=', id).executeTakeFirst()
}

/** In the order of `ids`, for loaders. @throws CATALOG_DATASET_NOT_FOUND for the first id that is unknown */
export async function datasetsByIds(ctx: Context, ids: readonly string[]): Promise<Dataset[]> {
  const rows = await ctx.db
    .selectFrom('catalog.dataset')
    .select(COLUMNS)
    .where('id', 'in', [...new Set(ids)])
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => {
    const found = byId.get(id)
    if (!found) throw errors.DATASET_NOT_FOUND({ id })
    return found
  })
}

/** By title, then id. */
export async function list(ctx: Context, filter: DatasetFilter): Promise<Dataset[]> {
  let query = ctx.db.selectFrom('catalog.dataset').select(COLUMNS)
  if (filter.unpublishedOf !== undefined) query = visibleTo(query, filter.unpublishedOf)
  if (filter.query !== undefined)
    query = query.where(sql<boolean>`search @@ to_tsquery('simple', ${filter.query})`)
  if (filter.after) {
    const [title, id] = filter.after
    query = query.where(sql<boolean>`(title, id) > (${title}, ${id}::uuid)`)
  }
  return query.orderBy('title').orderBy('id').limit(filter.limit).execute()
}

function visibleTo<Row>(
  query: SelectQueryBuilder<Database, 'catalog.dataset', Row>,
  organisationId: string,
): SelectQueryBuilder<Database, 'catalog.dataset', Row> {
  return query.where((where) =>
    where.or([
      where('organisationId', '=', organisationId),
      where.exists(
        where
          .selectFrom('catalog.datasetVersion')
          .select('version')
          .whereRef('catalog.datasetVersion.datasetId', '=', 'catalog.dataset.id'),
      ),
    ]),
  )
}

/** Reads the row and holds it until the transaction ends, so that two publishers take turns. */
export async function lock(ctx: TransactionContext, id: string): Promise<Dataset | undefined> {
  return ctx.db
    .selectFrom('catalog.dataset')
    .select(COLUMNS)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** `words` are its search tokens. Undefined when the organisation has a dataset of that name. */
export async function insert(
  ctx: TransactionContext,
  dataset: Omit<Dataset, 'id'>,
  words: string,
): Promise<Dataset | undefined> {
  return ctx.db
    .insertInto('catalog.dataset')
    .values({
      ...dataset,
      quality: dataset.quality && JSON.stringify(dataset.quality),
      titleKey: titleKey(dataset.title),
      search: sql`to_tsvector('simple', ${words})`,
    })
    .onConflict((conflict) => conflict.columns(['organisationId', 'titleKey']).doNothing())
    .returning(COLUMNS)
    .executeTakeFirst()
}

export async function saveRank(ctx: TransactionContext, { id, sourceRank }: Dataset): Promise<void> {
  await ctx.db.updateTable('catalog.dataset').set({ sourceRank }).where('id', '=', id).execute()
}

/** With the version it is the quality of. */
export async function saveQuality(ctx: TransactionContext, id: string, quality: Quality): Promise<void> {
  await ctx.db
    .updateTable('catalog.dataset')
    .set({ quality: JSON.stringify(quality) })
    .where('id', '=', id)
    .execute()
}
