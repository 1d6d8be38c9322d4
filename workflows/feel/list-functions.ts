import { orderOf, same } from './compare.ts'
import { Decimal, finite, isNumber } from './decimal.ts'
import { compute } from './arithmetic.ts'
import type { Run } from './run.ts'
import { ofList, overload, type Overload } from './signature.ts'
import { isList, type List, type Value } from './value.ts'

/** The least or greatest by `sign`; undefined when two have no order. */
function extreme(list: List, sign: 1 | -1): Value | undefined {
  let [best = null] = list
  if (list.length === 0) return null
  for (const member of list) {
    const order = orderOf(member, best)
    if (order === null) return undefined
    if (order * sign > 0) best = member
  }
  return best
}

function numbersOf(list: List): Decimal[] | undefined {
  const numbers = list.filter(isNumber)
  return numbers.length === list.length ? numbers : undefined
}

/** The numbers' result; null of none at all, undefined for what is no list of numbers. */
const ofNumbers = (body: (numbers: readonly Decimal[], run: Run) => Value | undefined) =>
  ofList((run, list) => {
    const numbers = numbersOf(list)
    run.tick(list.length)
    if (!numbers) return undefined
    const value = body(numbers, run)
    return isNumber(value) ? (finite(value) ?? undefined) : value
  })

const total = (numbers: readonly Decimal[]) => numbers.reduce((sum, one) => sum.plus(one), new Decimal(0))

function sum(list: List, run: Run): Value | undefined {
  const [first, ...others] = list
  if (first === undefined) return null
  if (list.some((member) => member === null || typeof member === 'string' || isList(member))) return undefined
  if (others.length === 0) return compute('+', first, first, run) === null ? null : first
  return others.reduce<Value>((all, one) => compute('+', all, one, run), first)
}

function mode(numbers: readonly Decimal[]): Value {
  const counts = new Map<string, { value: Decimal; count: number }>()
  for (const value of numbers) {
    const key = value.toFixed()
    counts.set(key, { value, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  const most = Math.max(...[...counts.values()].map(({ count }) => count), 0)
  const found = [...counts.values()].filter(({ count }) => count === most).map(({ value }) => value)
  return found.sort((a, b) => a.comparedTo(b))
}

function median(numbers: readonly Decimal[]): Value {
  const sorted = [...numbers].sort((a, b) => a.comparedTo(b))
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[middle - 1], sorted[middle]]
  if (!high) return null
  return sorted.length % 2 === 1 || !low ? high : low.plus(high).dividedBy(2)
}

function deviation(numbers: readonly Decimal[]): Value | undefined {
  if (numbers.length < 2) return undefined
  const mean = total(numbers).dividedBy(numbers.length)
  return total(numbers.map((one) => one.minus(mean).pow(2)))
    .dividedBy(numbers.length - 1)
    .sqrt()
}

/** `all` and `any`: `decisive` decides alone; null where the others cannot tell. */
const logical = (decisive: boolean) =>
  ofList((_, list) => {
    if (list.includes(decisive)) return decisive
    if (list.every((member) => typeof member === 'boolean')) return !decisive
    return list.every((member) => member === null || typeof member === 'boolean') ? null : undefined
  })

export function distinct(list: List, run: Run): Value[] {
  const found: Value[] = []
  for (const member of list) if (!found.some((other) => same(other, member, run))) found.push(member)
  return found
}

export const functions: Readonly<Record<string, readonly Overload[]>> = {
  not: [
    overload([['negand', 'any']], (_, value) =>
      typeof value === 'boolean' ? !value : value === null ? null : undefined,
    ),
  ],
  count: ofList((_, list) => new Decimal(list.length)),
  min: ofList((_, list) => extreme(list, -1)),
  max: ofList((_, list) => extreme(list, 1)),
  sum: ofList((run, list) => sum(list, run)),
  mean: ofNumbers((numbers) => (numbers.length === 0 ? null : total(numbers).dividedBy(numbers.length))),
  product: ofNumbers((numbers) =>
    numbers.length === 0 ? undefined : numbers.reduce((product, one) => product.times(one), new Decimal(1)),
  ),
  median: ofNumbers((numbers) => median(numbers)),
  stddev: ofNumbers((numbers) => deviation(numbers)),
  mode: ofNumbers((numbers) => mode(numbers)),
  all: logical(false),
  any: logical(true),
}
