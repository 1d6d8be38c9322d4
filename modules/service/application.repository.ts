import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import { type PageRequest, readCursor, rowsToRead } from '../../core/page.ts'
import { type Application, errors } from './application.ts'
import './application.table.ts'

const COLUMNS = [
  'id',
  'number',
  'itemId',
  'itemVersionId',
  'applicantId',
  'draftedBy',
  'status',
  'version',
  'questions',
  'scenarioId',
  'answers',
  'prefillNotice',
  'receipt',
  'createdAt',
  'editedAt',
  'expiresAt',
  'submittedAt',
  'submittedBy',
] as const

export const LIST = 'service.applications'

export async function find(ctx: Context, id: string): Promise<Application | undefined> {
  return ctx.db.selectFrom('service.application').select(COLUMNS).where('id', '=', id).executeTakeFirst()
}

export async function lock(ctx: TransactionContext, id: string): Promise<Application | undefined> {
  return ctx.db
    .selectFrom('service.application')
    .select(COLUMNS)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** In the order of `ids`; for loaders. */
export async function byIds(ctx: Context, ids: readonly string[]): Promise<Application[]> {
  const rows = await ctx.db
    .selectFrom('service.application')
    .select(COLUMNS)
    .where('id', 'in', [...new Set(ids)])
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => {
    const found = byId.get(id)
    if (!found) throw errors.APPLICATION_NOT_FOUND({ id })
    return found
  })
}

/** An applicant's own, the latest first. */
export async function list(ctx: Context, applicantId: string, page: PageRequest): Promise<Application[]> {
  const after = readCursor(LIST, ['instant', 'uuid'], page)
  let query = ctx.db.selectFrom('service.application').select(COLUMNS).where('applicantId', '=', applicantId)
  if (after)
    query = query.where(
      sql<boolean>`(created_at, id) < (${new Date(String(after[0]))}::timestamptz, ${after[1]}::uuid)`,
    )
  return query.orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(rowsToRead(page)).execute()
}

export async function insert(
  ctx: TransactionContext,
  application: Omit<Application, 'id'>,
): Promise<Application> {
  return ctx.db
    .insertInto('service.application')
    .values(values(application))
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
}

/** Writes the application and answers it with its version grown by one. */
export async function save(
  ctx: TransactionContext,
  { id, ...application }: Application,
): Promise<Application> {
  return ctx.db
    .updateTable('service.application')
    .set({ ...values(application), version: application.version + 1 })
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
}

function values(application: Omit<Application, 'id'>) {
  const { questions, answers, prefillNotice, receipt } = application
  return {
    ...application,
    questions: JSON.stringify(questions),
    answers: JSON.stringify(answers),
    prefillNotice: prefillNotice && JSON.stringify(prefillNotice),
    receipt: receipt && JSON.stringify(receipt),
  }
}

/** A draft whose time is over, held; other nodes take other ones. */
export async function lockExpired(ctx: TransactionContext): Promise<Application | undefined> {
  return ctx.db
    .selectFrom('service.application')
    .select(COLUMNS)
    .where('status', '=', 'draft')
    .where('expiresAt', '<=', ctx.now())
    .orderBy('expiresAt')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
}

const PREFIX = { application: 'SQ', case: 'BJ', notice: 'WS' } as const

/** The next number of a kind, `SQ20260706000001`; a number drawn by a transaction that fails is not used again. */
export async function nextNumber(ctx: TransactionContext, kind: keyof typeof PREFIX): Promise<string> {
  const { rows } = await sql<{ next: string }>`
    select nextval(${`service.${kind}_number`}::regclass) as next`.execute(ctx.db)
  const sequence = String(rows[0]?.next).padStart(6, '0')
  return `${PREFIX[kind]}${dayOf(ctx.now()).replaceAll('-', '')}${sequence}`
}
