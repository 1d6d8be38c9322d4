import type { Context, TransactionContext } from '../../core/context.ts'
import type { CorrectionOrder } from './correction-order.ts'
import { newestOf } from './newest.repository.ts'
import type { NumberedPage } from './numbered.ts'
import './override.table.ts'

const COLUMNS = [
  'id',
  'overrideId',
  'organisationId',
  'openedAt',
  'answer',
  'answerText',
  'answeredAt',
] as const

export async function open(
  ctx: TransactionContext,
  order: Pick<CorrectionOrder, 'overrideId' | 'organisationId'>,
): Promise<void> {
  await ctx.db
    .insertInto('golden.correctionOrder')
    .values({
      ...order,
      openedAt: ctx.now(),
      answer: null,
      answerText: null,
      answeredBy: null,
      answeredAt: null,
    })
    .execute()
}

export async function lock(ctx: TransactionContext, id: string): Promise<CorrectionOrder | undefined> {
  return ctx.db
    .selectFrom('golden.correctionOrder')
    .select(COLUMNS)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** Of the body asked, the last first. */
export async function list(
  ctx: Context,
  organisationId: string,
  page: NumberedPage,
): Promise<(CorrectionOrder & { number: string })[]> {
  return newestOf(
    ctx.db.selectFrom('golden.correctionOrder').select([...COLUMNS, 'number']),
    organisationId,
    page,
  )
}

/** What the source answered to an override, in the places of the overrides, for loaders; null where none is open. */
export async function ordersByOverrides(
  ctx: Context,
  overrideIds: readonly string[],
): Promise<(CorrectionOrder | null)[]> {
  const rows = await ctx.db
    .selectFrom('golden.correctionOrder')
    .select(COLUMNS)
    .where('overrideId', 'in', [...new Set(overrideIds)])
    .execute()
  const found = new Map(rows.map((each) => [each.overrideId, each]))
  return overrideIds.map((id) => found.get(id) ?? null)
}

export async function answer(ctx: TransactionContext, order: CorrectionOrder): Promise<void> {
  const { answer, answerText, answeredAt } = order
  await ctx.db
    .updateTable('golden.correctionOrder')
    .set({ answer, answerText, answeredAt, answeredBy: ctx.actor.id })
    .where('id', '=', order.id)
    .execute()
}
