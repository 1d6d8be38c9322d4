import { negated } from './arithmetic.ts'
import { orderOf, within } from './compare.ts'
import { DomainError } from '../../core/errors.ts'
import { parseExpression } from './parser.ts'
import type { Run } from './run.ts'
import { overload, type Overload } from './signature.ts'
import type { Expression } from './syntax.ts'
import { temporal } from './temporal-functions.ts'
import { FeelRange, type Value } from './value.ts'

/** The order of two values, for relations that throw out what has none. */
class Unordered extends Error {}
function order(left: Value, right: Value): number {
  const found = orderOf(left, right)
  if (found === null) throw new Unordered()
  return found
}

type Relation<A, B> = (a: A, b: B) => boolean

function guarded<A, B>(relation: Relation<A, B>) {
  return (_: Run, a: A, b: B): boolean | undefined => {
    try {
      return relation(a, b)
    } catch (error) {
      if (error instanceof Unordered) return undefined
      throw error
    }
  }
}

const points = (relation: Relation<Value, Value>) =>
  overload(
    [
      ['point1', 'point'],
      ['point2', 'point'],
    ],
    guarded(relation),
  )
const pointRange = (relation: Relation<Value, FeelRange>) =>
  overload(
    [
      ['point', 'point'],
      ['range', 'range'],
    ],
    guarded(relation),
  )
const rangePoint = (relation: Relation<FeelRange, Value>) =>
  overload(
    [
      ['range', 'range'],
      ['point', 'point'],
    ],
    guarded(relation),
  )
const ranges = (relation: Relation<FeelRange, FeelRange>) =>
  overload(
    [
      ['range1', 'range'],
      ['range2', 'range'],
    ],
    guarded(relation),
  )

/** How the ends stand, an open one being farther than any. */
const starts = (a: FeelRange, b: FeelRange) =>
  a.low === null || b.low === null ? Number(a.low !== null) - Number(b.low !== null) : order(a.low, b.low)
const ends = (a: FeelRange, b: FeelRange) =>
  a.high === null || b.high === null
    ? Number(b.high !== null) - Number(a.high !== null)
    : order(a.high, b.high)
const endToStart = (a: FeelRange, b: FeelRange) =>
  a.high === null || b.low === null ? 1 : order(a.high, b.low)

const before = (a: FeelRange, b: FeelRange) =>
  endToStart(a, b) < 0 || (endToStart(a, b) === 0 && !(a.highIncluded && b.lowIncluded))
const meets = (a: FeelRange, b: FeelRange) => endToStart(a, b) === 0 && a.highIncluded && b.lowIncluded
const reaches = (a: FeelRange, b: FeelRange) => !before(a, b)
const startsFirst = (a: FeelRange, b: FeelRange) =>
  starts(a, b) < 0 || (starts(a, b) === 0 && a.lowIncluded && !b.lowIncluded)
const endsNoLater = (a: FeelRange, b: FeelRange) =>
  ends(a, b) < 0 || (ends(a, b) === 0 && (!a.highIncluded || b.highIncluded))
const overlapsBefore = (a: FeelRange, b: FeelRange) => startsFirst(a, b) && reaches(a, b) && endsNoLater(a, b)
const startsNoLater = (a: FeelRange, b: FeelRange) =>
  starts(a, b) < 0 || (starts(a, b) === 0 && (a.lowIncluded || !b.lowIncluded))
const includes = (a: FeelRange, b: FeelRange) => startsNoLater(a, b) && endsNoLater(b, a)
const finishes = (a: FeelRange, b: FeelRange) =>
  ends(a, b) === 0 && a.highIncluded === b.highIncluded && startsNoLater(b, a)
const begins = (a: FeelRange, b: FeelRange) =>
  starts(a, b) === 0 && a.lowIncluded === b.lowIncluded && endsNoLater(a, b)

function holds(range: FeelRange, point: Value): boolean {
  const found = within(point, range)
  if (found === null) throw new Unordered()
  return found
}
const atEnd = (point: Value, { high, highIncluded }: FeelRange) => highIncluded && order(point, high) === 0
const atStart = (point: Value, { low, lowIncluded }: FeelRange) => lowIncluded && order(point, low) === 0
const pointBefore = (point: Value, { low, lowIncluded }: FeelRange) =>
  low !== null && (order(point, low) < 0 || (order(point, low) === 0 && !lowIncluded))
const pointAfter = (point: Value, { high, highIncluded }: FeelRange) =>
  high !== null && (order(point, high) > 0 || (order(point, high) === 0 && !highIncluded))

export const functions: Readonly<Record<string, readonly Overload[]>> = {
  before: [
    points((a, b) => order(a, b) < 0),
    pointRange(pointBefore),
    rangePoint((r, p) => pointAfter(p, r)),
    ranges(before),
  ],
  after: [
    points((a, b) => order(a, b) > 0),
    pointRange(pointAfter),
    rangePoint((r, p) => pointBefore(p, r)),
    ranges((a, b) => before(b, a)),
  ],
  meets: [ranges(meets)],
  'met by': [ranges((a, b) => meets(b, a))],
  overlaps: [ranges((a, b) => reaches(a, b) && reaches(b, a))],
  'overlaps before': [ranges(overlapsBefore)],
  'overlaps after': [ranges((a, b) => overlapsBefore(b, a))],
  finishes: [pointRange(atEnd), ranges(finishes)],
  'finished by': [rangePoint((r, p) => atEnd(p, r)), ranges((a, b) => finishes(b, a))],
  includes: [rangePoint(holds), ranges(includes)],
  during: [pointRange((p, r) => holds(r, p)), ranges((a, b) => includes(b, a))],
  starts: [pointRange(atStart), ranges(begins)],
  'started by': [rangePoint((r, p) => atStart(p, r)), ranges((a, b) => begins(b, a))],
  coincides: [
    points((a, b) => order(a, b) === 0),
    ranges(
      (a, b) =>
        starts(a, b) === 0 &&
        ends(a, b) === 0 &&
        a.lowIncluded === b.lowIncluded &&
        a.highIncluded === b.highIncluded,
    ),
  ],
  range: [overload([['from', 'string']], (_, from) => readRange(from))],
}

/** The range a text holds: two ends that are literals, one of which may be missing. */
function readRange(text: string): Value | undefined {
  const found = /^\s*([[(\]])(.*?)\.\.(.*)([\])[])\s*$/s.exec(text)
  if (!found) return undefined
  const [low, high] = [literal(found[2] ?? ''), literal(found[3] ?? '')]
  if (low === undefined || high === undefined || (low === null && high === null)) return undefined
  const [lowIncluded, highIncluded] = [found[1] === '[', found[4] === ']']
  if ((low === null && lowIncluded) || (high === null && highIncluded)) return undefined
  const known = low ?? high
  const isOrdered = (orderOf(low ?? known, high ?? known) ?? 1) <= 0
  const isOpen = low === null || high === null
  return isOrdered ? new FeelRange(low, high, lowIncluded, highIncluded, isOpen) : undefined
}

function literal(text: string): Value | undefined {
  if (text.trim() === '') return null
  try {
    const parsed = parseExpression(text)
    return literalValue(parsed)
  } catch (error) {
    if (error instanceof DomainError) return undefined
    throw error
  }
}

/** A constant, the negative of a number, or a call of a date, time or duration function with a text. */
function literalValue(parsed: Expression): Value | undefined {
  if (parsed.kind === 'constant') return parsed.value
  if (parsed.kind === 'negation' && parsed.of.kind === 'constant') return negated(parsed.of.value)
  if (parsed.kind !== 'call' || parsed.called.kind !== 'name' || 'named' in parsed.args) return undefined
  const [only, ...more] = parsed.args
  if (only?.kind !== 'constant' || typeof only.value !== 'string' || more.length > 0) return undefined
  return temporal(parsed.called.name, only.value)
}
