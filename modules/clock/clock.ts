import type { Day } from '../../core/day.ts'
import { defineErrors } from '../../core/errors.ts'
import { type Calendar, workingDaysBetween } from './calendar.ts'
import {
  type ClockEvent,
  type ClockState,
  type ClockStep,
  type Deadline,
  deadline,
  isOverdue,
  type Limit,
  MAX_AMOUNT,
  remainingDays,
  type RuleVersion,
} from './deadline.ts'
import { type Span, spansOf } from './span.ts'

export type ClockKind =
  | 'intake'
  | 'correction'
  | 'legal'
  | 'promised'
  | 'node'
  | 'tolerance'
  | 'delivery'
  | 'hearing-request'
  | 'hearing'
  | 'rating'
  | 'complaint'
  | 'bundle'

/** A clock as it is kept; its state and days follow from its events. */
export interface ClockRecord {
  readonly id: string
  readonly caseId: string
  /** The body that answers for the days. */
  readonly organisationId: string
  readonly kind: ClockKind
  /** Tells clocks of one kind in one case apart, as the task of a `node`; empty where there is one. */
  readonly subject: string
  readonly limit: Limit
  readonly region: string
  readonly ruleVersion: RuleVersion
  readonly calendarVersion: string
}

/** A clock as people are shown it on a day. */
export interface Clock extends ClockRecord {
  readonly state: ClockState
  readonly startedOn: Day
  readonly dueOn: Day | null
  readonly estimatedOn: Day | null
  /** Counted days left after today (R1.12); null when the clock has stopped or has no due day. */
  readonly remainingDays: number | null
  /** Counted days up to today. */
  readonly usedDays: number
  readonly pausedDays: number
  readonly provisional: boolean
  readonly overdue: boolean
  readonly steps: readonly ClockStep[]
}

/** Who allowed an event to be dated more than three working days back, and on what paper (R1.11). */
export interface Approval {
  readonly approvedBy: string
  readonly documentId: string
  readonly documentOn: Day
}

export const errors = defineErrors('CLOCK', {
  LIMIT_INVALID: {
    kind: 'invalid',
    zh: '期限须为0至{most}之间的整数',
    en: 'A limit is a whole number from 0 to {most}',
  },
  DAY_INVALID: {
    kind: 'invalid',
    zh: '“{day}”不是有效日期，应写作 2026-01-05',
    en: '“{day}” is no day; write it like 2026-01-05',
  },
  ALREADY_STARTED: {
    kind: 'conflict',
    zh: '该时钟已于 {startedOn} 开始计时',
    en: 'This clock has been running since {startedOn}',
  },
  PAUSE_OUT_OF_RANGE: {
    kind: 'invalid',
    zh: '暂停须在开始计时之后、到期日（{dueOn}）当天或之前生效，且计划结束不早于开始',
    en: 'A pause takes effect after the start, on or before the due day ({dueOn}), and is not planned to end before it begins',
  },
  RESUME_UNMATCHED: {
    kind: 'invalid',
    zh: '没有可恢复的暂停“{span}”，或恢复日早于暂停日',
    en: 'There is no pause “{span}” to resume, or the day of resumption lies before it',
  },
  EXTEND_LATE: {
    kind: 'conflict',
    zh: '只能在到期日（{dueOn}）当天或之前延长',
    en: 'An extension takes effect on or before the due day ({dueOn})',
  },
  EVENT_BACKDATED: {
    kind: 'forbidden',
    zh: '追溯超过3个工作日须经督办批准，并附生效日或之前的文书',
    en: 'Dating back more than 3 working days needs a supervisor’s approval and a document dated no later than the effective day',
  },
  EVENT_IN_FUTURE: {
    kind: 'invalid',
    zh: '生效日 {day} 在今天之后',
    en: 'The effective day {day} lies in the future',
  },
  EVENT_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到序号为 {seq} 的时钟事件',
    en: 'There is no clock event {seq}',
  },
})

/** How far back an event may be dated without approval (R1.11). */
const FREE_WORKING_DAYS = 3

/** @throws CLOCK_LIMIT_INVALID */
export function checkLimit({ amount }: Limit): void {
  if (!Number.isInteger(amount) || amount < 0 || amount > MAX_AMOUNT)
    throw errors.LIMIT_INVALID({ most: MAX_AMOUNT })
}

/** @throws CLOCK_EVENT_IN_FUTURE */
export function refuseFuture(effectiveOn: Day, today: Day): void {
  if (effectiveOn > today) throw errors.EVENT_IN_FUTURE({ day: effectiveOn })
}

/** @throws CLOCK_EVENT_BACKDATED */
export function refuseBackdated(effectiveOn: Day, today: Day, calendar: Calendar, approval?: Approval): void {
  if (effectiveOn >= today || workingDaysBetween(calendar, effectiveOn, today) <= FREE_WORKING_DAYS) return
  if (!approval || approval.documentOn > effectiveOn) throw errors.EVENT_BACKDATED()
}

/** @throws CLOCK_PAUSE_OUT_OF_RANGE */
export function refusePauseOutside(
  at: Deadline,
  pause: { effectiveOn: Day; plannedUntil?: Day | null },
): void {
  const { effectiveOn, plannedUntil } = pause
  const last = at.dueOn ?? at.estimatedOn
  const backwards = typeof plannedUntil === 'string' && plannedUntil < effectiveOn
  if (backwards || effectiveOn < at.startedOn || (last !== null && effectiveOn > last))
    throw errors.PAUSE_OUT_OF_RANGE({ dueOn: last ?? '—' })
}

/** The pauses of a clock that nobody has ended. */
export function openSpans(events: readonly ClockEvent[], at: Deadline): Span[] {
  if (at.state === 'stopped') return []
  return spansOf(liveEvents(events, at), null).filter((span) => span.open)
}

/** The events of the present run without those undone. */
export function liveEvents(events: readonly ClockEvent[], { startedOn }: Deadline): ClockEvent[] {
  const undone = new Set(events.map(({ voids }) => voids))
  return events.filter(
    ({ kind, seq, effectiveOn }) => kind !== 'void' && !undone.has(seq) && effectiveOn >= startedOn,
  )
}

/** What of a clock is kept beside its events so that due ones can be found by an index. */
export interface ClockSummary {
  readonly state: ClockState
  readonly dueOn: Day | null
  /** The first day on which a planned end of a pause lets the clock go on; null when none does. */
  readonly returnsOn: Day | null
}

export function summaryOf(events: readonly ClockEvent[], at: Deadline): ClockSummary {
  const returns = openSpans(events, at).flatMap(({ until }) => until ?? [])
  return { state: at.state, dueOn: at.dueOn, returnsOn: returns.sort()[0] ?? null }
}

/** The clock as it stands on `today`. */
export function shownOn(
  record: ClockRecord,
  events: readonly ClockEvent[],
  calendar: Calendar,
  today: Day,
): Clock {
  const at = deadline(events, record.limit, record.ruleVersion, calendar)
  const usedToday = at.steps.filter(({ on, counted }) => counted && on <= today).length
  return {
    ...record,
    ...at,
    usedDays: Math.min(at.usedDays, usedToday),
    remainingDays: at.state === 'stopped' || at.dueOn === null ? null : remainingDays(at, today),
    overdue: isOverdue(at, today),
  }
}
