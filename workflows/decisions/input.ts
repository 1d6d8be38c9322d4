import {
  type FeelType,
  fromPlain,
  isContext,
  isList,
  readDate,
  readDateTime,
  readDuration,
  readTime,
  type Value,
} from '../feel/index.ts'
import type { Compiled } from './compiled.ts'
import type { Element, Reference } from './model.ts'
import { errors } from './refusals.ts'

/**
 * The inputs of a decision as values of their types: texts of dates, times and durations are read as such.
 * Names that are no input of the model are refused, missing ones are null.
 *
 * @throws DECISION_INPUT_INVALID, DECISION_NOT_FOUND
 */
export function inputsOf(
  compiled: Compiled,
  decision: string,
  given: Readonly<Record<string, unknown>> | ReadonlyMap<string, Value>,
): Map<string, Value> {
  const elements = elementsFor(compiled, decision)
  const values = isContext(given) ? given : new Map(Object.entries(given))
  const inputs = new Map<string, Value>()
  for (const [name, value] of values) {
    const element = elements.find((one) => one.name === name)
    if (!element) {
      const known = elements.map((one) => one.name).join(', ')
      throw errors.INPUT_INVALID({ name, reason: `unknown; known: ${known}` })
    }
    const type = compiled.type(element.typeRef)
    const plain = isContext(given) ? (value as Value) : fromPlain(value)
    inputs.set(name, type ? typedInput(plain, type, name) : plain)
  }
  return inputs
}

/** The inputs a decision, or a decision service, needs itself or through what it requires; not those of imports. */
export function inputsNeeded({ model }: Compiled, name: string): Element[] {
  const decision = model.decisions.find((one) => one.name === name)
  const service = model.services.find((one) => one.name === name)
  const found = new Set<string>()
  const open = decision
    ? [decision.id]
    : [...(service?.inputData ?? []), ...(service?.inputDecisions ?? [])].map(({ id }) => id)
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue
    found.add(id)
    const needing = [...model.decisions, ...model.knowledge].find((one) => one.id === id)
    if (decision) open.push(...(needing?.requires ?? []).map((one) => one.id))
  }
  const inputs = decision ? model.inputs : [...model.inputs, ...model.decisions]
  return inputs.filter(({ id }) => found.has(id))
}

function elementsFor({ model }: Compiled, name: string): Element[] {
  const service = model.services.find((one) => one.name === name)
  if (!service || model.decisions.some((one) => one.name === name)) return [...model.inputs]
  const ids = [...service.inputData, ...service.inputDecisions].map(({ id }: Reference) => id)
  return [...model.inputs, ...model.decisions].filter(({ id }) => ids.includes(id))
}

const READERS = {
  date: readDate,
  time: readTime,
  'date and time': readDateTime,
  'days and time duration': readDuration,
  'years and months duration': readDuration,
} as const

function typedInput(value: Value, type: FeelType, name: string): Value {
  switch (type.kind) {
    case 'constrained':
      return typedInput(value, type.of, name)
    case 'list':
      return isList(value) ? value.map((member) => typedInput(member, type.of, name)) : value
    case 'context':
      if (!isContext(value)) return value
      return new Map(
        [...value].map(([key, member]) => {
          const field = type.fields.get(key)
          return [key, field ? typedInput(member, field, `${name}.${key}`) : member] as const
        }),
      )
    case 'basic': {
      const read = READERS[type.name as keyof typeof READERS] as ((text: string) => Value) | undefined
      if (!read || typeof value !== 'string') return value
      const found = read(value)
      if (found === null) throw errors.INPUT_INVALID({ name, reason: type.name })
      return found
    }
    default:
      return value
  }
}
