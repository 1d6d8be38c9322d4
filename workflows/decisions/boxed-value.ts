import { DomainError } from '../../core/errors.ts'
import {
  ANY,
  coerced,
  conforms,
  evaluate,
  type Expression,
  FeelFunction,
  type FeelType,
  isList,
  isNumber,
  itemScope,
  Run,
  Scope,
  type Value,
} from '../feel/index.ts'
import type { Compiled } from './compiled.ts'
import type { Boxed, BoxedFunction, Entry } from './model.ts'
import { tableValue } from './table.ts'
import type { FiredRule } from './fired.ts'

/** Where boxes are evaluated: the model they are of and what becomes of the rules that fire. */
export interface Bench {
  readonly compiled: Compiled
  readonly run: Run
  /** The decision, for the rules that fire in it. */
  readonly decision: string
  readonly fired: FiredRule[]
}

/** What a boxed expression gives, as its type says. */
export function boxedValue(boxed: Boxed, scope: Scope, bench: Bench): Value {
  bench.run.tick()
  return typed(contentValue(boxed, scope, bench), boxed.typeRef, bench)
}

function contentValue(boxed: Boxed, scope: Scope, bench: Bench): Value {
  const { run } = bench
  switch (boxed.kind) {
    case 'empty':
      return null
    case 'literal':
      return literalValue(boxed.text, scope, bench)
    case 'context':
      return contextValue(boxed.entries, scope, bench)
    case 'invocation':
      return invocationValue(boxed, scope, bench)
    case 'relation':
      return boxed.rows.map(
        (row) =>
          new Map(
            boxed.columns.map(({ name, typeRef }, index) => {
              const cell = row[index]
              return [name, typed(cell ? boxedValue(cell, scope, bench) : null, typeRef, bench)] as const
            }),
          ),
      )
    case 'list':
      return run.sized(boxed.members.map((member) => boxedValue(member, scope, bench)))
    case 'function':
      return functionValue(boxed, scope, bench)
    case 'conditional': {
      const condition = boxedValue(boxed.if, scope, bench)
      if (condition !== null && typeof condition !== 'boolean')
        return run.fail('condition-type', '条件须为布尔值', 'The condition must be boolean')
      return boxedValue(condition === true ? boxed.then : boxed.else, scope, bench)
    }
    case 'filter':
      return filterValue(boxed, scope, bench)
    case 'for':
    case 'some':
    case 'every':
      return iteratorValue(boxed, scope, bench)
    case 'table':
      return tableValue(boxed, scope, bench)
  }
}

/** The value as the typeRef says; null, with a warning, where it is not of the type or there is no such type. */
export function typed(value: Value, typeRef: string | undefined, { compiled, run }: Bench): Value {
  if (typeRef === undefined) return value
  const type = compiled.type(typeRef)
  if (type) return coerced(value, type, run)
  return run.fail('type-unknown', `没有类型“${typeRef}”`, `There is no type “${typeRef}”`)
}

/** The value of a FEEL text; one that does not parse is null with a warning. */
export function literalValue(text: string, scope: Scope, { compiled, run }: Bench): Value {
  let parsed: Expression
  try {
    parsed = compiled.expression(text)
  } catch (error) {
    return refused(error, run)
  }
  return evaluate(parsed, scope, run)
}

export function refused(error: unknown, run: Run): null {
  if (!(error instanceof DomainError) || error.code !== 'FEEL_SYNTAX_INVALID') throw error
  return run.fail('expression-invalid', error.messages.zh, error.messages.en)
}

function contextValue(entries: readonly Entry[], scope: Scope, bench: Bench): Value {
  const context = new Map<string, Value>()
  const inner = new Scope(context, scope)
  for (const { name, typeRef, value } of entries) {
    const found = typed(boxedValue(value, inner, bench), typeRef, bench)
    if (name === undefined) return found
    context.set(name, found)
  }
  return context
}

function invocationValue(
  { called, bindings }: Extract<Boxed, { kind: 'invocation' }>,
  scope: Scope,
  bench: Bench,
): Value {
  const { run } = bench
  const own = boxedValue(called, scope, bench)
  const name = called.kind === 'literal' ? called.text : ''
  if (!(own instanceof FeelFunction))
    return run.fail('function-unknown', `没有函数“${name}”`, `There is no function “${name}”`)
  const given = new Map(
    bindings.map((one) => [one.name ?? '', typed(boxedValue(one.value, scope, bench), one.typeRef, bench)]),
  )
  const unknown = [...given.keys()].find((parameter) => !own.parameters.includes(parameter))
  if (unknown !== undefined)
    return run.fail(
      'arguments-wrong',
      `“${name}”没有参数“${unknown}”`,
      `“${name}” has no parameter “${unknown}”`,
    )
  return own.invoke(
    own.parameters.map((parameter) => given.get(parameter) ?? null),
    run,
  )
}

/** The function a box defines, with the result coerced to `resultRef`. */
export function functionValue(
  { parameters, body, isExternal }: BoxedFunction,
  scope: Scope,
  bench: Bench,
  resultRef?: string,
): Value {
  if (isExternal)
    return bench.run.fail('function-external', '不运行外部函数', 'A function of another language is not run')
  const types = parameters.map(({ typeRef }) => bench.compiled.type(typeRef) ?? ANY)
  const names = parameters.map(({ name }) => name)
  const call = (args: readonly Value[], run: Run) =>
    run.within(() => {
      const values = given(names, types, args, run)
      if (!values) return null
      return typed(boxedValue(body, new Scope(values, scope), { ...bench, run }), resultRef, {
        ...bench,
        run,
      })
    })
  return new FeelFunction(names, call, { parameters: types, result: bench.compiled.type(resultRef) ?? ANY })
}

/** The arguments by name, as the parameters' types say; undefined when one is not of its type. */
export function given(
  names: readonly string[],
  types: readonly FeelType[],
  args: readonly Value[],
  run: Run,
): Map<string, Value> | undefined {
  const values = new Map<string, Value>()
  for (const [index, name] of names.entries()) {
    const arg = args[index] ?? null
    const type = types[index] ?? ANY
    const value = coerced(arg, type, run)
    if (value === null && arg !== null && !conforms(null, type, run, 'instance')) return undefined
    values.set(name, value)
  }
  return values
}

function filterValue(boxed: Extract<Boxed, { kind: 'filter' }>, scope: Scope, bench: Bench): Value {
  const found = boxedValue(boxed.in, scope, bench)
  const members = isList(found) ? found : found === null ? [] : [found]
  const kept: Value[] = []
  for (const member of members) {
    const match = boxedValue(boxed.match, itemScope(member, scope), bench)
    if (isNumber(match))
      return members.at(match.toNumber() > 0 ? match.toNumber() - 1 : match.toNumber()) ?? null
    if (match === true) kept.push(member)
    else if (match !== null && typeof match !== 'boolean')
      return bench.run.fail('filter-type', '筛选条件须为布尔值', 'A filter is a boolean or a number')
  }
  return kept
}

function iteratorValue(
  boxed: Extract<Boxed, { kind: 'for' | 'some' | 'every' }>,
  scope: Scope,
  bench: Bench,
): Value {
  const { run } = bench
  const found = boxedValue(boxed.in, scope, bench)
  if (!isList(found)) return run.fail('iteration-type', '只能遍历列表', 'Only a list is walked')
  const results: Value[] = []
  const inner = boxed.kind === 'for' ? scope.with('partial', results) : scope
  for (const member of found) {
    results.push(boxedValue(boxed.body, inner.with(boxed.variable, member), bench))
    run.sized(results, 1)
  }
  if (boxed.kind === 'for') return [...results]
  const decisive = boxed.kind === 'some'
  if (results.includes(decisive)) return decisive
  if (results.every((result) => typeof result === 'boolean')) return !decisive
  return run.fail('quantifier-type', '条件须为布尔值', 'The condition must be boolean')
}
