import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import { titleKey } from './dataset.ts'
import type { Source } from './source.ts'
import './source.table.ts'

const COLUMNS = [
  'id',
  'organisationId',
  'title',
  'connection',
  'network',
  'secretKeyId',
  'reading',
  'watermark',
  'revision',
  'schedule',
  'dueAt',
  'registeredAt',
] as const

export async function find(ctx: Context, id: string): Promise<Source | undefined> {
  return ctx.db.selectFrom('catalog.source').select(COLUMNS).where('id', '=', id).executeTakeFirst()
}

/** Reads the row and holds it, so that a steward, an administrator and a publication take turns. */
export async function lock(ctx: TransactionContext, id: string): Promise<Source | undefined> {
  return ctx.db
    .selectFrom('catalog.source')
    .select(COLUMNS)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** The source longest due at `now`, held; passes over those that another node holds. */
export async function lockDue(ctx: TransactionContext, now: Date): Promise<Source | undefined> {
  return ctx.db
    .selectFrom('catalog.source')
    .select(COLUMNS)
    .where('dueAt', '<=', now)
    .orderBy('dueAt')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
}

export interface SourceFilter {
  /** Of one organisation; of all when absent. */
  readonly organisationId?: string | undefined
  /** Title and id of the row before the page. */
  readonly after?: readonly [title: string, id: string] | undefined
  readonly limit: number
}

/** By title, then id. */
export async function list(ctx: Context, { organisationId, after, limit }: SourceFilter): Promise<Source[]> {
  let query = ctx.db.selectFrom('catalog.source').select(COLUMNS)
  if (organisationId !== undefined) query = query.where('organisationId', '=', organisationId)
  if (after) {
    const [title, id] = after
    query = query.where(sql<boolean>`(title, id) > (${title}, ${id}::uuid)`)
  }
  return query.orderBy('title').orderBy('id').limit(limit).execute()
}

/** Undefined when the organisation has a source of that name. */
export async function insert(
  ctx: TransactionContext,
  source: Source,
  secret: string | null,
): Promise<Source | undefined> {
  return ctx.db
    .insertInto('catalog.source')
    .values({ ...source, ...written(source), titleKey: titleKey(source.title), secret })
    .onConflict((conflict) => conflict.columns(['organisationId', 'titleKey']).doNothing())
    .returning(COLUMNS)
    .executeTakeFirst()
}

/** Everything but the secret. */
export async function update(ctx: TransactionContext, source: Source): Promise<void> {
  const { id, secretKeyId: _, ...columns } = source
  await ctx.db
    .updateTable('catalog.source')
    .set({ ...columns, ...written(source) })
    .where('id', '=', id)
    .execute()
}

function written({ connection, network, reading, watermark, schedule }: Source) {
  return {
    connection: JSON.stringify(connection),
    network: JSON.stringify(network),
    reading: reading && JSON.stringify(reading),
    watermark: watermark && JSON.stringify(watermark),
    schedule: schedule && JSON.stringify(schedule),
  }
}

/** As it is sealed; null when there is none. */
export async function sealedSecret(ctx: Context, id: string): Promise<string | null> {
  const row = await ctx.db
    .selectFrom('catalog.source')
    .select('secret')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.secret ?? null
}

export async function saveSecret(
  ctx: TransactionContext,
  id: string,
  secret: string | null,
  secretKeyId: string | null,
): Promise<void> {
  await ctx.db.updateTable('catalog.source').set({ secret, secretKeyId }).where('id', '=', id).execute()
}
