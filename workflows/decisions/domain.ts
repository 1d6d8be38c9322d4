import {
  conforms,
  Decimal,
  evaluate,
  type Expression,
  type FeelType,
  isList,
  isNumber,
  orderOf,
  Run,
  same,
  satisfies,
  Scope,
  type UnaryTests,
  type Value,
  written,
} from '../feel/index.ts'
import { FeelDate, ofEpochDay } from '../feel/date.ts'
import { DayTimeDuration, YearMonthDuration } from '../feel/duration.ts'
import { FeelDateTime, FeelTime, ofLocalNanos, ofNanos } from '../feel/time.ts'
import { FeelRange } from '../feel/value.ts'

/** A part of a column's values that no cell of the column tells apart. */
export interface Atom {
  readonly text: string
  /** One value of it, that cells are tried on. */
  readonly value: Value
}

/** The values of a column of a table, cut where its cells cut them. */
export interface Domain {
  readonly atoms: readonly Atom[]
  /** For each rule the atoms its cell holds of, one bit each; undefined for a cell that depends on more. */
  readonly masks: readonly (bigint | undefined)[]
}

const NOW = new Date(0)
const EMPTY = new Scope(new Map())
const OTHER = '\u0000'

/** Cuts a column by its cells; the allowed values bound it. */
export function domainOf(
  cells: readonly (UnaryTests | undefined)[],
  type: FeelType | undefined,
  allowed: UnaryTests | undefined,
): Domain {
  const known = cells.map((cell) => (cell ? constantsOf(cell) : undefined))
  const bounds = allowed && constantsOf(allowed)
  const constants = distinct([...known.flatMap((all) => all ?? []), ...(bounds ?? [])])
  const all = atomsOf(constants, type)
  const within = all.filter(({ value }) => isWithin(value, type, bounds && allowed))
  const masks = cells.map((cell, index) => (cell && known[index] ? maskOf(cell, within) : undefined))
  return { atoms: within, masks }
}

function isWithin(value: Value, type: FeelType | undefined, allowed: UnaryTests | undefined): boolean {
  const run = new Run(NOW)
  if (type && !conforms(value, type, run)) return false
  return !allowed || satisfies(allowed, value, EMPTY, run) === true
}

function maskOf(cell: UnaryTests, atoms: readonly Atom[]): bigint {
  const run = new Run(NOW)
  return atoms.reduce(
    (mask, { value }, index) =>
      satisfies(cell, value, EMPTY, run) === true ? mask | (1n << BigInt(index)) : mask,
    0n,
  )
}

/** The constants a cell compares its input with; undefined when it depends on anything else. */
function constantsOf({ tests }: UnaryTests): Value[] | undefined {
  if (tests === 'any') return []
  const found: Value[] = []
  for (const test of tests) {
    const constants = constantsIn(test)
    if (!constants) return undefined
    found.push(...constants)
  }
  return found
}

function constantsIn(test: Expression): Value[] | undefined {
  if (test.kind === 'test') return constantsIn(test.right)
  if (!isConstant(test)) return undefined
  const value = evaluate(test, EMPTY, new Run(NOW))
  if (value instanceof FeelRange) return [value.low, value.high].filter((end) => end !== null)
  if (isList(value)) return [...value]
  return value === null ? [] : [value]
}

const CONSTRUCTORS = new Set(['date', 'time', 'date and time', 'duration'])

function isConstant(expression: Expression): boolean {
  switch (expression.kind) {
    case 'constant':
      return true
    case 'negation':
      return isConstant(expression.of)
    case 'range':
      return isConstant(expression.low) && isConstant(expression.high)
    case 'list':
      return expression.members.every(isConstant)
    case 'call': {
      const { called, args } = expression
      const isKnown = called.kind === 'name' && CONSTRUCTORS.has(called.name)
      return isKnown && !('named' in args) && args.every(isConstant)
    }
    default:
      return false
  }
}

function distinct(values: readonly Value[]): Value[] {
  const run = new Run(NOW)
  const seen = new Map<string, Value>()
  for (const value of values) {
    const key = written(value)
    const before = seen.get(key)
    if (before === undefined || !same(before, value, run)) seen.set(key, value)
  }
  return [...seen.values()]
}

function atomsOf(constants: readonly Value[], type: FeelType | undefined): Atom[] {
  const basic = plain(type)
  if (basic === 'boolean' || constants.some((value) => typeof value === 'boolean'))
    return [true, false].map((value) => ({ text: String(value), value }))
  const ordered = constants.filter((value) => typeof value !== 'string')
  if (ordered.length > 0) return orderedAtoms(ordered.toSorted((a, b) => orderOf(a, b) ?? 0))
  const texts = constants.map((value) => ({ text: written(value), value }))
  return [
    ...texts,
    { text: texts.length === 0 ? '-' : `not(${texts.map(({ text }) => text).join(', ')})`, value: OTHER },
  ]
}

function plain(type: FeelType | undefined): string | undefined {
  if (type?.kind === 'constrained') return plain(type.of)
  return type?.kind === 'basic' ? type.name : undefined
}

/** Points and what lies between, before and after them. */
function orderedAtoms(points: readonly Value[]): Atom[] {
  const [first = null] = points
  const last = points.at(-1) ?? null
  const atoms: Atom[] = []
  const add = (text: string, value: Value | undefined) => {
    if (value !== undefined && value !== null) atoms.push({ text, value })
  }
  add(`< ${written(first)}`, beside(first, -1))
  for (const [index, point] of points.entries()) {
    const before = points[index - 1]
    if (before !== undefined) add(`(${written(before)}..${written(point)})`, between(before, point))
    add(written(point), point)
  }
  add(`> ${written(last)}`, beside(last, 1))
  return atoms
}

function beside(value: Value, by: 1 | -1): Value | undefined {
  if (isNumber(value)) return value.plus(by)
  if (value instanceof FeelDate) return ofEpochDay(value.epochDay + by)
  if (value instanceof FeelDateTime)
    return ofLocalNanos(local(value) + BigInt(by) * 1_000_000_000n, value.time.zone)
  if (value instanceof DayTimeDuration) return new DayTimeDuration(value.nanos + BigInt(by) * 1_000_000_000n)
  if (value instanceof YearMonthDuration) return new YearMonthDuration(value.months + by)
  if (value instanceof FeelTime) {
    const nanos = value.nanos + BigInt(by)
    return nanos < 0n || nanos >= 86_400_000_000_000n ? undefined : ofNanos(nanos, value.zone)
  }
  return undefined
}

const local = ({ date, time }: FeelDateTime) => BigInt(date.epochDay) * 86_400_000_000_000n + time.nanos

/** A value strictly between two; undefined where there is none, as between two days. */
function between(low: Value, high: Value): Value | undefined {
  if (isNumber(low) && isNumber(high)) return low.plus(high).dividedBy(new Decimal(2))
  if (low instanceof FeelDate && high instanceof FeelDate)
    return high.epochDay - low.epochDay < 2 ? undefined : ofEpochDay(low.epochDay + 1)
  if (low instanceof FeelDateTime && high instanceof FeelDateTime)
    return ofLocalNanos((local(low) + local(high)) / 2n, low.time.zone)
  if (low instanceof FeelTime && high instanceof FeelTime)
    return ofNanos((low.nanos + high.nanos) / 2n, low.zone)
  if (low instanceof DayTimeDuration && high instanceof DayTimeDuration)
    return new DayTimeDuration((low.nanos + high.nanos) / 2n)
  if (low instanceof YearMonthDuration && high instanceof YearMonthDuration)
    return high.months - low.months < 2 ? undefined : new YearMonthDuration(low.months + 1)
  return undefined
}
