import { Decimal } from './decimal.ts'
import { FeelDate } from './date.ts'
import { DayTimeDuration, YearMonthDuration } from './duration.ts'
import type { Run } from './run.ts'
import { FeelDateTime, FeelTime } from './time.ts'
import { FeelRange, isContext, kindOf, type Value } from './value.ts'

/** `value.name`: a member of a context or a property of a date, time, duration or range (10.3.2.3). */
export function propertyOf(value: Value, name: string, run: Run): Value {
  const found = memberOf(value, name)
  if (found !== undefined) return found
  const kind = kindOf(value)
  return run.fail('property-unknown', `${kind}没有“${name}”`, `A ${kind} has no “${name}”`)
}

function memberOf(value: Value, name: string): Value | undefined {
  if (isContext(value)) return value.get(name)
  if (value instanceof FeelDate) return dateProperty(value, name)
  if (value instanceof FeelTime) return timeProperty(value, name)
  if (value instanceof FeelDateTime)
    return dateProperty(value.date, name) ?? timeProperty(value.time, name, value.date)
  if (value instanceof FeelRange) return rangeProperty(value, name)
  if (value instanceof YearMonthDuration) {
    if (name === 'years') return number(Math.trunc(value.months / 12))
    if (name === 'months') return number(value.months % 12)
  }
  if (value instanceof DayTimeDuration) {
    const { days, hours, minutes, seconds } = value.parts
    if (name === 'days') return number(days)
    if (name === 'hours') return number(hours)
    if (name === 'minutes') return number(minutes)
    if (name === 'seconds') return number(seconds)
  }
  return undefined
}

const number = (value: number | bigint) => new Decimal(String(value)).plus(0)

function dateProperty(date: FeelDate, name: string): Value | undefined {
  if (name === 'year' || name === 'month' || name === 'day' || name === 'weekday') return number(date[name])
  return undefined
}

function timeProperty(time: FeelTime, name: string, on?: FeelDate): Value | undefined {
  if (name === 'hour' || name === 'minute' || name === 'second') return number(time[name])
  if (name === 'time offset') {
    const offset = time.offset(on)
    return offset === undefined ? null : new DayTimeDuration(BigInt(offset) * 1_000_000_000n)
  }
  if (name === 'timezone') return time.zone && 'region' in time.zone ? time.zone.region : null
  return undefined
}

function rangeProperty(range: FeelRange, name: string): Value | undefined {
  switch (name) {
    case 'start':
      return range.low
    case 'end':
      return range.high
    case 'start included':
      return range.lowIncluded
    case 'end included':
      return range.highIncluded
    default:
      return undefined
  }
}
