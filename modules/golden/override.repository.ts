import type { Context, TransactionContext } from '../../core/context.ts'
import type { Day } from '../../core/day.ts'
import type { Override } from './override.ts'
import { newestOf } from './newest.repository.ts'
import type { NumberedPage } from './numbered.ts'
import './override.table.ts'

const COLUMNS = [
  'id',
  'key',
  'name',
  'field',
  'elementCode',
  'label',
  'personal',
  'value',
  'reason',
  'basis',
  'evidence',
  'expiresOn',
  'status',
  'organisationId',
  'requestedBy',
  'requestedAt',
  'confirmedBy',
  'confirmedAt',
  'withdrawalAskedBy',
  'withdrawalAskedAt',
  'withdrawnAt',
] as const

/** Overrides are made one by one by people; a merge reads no more. */
const MAX = 100_000

/** What counts on a day, in the order it was asked for. */
export async function inForce(ctx: Context, today: Day): Promise<Override[]> {
  return ctx.db
    .selectFrom('golden.override')
    .select(COLUMNS)
    .where('status', '=', 'in-force')
    .where('expiresOn', '>=', today)
    .orderBy('number')
    .limit(MAX)
    .execute()
}

/** As they were asked for, whatever became of them since. */
export async function byIds(ctx: Context, ids: readonly string[]): Promise<Override[]> {
  if (ids.length === 0) return []
  return ctx.db
    .selectFrom('golden.override')
    .select(COLUMNS)
    .where('id', 'in', ids)
    .orderBy('number')
    .execute()
}

export async function standing(
  ctx: Context,
  { key, field }: Pick<Override, 'key' | 'field'>,
  today: Day,
): Promise<Override | undefined> {
  return ctx.db
    .selectFrom('golden.override')
    .select(COLUMNS)
    .where('key', '=', key)
    .where('field', '=', field)
    .where('status', '<>', 'withdrawn')
    .where('expiresOn', '>=', today)
    .executeTakeFirst()
}

export async function lock(ctx: TransactionContext, id: string): Promise<Override | undefined> {
  return ctx.db
    .selectFrom('golden.override')
    .select(COLUMNS)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** In the places of their ids, for loaders. */
export async function overridesByIds(ctx: Context, ids: readonly string[]): Promise<Override[]> {
  const found = new Map((await byIds(ctx, ids)).map((each) => [each.id, each]))
  return ids.flatMap((id) => found.get(id) ?? [])
}

/** Of one organisation, the last first. */
export async function list(
  ctx: Context,
  organisationId: string,
  page: NumberedPage,
): Promise<(Override & { number: string })[]> {
  return newestOf(ctx.db.selectFrom('golden.override').select([...COLUMNS, 'number']), organisationId, page)
}

export async function insert(ctx: TransactionContext, override: Omit<Override, 'id'>): Promise<Override> {
  return ctx.db
    .insertInto('golden.override')
    .values({ ...override, label: JSON.stringify(override.label) })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
}

export async function update(ctx: TransactionContext, { id, ...override }: Override): Promise<void> {
  const { status, confirmedBy, confirmedAt, withdrawalAskedBy, withdrawalAskedAt, withdrawnAt } = override
  await ctx.db
    .updateTable('golden.override')
    .set({
      status,
      confirmedBy,
      confirmedAt,
      withdrawalAskedBy,
      withdrawalAskedAt,
      withdrawnAt,
      withdrawnBy: withdrawnAt === null ? null : ctx.actor.id,
    })
    .where('id', '=', id)
    .execute()
}
