import { type Decimal, finite, isNumber, whole, Decimal as DecimalOf } from './decimal.ts'
import { FeelDate } from './date.ts'
import { DayTimeDuration, YearMonthDuration } from './duration.ts'
import type { Run } from './run.ts'
import type { ArithmeticOp } from './syntax.ts'
import { DAY_NANOS, FeelDateTime, FeelTime, ofLocalNanos, ofNanos } from './time.ts'
import { kindOf, type Value } from './value.ts'

/** `left op right` by the tables of DMN 1.5, 10.3.2.4; null, with a warning, for what has no meaning. */
export function compute(op: ArithmeticOp, left: Value, right: Value, run: Run): Value {
  const result = resultOf(op, left, right, run)
  if (result !== undefined && result !== null) return result
  const [a, b] = [kindOf(left), kindOf(right)]
  return result === null
    ? run.fail('arithmetic-undefined', `${a} ${op} ${b}没有结果`, `${a} ${op} ${b} has no result here`)
    : run.fail('arithmetic-type', `不能计算${a} ${op} ${b}`, `${a} ${op} ${b} cannot be computed`)
}

function resultOf(op: ArithmeticOp, left: Value, right: Value, run: Run): Value | undefined {
  if (isNumber(left) && isNumber(right)) return numbers(op, left, right)
  switch (op) {
    case '+':
      return typeof left === 'string' && typeof right === 'string'
        ? run.sized(left + right)
        : (sum(left, right) ?? sum(right, left))
    case '-':
      return difference(left, right)
    case '*':
      return isNumber(right) ? scaled(left, right) : isNumber(left) ? scaled(right, left) : undefined
    case '/':
      return quotient(left, right)
    case '**':
      return undefined
  }
}

function numbers(op: ArithmeticOp, left: Decimal, right: Decimal): Decimal | null {
  switch (op) {
    case '+':
      return finite(left.plus(right))
    case '-':
      return finite(left.minus(right))
    case '*':
      return finite(left.times(right))
    case '/':
      return right.isZero() ? null : finite(left.dividedBy(right))
    case '**':
      return finite(left.pow(right))
  }
}

/** The moment or duration with the duration added. */
function sum(left: Value, right: Value): Value | undefined {
  if (right instanceof YearMonthDuration) {
    if (left instanceof YearMonthDuration) return months(left.months + right.months)
    if (left instanceof FeelDate) return left.plusMonths(right.months)
    if (left instanceof FeelDateTime) {
      const date = left.date.plusMonths(right.months)
      return date && new FeelDateTime(date, left.time)
    }
  }
  if (right instanceof DayTimeDuration) {
    if (left instanceof DayTimeDuration) return nanos(left.nanos + right.nanos)
    if (left instanceof FeelTime) return ofNanos(left.nanos + right.nanos, left.zone)
    if (left instanceof FeelDateTime) return later(left, right.nanos)
    // A day counts as its midnight; what is left of a day is dropped again.
    if (left instanceof FeelDate) return later(midnight(left), right.nanos)?.date ?? null
  }
  return undefined
}

const midnight = (date: FeelDate) => new FeelDateTime(date, new FeelTime(0, 0, 0, 0, { offset: 0 }))

function later(moment: FeelDateTime, by: bigint): FeelDateTime | null {
  const local = BigInt(moment.date.epochDay) * DAY_NANOS + moment.time.nanos
  return ofLocalNanos(local + by, moment.time.zone)
}

function difference(left: Value, right: Value): Value | undefined {
  if (right instanceof YearMonthDuration) return sum(left, new YearMonthDuration(-right.months))
  if (right instanceof DayTimeDuration) return sum(left, new DayTimeDuration(-right.nanos))
  if (left instanceof FeelTime && right instanceof FeelTime) {
    if ((left.zone === undefined) !== (right.zone === undefined)) return null
    const zones = BigInt((left.offset() ?? 0) - (right.offset() ?? 0)) * 1_000_000_000n
    return nanos(left.nanos - right.nanos - zones)
  }
  const [from, to] = [moment(right), moment(left)]
  if (!from || !to) return undefined
  if ((from.time.zone === undefined) !== (to.time.zone === undefined)) return null
  return nanos(to.epochNanos - from.epochNanos)
}

const moment = (value: Value) =>
  value instanceof FeelDate ? midnight(value) : value instanceof FeelDateTime ? value : undefined

/** Durations are bounded like the years there are, so that arithmetic on them stays small. */
const MAX_NANOS = 2_000_000_000n * 366n * DAY_NANOS
const MAX_MONTHS = 24_000_000_000

const nanos = (value: bigint) => (value > MAX_NANOS || value < -MAX_NANOS ? null : new DayTimeDuration(value))
const months = (value: number) =>
  Math.abs(value) > MAX_MONTHS ? null : new YearMonthDuration(value === 0 ? 0 : value)

function scaled(duration: Value, by: Decimal): Value | undefined {
  if (duration instanceof YearMonthDuration) return monthsOf(by.times(duration.months))
  if (duration instanceof DayTimeDuration) return nanosOf(by.times(String(duration.nanos)))
  return undefined
}

function quotient(left: Value, right: Value): Value | undefined {
  if (isNumber(right)) {
    if (left instanceof YearMonthDuration)
      return right.isZero() ? null : monthsOf(new DecimalOf(left.months).dividedBy(right))
    if (left instanceof DayTimeDuration)
      return right.isZero() ? null : nanosOf(new DecimalOf(String(left.nanos)).dividedBy(right))
  }
  if (left instanceof YearMonthDuration && right instanceof YearMonthDuration)
    return right.months === 0 ? null : finite(new DecimalOf(left.months).dividedBy(right.months))
  if (left instanceof DayTimeDuration && right instanceof DayTimeDuration)
    return right.nanos === 0n
      ? null
      : finite(new DecimalOf(String(left.nanos)).dividedBy(String(right.nanos)))
  return undefined
}

/** Whole months; a fraction is dropped (10.3.2.3.8). */
function monthsOf(count: Decimal): YearMonthDuration | null {
  const value = whole(count.truncated())
  return value === undefined ? null : months(value)
}

const nanosOf = (count: Decimal) => (count.isFinite() ? nanos(BigInt(count.truncated().toFixed(0))) : null)

/** `-value`; undefined for what has no negative. */
export function negated(value: Value): Value | undefined {
  if (isNumber(value)) return value.negated()
  if (value instanceof YearMonthDuration) return months(-value.months)
  if (value instanceof DayTimeDuration) return nanos(-value.nanos)
  return undefined
}
