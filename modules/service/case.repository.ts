import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import type { Day } from '../../core/day.ts'
import { type PageRequest, readCursor, rowsToRead } from '../../core/page.ts'
import { type CaseStatus, isOpen, type ItemCase, queueOf } from './case.ts'
import './case.table.ts'

const COLUMNS = [
  'id',
  'number',
  'applicationId',
  'itemId',
  'itemVersionId',
  'applicantId',
  'organisationId',
  'regionCode',
  'status',
  'version',
  'flags',
  'branches',
  'submittedAt',
  'receivedOn',
  'intakeCheck',
  'acceptedOn',
  'acceptedBy',
  'outcome',
  'outcomeReason',
  'outcomeClause',
  'decidedBy',
  'decidedOn',
  'competentBody',
  'deliveredOn',
] as const

export const LIST = 'service.cases'

export async function find(ctx: Context, id: string): Promise<ItemCase | undefined> {
  return ctx.db.selectFrom('service.itemCase').select(COLUMNS).where('id', '=', id).executeTakeFirst()
}

/** Reads the case and holds it: everything that happens to one case happens one after another. */
export async function lock(ctx: TransactionContext, id: string): Promise<ItemCase | undefined> {
  return ctx.db
    .selectFrom('service.itemCase')
    .select(COLUMNS)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

export async function participantsOf(ctx: Context, caseId: string): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('service.caseParticipant')
    .select('organisationId')
    .where('caseId', '=', caseId)
    .execute()
  return rows.map(({ organisationId }) => organisationId)
}

/** The case of a number, for finding its process: who may see which task of it is decided there. */
export async function idOfNumber(ctx: Context, number: string): Promise<string | undefined> {
  const row = await ctx.db
    .selectFrom('service.itemCase')
    .select('id')
    .where('number', '=', number)
    .executeTakeFirst()
  return row?.id
}

/** The cases of each application in its place, by number; for loaders. */
export async function byApplications(ctx: Context, applicationIds: readonly string[]): Promise<ItemCase[][]> {
  const rows = await ctx.db
    .selectFrom('service.itemCase')
    .select(COLUMNS)
    .where('applicationId', 'in', [...new Set(applicationIds)])
    .orderBy('number')
    .execute()
  return applicationIds.map((id) => rows.filter((row) => row.applicationId === id))
}

/** In the order of `ids`, undefined for one that is unknown; for loaders. */
export async function byIds(ctx: Context, ids: readonly string[]): Promise<(ItemCase | undefined)[]> {
  const rows = await ctx.db
    .selectFrom('service.itemCase')
    .select(COLUMNS)
    .where('id', 'in', [...new Set(ids)])
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id))
}

export interface CaseFilter {
  /** The bodies whose queues are read. */
  readonly organisationIds: readonly string[]
  /** Only cases these bodies decide, for a reader above several of them. */
  readonly decidingOnly: boolean
  readonly status?: CaseStatus | undefined
}

/** Cases from the queues, the latest received first. */
export async function list(ctx: Context, filter: CaseFilter, page: PageRequest): Promise<ItemCase[]> {
  const after = readCursor(LIST, ['instant', 'uuid'], page)
  if (filter.organisationIds.length === 0) return []
  let query = ctx.db
    .selectFrom('service.queueRow as queue')
    .innerJoin('service.itemCase as file', 'file.id', 'queue.caseId')
    .select(COLUMNS.map((column) => `file.${column}` as const))
    .where('queue.organisationId', 'in', filter.organisationIds)
  if (filter.decidingOnly) query = query.where('queue.role', '=', 'deciding')
  if (filter.status) query = query.where('queue.status', '=', filter.status)
  if (after)
    query = query.where(
      sql<boolean>`(queue.sort_at, queue.case_id) < (${new Date(String(after[0]))}::timestamptz, ${after[1]}::uuid)`,
    )
  return query
    .orderBy('queue.sortAt', 'desc')
    .orderBy('queue.caseId', 'desc')
    .limit(rowsToRead(page))
    .execute()
}

/** Places taken by the applicant's open cases of an item, with their numbers. */
export async function openPlaces(ctx: TransactionContext, itemId: string, applicantId: string) {
  return ctx.db
    .selectFrom('service.itemCase')
    .select(['number', 'openPlace'])
    .where('itemId', '=', itemId)
    .where('applicantId', '=', applicantId)
    .where('openPlace', 'is not', null)
    .execute()
}

export interface NewCase {
  readonly file: Omit<ItemCase, 'id' | 'version'>
  /** Null where the item has no quota. */
  readonly openPlace: number | null
  readonly jointBodies: readonly string[]
}

/** Undefined when another submission took the same place meanwhile. */
export async function insert(
  ctx: TransactionContext,
  { file, openPlace, jointBodies }: NewCase,
): Promise<ItemCase | undefined> {
  const made = await ctx.db
    .insertInto('service.itemCase')
    .values({ ...values(file), version: 1, openPlace })
    .onConflict((conflict) => conflict.doNothing())
    .returning(COLUMNS)
    .executeTakeFirst()
  if (!made) return undefined
  await ctx.db
    .insertInto('service.caseParticipant')
    .values([
      { caseId: made.id, organisationId: made.organisationId, role: 'deciding' as const },
      ...jointBodies.map((organisationId) => ({ caseId: made.id, organisationId, role: 'joint' as const })),
    ])
    .execute()
  return made
}

/** Writes the case with its version grown by one. Its place in the quota is free when it is decided. */
export async function save(ctx: TransactionContext, { id, ...file }: ItemCase): Promise<ItemCase> {
  const open = isOpen({ id, ...file })
  return ctx.db
    .updateTable('service.itemCase')
    .set({ ...values(file), version: file.version + 1 })
    .$if(!open, (query) => query.set({ openPlace: null }))
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
}

function values<File extends Omit<ItemCase, 'id' | 'version'>>(file: File) {
  return {
    ...file,
    flags: JSON.stringify(file.flags),
    branches: JSON.stringify(file.branches),
    intakeCheck: file.intakeCheck && JSON.stringify(file.intakeCheck),
  }
}

/** Brings the queues of all participants to what the case now is, in its transaction (10). */
export async function writeQueues(
  ctx: TransactionContext,
  file: ItemCase,
  { title, dueOn }: { readonly title: string; readonly dueOn: Day | null },
): Promise<void> {
  const now = {
    queue: queueOf(file.status),
    status: file.status,
    flags: file.flags.map(({ name }) => name),
    dueOn,
  }
  await ctx.db
    .insertInto('service.queueRow')
    .columns([
      'organisationId',
      'caseId',
      'role',
      'queue',
      'status',
      'flags',
      'sortAt',
      'dueOn',
      'itemId',
      'region',
      'applicantKey',
      'title',
    ])
    .expression((query) =>
      query
        .selectFrom('service.caseParticipant as participant')
        .select((row) => [
          'participant.organisationId',
          'participant.caseId',
          'participant.role',
          row.val(now.queue).as('queue'),
          row.val(now.status).as('status'),
          sql<string[]>`${now.flags}::text[]`.as('flags'),
          sql<Date>`${file.submittedAt}::timestamptz`.as('sortAt'),
          sql<Day | null>`${dueOn}::date`.as('dueOn'),
          sql<string>`${file.itemId}::uuid`.as('itemId'),
          row.val(file.regionCode).as('region'),
          row.val(file.applicantId).as('applicantKey'),
          row.val(title).as('title'),
        ])
        .where('participant.caseId', '=', file.id),
    )
    .onConflict((conflict) => conflict.columns(['organisationId', 'caseId']).doUpdateSet(now))
    .execute()
}

/** The recorded facts of a case in their order: one index, one statement. */
export async function factsOf(ctx: Context, caseId: string) {
  return ctx.db
    .selectFrom('core.event')
    .select(['id', 'name', 'actorId', 'organisationId', 'payload', 'occurredAt'])
    .where(sql<boolean>`payload ? 'caseId'`)
    .where(sql<boolean>`payload ->> 'caseId' = ${caseId}`)
    .orderBy('id')
    .limit(500)
    .execute()
}
