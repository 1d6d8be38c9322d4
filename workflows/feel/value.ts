import { type Decimal, isNumber } from './decimal.ts'
import type { Run } from './run.ts'
import type { FeelType } from './type.ts'
import { FeelDate } from './date.ts'
import { DayTimeDuration, YearMonthDuration } from './duration.ts'
import { FeelDateTime, FeelTime } from './time.ts'

export type Context = ReadonlyMap<string, Value>
export type Temporal = FeelDate | FeelTime | FeelDateTime
export type Duration = DayTimeDuration | YearMonthDuration

/** A value of FEEL (DMN 1.5, 10.3.2.2). Errors are null. */
export type Value =
  null | boolean | string | Decimal | Temporal | Duration | FeelRange | FeelFunction | List | Context
export type List = readonly Value[]

/**
 * Between two ends, each belonging to it or not. With `isOpen` a null end is none at all, as in `(< 5)`; without,
 * it is an end that is not known, as in `[null..5]`.
 */
export class FeelRange {
  readonly low: Value
  readonly high: Value
  readonly lowIncluded: boolean
  readonly highIncluded: boolean
  readonly isOpen: boolean

  constructor(low: Value, high: Value, lowIncluded: boolean, highIncluded: boolean, isOpen = false) {
    this.isOpen = isOpen
    this.low = low
    this.high = high
    this.lowIncluded = lowIncluded
    this.highIncluded = highIncluded
  }
}

/** A function as a value: of the author's, of a business knowledge model, or built in. */
export class FeelFunction {
  readonly parameters: readonly string[]
  readonly invoke: (args: readonly Value[], run: Run) => Value
  /** Types of the parameters and the result, where they are written. */
  readonly type: FunctionType | undefined

  constructor(
    parameters: readonly string[],
    invoke: (args: readonly Value[], run: Run) => Value,
    type?: FunctionType,
  ) {
    this.parameters = parameters
    this.invoke = invoke
    this.type = type
  }
}

type FunctionType = Omit<Extract<FeelType, { kind: 'function' }>, 'kind'>

export const isList = (value: Value | undefined): value is List => Array.isArray(value)
export const isContext = (value: unknown): value is Context => value instanceof Map

export type Kind =
  | 'null'
  | 'boolean'
  | 'string'
  | 'number'
  | 'date'
  | 'time'
  | 'date and time'
  | 'days and time duration'
  | 'years and months duration'
  | 'range'
  | 'function'
  | 'list'
  | 'context'

/** Which of FEEL's kinds the value is of. */
export function kindOf(value: Value): Kind {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'string') return 'string'
  if (isNumber(value)) return 'number'
  if (isList(value)) return 'list'
  if (isContext(value)) return 'context'
  if (value instanceof FeelDate) return 'date'
  if (value instanceof FeelTime) return 'time'
  if (value instanceof FeelDateTime) return 'date and time'
  if (value instanceof DayTimeDuration) return 'days and time duration'
  if (value instanceof YearMonthDuration) return 'years and months duration'
  if (value instanceof FeelRange) return 'range'
  return 'function'
}
