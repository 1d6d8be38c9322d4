import type { Context, TransactionContext } from '../../core/context.ts'
import type { Harvest } from './harvest.ts'
import './harvest.table.ts'

const COLUMNS = [
  'id',
  'sourceId',
  'organisationId',
  'format',
  'status',
  'startedBy',
  'mayWithdrawMany',
  'counts',
  'quarantined',
  'refusal',
  'createdAt',
] as const

const MAX_SHOWN = 20

export async function find(ctx: Context, id: string): Promise<Harvest | undefined> {
  return ctx.db.selectFrom('catalog.harvest').select(COLUMNS).where('id', '=', id).executeTakeFirst()
}

/** Reads the row and holds it, so that a steward and the job take turns. */
export async function lock(ctx: TransactionContext, id: string): Promise<Harvest | undefined> {
  return ctx.db
    .selectFrom('catalog.harvest')
    .select(COLUMNS)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** Newest first. */
export async function ofSource(ctx: Context, sourceId: string): Promise<Harvest[]> {
  return ctx.db
    .selectFrom('catalog.harvest')
    .select(COLUMNS)
    .where('sourceId', '=', sourceId)
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .limit(MAX_SHOWN)
    .execute()
}

/** Undefined when the source is being harvested already. */
export async function insert(ctx: TransactionContext, harvest: Harvest): Promise<Harvest | undefined> {
  return ctx.db
    .insertInto('catalog.harvest')
    .values({ ...harvest, ...written(harvest) })
    .onConflict((conflict) => conflict.doNothing())
    .returning(COLUMNS)
    .executeTakeFirst()
}

export async function update(ctx: TransactionContext, harvest: Harvest): Promise<void> {
  const { id, ...columns } = harvest
  await ctx.db
    .updateTable('catalog.harvest')
    .set({ ...columns, ...written(harvest) })
    .where('id', '=', id)
    .execute()
}

/** Shown while the job runs; a harvest that ended meanwhile keeps what it says. */
export async function saveProgress(
  ctx: Context,
  { id, counts }: Pick<Harvest, 'id' | 'counts'>,
): Promise<void> {
  await ctx.db
    .updateTable('catalog.harvest')
    .set({ counts: JSON.stringify(counts) })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .execute()
}

function written({ counts, quarantined, refusal }: Harvest) {
  return {
    counts: JSON.stringify(counts),
    quarantined: JSON.stringify(quarantined),
    refusal: refusal && JSON.stringify(refusal),
  }
}

export interface Identity {
  readonly remoteId: string
  readonly entryId: string
  readonly digest: string
}

export async function identity(
  ctx: Context,
  sourceId: string,
  remoteId: string,
): Promise<Identity | undefined> {
  return ctx.db
    .selectFrom('catalog.harvestedEntry')
    .select(['remoteId', 'entryId', 'digest'])
    .where('sourceId', '=', sourceId)
    .where('remoteId', '=', remoteId)
    .executeTakeFirst()
}

/** All of a source, whatever became of them. */
export async function identities(ctx: Context, sourceId: string): Promise<Identity[]> {
  return ctx.db
    .selectFrom('catalog.harvestedEntry')
    .select(['remoteId', 'entryId', 'digest'])
    .where('sourceId', '=', sourceId)
    .orderBy('remoteId')
    .execute()
}

export async function saveIdentity(
  ctx: TransactionContext,
  sourceId: string,
  { remoteId, entryId, digest }: Identity,
): Promise<void> {
  await ctx.db
    .insertInto('catalog.harvestedEntry')
    .values({ sourceId, remoteId, entryId, digest })
    .onConflict((conflict) => conflict.columns(['sourceId', 'remoteId']).doUpdateSet({ digest }))
    .execute()
}
