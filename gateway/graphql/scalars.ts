import { GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql'
import { isDay } from '../../core/day.ts'
import type { DomainError } from '../../core/errors.ts'
import { isUuid } from '../../core/text/uuid.ts'
import { errors } from './refusals.ts'

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

/** With `ID`, a malformed id would reach PostgreSQL and come back as INTERNAL. */
const uuid = textScalar('UUID', errors.ID_MALFORMED, (text) =>
  isUuid(text) ? text.toLowerCase() : undefined,
)

const date = textScalar('Date', malformed('Date'), (text) => (isDay(text) ? text : undefined))

const dateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant, ISO 8601.',
  serialize: (value) => {
    if (value instanceof Date) return value.toISOString()
    // Aggregated JSON carries instants as the database wrote them.
    if (typeof value === 'string') return new Date(value).toISOString()
    throw new TypeError('a DateTime must be an instant')
  },
  parseValue: instant,
  parseLiteral: (node) => instant(node.kind === Kind.STRING ? node.value : undefined),
})

function instant(value: unknown): Date {
  const time = typeof value === 'string' && INSTANT.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(time)) throw malformed('DateTime')()
  return new Date(time)
}

const json = new GraphQLScalarType<unknown>({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
})

export const scalars = { UUID: uuid, Date: date, DateTime: dateTime, JSON: json }

function malformed(type: string) {
  return () => errors.VALUE_MALFORMED({ type })
}

function textScalar(name: string, refusal: () => DomainError, parse: (text: string) => string | undefined) {
  function read(value: unknown): string {
    const parsed = typeof value === 'string' ? parse(value) : undefined
    if (parsed === undefined) throw refusal()
    return parsed
  }
  return new GraphQLScalarType<string, string>({
    name,
    serialize: (value) => String(value),
    parseValue: read,
    parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined),
  })
}
