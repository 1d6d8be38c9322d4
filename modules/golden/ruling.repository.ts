import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import type { Ruling } from './ruling.ts'
import { newestOf } from './newest.repository.ts'
import type { NumberedPage } from './numbered.ts'
import './link.table.ts'

const COLUMNS = [
  'id',
  'datasetId',
  'organisationId',
  'rowId',
  'line',
  'marks',
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
  organisationId: string,
  page: NumberedPage,
): Promise<(Ruling & { number: string })[]> {
  return newestOf(ctx.db.selectFrom('golden.ruling').select([...COLUMNS, 'number']), organisationId, page)
}

/** Where their rows are now; one whose new row people ruled on meanwhile stays where it was. */
export async function follow(ctx: TransactionContext, rulings: readonly Ruling[]): Promise<void> {
  if (rulings.length === 0) return
  const moved = rulings.map(({ id, rowId, line, marks }) => ({ id, row_id: rowId, line, marks }))
  await sql`
    update golden.ruling as ruling set row_id = moved.row_id, line = moved.line, marks = moved.marks
    from jsonb_to_recordset(${JSON.stringify(moved)}::jsonb) as moved (id uuid, row_id text, line integer, marks jsonb)
    where ruling.id = moved.id and not exists (
      select from golden.ruling as other
      where other.dataset_id = ruling.dataset_id and other.row_id = moved.row_id and other.key = ruling.key
        and other.status <> 'undone' and other.id <> ruling.id
    )
  `.execute(ctx.db)
}

export async function insert(ctx: TransactionContext, ruling: Omit<Ruling, 'id'>): Promise<Ruling> {
  return ctx.db
    .insertInto('golden.ruling')
    .values({ ...ruling, marks: ruling.marks && JSON.stringify(ruling.marks) })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
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
