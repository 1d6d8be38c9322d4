import { addDays, addMonths, dayOf, startOf, weekdayOf } from '../../core/day.ts'
import { defineErrors } from '../../core/errors.ts'

/** When a source is read by itself; times of day are the region's (Asia/Shanghai), `HH:MM`. */
export type Schedule =
  /** At each full hour. */
  | { readonly every: 'hour' }
  | { readonly every: 'day'; readonly at: string }
  /** 0 for Sunday to 6 for Saturday. */
  | { readonly every: 'week'; readonly weekday: number; readonly at: string }
  /** 1 to 28: days that every month has. */
  | { readonly every: 'month'; readonly day: number; readonly at: string }

export type ScheduleKind = 'hand' | Schedule['every']

export const errors = defineErrors('CATALOG', {
  SOURCE_SCHEDULE_INVALID: {
    kind: 'invalid',
    zh: '抽取计划无效：{reason}',
    en: 'The schedule of the source is not valid: {reason}',
  },
})

export interface ScheduleInput {
  readonly every: ScheduleKind
  readonly at?: string | null
  readonly weekday?: number | null
  readonly day?: number | null
}

/** Null for a source read by hand alone. @throws CATALOG_SOURCE_SCHEDULE_INVALID, naming the member */
export function readSchedule({ every, at, weekday, day }: ScheduleInput): Schedule | null {
  if (every === 'hand') return null
  if (every === 'hour') return { every }
  const time = at ?? ''
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) throw errors.SOURCE_SCHEDULE_INVALID({ reason: 'at' })
  if (every === 'day') return { every, at: time }
  if (every === 'week') return { every, at: time, weekday: within(weekday, 0, 6, 'weekday') }
  return { every, at: time, day: within(day, 1, 28, 'day') }
}

function within(value: number | null | undefined, least: number, most: number, reason: string): number {
  if (value == null || !Number.isInteger(value) || value < least || value > most)
    throw errors.SOURCE_SCHEDULE_INVALID({ reason })
  return value
}

const HOUR_MS = 3_600_000

/** The first instant after `after` at which the schedule falls due; what was missed before is not made up for. */
export function nextDue(schedule: Schedule, after: Date): Date {
  // The region lies whole hours from UTC: its full hours are the world's.
  if (schedule.every === 'hour') return new Date((Math.floor(after.getTime() / HOUR_MS) + 1) * HOUR_MS)
  const today = dayOf(after)
  const [hour = 0, minute = 0] = schedule.at.split(':').map(Number)
  const on = (day: string) => new Date(startOf(day).getTime() + hour * HOUR_MS + minute * 60_000)
  if (schedule.every === 'month') {
    const first = `${today.slice(0, 8)}${String(schedule.day).padStart(2, '0')}`
    return on(first) > after ? on(first) : on(addMonths(first, 1))
  }
  const wait = schedule.every === 'day' ? 0 : (schedule.weekday - weekdayOf(today) + 7) % 7
  const first = addDays(today, wait)
  return on(first) > after ? on(first) : on(addDays(first, schedule.every === 'day' ? 1 : 7))
}
