import { startOf } from '../core/day.ts'
import type { TimerTrigger, Variable } from './definition.ts'
import { check, evaluate } from './expressions/index.ts'

const DURATION =
  /^(-)?P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/
const REGION_OFFSET_MS = 8 * 3_600_000
const MAX_YEARS = 50
/** `R3/PT1H`, or `R/2026-01-05T09:00:00+08:00/P1D`; no number repeats without end. */
const CYCLE = /^R(\d{0,6})\/(?:([^/]+)\/)?(P[^/]+)$/
/** No cycle fires faster. */
const MIN_INTERVAL_MS = 60_000

/** Why a timer cannot be set. */
export type TimerFault = 'not-iso' | 'negative' | 'too-far' | 'too-fast'

/** When a duration that begins at `from` is over, in the region's calendar; or why it never is. */
export function after(from: Date, text: string): Date | TimerFault {
  const match = DURATION.exec(text)
  if (!match) return 'not-iso'
  if (match[1] !== undefined) return 'negative'
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(2)
    .map((part) => Number(part ?? 0))
  if (years + months / 12 + weeks / 52 + days / 365 > 100) return 'too-far'
  const moved = addMonths(from, years * 12 + months)
  const rest = ((weeks * 7 + days) * 24 + hours) * 3_600_000 + minutes * 60_000 + seconds * 1000
  return within(from, new Date(moved.getTime() + rest))
}

/** The instant of an ISO 8601 text; without an offset, the region's time (Asia/Shanghai). */
export function instant(text: string): Date | undefined {
  if (!INSTANT.test(text)) return undefined
  if (text.length === 10) return valid(startOf(text))
  const zoned = /(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}+08:00`
  return valid(new Date(zoned))
}

const valid = (date: Date) => (Number.isNaN(date.getTime()) ? undefined : date)

function within(from: Date, due: Date): Date | TimerFault {
  return due.getTime() > addMonths(from, MAX_YEARS * 12).getTime() ? 'too-far' : due
}

/** The same day some months later, or that month's last day. */
function addMonths(from: Date, months: number): Date {
  if (months === 0) return from
  const local = new Date(from.getTime() + REGION_OFFSET_MS)
  const day = local.getUTCDate()
  local.setUTCDate(1)
  local.setUTCMonth(local.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 0)).getUTCDate()
  local.setUTCDate(Math.min(day, lastDay))
  return new Date(local.getTime() - REGION_OFFSET_MS)
}

/** Written as ISO 8601, not as an expression. */
export const isWritten = ({ timer, text }: TimerTrigger) =>
  (timer === 'cycle' ? /^R\d*\// : timer === 'duration' ? /^-?P[\dTYMWDHS.]+$/ : /^\d{4}-/).test(text)

/** When a timer fires; `left`, of a cycle alone: how often after that, null without end. */
export interface Due {
  readonly dueAt: Date
  readonly left?: number | null
}

type Values = Readonly<Record<string, unknown>>

/** When the timer fires for the first time, if it is armed at `now`; a date that has passed fires at once. */
export function firstDue(
  trigger: TimerTrigger,
  variables: readonly Variable[],
  values: Values,
  now: Date,
): Due | TimerFault {
  const value = isWritten(trigger) ? trigger.text : evaluate(trigger.text, variables, values)
  if (typeof value !== 'string') return 'not-iso'
  if (trigger.timer === 'cycle') return firstOf(value, now)
  const due = trigger.timer === 'duration' ? after(now, value) : instant(value)
  if (due === undefined) return 'not-iso'
  const fit = typeof due === 'string' ? due : within(now, due)
  return typeof fit === 'string' ? fit : { dueAt: fit }
}

/**
 * When a cycle that fired as `due` says fires next; undefined when it is over. Firings that a stopped server
 * has missed are made up for by one.
 */
export function nextDue(
  trigger: TimerTrigger,
  variables: readonly Variable[],
  values: Values,
  due: Due,
  now: Date,
): Due | undefined {
  if (trigger.timer !== 'cycle' || due.left === undefined || due.left === 0) return undefined
  const value = isWritten(trigger) ? trigger.text : evaluate(trigger.text, variables, values)
  const interval = typeof value === 'string' ? CYCLE.exec(value)?.[3] : undefined
  let { dueAt, left } = due
  while (interval !== undefined && left !== 0) {
    const next = after(dueAt, interval)
    if (!(next instanceof Date) || next <= dueAt) return undefined
    dueAt = next
    left = left === null ? null : left - 1
    if (dueAt > now) return { dueAt, left }
  }
  return left === 0 && dueAt > due.dueAt ? { dueAt, left } : undefined
}

function firstOf(text: string, now: Date): Due | TimerFault {
  const [whole, count = '', start, interval = ''] = CYCLE.exec(text) ?? []
  if (whole === undefined || (count !== '' && Number(count) < 1)) return 'not-iso'
  const from = start === undefined ? now : instant(start)
  if (!from) return 'not-iso'
  const next = after(from, interval)
  if (!(next instanceof Date)) return next
  if (next.getTime() - from.getTime() < MIN_INTERVAL_MS) return 'too-fast'
  return { dueAt: start === undefined ? next : from, left: count === '' ? null : Number(count) - 1 }
}

/** What is wrong with a timer as drawn. @throws EXPRESSION_TEXT_INVALID and its like */
export function faultOf(trigger: TimerTrigger, variables: readonly Variable[]): TimerFault | undefined {
  if (!isWritten(trigger)) {
    const { type } = check(trigger.text, variables)
    return GIVES[trigger.timer].includes(type) ? undefined : 'not-iso'
  }
  if (trigger.timer === 'date') {
    const due = instant(trigger.text)
    if (!due) return 'not-iso'
    return due.getUTCFullYear() > 2200 ? 'too-far' : undefined
  }
  const now = new Date('2026-01-01T00:00:00Z')
  const due = trigger.timer === 'cycle' ? firstOf(trigger.text, now) : after(now, trigger.text)
  return typeof due === 'string' ? due : undefined
}

const GIVES: Readonly<Record<TimerTrigger['timer'], readonly string[]>> = {
  date: ['date', 'date-time', 'string', 'any'],
  duration: ['duration', 'string', 'any'],
  cycle: ['string', 'any'],
}
