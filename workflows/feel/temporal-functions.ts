import { Decimal, whole } from './decimal.ts'
import { dateOf, FeelDate, readDate } from './date.ts'
import { readDuration, YearMonthDuration } from './duration.ts'
import { overload, type Overload } from './signature.ts'
import { FeelDateTime, FeelTime, readDateTime, readTime, timeOf, type Zone } from './time.ts'
import { isNumber } from './decimal.ts'
import { equals } from './compare.ts'
import { isList, isContext, kindOf, type Value } from './value.ts'

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
]

const dayOf = (value: FeelDate | FeelDateTime) => (value instanceof FeelDateTime ? value.date : value)
const ofDay = (body: (date: FeelDate) => Value) => [
  overload([['date', 'day']], (_, date) => body(dayOf(date))),
]

/** What a date, time or duration function makes of a text; undefined when it makes nothing of it. */
export function temporal(name: string, text: string): Value | undefined {
  switch (name) {
    case 'date':
      return readDate(text) ?? undefined
    case 'time':
      return readTime(text) ?? undefined
    case 'date and time':
      return readDateTime(text) ?? undefined
    case 'duration':
      return readDuration(text) ?? undefined
    default:
      return undefined
  }
}

const UTC: Zone = { offset: 0 }

function monthsBetween(from: FeelDate, to: FeelDate): number {
  const months = (to.year - from.year) * 12 + to.month - from.month
  if (months > 0 && to.day < from.day) return months - 1
  return months < 0 && to.day > from.day ? months + 1 : months
}

/** The seconds of a number: whole ones and nanoseconds. */
function secondsOf(seconds: Decimal): [number, number] {
  const nanos = seconds.minus(seconds.floor()).times(1_000_000_000).floor()
  return [seconds.floor().toNumber(), nanos.toNumber()]
}

function utc(now: Date): FeelDateTime {
  const date = new FeelDate(now.getUTCFullYear(), now.getUTCMonth() + 1, now.getUTCDate())
  const [hour, minute, second] = [now.getUTCHours(), now.getUTCMinutes(), now.getUTCSeconds()]
  return new FeelDateTime(date, new FeelTime(hour, minute, second, now.getUTCMilliseconds() * 1_000_000, UTC))
}

const numbers = (...parts: readonly Decimal[]) => parts.map((part) => whole(part) ?? Number.NaN)

export const functions: Readonly<Record<string, readonly Overload[]>> = {
  date: [
    overload([['from', 'string']], (_, from) => temporal('date', from)),
    overload([['from', 'day']], (_, from) => dayOf(from)),
    overload(
      [
        ['year', 'number'],
        ['month', 'number'],
        ['day', 'number'],
      ],
      (_, ...parts) => {
        const [year = 0, month = 0, day = 0] = numbers(...parts)
        return dateOf(year, month, day) ?? undefined
      },
    ),
  ],
  time: [
    overload([['from', 'string']], (_, from) => temporal('time', from)),
    overload([['from', 'temporal']], (_, from) =>
      from instanceof FeelTime
        ? from
        : from instanceof FeelDateTime
          ? from.time
          : new FeelTime(0, 0, 0, 0, UTC),
    ),
    overload(
      [
        ['hour', 'number'],
        ['minute', 'number'],
        ['second', 'number'],
        ['offset', 'day time?'],
      ],
      (_, hour, minute, second, offset) => {
        const [h = 0, m = 0] = numbers(hour, minute)
        const zone = offset === null ? undefined : { offset: Number(offset.nanos / 1_000_000_000n) }
        return timeOf(h, m, ...secondsOf(second), zone) ?? undefined
      },
    ),
  ],
  'date and time': [
    overload([['from', 'string']], (_, from) => temporal('date and time', from)),
    overload([['from', 'day']], (_, from) =>
      from instanceof FeelDateTime ? from : new FeelDateTime(from, new FeelTime(0, 0, 0, 0, UTC)),
    ),
    overload(
      [
        ['date', 'day'],
        ['time', 'time'],
      ],
      (_, date, time) => new FeelDateTime(dayOf(date), time),
    ),
  ],
  duration: [overload([['from', 'string']], (_, from) => temporal('duration', from))],
  'years and months duration': [
    overload(
      [
        ['from', 'day'],
        ['to', 'day'],
      ],
      (_, from, to) => new YearMonthDuration(monthsBetween(dayOf(from), dayOf(to))),
    ),
  ],
  'day of year': ofDay((date) => new Decimal(date.dayOfYear)),
  'day of week': ofDay((date) => WEEKDAYS[date.weekday - 1] ?? null),
  'month of year': ofDay((date) => MONTHS[date.month - 1] ?? null),
  'week of year': ofDay((date) => new Decimal(date.weekOfYear)),
  now: [overload([], (run) => utc(run.now))],
  today: [overload([], (run) => utc(run.now).date)],
  is: [
    overload(
      [
        ['value1', 'any'],
        ['value2', 'any'],
      ],
      (run, one, other) => identical(one, other) && equals(one, other, run) === true,
    ),
  ],
}

/** Of one kind, dates and times with the same zone too (10.3.4.x `is`). */
function identical(one: Value, other: Value): boolean {
  if (kindOf(one) !== kindOf(other)) return false
  if (isNumber(one) || isList(one) || isContext(one)) return true
  if (one instanceof FeelTime && other instanceof FeelTime) return one.toString() === other.toString()
  if (one instanceof FeelDateTime && other instanceof FeelDateTime) return one.toString() === other.toString()
  return true
}
