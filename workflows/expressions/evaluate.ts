import { date as readDate, dateAndTime, duration, evaluate as evaluateFeel, FeelFunction } from 'feelin'
import { FeelDate, FeelDateTime, FeelDuration, FeelTime } from 'feelin'
import type { Variable } from '../definition.ts'
import { check } from './check.ts'
import { errors, MAX_LIST } from './syntax.ts'

type Compiled = (values: Readonly<Record<string, unknown>>) => unknown

/** Expressions kept parsed; a fresh parse costs forty steps of a process. */
const MAX_KEPT = 5_000
const kept = new Map<string, Compiled>()

/**
 * What the expression gives for the values of the declared variables, as JSON: dates and durations are
 * their ISO 8601 texts. It sees a plain copy of the variables it names, and nothing else.
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

/** Parsed as the body of a function of the variables it reads: feelin then evaluates without parsing again. */
function compile(text: string, variables: readonly Variable[]): Compiled {
  const { reads } = check(text, variables)
  const read = variables.filter(({ name }) => reads.includes(name))
  const { value } = evaluateFeel(`function(${read.map(({ name }) => name).join(', ')}) (${text}\n)`)
  if (!(value instanceof FeelFunction)) throw errors.EVALUATION_FAILED({ text })
  return (values) => {
    const given = read.map(({ name, type }) => toFeel(type, values[name], text))
    try {
      return toPlain(value.invoke(given))
    } catch (error) {
      throw Object.assign(errors.EVALUATION_FAILED({ text }), { cause: error })
    }
  }
}

function toFeel(type: Variable['type'], value: unknown, text: string): unknown {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') {
    if (type === 'date') return readDate(value)
    if (type === 'date-time') return dateAndTime(value)
    if (type === 'duration') return duration(value)
    return value
  }
  return copied(value, text, 0)
}

/** JSON only, of bounded width and depth. */
function copied(value: unknown, text: string, depth: number): unknown {
  if (depth > 32) throw errors.TEXT_TOO_COMPLEX({ limit: 'depth 32' })
  if (Array.isArray(value)) {
    if (value.length > MAX_LIST) throw errors.TEXT_TOO_COMPLEX({ limit: `a list of ${MAX_LIST}` })
    return value.map((member) => copied(member, text, depth + 1))
  }
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, copied(member, text, depth + 1)]),
    )
  return ['string', 'number', 'boolean'].includes(typeof value) ? value : null
}

function toPlain(value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (value instanceof FeelDate || value instanceof FeelDateTime) return value.toString()
  if (value instanceof FeelDuration || value instanceof FeelTime) return value.toString()
  if (Array.isArray(value)) return value.map(toPlain)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value !== 'object' || value instanceof FeelFunction) return null
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toPlain(member)]))
}
