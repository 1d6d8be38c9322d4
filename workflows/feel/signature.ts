import { type Decimal, isNumber } from './decimal.ts'
import { FeelDate } from './date.ts'
import { DayTimeDuration, YearMonthDuration } from './duration.ts'
import type { Run } from './run.ts'
import { FeelDateTime, FeelTime } from './time.ts'
import {
  type Context,
  FeelFunction,
  FeelRange,
  isContext,
  isList,
  type List,
  type Temporal,
  type Value,
} from './value.ts'

/** What a parameter takes; `?` may be left out or null. */
interface Taken {
  any: Value
  number: Decimal
  string: string
  boolean: boolean
  list: List
  context: Context
  date: FeelDate
  time: FeelTime
  'date time': FeelDateTime
  'day time': DayTimeDuration
  duration: DayTimeDuration | YearMonthDuration
  day: FeelDate | FeelDateTime
  temporal: Temporal
  range: FeelRange
  /** A single value that has an order. */
  point: Value
  function: FeelFunction
}
type TypeName = keyof Taken
type Of<T extends string> = T extends `${infer Name extends TypeName}?`
  ? Taken[Name] | null
  : T extends TypeName
    ? Taken[T]
    : never
type ParameterType = TypeName | `${TypeName}?`
type Parameters = readonly (readonly [name: string, type: ParameterType])[]

const IS: { readonly [K in TypeName]: (value: Value) => boolean } = {
  any: () => true,
  number: isNumber,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  list: isList,
  context: isContext,
  date: (value) => value instanceof FeelDate,
  time: (value) => value instanceof FeelTime,
  'date time': (value) => value instanceof FeelDateTime,
  'day time': (value) => value instanceof DayTimeDuration,
  duration: (value) => value instanceof DayTimeDuration || value instanceof YearMonthDuration,
  day: (value) => value instanceof FeelDate || value instanceof FeelDateTime,
  temporal: (value) =>
    value instanceof FeelDate || value instanceof FeelDateTime || value instanceof FeelTime,
  range: (value) => value instanceof FeelRange,
  point: (value) => value !== null && !isList(value) && !isContext(value) && !(value instanceof FeelRange),
  function: (value) => value instanceof FeelFunction,
}

/** One way to call a function. */
export interface Overload {
  readonly parameters: Parameters
  /** The last parameter takes all the rest as one list. */
  readonly isVariadic: boolean
  readonly body: (run: Run, ...args: never[]) => Value | undefined
}

/** A way to call a function; undefined from the body is an argument it cannot use. */
export const overload = <const P extends Parameters>(
  parameters: P,
  body: (run: Run, ...args: { [K in keyof P]: Of<P[K][1]> }) => Value | undefined,
): Overload => ({ parameters, isVariadic: false, body: body as Overload['body'] })

/** `f(list)` and `f(a, b, c)`. */
export const ofList = (body: (run: Run, list: List) => Value | undefined, name = 'list'): Overload[] => [
  overload([[name, 'list']], body),
  { parameters: [[name, 'any']], isVariadic: true, body: body as Overload['body'] },
]

/** A function of FEEL's own (DMN 1.5, 10.3.4). */
export class BuiltIn {
  readonly name: string
  readonly #overloads: readonly Overload[]

  constructor(name: string, overloads: readonly Overload[]) {
    this.name = name
    this.#overloads = overloads
  }

  call(args: readonly Value[], run: Run): Value {
    for (const one of this.#overloads) {
      const taken = one.isVariadic ? variadic(args) : positional(one, args)
      if (taken) return this.#result(one, taken, run)
    }
    return this.#refused(run)
  }

  callNamed(named: ReadonlyMap<string, Value>, run: Run): Value {
    for (const one of this.#overloads) {
      const names = one.parameters.map(([name]) => name)
      if (one.isVariadic || [...named.keys()].some((name) => !names.includes(name))) continue
      const missing = one.parameters.some(([name, type]) => !named.has(name) && !type.endsWith('?'))
      const taken = missing
        ? undefined
        : positional(
            one,
            names.map((name) => named.get(name) ?? null),
          )
      if (taken) return this.#result(one, taken, run)
    }
    return this.#refused(run)
  }

  /** As a value, for functions that take functions. */
  get value(): FeelFunction {
    const [first] = this.#overloads
    const names = (first?.parameters ?? []).map(([name]) => name)
    return new FeelFunction(names, (args, run) => this.call(args, run))
  }

  #result(one: Overload, taken: readonly Value[], run: Run): Value {
    run.tick()
    const result = one.body(run, ...(taken as never[]))
    if (result === undefined) return this.#refused(run)
    return isList(result) || typeof result === 'string' ? run.sized(result) : result
  }

  #refused(run: Run): null {
    const { name } = this
    return run.fail('arguments-wrong', `“${name}”的参数不符`, `The arguments of “${name}” do not fit`)
  }
}

function variadic(args: readonly Value[]): Value[] | undefined {
  return args.length > 1 ? [args as Value] : undefined
}

function positional({ parameters }: Overload, args: readonly Value[]): Value[] | undefined {
  if (args.length > parameters.length) return undefined
  const taken: Value[] = []
  for (const [index, [, type]] of parameters.entries()) {
    const value = asTaken(args[index] ?? null, type, index < args.length)
    if (value === undefined) return undefined
    taken.push(value)
  }
  return taken
}

/** The argument as the parameter takes it, by the implicit conversions of 10.3.2.9.4. */
function asTaken(value: Value, type: ParameterType, isGiven: boolean): Value | undefined {
  const name = type.replace(/\?$/, '') as TypeName
  if (value === null) {
    if (type.endsWith('?') || (name === 'any' && isGiven)) return null
    return undefined
  }
  if (IS[name](value)) return value
  if (name === 'list') return [value]
  const [only] = isList(value) && value.length === 1 ? value : []
  return only !== undefined && only !== null && IS[name](only) ? only : undefined
}
