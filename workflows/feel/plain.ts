import { Decimal, finite, isNumber } from './decimal.ts'
import { errors } from './refusals.ts'
import { MAX_LIST, MAX_TEXT } from './run.ts'
import { written } from './text.ts'
import { FeelFunction, FeelRange, isContext, isList, type Value } from './value.ts'

const MAX_DEPTH = 64

/**
 * A plain copy of JSON as FEEL's values: numbers become decimals by their shortest text, objects contexts.
 * What JSON cannot hold is null.
 *
 * @throws FEEL_TEXT_TOO_COMPLEX
 */
export function fromPlain(value: unknown, depth = 0): Value {
  if (depth > MAX_DEPTH) throw errors.TEXT_TOO_COMPLEX({ limit: `depth ${MAX_DEPTH}` })
  if (typeof value === 'string') return within(value, MAX_TEXT)
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? finite(new Decimal(String(value))) : null
  if (isNumber(value)) return finite(value)
  if (Array.isArray(value)) return within(value, MAX_LIST).map((member) => fromPlain(member, depth + 1))
  if (typeof value !== 'object' || value === null) return null
  return new Map(Object.entries(value).map(([name, member]) => [name, fromPlain(member, depth + 1)]))
}

function within<T extends { readonly length: number }>(value: T, max: number): T {
  if (value.length > max) throw errors.TEXT_TOO_COMPLEX({ limit: `${max} members or characters` })
  return value
}

/**
 * The value as JSON: dates, times and durations are their ISO 8601 texts, ranges their FEEL; a function is null.
 * A number that a double holds exactly as written is a number, another one what `exact` makes of it.
 */
export function toPlain(value: Value, exact: (number: Decimal) => unknown = asText): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (isNumber(value)) {
    const number = value.isZero() ? 0 : value.toNumber()
    return new Decimal(String(number)).equals(value) ? number : exact(value)
  }
  if (isList(value)) return value.map((member) => toPlain(member, exact))
  if (isContext(value))
    return Object.fromEntries([...value].map(([name, member]) => [name, toPlain(member, exact)]))
  if (value instanceof FeelFunction) return null
  return value instanceof FeelRange ? written(value) : value.toString()
}

const asText = (number: Decimal) => number.toFixed()
