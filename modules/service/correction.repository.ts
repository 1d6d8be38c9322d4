import type { Context, TransactionContext } from '../../core/context.ts'
import type { Correction } from './case.ts'
import './case.table.ts'

const COLUMNS = ['id', 'caseId', 'number', 'issuedOn', 'issuedAt', 'dueOn', 'points', 'answeredAt'] as const

/** How many correction notices the case has had. */
export async function count(ctx: Context, caseId: string): Promise<number> {
  const rows = await ctx.db
    .selectFrom('service.correction')
    .select('id')
    .where('caseId', '=', caseId)
    .limit(100)
    .execute()
  return rows.length
}

/** The latest notice of each case in its place; for loaders. */
export async function latest(ctx: Context, caseIds: readonly string[]): Promise<(Correction | undefined)[]> {
  const rows = await ctx.db
    .selectFrom('service.correction')
    .select(COLUMNS)
    .distinctOn('caseId')
    .where('caseId', 'in', [...new Set(caseIds)])
    .orderBy('caseId')
    .orderBy('issuedAt', 'desc')
    .execute()
  return caseIds.map((id) => rows.find((row) => row.caseId === id))
}

export async function insert(
  ctx: TransactionContext,
  correction: Omit<Correction, 'id'>,
): Promise<Correction> {
  return ctx.db
    .insertInto('service.correction')
    .values({ ...correction, points: JSON.stringify(correction.points) })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
}

export async function markAnswered(ctx: TransactionContext, id: string): Promise<void> {
  await ctx.db.updateTable('service.correction').set({ answeredAt: ctx.now() }).where('id', '=', id).execute()
}
