import { Decimal, isContext, isList, isNumber, toPlain, type Value, type Warning } from '../feel/index.ts'
import { finite } from '../feel/decimal.ts'
import type { Evaluated } from './evaluate.ts'
import type { FiredRule } from './fired.ts'
import { errors } from './refusals.ts'

/**
 * JSON as FEEL's values, its numbers to the last digit: JSON.parse alone would make doubles of them.
 *
 * @throws DECISION_INPUT_INVALID
 */
export function readExact(text: string): Value {
  try {
    JSON.parse(text)
  } catch {
    throw errors.INPUT_INVALID({ name: '', reason: 'JSON' })
  }
  // Every text, names included, is marked, and every number becomes a marked text.
  const marked = text.replace(
    /"((?:[^"\\]|\\.)*)"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g,
    (all, inner?: string) => (inner === undefined ? `"n${all}"` : `"t${inner}"`),
  )
  return unmarked(JSON.parse(marked))
}

function unmarked(value: unknown, depth = 0): Value {
  if (depth > 64) throw errors.INPUT_INVALID({ name: '', reason: 'depth 64' })
  if (typeof value === 'string') {
    if (!value.startsWith('n')) return value.slice(1)
    return finite(new Decimal(value.slice(1)))
  }
  if (typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map((member) => unmarked(member, depth + 1))
  if (typeof value !== 'object' || value === null) return null
  return new Map(Object.entries(value).map(([name, member]) => [name.slice(1), unmarked(member, depth + 1)]))
}

/** The value as JSON text; decimals are JSON numbers of all their digits. */
export function writeExact(value: Value): string {
  if (isNumber(value)) return value.isZero() ? '0' : value.toFixed()
  if (isList(value)) return `[${value.map(writeExact).join(',')}]`
  if (isContext(value))
    return `{${[...value].map(([name, member]) => `${JSON.stringify(name)}:${writeExact(member)}`).join(',')}}`
  return JSON.stringify(toPlain(value))
}

/** What an evaluation answers: `{ result, rules, warnings }`. */
export interface Answer {
  readonly result: unknown
  readonly rules: readonly PlainRule[]
  readonly warnings: readonly Warning[]
}

export interface PlainRule {
  readonly decision: string
  readonly rule: number
  readonly id: string
  readonly inputs: Readonly<Record<string, unknown>>
  readonly outputs: Readonly<Record<string, unknown>>
  readonly annotations: readonly string[]
}

/** The answer as plain JSON; a decimal that a double does not hold exactly is what `exact` makes of it. */
export function plainAnswer(
  { value, rules, warnings }: Evaluated,
  exact?: (number: Decimal) => unknown,
): Answer {
  const plain = (values: FiredRule['inputs']) => toPlain(values, exact) as Record<string, unknown>
  return {
    result: toPlain(value, exact),
    rules: rules.map((rule) => ({ ...rule, inputs: plain(rule.inputs), outputs: plain(rule.outputs) })),
    warnings,
  }
}

/** The answer as one line of JSON, decimals to the last digit. */
export function writeAnswer({ value, rules, warnings }: Evaluated): string {
  const fired = rules.map(({ decision, rule, id, inputs, outputs, annotations }) =>
    writeExact(
      new Map<string, Value>([
        ['decision', decision],
        ['rule', new Decimal(rule)],
        ['id', id],
        ['inputs', inputs],
        ['outputs', outputs],
        ['annotations', annotations],
      ]),
    ),
  )
  return `{"result":${writeExact(value)},"rules":[${fired.join(',')}],"warnings":${JSON.stringify(warnings)}}`
}
