import type { Context, TransactionContext } from '../../core/context.ts'
import type { Day } from '../../core/day.ts'
import type { ClockKind, ClockRecord, ClockSummary } from './clock.ts'
import type { ClockEvent } from './deadline.ts'
import './clock.table.ts'

const CLOCK = [
  'id',
  'caseId',
  'organisationId',
  'kind',
  'subject',
  'limitAmount',
  'limitUnit',
  'region',
  'ruleVersion',
  'calendarVersion',
] as const
const EVENT = ['seq', 'kind', 'effectiveOn', 'spanId', 'reason', 'plannedUntil', 'days', 'voids'] as const
/** One case has some clocks of its own and one a task. */
const MAX_CLOCKS = 200

/** A clock with all that happened to it, in the order of the record. */
export interface ClockWithEvents {
  readonly record: ClockRecord
  readonly events: readonly ClockEvent[]
}

type Row = Omit<ClockRecord, 'limit'> & { limitAmount: number; limitUnit: ClockRecord['limit']['unit'] }

const recordOf = ({ limitAmount, limitUnit, ...row }: Row): ClockRecord => ({
  ...row,
  limit: { amount: limitAmount, unit: limitUnit },
})

/** The clocks of several cases, each case's in its place and in the order of their first starts. */
export async function byCases(ctx: Context, caseIds: readonly string[]): Promise<ClockWithEvents[][]> {
  const rows = await ctx.db
    .selectFrom('clock.clock')
    .select(CLOCK)
    .where('caseId', 'in', [...new Set(caseIds)])
    .limit(MAX_CLOCKS * caseIds.length)
    .execute()
  const clocks = await withEvents(ctx, rows.map(recordOf))
  clocks.sort((a, b) => firstSeq(a) - firstSeq(b))
  return caseIds.map((caseId) => clocks.filter(({ record }) => record.caseId === caseId))
}

const firstSeq = ({ events }: ClockWithEvents) => events[0]?.seq ?? 0

/** Holds every clock of a case, in the order of their ids, so that two writers take turns. */
export async function lockCase(ctx: TransactionContext, caseId: string): Promise<ClockWithEvents[]> {
  const rows = await ctx.db
    .selectFrom('clock.clock')
    .select(CLOCK)
    .where('caseId', '=', caseId)
    .orderBy('id')
    .forUpdate()
    .execute()
  return withEvents(ctx, rows.map(recordOf))
}

async function withEvents(ctx: Context, records: readonly ClockRecord[]): Promise<ClockWithEvents[]> {
  if (records.length === 0) return []
  const rows = await ctx.db
    .selectFrom('clock.clockEvent')
    .select(['clockId', ...EVENT])
    .where(
      'clockId',
      'in',
      records.map(({ id }) => id),
    )
    .orderBy('seq')
    .execute()
  return records.map((record) => ({
    record,
    events: rows
      .filter(({ clockId }) => clockId === record.id)
      .map(({ clockId: _, seq, voids, ...event }) => ({
        ...event,
        seq: Number(seq),
        voids: voids === null ? null : Number(voids),
      })),
  }))
}

/** Answers undefined when the case already has this clock. */
export async function insert(
  ctx: TransactionContext,
  { limit, ...clock }: Omit<ClockRecord, 'id'>,
): Promise<ClockRecord | undefined> {
  const row = await ctx.db
    .insertInto('clock.clock')
    .values({
      ...clock,
      limitAmount: limit.amount,
      limitUnit: limit.unit,
      state: 'running',
      dueOn: null,
      returnsOn: null,
      announced: true,
      createdAt: ctx.now(),
    })
    .onConflict((conflict) => conflict.columns(['caseId', 'kind', 'subject']).doNothing())
    .returning(CLOCK)
    .executeTakeFirst()
  return row && recordOf(row)
}

export type NewEvent = Omit<ClockEvent, 'seq'> & {
  readonly legalBasisId?: string | null
  readonly documentId?: string | null
}

export async function append(ctx: TransactionContext, clockId: string, event: NewEvent): Promise<ClockEvent> {
  const { seq } = await ctx.db
    .insertInto('clock.clockEvent')
    .values({
      clockId,
      kind: event.kind,
      effectiveOn: event.effectiveOn,
      spanId: event.spanId ?? null,
      reason: event.reason ?? null,
      plannedUntil: event.plannedUntil ?? null,
      days: event.days ?? null,
      voids: event.voids === undefined || event.voids === null ? null : String(event.voids),
      legalBasisId: event.legalBasisId ?? null,
      documentId: event.documentId ?? null,
      actorId: ctx.actor.id,
      recordedAt: ctx.now(),
    })
    .returning('seq')
    .executeTakeFirstOrThrow()
  return { ...event, seq: Number(seq) }
}

/** A new event or due day may be announced again. */
export async function saveSummary(
  ctx: TransactionContext,
  id: string,
  summary: ClockSummary & { readonly limit: ClockRecord['limit']; readonly calendarVersion: string },
): Promise<void> {
  const { limit, ...rest } = summary
  await ctx.db
    .updateTable('clock.clock')
    .set({ ...rest, limitAmount: limit.amount, limitUnit: limit.unit, announced: false })
    .where('id', '=', id)
    .execute()
}

export interface DueClock {
  readonly id: string
  readonly caseId: string
  readonly kind: ClockKind
  readonly organisationId: string
  readonly dueOn: Day
}

/** Marks up to `most` clocks overdue on `today` as announced and answers them; a clock held elsewhere waits for the next turn. */
export async function announce(ctx: TransactionContext, today: Day, most: number): Promise<DueClock[]> {
  const due = await ctx.db
    .selectFrom('clock.clock')
    .select(['id', 'caseId', 'kind', 'organisationId', 'dueOn'])
    .where('state', '=', 'running')
    .where('announced', '=', false)
    .where('dueOn', '<', today)
    .orderBy('dueOn')
    .orderBy('id')
    .limit(most)
    .forUpdate()
    .skipLocked()
    .execute()
  if (due.length === 0) return []
  await ctx.db
    .updateTable('clock.clock')
    .set({ announced: true })
    .where(
      'id',
      'in',
      due.map(({ id }) => id),
    )
    .execute()
  return due.map((clock) => ({ ...clock, dueOn: String(clock.dueOn) }))
}

/** Cases with a pause whose planned end has come. */
export async function casesReturning(ctx: Context, today: Day, most: number): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('clock.clock')
    .select('caseId')
    .where('state', '=', 'paused')
    .where('returnsOn', '<=', today)
    .orderBy('returnsOn')
    .orderBy('id')
    .limit(most)
    .execute()
  return [...new Set(rows.map(({ caseId }) => caseId))]
}

/** Cases with open clocks of an id above `after`, in the order of the clocks' ids. */
export async function openClocks(
  ctx: Context,
  after: string | undefined,
  most: number,
): Promise<{ id: string; caseId: string; region: string }[]> {
  let query = ctx.db
    .selectFrom('clock.clock')
    .select(['id', 'caseId', 'region'])
    .where('state', '<>', 'stopped')
    .orderBy('id')
    .limit(most)
  if (after !== undefined) query = query.where('id', '>', after)
  return query.execute()
}
