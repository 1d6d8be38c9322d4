import { isNumber, whole, Decimal } from './decimal.ts'
import { FeelDate, ofEpochDay } from './date.ts'
import type { Run } from './run.ts'
import type { Scope } from './scope.ts'
import type { Expression, Iterator } from './syntax.ts'
import { FeelRange, isList, type Value } from './value.ts'

type Evaluate = (expression: Expression, scope: Scope, run: Run) => Value

/**
 * Does `each` in a scope of its own for every combination of the iterators' members, the last going round
 * first, until it answers false.
 *
 * @returns false when what is walked is no list
 */
export function iterations(
  iterators: readonly Iterator[],
  scope: Scope,
  run: Run,
  evaluate: Evaluate,
  each: (scope: Scope) => boolean,
): boolean {
  let isGoing = true
  const walk = (index: number, scope: Scope): boolean => {
    const iterator = iterators[index]
    if (!iterator) {
      isGoing = each(scope)
      return true
    }
    const members = walked(iterator, scope, run, evaluate)
    if (!members) return false
    for (const member of members) {
      run.tick()
      if (!isGoing) return true
      if (!walk(index + 1, scope.with(iterator.name, member))) return false
    }
    return true
  }
  return walk(0, scope)
}

function walked(iterator: Iterator, scope: Scope, run: Run, evaluate: Evaluate): Iterable<Value> | undefined {
  const from = evaluate(iterator.from, scope, run)
  if (iterator.to) return between(from, evaluate(iterator.to, scope, run), run)
  if (isList(from)) return from
  if (from instanceof FeelRange) return inRange(from, run)
  if (from === null) return refused(run)
  return [from]
}

/** The whole numbers or days of `from..to`, downwards when `to` is the lesser. */
function between(from: Value, to: Value, run: Run): Iterable<Value> | undefined {
  if (isNumber(from) && isNumber(to)) {
    const [first, last] = [whole(from), whole(to)]
    if (first !== undefined && last !== undefined) return steps(first, last, (at) => new Decimal(at))
  }
  if (from instanceof FeelDate && to instanceof FeelDate)
    return steps(from.epochDay, to.epochDay, (day) => ofEpochDay(day))
  return refused(run)
}

function* steps(first: number, last: number, value: (at: number) => Value): Generator<Value> {
  const step = first <= last ? 1 : -1
  for (let at = first; step > 0 ? at <= last : at >= last; at += step) yield value(at)
}

function inRange({ low, high, lowIncluded, highIncluded }: FeelRange, run: Run): Iterable<Value> | undefined {
  if (isNumber(low) && isNumber(high)) {
    const [first, last] = [whole(low), whole(high)]
    if (first === undefined || last === undefined) return refused(run)
    return upwards(first + (lowIncluded ? 0 : 1), last - (highIncluded ? 0 : 1), (at) => new Decimal(at))
  }
  if (low instanceof FeelDate && high instanceof FeelDate)
    return upwards(low.epochDay + (lowIncluded ? 0 : 1), high.epochDay - (highIncluded ? 0 : 1), (day) =>
      ofEpochDay(day),
    )
  return refused(run)
}

const upwards = (first: number, last: number, value: (at: number) => Value) =>
  first > last ? [] : steps(first, last, value)

function refused(run: Run): undefined {
  run.fail(
    'iteration-type',
    '只能遍历列表或整数、日期的区间',
    'Only a list or a range of whole numbers or days is walked',
  )
  return undefined
}
