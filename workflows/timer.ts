import { startOf } from '../core/day.ts'
import type { TimerTrigger, Variable } from './definition.ts'
import { check, evaluate } from './expressions/index.ts'

const DURATION =
  /^(-)?P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/
const REGION_OFFSET_MS = 8 * 3_600_000
const MAX_YEARS = 50

/** Why a timer cannot be set. */
export type TimerFault = 'not-iso' | 'negative' | 'too-far'

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
  timer === 'duration' ? /^-?P[\dTYMWDHS.]+$/.test(text) : /^\d{4}-/.test(text)

/** When the timer fires, if it is armed at `now`; a date that has passed fires at once. */
export function dueAt(
  trigger: TimerTrigger,
  variables: readonly Variable[],
  values: Readonly<Record<string, unknown>>,
  now: Date,
): Date | TimerFault {
  const value = isWritten(trigger) ? trigger.text : evaluate(trigger.text, variables, values)
  if (typeof value !== 'string') return 'not-iso'
  if (trigger.timer === 'duration') return after(now, value)
  const due = instant(value)
  return due === undefined ? 'not-iso' : within(now, due)
}

/** What is wrong with a timer as drawn. @throws EXPRESSION_TEXT_INVALID and its like */
export function faultOf(trigger: TimerTrigger, variables: readonly Variable[]): TimerFault | undefined {
  if (!isWritten(trigger)) {
    const { type } = check(trigger.text, variables)
    const allowed =
      trigger.timer === 'duration' ? ['duration', 'string', 'any'] : ['date', 'date-time', 'string', 'any']
    return allowed.includes(type) ? undefined : 'not-iso'
  }
  if (trigger.timer === 'date') {
    const due = instant(trigger.text)
    if (!due) return 'not-iso'
    return due.getUTCFullYear() > 2200 ? 'too-far' : undefined
  }
  const due = after(new Date('2026-01-01T00:00:00Z'), trigger.text)
  return due instanceof Date ? undefined : due
}
