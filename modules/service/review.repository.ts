import type { Context, TransactionContext } from '../../core/context.ts'
import type { Day } from '../../core/day.ts'
import type { Texts } from '../../core/errors.ts'
import type { SiteVisit, Suspension } from './case.ts'
import type { Notice, NoticeKind } from './notice.ts'
import './case.table.ts'

const SUSPENSION = ['id', 'caseId', 'reason', 'startedOn', 'plannedUntil', 'endedOn'] as const
const VISIT = ['id', 'caseId', 'at', 'score', 'passed', 'note', 'inspectorId'] as const
const NOTICE = ['id', 'caseId', 'kind', 'number', 'body', 'preparedAt', 'servedAt'] as const

/** All pauses of a case, the earliest first. */
export async function suspensionsOf(ctx: Context, caseId: string): Promise<Suspension[]> {
  return ctx.db
    .selectFrom('service.suspension')
    .select(SUSPENSION)
    .where('caseId', '=', caseId)
    .orderBy('startedOn')
    .orderBy('id')
    .limit(100)
    .execute()
}

export async function insertSuspension(ctx: TransactionContext, suspension: Suspension): Promise<void> {
  await ctx.db.insertInto('service.suspension').values(suspension).execute()
}

export async function endSuspension(ctx: TransactionContext, id: string, endedOn: Day): Promise<void> {
  await ctx.db.updateTable('service.suspension').set({ endedOn }).where('id', '=', id).execute()
}

/** The visits of each case in its place, the earliest first; for loaders. */
export async function visitsByCases(ctx: Context, caseIds: readonly string[]): Promise<SiteVisit[][]> {
  const rows = await ctx.db
    .selectFrom('service.siteVisit')
    .select(VISIT)
    .where('caseId', 'in', [...new Set(caseIds)])
    .orderBy('at')
    .limit(1_000)
    .execute()
  return caseIds.map((id) => rows.filter((row) => row.caseId === id))
}

export async function insertVisit(ctx: TransactionContext, caseId: string, at: Date): Promise<SiteVisit> {
  return ctx.db
    .insertInto('service.siteVisit')
    .values({ caseId, at, score: null, passed: null, note: null, inspectorId: null })
    .returning(VISIT)
    .executeTakeFirstOrThrow()
}

export async function recordVisit(ctx: TransactionContext, visit: SiteVisit): Promise<void> {
  const { id, at, score, passed, note, inspectorId } = visit
  await ctx.db
    .updateTable('service.siteVisit')
    .set({ at, score, passed, note, inspectorId })
    .where('id', '=', id)
    .execute()
}

/** The notices of each case in its place, the earliest first; for loaders. */
export async function noticesByCases(ctx: Context, caseIds: readonly string[]): Promise<Notice[][]> {
  const rows = await ctx.db
    .selectFrom('service.notice')
    .select(NOTICE)
    .where('caseId', 'in', [...new Set(caseIds)])
    .orderBy('preparedAt')
    .orderBy('number')
    .limit(1_000)
    .execute()
  return caseIds.map((id) => rows.filter((row) => row.caseId === id))
}

/** One notice for each kind and cause; false when it was there. */
export async function insertNotice(
  ctx: TransactionContext,
  notice: { caseId: string; kind: NoticeKind; cause: string; number: string; body: Texts },
): Promise<boolean> {
  const made = await ctx.db
    .insertInto('service.notice')
    .values({ ...notice, body: JSON.stringify(notice.body), preparedAt: ctx.now(), servedAt: null })
    .onConflict((conflict) => conflict.columns(['caseId', 'kind', 'cause']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

/** Marks what is not served yet; answers it. */
export async function serveNotices(ctx: TransactionContext, caseId: string): Promise<Notice[]> {
  return ctx.db
    .updateTable('service.notice')
    .set({ servedAt: ctx.now() })
    .where('caseId', '=', caseId)
    .where('servedAt', 'is', null)
    .returning(NOTICE)
    .execute()
}
