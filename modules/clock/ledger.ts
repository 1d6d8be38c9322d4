import type { Context, TransactionContext } from '../../core/context.ts'
import { type Day, dayOf, isDay } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import type { Calendar } from './calendar.ts'
import { calendarOfVersion } from './calendar.service.ts'
import { type Clock, type ClockKind, type ClockRecord, errors, shownOn, summaryOf } from './clock.ts'
import * as repository from './clock.repository.ts'
import { type Deadline, deadline } from './deadline.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'clock.deadline.recomputed': ClockFact & {
      before: Day | null
      after: Day | null
      calendarVersion: string
    }
  }
}

/** Which clock an event is about. */
export interface ClockFact {
  readonly clockId: string
  readonly caseId: string
  readonly kind: ClockKind
  readonly organisationId: string
}

export type Held = repository.ClockWithEvents
export type State = { readonly at: Deadline; readonly calendar: Calendar }

export async function stateOf(ctx: Context, { record, events }: Held): Promise<State> {
  const calendar = await calendarOfVersion(ctx, record.region, record.calendarVersion)
  return { at: deadline(events, record.limit, record.ruleVersion, calendar), calendar }
}

/** Runs `change` on each clock of the case that is meant and has not stopped. */
export async function eachOpen(
  ctx: TransactionContext,
  wanted: {
    readonly caseId: string
    readonly kinds: readonly ClockKind[]
    readonly subject?: string | undefined
  },
  change: (held: Held, state: State) => Promise<Held>,
): Promise<Clock[]> {
  const changed: Held[] = []
  for (const held of await repository.lockCase(ctx, wanted.caseId)) {
    const { kind, subject } = held.record
    if (!wanted.kinds.includes(kind) || (wanted.subject !== undefined && wanted.subject !== subject)) continue
    const state = await stateOf(ctx, held)
    if (state.at.state !== 'stopped') changed.push(await change(held, state))
  }
  return showAll(ctx, changed)
}

export async function lockOne(
  ctx: TransactionContext,
  caseId: string,
  kind: ClockKind,
  subject: string,
): Promise<Held> {
  const clocks = await repository.lockCase(ctx, caseId)
  const held = clocks.find(({ record }) => record.kind === kind && record.subject === subject)
  if (!held) throw new Error(`the ${kind} clock of case ${caseId} was inserted and is not there`)
  return held
}

/** Writes an event down and works the clock out anew. */
export async function add(ctx: TransactionContext, held: Held, event: repository.NewEvent): Promise<Held> {
  const before = held.events.length === 0 ? null : (await stateOf(ctx, held)).at.dueOn
  const added = await repository.append(ctx, held.record.id, event)
  const after = { ...held, events: [...held.events, added] }
  await save(ctx, after, event.kind === 'start' ? undefined : before)
  return after
}

/** Keeps what the events now come to; a due day that moved from `before` is logged with both days (R1.11). */
export async function save(
  ctx: TransactionContext,
  held: Held,
  before: Day | null | undefined,
): Promise<void> {
  const { at } = await stateOf(ctx, held)
  const { limit, calendarVersion } = held.record
  await repository.saveSummary(ctx, held.record.id, { ...summaryOf(held.events, at), limit, calendarVersion })
  if (before === undefined || before === at.dueOn) return
  await emit(ctx, 'clock.deadline.recomputed', {
    ...fact(held.record),
    before,
    after: at.dueOn,
    calendarVersion,
  })
}

export async function show(
  ctx: Context,
  { record, events }: Held,
  today: Day = dayOf(ctx.now()),
): Promise<Clock> {
  const calendar = await calendarOfVersion(ctx, record.region, record.calendarVersion)
  return shownOn(record, events, calendar, today)
}

export function showAll(ctx: Context, clocks: readonly Held[], today?: Day): Promise<Clock[]> {
  return Promise.all(clocks.map((held) => show(ctx, held, today)))
}

export const fact = ({ id, caseId, kind, organisationId }: ClockRecord): ClockFact => ({
  clockId: id,
  caseId,
  kind,
  organisationId,
})

/** @throws CLOCK_DAY_INVALID */
export function checkDays(...days: (Day | null | undefined)[]): void {
  for (const day of days) if (typeof day === 'string' && !isDay(day)) throw errors.DAY_INVALID({ day })
}
