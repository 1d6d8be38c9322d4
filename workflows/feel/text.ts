import { isNumber } from './decimal.ts'
import { FeelFunction, FeelRange, isContext, isList, type Value } from './value.ts'

/** What `string(value)` gives: numbers without exponent, dates and durations in ISO 8601, texts as they are. */
export const textOf = (value: Value): string => (typeof value === 'string' ? value : written(value))

/** The value as FEEL writes it. */
export function written(value: Value): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return `"${value.replace(/[\\"]/g, '\\$&')}"`
  if (typeof value === 'boolean') return String(value)
  if (isNumber(value)) return value.isZero() ? '0' : value.toFixed()
  if (isList(value)) return `[${value.map(written).join(', ')}]`
  if (isContext(value))
    return `{${[...value].map(([name, member]) => `${keyOf(name)}: ${written(member)}`).join(', ')}}`
  if (value instanceof FeelRange) return rangeText(value)
  if (value instanceof FeelFunction) return `function(${value.parameters.join(', ')})`
  return value.toString()
}

const keyOf = (name: string) => (/^[\p{L}_?][\p{L}\p{N}_? ]*$/u.test(name) ? name : written(name))

function rangeText({ low, high, lowIncluded, highIncluded }: FeelRange): string {
  if (low === null) return `(${highIncluded ? '<=' : '<'} ${written(high)})`
  if (high === null) return `(${lowIncluded ? '>=' : '>'} ${written(low)})`
  return `${lowIncluded ? '[' : '('}${written(low)}..${written(high)}${highIncluded ? ']' : ')'}`
}
