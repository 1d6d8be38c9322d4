import type { Context, TransactionContext } from '../../core/context.ts'
import type { Ruling } from './ruling.ts'
import './link.table.ts'

const COLUMNS = [
  'id',
  'datasetId',
  'organisationId',
  'rowId',
  'line',
  'key',
  'answer',
  'reason',
  'status',
  'weight',
  'decidedBy',
  'decidedAt',
  'confirmedBy',
  'confirmedAt',
  'undoAskedBy',
  'undoAskedAt',
  'undoneAt',
] as const

/** Rulings are made one by one by people; a merge reads no more. */
const MAX = 1_000_000

/** Those that bind a merge. */
export async function inForce(ctx: Context): Promise<Ruling[]> {
  return ctx.db
    .selectFrom('golden.ruling')
    .select(COLUMNS)
    .where('status', '=', 'in-force')
    .where('answer', '<>', 'unsure')
    .orderBy('number')
    .limit(MAX)
    .execute()
}

/** As they were made, whatever became of them since. */
export async function byIds(ctx: Context, ids: readonly string[]): Promise<Ruling[]> {
  if (ids.length === 0) return []
  return ctx.db.selectFrom('golden.ruling').select(COLUMNS).where('id', 'in', ids).orderBy('number').execute()
}

/** On one row, whatever the entity. */
export async function standing(
  ctx: Context,
  { datasetId, rowId }: Pick<Ruling, 'datasetId' | 'rowId'>,
): Promise<Ruling[]> {
  return ctx.db
    .selectFrom('golden.ruling')
    .select(COLUMNS)
    .where('datasetId', '=', datasetId)
    .where('rowId', '=', rowId)
    .where('status', '<>', 'undone')
    .orderBy('number')
    .limit(100)
    .execute()
}

export async function lock(ctx: TransactionContext, id: string): Promise<Ruling | undefined> {
  return ctx.db
    .selectFrom('golden.ruling')
    .select(COLUMNS)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** Of one organisation, the last first. */
export async function list(
  ctx: Context,
  { organisationId, before, limit }: { organisationId: string; before: number | undefined; limit: number },
): Promise<(Ruling & { number: string })[]> {
  let query = ctx.db
    .selectFrom('golden.ruling')
    .select([...COLUMNS, 'number'])
    .where('organisationId', '=', organisationId)
    .orderBy('number', 'desc')
    .limit(limit)
  if (before !== undefined) query = query.where('number', '<', String(before))
  return query.execute()
}

export async function insert(ctx: TransactionContext, ruling: Omit<Ruling, 'id'>): Promise<Ruling> {
  return ctx.db.insertInto('golden.ruling').values(ruling).returning(COLUMNS).executeTakeFirstOrThrow()
}

export async function update(
  ctx: TransactionContext,
  { id, status, confirmedBy, confirmedAt, undoAskedBy, undoAskedAt, undoneAt }: Ruling,
): Promise<void> {
  await ctx.db
    .updateTable('golden.ruling')
    .set({
      status,
      confirmedBy,
      confirmedAt,
      undoAskedBy,
      undoAskedAt,
      undoneAt,
      undoneBy: undoneAt === null ? null : ctx.actor.id,
    })
    .where('id', '=', id)
    .execute()
}
