import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { type Day, dayOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import { calendarFor } from './calendar.service.ts'
import {
  type Approval,
  checkLimit,
  type Clock,
  type ClockKind,
  errors,
  refuseBackdated,
  refuseFuture,
} from './clock.ts'
import {
  add,
  checkDays,
  type ClockFact,
  eachOpen,
  fact,
  lockOne,
  save,
  show,
  showAll,
  stateOf,
} from './ledger.ts'
import * as repository from './clock.repository.ts'
import type { Limit } from './deadline.ts'
import { endSpans } from './pause.service.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'clock.started': ClockFact & { effectiveOn: Day; limit: Limit }
    'clock.extended': ClockFact & { days: number; effectiveOn: Day }
    'clock.stopped': ClockFact & { effectiveOn: Day }
    'clock.event-voided': ClockFact & { seq: number }
  }
}

export interface Start {
  readonly caseId: string
  readonly organisationId: string
  readonly kind: ClockKind
  readonly limit: Limit
  readonly effectiveOn: Day
  readonly region: string
  /** What a `node` clock is about, such as its task. */
  readonly subject?: string
}

/**
 * Starts a clock, or starts it again after a stop: the whole limit counts anew. The same start again changes
 * nothing. It may lie back any number of days, since a legal effect can date back (T11).
 *
 * @throws CLOCK_LIMIT_INVALID, CLOCK_EVENT_IN_FUTURE, CLOCK_CALENDAR_MISSING, CLOCK_ALREADY_STARTED
 */
export async function start(ctx: Context, input: Start): Promise<Clock> {
  return transaction(ctx, async (ctx) => {
    const { caseId, organisationId, kind, limit, effectiveOn, region, subject = '' } = input
    checkLimit(limit)
    checkDays(effectiveOn)
    refuseFuture(effectiveOn, dayOf(ctx.now()))
    const calendar = await calendarFor(ctx, region)
    const fresh = { caseId, organisationId, kind, limit, region, subject }
    await repository.insert(ctx, { ...fresh, ruleVersion: 'R1', calendarVersion: calendar.version })
    const held = await lockOne(ctx, caseId, kind, subject)
    if (held.events.length > 0) {
      const { at } = await stateOf(ctx, held)
      if (at.state !== 'stopped' && at.startedOn === effectiveOn) return show(ctx, held)
      if (at.state !== 'stopped') throw errors.ALREADY_STARTED({ startedOn: at.startedOn })
    }
    const begun = { ...held, record: { ...held.record, limit, calendarVersion: calendar.version } }
    const started = await add(ctx, begun, { kind: 'start', effectiveOn })
    await emit(ctx, 'clock.started', { ...fact(held.record), effectiveOn, limit })
    return show(ctx, started)
  })
}

/**
 * Adds days to the open clocks of these kinds (R1.7).
 *
 * @throws CLOCK_EXTEND_LATE, CLOCK_EVENT_IN_FUTURE, CLOCK_EVENT_BACKDATED, CLOCK_LIMIT_INVALID
 */
export async function extend(
  ctx: Context,
  input: {
    readonly caseId: string
    readonly kinds: readonly ClockKind[]
    readonly days: number
    readonly effectiveOn: Day
    readonly documentId?: string
    readonly approval?: Approval
  },
): Promise<Clock[]> {
  return transaction(ctx, async (ctx) => {
    const { days, effectiveOn } = input
    checkDays(effectiveOn)
    checkLimit({ amount: days - 1, unit: 'calendar-day' })
    refuseFuture(effectiveOn, dayOf(ctx.now()))
    return eachOpen(ctx, input, async (held, { at, calendar }) => {
      const last = at.dueOn ?? at.estimatedOn
      if (effectiveOn < at.startedOn || (last !== null && effectiveOn > last))
        throw errors.EXTEND_LATE({ dueOn: last ?? '—' })
      refuseBackdated(effectiveOn, dayOf(ctx.now()), calendar, input.approval)
      const extended = await add(ctx, held, {
        kind: 'extend',
        effectiveOn,
        days,
        documentId: input.documentId ?? null,
      })
      await emit(ctx, 'clock.extended', { ...fact(held.record), days, effectiveOn })
      return extended
    })
  })
}

/**
 * Stops the open clocks of a kind; a case without such a clock, or whose clock has stopped, stays as it is. It
 * may date back, since what stops a clock can take legal effect before it is recorded (T11).
 *
 * @throws CLOCK_EVENT_IN_FUTURE
 */
export async function stop(
  ctx: Context,
  input: {
    readonly caseId: string
    readonly kind: ClockKind | readonly ClockKind[]
    readonly effectiveOn: Day
    readonly subject?: string
  },
): Promise<Clock[]> {
  return transaction(ctx, async (ctx) => {
    const { caseId, kind, effectiveOn, subject } = input
    checkDays(effectiveOn)
    refuseFuture(effectiveOn, dayOf(ctx.now()))
    const kinds = typeof kind === 'string' ? [kind] : kind
    return eachOpen(ctx, { caseId, kinds, subject }, async (held, { at }) => {
      const from = effectiveOn < at.startedOn ? at.startedOn : effectiveOn
      const stopped = await add(ctx, held, { kind: 'stop', effectiveOn: from })
      await emit(ctx, 'clock.stopped', { ...fact(held.record), effectiveOn: from })
      return stopped
    })
  })
}

/**
 * Undoes an event that was a mistake; the row itself stays.
 *
 * @throws CLOCK_EVENT_NOT_FOUND
 */
export async function voidEvent(
  ctx: Context,
  { caseId, seq, documentId }: { readonly caseId: string; readonly seq: number; readonly documentId: string },
): Promise<Clock> {
  return transaction(ctx, async (ctx) => {
    const clocks = await repository.lockCase(ctx, caseId)
    const held = clocks.find(({ events }) => events.some((event) => event.seq === seq))
    const undone = held?.events.some(({ voids }) => voids === seq)
    const starts = held?.events.filter(({ kind }) => kind === 'start') ?? []
    if (!held || undone || (starts.length === 1 && starts[0]?.seq === seq))
      throw errors.EVENT_NOT_FOUND({ seq })
    const effectiveOn = dayOf(ctx.now())
    const repaired = await add(ctx, held, { kind: 'void', effectiveOn, voids: seq, documentId })
    await emit(ctx, 'clock.event-voided', { ...fact(held.record), seq })
    return show(ctx, repaired)
  })
}

/** The clocks of a case as they stand today, in the order in which they were first started. */
export async function clocksOf(ctx: Context, caseId: string): Promise<Clock[]> {
  const [clocks = []] = await clocksByCases(ctx, [caseId])
  return clocks
}

/** For loaders: the clocks of each case in its place. */
export async function clocksByCases(ctx: Context, caseIds: readonly string[]): Promise<Clock[][]> {
  const cases = await repository.byCases(ctx, caseIds)
  return Promise.all(cases.map((clocks) => showAll(ctx, clocks)))
}

/**
 * What must be settled before anything else is done to a case: its running clocks whose due day has passed on
 * `today`, the earliest first. Pauses whose planned end has come are ended before (R1.5).
 */
export async function overdue(ctx: Context, caseId: string, today: Day): Promise<Clock[]> {
  return transaction(ctx, async (ctx) => {
    await endSpans(ctx, caseId, today)
    const [clocks = []] = await repository.byCases(ctx, [caseId])
    const shown = await showAll(ctx, clocks, today)
    return shown
      .filter((clock) => clock.overdue)
      .sort((a, b) => String(a.dueOn).localeCompare(String(b.dueOn)) || a.id.localeCompare(b.id))
  })
}

/** Works the open clocks of a case out anew by the calendars now in force (R1.10). */
export async function recompute(ctx: TransactionContext, caseId: string): Promise<void> {
  for (const held of await repository.lockCase(ctx, caseId)) {
    const { at } = await stateOf(ctx, held)
    const calendar = await calendarFor(ctx, held.record.region)
    if (at.state === 'stopped' || calendar.version === held.record.calendarVersion) continue
    await save(ctx, { ...held, record: { ...held.record, calendarVersion: calendar.version } }, at.dueOn)
  }
}
