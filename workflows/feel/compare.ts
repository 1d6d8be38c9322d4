import { isNumber } from './decimal.ts'
import { FeelDate } from './date.ts'
import { DayTimeDuration, YearMonthDuration } from './duration.ts'
import type { Run } from './run.ts'
import { FeelDateTime, FeelTime } from './time.ts'
import {
  type Context,
  FeelFunction,
  FeelRange,
  isContext,
  isList,
  kindOf,
  type List,
  type Value,
} from './value.ts'

/** FEEL's `=`; null for values of different kinds (DMN 1.5, table 53). Null equals only null. */
export function equals(left: Value, right: Value, run: Run): boolean | null {
  run.tick()
  if (left === null || right === null) return left === right
  if (isList(left) && isList(right)) return equalLists(left, right, run)
  if (kindOf(left) !== kindOf(right)) return null
  if (isContext(left) && isContext(right)) return equalContexts(left, right, run)
  if (left instanceof FeelRange && right instanceof FeelRange)
    return (
      left.isOpen === right.isOpen &&
      left.lowIncluded === right.lowIncluded &&
      left.highIncluded === right.highIncluded &&
      equals(left.low, right.low, run) === true &&
      equals(left.high, right.high, run) === true
    )
  if (left instanceof FeelFunction) return left === right
  if (left instanceof FeelTime && right instanceof FeelTime)
    return (left.offset() === undefined) === (right.offset() === undefined) && orderOf(left, right) === 0
  if (left instanceof FeelDateTime && right instanceof FeelDateTime)
    return (left.time.zone === undefined) === (right.time.zone === undefined) && orderOf(left, right) === 0
  if (typeof left === 'boolean') return left === right
  return orderOf(left, right) === 0
}

/** Whether the two are the same; values of different kinds are not. */
export const same = (left: Value, right: Value, run: Run): boolean => equals(left, right, run) === true

function equalLists(left: List, right: List, run: Run): boolean {
  if (left.length !== right.length) return false
  return left.every((member, index) => same(member, right[index] ?? null, run))
}

function equalContexts(left: Context, right: Context, run: Run): boolean {
  if (left.size !== right.size) return false
  return [...left].every(([key, value]) => right.has(key) && same(value, right.get(key) ?? null, run))
}

/** Below 0, 0 or above: how two values of one ordered kind stand; null when they have no order. */
export function orderOf(left: Value, right: Value): number | null {
  if (isNumber(left) && isNumber(right)) return left.comparedTo(right)
  if (typeof left === 'string' && typeof right === 'string') return byCodePoint(left, right)
  if (left instanceof FeelDate && right instanceof FeelDate) return sign(left.epochDay - right.epochDay)
  if (left instanceof FeelDateTime && right instanceof FeelDateTime)
    return bySize(left.epochNanos, right.epochNanos)
  if (left instanceof FeelTime && right instanceof FeelTime) return bySize(inUtc(left), inUtc(right))
  if (left instanceof DayTimeDuration && right instanceof DayTimeDuration)
    return bySize(left.nanos, right.nanos)
  if (left instanceof YearMonthDuration && right instanceof YearMonthDuration)
    return sign(left.months - right.months)
  return null
}

const sign = (number: number) => (number === 0 ? 0 : number < 0 ? -1 : 1)
const bySize = (left: bigint, right: bigint) => (left === right ? 0 : left < right ? -1 : 1)
const inUtc = (time: FeelTime) => time.nanos - BigInt(time.offset() ?? 0) * 1_000_000_000n

/** UTF-16 puts characters beyond the first plane before U+E000; by code point they come after. */
function byCodePoint(left: string, right: string): number {
  const [a, b] = [[...left], [...right]]
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const difference = (a[index]?.codePointAt(0) ?? 0) - (b[index]?.codePointAt(0) ?? 0)
    if (difference !== 0) return sign(difference)
  }
  return sign(a.length - b.length)
}

/** Whether the value lies in the range; null when it cannot be compared with the ends. */
export function within(value: Value, range: FeelRange): boolean | null {
  const { low, high, lowIncluded, highIncluded, isOpen } = range
  if (isOpen ? low === null && high === null : low === null || high === null) return null
  const fromLow = low === null ? 1 : orderOf(value, low)
  const fromHigh = high === null ? -1 : orderOf(value, high)
  if (fromLow === null || fromHigh === null) return null
  return (fromLow > 0 || (fromLow === 0 && lowIncluded)) && (fromHigh < 0 || (fromHigh === 0 && highIncluded))
}
