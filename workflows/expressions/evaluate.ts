import { DomainError } from '../../core/errors.ts'
import type { Variable } from '../definition.ts'
import {
  evaluate as evaluateFeel,
  fromPlain,
  parseExpression,
  readDate,
  readDateTime,
  readDuration,
  Run,
  Scope,
  toPlain,
  type Value,
} from '../feel/index.ts'
import { check } from './check.ts'
import { errors, MAX_LIST } from './syntax.ts'

type Compiled = (values: Readonly<Record<string, unknown>>) => unknown

/** Expressions kept parsed; a fresh parse costs forty steps of a process. */
const MAX_KEPT = 5_000
const kept = new Map<string, Compiled>()

/** No function that reads the clock is allowed here. */
const NO_CLOCK = new Date(0)
/** Operations of one expression: some milliseconds' work. */
const MAX_STEPS = 200_000

/**
 * What the expression gives for the values of the declared variables, as JSON: dates and durations are
 * their ISO 8601 texts, and numbers are counted as decimals. It sees a plain copy of the variables it names, and
 * nothing else.
 *
 * @throws EXPRESSION_TEXT_INVALID and its like, EXPRESSION_EVALUATION_FAILED
 */
export function evaluate(
  text: string,
  variables: readonly Variable[],
  values: Readonly<Record<string, unknown>>,
): unknown {
  const key = `${variables.map(({ name, type }) => `${name}:${type}`).join()}\n${text}`
  const compiled = kept.get(key) ?? compile(text, variables)
  kept.delete(key)
  kept.set(key, compiled)
  if (kept.size > MAX_KEPT) kept.delete(String(kept.keys().next().value))
  return compiled(values)
}

function compile(text: string, variables: readonly Variable[]): Compiled {
  const { reads } = check(text, variables)
  const read = variables.filter(({ name }) => reads.includes(name))
  const expression = failing(text, () => parseExpression(text))
  return (values) => {
    const given = read.map(({ name, type }) => [name, toFeel(type, values[name])] as const)
    return failing(text, () => {
      const value = evaluateFeel(expression, new Scope(new Map(given)), new Run(NO_CLOCK, MAX_STEPS))
      return toPlain(value, (number) => number.toNumber())
    })
  }
}

/** @throws EXPRESSION_EVALUATION_FAILED instead of a refusal of the evaluation */
function failing<T>(text: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    throw Object.assign(errors.EVALUATION_FAILED({ text }), { cause: error })
  }
}

function toFeel(type: Variable['type'], value: unknown): Value {
  if (typeof value === 'string') {
    if (type === 'date') return readDate(value)
    if (type === 'date-time') return readDateTime(value.replace(/(T\d\d:\d\d)(?!:|\d)/, '$1:00'))
    if (type === 'duration') return readDuration(value.replace(/^(-?)P(\d{1,9})W$/, inDays))
    return value
  }
  bound(value, 0)
  return fromPlain(value)
}

const inDays = (_: string, sign: string, weeks: string) => `${sign}P${Number(weeks) * 7}D`

/** Of bounded width and depth. */
function bound(value: unknown, depth: number): void {
  if (depth > 32) throw errors.TEXT_TOO_COMPLEX({ limit: 'depth 32' })
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value) && value.length > MAX_LIST)
    throw errors.TEXT_TOO_COMPLEX({ limit: `a list of ${MAX_LIST}` })
  for (const member of Object.values(value)) bound(member, depth + 1)
}
