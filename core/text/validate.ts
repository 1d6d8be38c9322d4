import type { Day } from '../day.ts'
import { check, citizenNumber } from './check.ts'
import { eventColumn, isCodeInForce, lastDayOf } from './code-validity.ts'
import type { CompiledColumn, FailureReason } from './column.ts'
import { readDate } from './dates.ts'
import { readMoney } from './money.ts'
import { normalise } from './normalise.ts'

export interface Failure {
  readonly column: string
  readonly elementVersion: string
  /** The refusal's code, as ingest and forms name it. */
  readonly code: string
  readonly reason: FailureReason
  /** `warn` keeps the row; a placeholder never rejects. */
  readonly severity: 'reject' | 'warn'
  readonly value: string
  /** Of a code that is not in force: its last day, null where it only begins later. */
  readonly lastDay?: Day | null
}

export type Value = string | number | boolean | null

export interface Validation {
  /** As it is stored: days as `YYYY-MM-DD`, money in minor units; null when absent, unknown or unreadable. */
  readonly value: Value
  /** At most one. */
  readonly failures: readonly Failure[]
}

const CODES: Record<FailureReason, string> = {
  placeholder: 'INGEST_VALUE_PLACEHOLDER',
  missing: 'INGEST_VALUE_MISSING',
  shape: 'INGEST_CHECK_FAILED',
  date: 'INGEST_CHECK_FAILED',
  'check-digit': 'INGEST_CHECK_FAILED',
  unreadable: 'INGEST_DATE_UNREADABLE',
  type: 'INGEST_NUMBER_UNREADABLE',
  range: 'INGEST_VALUE_OUT_OF_RANGE',
  length: 'INGEST_LENGTH_OUTSIDE',
  pattern: 'INGEST_PATTERN_FAILED',
  code: 'INGEST_CODE_UNKNOWN',
  expired: 'INGEST_CODE_EXPIRED',
}

/** The code under which a reason is reported. */
export function failureCode(reason: FailureReason): string {
  return CODES[reason]
}

/**
 * Judges one value by a column, in the order of {@link FailureReason}; the same verdicts as the plane's SQL.
 *
 * @param on the day its codes must be in force: that of its row (see {@link dayOfRow}), today in forms
 */
export function validate(
  column: CompiledColumn,
  text: string | null,
  today: Day,
  on: Day = today,
): Validation {
  const normal = text === null ? null : normalise(column.normalisers, text, column)
  if (normal === null)
    return { value: null, failures: column.required ? [failure(column, 'missing', text ?? '')] : [] }
  if (column.placeholders.includes(normal))
    return { value: null, failures: [failure(column, 'placeholder', normal)] }
  const value = column.check === 'gb11643' ? citizenNumber(normal) : normal
  const typed = typedValue(column, value)
  const reason = reasonOf(column, value, typed, today)
  if (reason !== undefined) return { value: typed, failures: [failure(column, reason, normal)] }
  if (isCodeInForce(column, value, on)) return { value: typed, failures: [] }
  const lastDay = lastDayOf(column, value, on)
  return { value: typed, failures: [{ ...failure(column, 'expired', normal), lastDay }] }
}

/** The day by which a row's codes are judged: that of its event, today where it has none that can be read. */
export function dayOfRow<Column extends CompiledColumn>(
  columns: readonly Column[],
  cellOf: (column: Column) => string | null,
  today: Day,
): Day {
  const column = eventColumn(columns)
  const value = column === undefined ? null : validate(column, cellOf(column), today).value
  return typeof value === 'string' ? value.slice(0, 10) : today
}

function failure(column: CompiledColumn, reason: FailureReason, value: string): Failure {
  const severity = reason === 'placeholder' ? 'warn' : column.severity
  return {
    column: column.name,
    elementVersion: column.elementVersion,
    code: CODES[reason],
    reason,
    severity,
    value,
  }
}

function reasonOf(
  column: CompiledColumn,
  value: string,
  typed: Value,
  today: Day,
): FailureReason | undefined {
  if (column.check !== undefined) {
    const verdict = check(column.check, value, { today })
    if (verdict !== 'ok') return verdict
  }
  if (typed === null) return isDated(column) ? 'unreadable' : 'type'
  if (typeof typed === 'number' && outside(typed, column.minimum, column.maximum)) return 'range'
  const length = [...value].length
  if (outside(length, column.minLength, column.maxLength)) return 'length'
  if (column.pattern !== undefined && !patternOf(column.pattern).test(value)) return 'pattern'
  return column.codes !== undefined && !codesOf(column.codes).has(value) ? 'code' : undefined
}

const isDated = ({ dataType }: CompiledColumn) => dataType === 'date' || dataType === 'datetime'

const outside = (value: number, least = -Infinity, most = Infinity) => value < least || value > most

const INTEGER = /^[+-]?\d{1,18}$/
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/
const INSTANT = /^(\d{4}-\d{2}-\d{2})[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$/

function typedValue(column: CompiledColumn, value: string): Value {
  switch (column.dataType) {
    case 'date': {
      const reading = readDate(value, column.calendar)
      return 'day' in reading ? reading.day : null
    }
    case 'datetime': {
      const match = INSTANT.exec(value)
      return match && 'day' in readDate(match[1] ?? '') ? value : null
    }
    case 'integer':
      return INTEGER.test(value) ? whole(BigInt(value)) : null
    case 'number':
      return NUMBER.test(value) ? Number(value) : null
    case 'money': {
      const currency = column.currency ?? 'CNY'
      const money = readMoney(value, currency)
      return money?.currency === currency ? whole(money.minor) : null
    }
    case 'boolean':
      return BOOLEANS.get(value) ?? null
    default:
      return value
  }
}

/** A number beyond 2^53 stays text, as it leaves the plane; none beyond 2^63 can be stored. */
function whole(value: bigint): number | string | null {
  if (BigInt.asIntN(64, value) !== value) return null
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
  ['是', true],
  ['否', false],
])

const patterns = new Map<string, RegExp>()

function patternOf(pattern: string): RegExp {
  const known = patterns.get(pattern)
  if (known) return known
  const made = new RegExp(pattern, 'u')
  patterns.set(pattern, made)
  return made
}

const codeSets = new WeakMap<readonly string[], ReadonlySet<string>>()

function codesOf(codes: readonly string[]): ReadonlySet<string> {
  const known = codeSets.get(codes)
  if (known) return known
  const made = new Set(codes)
  codeSets.set(codes, made)
  return made
}
