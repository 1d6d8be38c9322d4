import type { Run } from './run.ts'
import type { TypeName } from './syntax.ts'
import { FeelDate } from './date.ts'
import { FeelDateTime, FeelTime } from './time.ts'
import { FeelFunction, FeelRange, isContext, isList, type Kind, kindOf, type Value } from './value.ts'

/** A type of FEEL or of an item definition. */
export type FeelType =
  | { readonly kind: 'any' }
  | { readonly kind: 'basic'; readonly name: Kind }
  | { readonly kind: 'list' | 'range'; readonly of: FeelType }
  | { readonly kind: 'context'; readonly fields: ReadonlyMap<string, FeelType> }
  | { readonly kind: 'function'; readonly parameters: readonly FeelType[]; readonly result: FeelType }
  /** With allowed values (10.3.2.x). */
  | {
      readonly kind: 'constrained'
      readonly of: FeelType
      readonly allows: (value: Value, run: Run) => boolean
    }

/** The type of a name that FEEL does not have itself. */
export type TypeNames = (name: string) => FeelType | undefined

export const ANY: FeelType = { kind: 'any' }
const basic = (name: Kind): FeelType => ({ kind: 'basic', name })

const BASIC: Readonly<Record<string, FeelType>> = {
  Any: ANY,
  Null: basic('null'),
  number: basic('number'),
  string: basic('string'),
  boolean: basic('boolean'),
  date: basic('date'),
  time: basic('time'),
  'date and time': basic('date and time'),
  dateTime: basic('date and time'),
  'days and time duration': basic('days and time duration'),
  dayTimeDuration: basic('days and time duration'),
  'years and months duration': basic('years and months duration'),
  yearMonthDuration: basic('years and months duration'),
  list: { kind: 'list', of: ANY },
  range: { kind: 'range', of: ANY },
  context: { kind: 'context', fields: new Map() },
  function: basic('function'),
}

/** The type a name stands for; undefined when nothing is named so. */
export function typeOf({ name, of = [], fields, result }: TypeName, names: TypeNames): FeelType | undefined {
  if (fields) {
    const typed = fields.map(([field, type]) => [field, typeOf(type, names)] as const)
    if (typed.some(([, type]) => type === undefined)) return undefined
    return { kind: 'context', fields: new Map(typed.map(([field, type]) => [field, type ?? ANY])) }
  }
  if (result) {
    const [parameters, answer] = [of.map((one) => typeOf(one, names)), typeOf(result, names)]
    const known = parameters.filter((one) => one !== undefined)
    return answer && known.length === of.length
      ? { kind: 'function', parameters: known, result: answer }
      : undefined
  }
  const [member] = of
  if (member && (name === 'list' || name === 'range')) {
    const type = typeOf(member, names)
    return type && { kind: name, of: type }
  }
  const own = names(name)
  return own ?? (Object.hasOwn(BASIC, name) ? BASIC[name] : undefined)
}

/**
 * How a value is asked: as what a typed `variable` may hold, null included, or by `instance of`, which looks
 * neither at null nor at allowed values; `member` is within the latter.
 */
type Asked = 'variable' | 'instance' | 'member'

/** Whether the value is of the type. */
export function conforms(value: Value, type: FeelType, run: Run, asked: Asked = 'variable'): boolean {
  run.tick()
  if (value === null) return asked !== 'instance' || (type.kind === 'basic' && type.name === 'null')
  const within = asked === 'variable' ? asked : 'member'
  switch (type.kind) {
    case 'any':
      return true
    case 'basic':
      return kindOf(value) === type.name
    case 'list':
      return isList(value) && value.every((member) => conforms(member, type.of, run, within))
    case 'range':
      return (
        value instanceof FeelRange &&
        conforms(value.low, type.of, run, within) &&
        conforms(value.high, type.of, run, within) &&
        (value.low !== null || value.high !== null || type.of.kind === 'any')
      )
    case 'context':
      return (
        isContext(value) &&
        [...type.fields].every(
          ([name, field]) => value.has(name) && conforms(value.get(name) ?? null, field, run, within),
        )
      )
    case 'function':
      return value instanceof FeelFunction && functionConforms(value, type, asked)
    case 'constrained':
      return conforms(value, type.of, run, asked) && (asked !== 'variable' || type.allows(value, run))
  }
}

function functionConforms(
  { parameters, type }: FeelFunction,
  wanted: Extract<FeelType, { kind: 'function' }>,
  asked: Asked,
): boolean {
  if (parameters.length !== wanted.parameters.length) return false
  const result = type?.result ?? ANY
  return (
    wanted.parameters.every((one, index) => isWithin(one, type?.parameters[index] ?? ANY)) &&
    // What a function gives is often not written: a variable may hold it and look at the result.
    ((asked === 'variable' && result.kind === 'any') || isWithin(result, wanted.result))
  )
}

/** Whether every value of `type` is one of `wider` (10.3.2.9.1). */
export function isWithin(type: FeelType, wider: FeelType): boolean {
  if (wider.kind === 'any') return true
  if (type.kind === 'constrained') return type === wider || isWithin(type.of, wider)
  if (type.kind === 'basic' && type.name === 'null') return true
  if (type.kind === 'basic') return wider.kind === 'basic' && type.name === wider.name
  if ((type.kind === 'list' || type.kind === 'range') && type.kind === wider.kind)
    return isWithin(type.of, wider.of)
  if (type.kind === 'context' && wider.kind === 'context')
    return [...wider.fields].every(([name, field]) => {
      const own = type.fields.get(name)
      return own !== undefined && isWithin(own, field)
    })
  if (type.kind === 'function' && wider.kind === 'function')
    return (
      type.parameters.length === wider.parameters.length &&
      wider.parameters.every((one, index) => isWithin(one, type.parameters[index] ?? ANY)) &&
      isWithin(type.result, wider.result)
    )
  return type.kind === 'function' && wider.kind === 'basic' && wider.name === 'function'
}

/**
 * The value as one of the type (10.3.2.9.4): a list of one becomes its member, a single value a list, a day
 * its midnight; null, with a warning, for what is not.
 */
export function coerced(value: Value, type: FeelType, run: Run): Value {
  if (value === null || conforms(value, type, run)) return value
  const [only] = isList(value) && value.length === 1 ? value : []
  if (only !== undefined && only !== null && conforms(only, type, run)) return only
  const plain = type.kind === 'constrained' ? type.of : type
  if (plain.kind === 'list' && !isList(value) && conforms([value], type, run)) return [value]
  if (plain.kind === 'basic' && plain.name === 'date and time' && value instanceof FeelDate) {
    const midnight = new FeelDateTime(value, new FeelTime(0, 0, 0, 0, { offset: 0 }))
    if (conforms(midnight, type, run)) return midnight
  }
  const [shown, found] = [describe(type), kindOf(value)]
  return run.fail('type-mismatch', `应为${shown}，实为${found}`, `This should be ${shown}, but is ${found}`)
}

/** The type in FEEL's words. */
export function describe(type: FeelType): string {
  switch (type.kind) {
    case 'any':
      return 'Any'
    case 'basic':
      return type.name
    case 'list':
    case 'range':
      return `${type.kind}<${describe(type.of)}>`
    case 'context':
      return `context<${[...type.fields].map(([name, field]) => `${name}: ${describe(field)}`).join(', ')}>`
    case 'function':
      return `function<${type.parameters.map(describe).join(', ')}> -> ${describe(type.result)}`
    case 'constrained':
      return `${describe(type.of)} (allowed values)`
  }
}
