import { DomainError } from '../../core/errors.ts'
import { type Expression, isList, type UnaryTests, type Value, walk } from '../feel/index.ts'
import { type Compiled, partsOf } from './compiled.ts'
import type { Boxed, DecisionTable } from './model.ts'

/** An input that a decision reads, and the texts it is held against. */
export interface Reading {
  /** Name of the decision or business knowledge model, `#` and the column or `logic`. */
  readonly place: string
  readonly name: string
  /** Null where it is not just compared with texts that are written out: whatever it holds matters then. */
  readonly texts: readonly string[] | null
}

/** What the decisions of a model read of its input data: of a table, each column with the texts in its cells. */
export function readingsOf(compiled: Compiled): Reading[] {
  const { inputs, decisions, knowledge } = compiled.model
  const names = new Set(inputs.map(({ name }) => name))
  return [...decisions, ...knowledge]
    .flatMap(({ name, logic }) => inBoxed(logic, name, compiled))
    .filter(({ name }) => names.has(name))
}

/** The texts a decision's table can answer; null where it answers other things too, or is no table of one output. */
export function answersOf(compiled: Compiled, decision: string): readonly string[] | null {
  const logic = compiled.model.decisions.find(({ name }) => name === decision)?.logic
  if (logic?.kind !== 'table' || logic.outputs.length !== 1) return null
  const cells = [...logic.rules.map(({ then }) => then[0]), logic.outputs[0]?.otherwise]
  const texts = cells.flatMap((cell) => {
    if (cell === undefined) return []
    const parsed = attempt(() => compiled.expression(cell))
    return [parsed === undefined ? null : textsIn(parsed)]
  })
  return together(texts)
}

function inBoxed(boxed: Boxed, decision: string, compiled: Compiled): Reading[] {
  if (boxed.kind === 'table') return inTable(boxed, decision, compiled)
  const own = boxed.kind === 'literal' ? inText(boxed.text, `${decision}#logic`, compiled) : []
  return [...own, ...partsOf(boxed).flatMap((part) => inBoxed(part, decision, compiled))]
}

function inTable({ inputs, outputs, rules }: DecisionTable, decision: string, compiled: Compiled): Reading[] {
  const columns = inputs.flatMap(({ expression, label }, column) => {
    const place = `${decision}#${label ?? expression}`
    const read = attempt(() => compiled.expression(expression))
    const cells = rules.map(({ when }) => when[column] ?? '-')
    const tests = cells.map((cell) => attempt(() => compiled.tests(cell)))
    const within = tests.flatMap((test) => testsIn(test).flatMap((one) => inExpression(one, place)))
    if (read?.kind !== 'name') return [...(read ? inExpression(read, place) : []), ...within]
    const texts = tests.flatMap((test) =>
      test?.tests === 'any' ? [] : [together(testsIn(test).map(textsIn))],
    )
    return [{ place, name: read.name, texts: together(texts) }, ...within]
  })
  const results = outputs.flatMap(({ name = 'result', otherwise }, column) => {
    const cells = [...rules.map(({ then }) => then[column]), otherwise]
    return cells.flatMap((cell) => (cell === undefined ? [] : inText(cell, `${decision}#${name}`, compiled)))
  })
  return [...columns, ...results]
}

const testsIn = (test: UnaryTests | undefined) => (test && test.tests !== 'any' ? test.tests : [])

/** A text that does not parse is a finding of the check and reads nothing. */
function inText(text: string, place: string, compiled: Compiled): Reading[] {
  const expression = attempt(() => compiled.expression(text))
  return expression ? inExpression(expression, place) : []
}

/** The names an expression reads; `region = "1"` and `region in ("1", "2")` say what they are held against. */
function inExpression(expression: Expression, place: string): Reading[] {
  const held = new Map<Expression, readonly string[] | null>()
  for (const part of walk(expression)) {
    if (part.kind === 'in' && part.value.kind === 'name')
      held.set(part.value, together(part.tests.map(textsIn)))
    if (part.kind !== 'comparison' || (part.op !== '=' && part.op !== '!=')) continue
    if (part.left.kind === 'name') held.set(part.left, textsIn(part.right))
    if (part.right.kind === 'name') held.set(part.right, textsIn(part.left))
  }
  return [...walk(expression)].flatMap((part) =>
    part.kind === 'name' ? [{ place, name: part.name, texts: held.get(part) ?? null }] : [],
  )
}

/** The texts an expression writes out, itself or in a list; null for anything else. */
function textsIn(expression: Expression): readonly string[] | null {
  if (expression.kind === 'constant') return textsOf(expression.value)
  if (expression.kind === 'list') return together(expression.members.map(textsIn))
  return null
}

function textsOf(value: Value): readonly string[] | null {
  if (typeof value === 'string') return [value]
  return isList(value) ? together(value.map(textsOf)) : null
}

function together(texts: readonly (readonly string[] | null)[]): readonly string[] | null {
  const known = texts.flatMap((one) => (one === null ? [] : [one]))
  return texts.length > 0 && known.length === texts.length ? [...new Set(known.flat())] : null
}

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (error instanceof DomainError) return undefined
    throw error
  }
}
