import { sql, type SqlBool } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import { type ElementSource, type Entry, entryKey, errors } from './entry.ts'
import { allowedMs, UPDATE_CYCLES } from './entry.life.ts'
import type { EntryWords } from './entry.words.ts'
import './entry.table.ts'

export const COLUMNS = [
  'id',
  'code',
  'organisationId',
  'kind',
  'classPath',
  'name',
  'unit',
  'summary',
  'keywords',
  'format',
  'formatType',
  'items',
  'sharingType',
  'sharingBasis',
  'sharingCondition',
  'sharingMethod',
  'open',
  'openCondition',
  'updateCycle',
  'relatedCodes',
  'custodian',
  'contact',
  'system',
  'matters',
  'datasetId',
  'status',
  'registeredBy',
  'editedBy',
  'registeredAt',
  'reviewedBy',
  'publishedOn',
  'confirmedAt',
  'remark',
  'level',
  'dataAt',
  'dataRows',
  'grade',
  'closedAt',
] as const

export async function find(ctx: Context, id: string): Promise<Entry | undefined> {
  return ctx.db.selectFrom('catalog.entry').select(COLUMNS).where('id', '=', id).executeTakeFirst()
}

/** Reads the row and holds it, so that an author and a reviewer take turns. */
export async function lock(ctx: TransactionContext, id: string): Promise<Entry | undefined> {
  return ctx.db
    .selectFrom('catalog.entry')
    .select(COLUMNS)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** In the order of `datasetIds`, for loaders; null for a dataset without an entry. */
export async function byDatasets(ctx: Context, datasetIds: readonly string[]): Promise<(Entry | null)[]> {
  const rows = await ctx.db
    .selectFrom('catalog.entry')
    .select(COLUMNS)
    .where('datasetId', 'in', [...new Set(datasetIds)])
    .execute()
  return datasetIds.map((id) => rows.find(({ datasetId }) => datasetId === id) ?? null)
}

export type NewEntry = Omit<Entry, 'id'>

/** Undefined when the provider has an entry of that name. @throws CATALOG_ENTRY_DATASET_TAKEN */
export async function insert(
  ctx: TransactionContext,
  entry: NewEntry,
  words: EntryWords,
): Promise<Entry | undefined> {
  await requireFreeDataset(ctx, entry)
  return ctx.db
    .insertInto('catalog.entry')
    .values({ ...entry, ...written(entry), search: vector(words) })
    .onConflict((conflict) => conflict.columns(['organisationId', 'nameKey']).doNothing())
    .returning(COLUMNS)
    .executeTakeFirst()
}

/** Whether it was written; false when the provider has another entry of that name. @throws CATALOG_ENTRY_DATASET_TAKEN */
export async function update(ctx: TransactionContext, entry: Entry, words?: EntryWords): Promise<boolean> {
  await requireFreeDataset(ctx, entry)
  const { id, code: _code, organisationId, ...columns } = entry
  const nameKey = entryKey(entry.name)
  const row = await ctx.db
    .updateTable('catalog.entry')
    .set({ ...columns, ...written(entry), ...(words && { search: vector(words) }) })
    .where('id', '=', id)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('catalog.entry as other')
            .select('other.id')
            .where('other.organisationId', '=', organisationId)
            .where('other.nameKey', '=', nameKey)
            .where('other.id', '<>', id),
        ),
      ),
    )
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

async function requireFreeDataset(
  ctx: TransactionContext,
  { datasetId, code }: Pick<Entry, 'datasetId' | 'code'>,
): Promise<void> {
  if (datasetId === null) return
  const [holder] = await byDatasets(ctx, [datasetId])
  if (holder && holder.code !== code) throw errors.ENTRY_DATASET_TAKEN({ code: holder.code })
}

function written({ name, items, sharingBasis }: NewEntry) {
  return {
    nameKey: entryKey(name),
    items: JSON.stringify(items),
    sharingBasis: sharingBasis && JSON.stringify(sharingBasis),
  }
}

const vector = ({ name, items, summary }: EntryWords) => sql`
  setweight(to_tsvector('simple', ${name}), 'A') || setweight(to_tsvector('simple', ${items}), 'B') ||
  setweight(to_tsvector('simple', ${summary}), 'C')`

/** In the transaction that publishes a version, so that freshness, volume and grade are never older than the data. */
export async function moveData(
  ctx: TransactionContext,
  datasetId: string,
  data: Pick<Entry, 'dataAt' | 'dataRows' | 'grade'>,
): Promise<void> {
  await ctx.db.updateTable('catalog.entry').set(data).where('datasetId', '=', datasetId).execute()
}

export interface EntryFilter {
  /** Of these providers; of all when absent. */
  readonly organisationIds?: readonly string[] | undefined
  readonly openOnly?: boolean
  /** Only those taken out of the open directory. */
  readonly closedOnly?: boolean
  readonly statuses?: readonly Entry['status'][] | undefined
  /** Only those whose data was due before this instant. */
  readonly overdueAt?: Date | undefined
  /** Code of the entry before the page. */
  readonly after?: string | undefined
  readonly limit: number
}

/** By code. */
export async function list(ctx: Context, filter: EntryFilter): Promise<Entry[]> {
  const { organisationIds, statuses, openOnly = false, closedOnly = false, overdueAt, after, limit } = filter
  let query = ctx.db.selectFrom('catalog.entry').select(COLUMNS)
  if (organisationIds) query = query.where('organisationId', 'in', [...organisationIds])
  if (openOnly) query = query.where('open', '=', true)
  if (closedOnly) query = query.where('closedAt', 'is not', null)
  if (statuses) query = query.where('status', 'in', [...statuses])
  if (overdueAt) query = query.where(isOverdue(overdueAt))
  if (after !== undefined) query = query.where('code', '>', after)
  return query.orderBy('code').limit(limit).execute()
}

/** Published open entries that hold the element, or the data of one of the datasets; by id. */
export async function openOf(
  ctx: Context,
  {
    datasetIds,
    elementCode,
  }: { readonly datasetIds: readonly string[]; readonly elementCode: string | null },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from catalog.entry
    where status = 'published' and open and (
      dataset_id = any(${datasetIds}::uuid[])
      or items @> jsonb_build_array(jsonb_build_object('elementCode', ${elementCode}::text)) and ${elementCode}::text is not null
    )
    order by id
  `.execute(ctx.db)
  return rows.map(({ id }) => id)
}

/** As {@link dueAt} decides it: the instant is reckoned once for each cycle, not for each row. */
export function isOverdue(now: Date) {
  const cycles = UPDATE_CYCLES.flatMap((cycle) => {
    const allowed = allowedMs(cycle)
    return allowed === null
      ? []
      : [sql`when ${sql.lit(cycle)} then ${new Date(now.getTime() - allowed)}::timestamptz`]
  })
  return sql<SqlBool>`data_at < case update_cycle ${sql.join(cycles, sql` `)} end`
}

/** Where the legal sources of elements offer them: a row for each of their published entries, null for none. */
export async function offeredBySource(
  ctx: Context,
  elementCodes: readonly string[],
): Promise<(ElementSource & { [Column in 'id' | 'code' | 'name']: string | null })[]> {
  if (elementCodes.length === 0) return []
  return ctx.db
    .selectFrom('catalog.elementSource as source')
    .leftJoin('catalog.entry as entry', (join) =>
      join
        .onRef('entry.organisationId', '=', 'source.organisationId')
        .on('entry.status', '=', 'published')
        .on(
          sql<SqlBool>`entry.items @> jsonb_build_array(jsonb_build_object('elementCode', source.element_code))`,
        ),
    )
    .select(['source.elementCode', 'source.organisationId', 'entry.id', 'entry.code', 'entry.name'])
    .where('source.elementCode', 'in', [...new Set(elementCodes)])
    .orderBy('source.elementCode')
    .orderBy('entry.code')
    .limit(2_000)
    .execute()
}

/** Those of the elements that have one. */
export async function elementSources(
  ctx: Context,
  elementCodes: readonly string[],
): Promise<ElementSource[]> {
  if (elementCodes.length === 0) return []
  return ctx.db
    .selectFrom('catalog.elementSource')
    .select(['elementCode', 'organisationId'])
    .where('elementCode', 'in', [...new Set(elementCodes)])
    .orderBy('elementCode')
    .execute()
}

export async function saveElementSource(ctx: TransactionContext, source: ElementSource): Promise<void> {
  const { organisationId } = source
  await ctx.db
    .insertInto('catalog.elementSource')
    .values(source)
    .onConflict((conflict) => conflict.column('elementCode').doUpdateSet({ organisationId }))
    .execute()
}
