import { isDay } from '../../../core/day.ts'
import { type ProcessDefinition, type Variable, type VariableType } from '../../definition.ts'
import { outlineOf } from '../../outline.ts'
import { after, instant } from '../../timer.ts'
import { errors } from './refusals.ts'

export type Variables = Readonly<Record<string, unknown>>

/**
 * Values from outside as they may enter an instance: JSON, and of the declared type where one is declared
 * (at `node`, where the activity has variables of its own). Null is a value of every type.
 *
 * @throws WORKFLOW_VARIABLE_INVALID
 */
export function accepted(
  definition: ProcessDefinition,
  values: object | null | undefined,
  node?: string,
): Variables {
  // JSON and back: dates become texts, functions and undefined vanish, nothing is shared with the caller.
  const plain = JSON.parse(JSON.stringify(values ?? {})) as Record<string, unknown>
  for (const { name, type } of declaredAt(definition, node)) {
    const value = Object.hasOwn(plain, name) ? plain[name] : null
    if (value !== null && !IS[type](value)) throw errors.VARIABLE_INVALID({ name, type })
  }
  return plain
}

/** The variables declared at a node; the process's without one. */
export const declaredAt = (definition: ProcessDefinition, node: string | undefined): readonly Variable[] =>
  (node === undefined ? undefined : outlineOf(definition).visible.get(node)) ?? definition.variables

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
