import { isDay } from '../../../core/day.ts'
import type { ProcessDefinition, VariableType } from '../../definition.ts'
import { after, instant } from '../../timer.ts'
import { errors } from './refusals.ts'
import type { Variables } from './state.ts'

/**
 * Values from outside as they may enter an instance: JSON, and of the declared type where one is declared.
 * Null is a value of every type.
 *
 * @throws WORKFLOW_VARIABLE_INVALID
 */
export function accepted(definition: ProcessDefinition, values: object | null | undefined): Variables {
  // JSON and back: dates become texts, functions and undefined vanish, nothing is shared with the caller.
  const plain = JSON.parse(JSON.stringify(values ?? {})) as Record<string, unknown>
  for (const { name, type } of definition.variables) {
    const value = Object.hasOwn(plain, name) ? plain[name] : null
    if (value !== null && !IS[type](value)) throw errors.VARIABLE_INVALID({ name, type })
  }
  return plain
}

const isText = (value: unknown): value is string => typeof value === 'string'

const IS: Readonly<Record<VariableType, (value: unknown) => boolean>> = {
  string: isText,
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  date: (value) => isText(value) && isDay(value),
  'date-time': (value) => isText(value) && value.length > 10 && instant(value) !== undefined,
  duration: (value) => isText(value) && isDuration(value),
  list: Array.isArray,
  context: (value) => typeof value === 'object' && !Array.isArray(value),
  any: () => true,
}

/** Negative ones are durations too; a timer refuses them. */
function isDuration(text: string): boolean {
  const due = after(new Date(0), text.replace(/^-/, ''))
  return due instanceof Date || due === 'too-far'
}
