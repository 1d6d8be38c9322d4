import { compute, negated } from './arithmetic.ts'
import { equals, orderOf, within } from './compare.ts'
import { type Decimal, isNumber, whole } from './decimal.ts'
import { BUILT_IN } from './built-in.ts'
import { mentions } from './mentions.ts'
import { invoke } from './invoke.ts'
import { iterations } from './iterate.ts'
import { propertyOf } from './property.ts'
import type { Run } from './run.ts'
import { Scope } from './scope.ts'
import type { ComparisonOp, Expression, UnaryTests } from './syntax.ts'
import { ANY, coerced, conforms, typeOf } from './type.ts'
import { type Context, FeelFunction, FeelRange, isContext, isList, kindOf, type Value } from './value.ts'

/** What the expression gives; null, with a warning of the run, where it has no value. Runs no JavaScript. */
export function evaluate(expression: Expression, scope: Scope, run: Run): Value {
  run.tick()
  switch (expression.kind) {
    case 'constant':
      return expression.value
    case 'name':
      return scope.get(expression.name) ?? unknown(expression.name, scope, run)
    case 'path':
      return pathOf(evaluate(expression.of, scope, run), expression.name, run)
    case 'filter':
      return filtered(evaluate(expression.of, scope, run), expression.by, scope, run)
    case 'call':
      return invoke(expression, scope, run, evaluate)
    case 'negation': {
      const value = evaluate(expression.of, scope, run)
      return (
        negated(value) ?? run.fail('arithmetic-type', '不能取负', `There is no negative ${kindOf(value)}`)
      )
    }
    case 'arithmetic': {
      const left = evaluate(expression.left, scope, run)
      return compute(expression.op, left, evaluate(expression.right, scope, run), run)
    }
    case 'comparison': {
      const left = evaluate(expression.left, scope, run)
      return compared(expression.op, left, evaluate(expression.right, scope, run), run)
    }
    case 'and':
    case 'or':
      return logical(expression.kind, expression.left, expression.right, scope, run)
    case 'between': {
      const [value, low, high] = [expression.value, expression.low, expression.high].map((part) =>
        evaluate(part, scope, run),
      )
      return contained(value ?? null, new FeelRange(low ?? null, high ?? null, true, true), run)
    }
    case 'in':
      return anyHolds(expression.tests, evaluate(expression.value, scope, run), scope, run)
    case 'if':
      return evaluate(expression.condition, scope, run) === true
        ? evaluate(expression.then, scope, run)
        : evaluate(expression.otherwise, scope, run)
    case 'for':
      return looped(expression, scope, run)
    case 'some':
    case 'every':
      return quantified(expression, scope, run)
    case 'instance of': {
      const value = evaluate(expression.value, scope, run)
      const type = typeOf(expression.type, scope.types)
      if (type) return conforms(value, type, run, 'instance')
      return run.fail(
        'type-unknown',
        `没有类型“${expression.type.name}”`,
        `There is no type “${expression.type.name}”`,
      )
    }
    case 'list':
      return run.sized(expression.members.map((member) => evaluate(member, scope, run)))
    case 'context':
      return contextOf(expression.entries, scope, run)
    case 'range': {
      const [low, high] = [evaluate(expression.low, scope, run), evaluate(expression.high, scope, run)]
      return rangeOf(low, high, expression.lowIncluded, expression.highIncluded, run)
    }
    case 'function':
      return functionOf(expression, scope, run)
    case 'test':
      return openRange(expression.op, evaluate(expression.right, scope, run), run)
  }
}

function unknown(name: string, scope: Scope, run: Run): Value {
  if (scope.get(name) === null) return null
  if (Object.hasOwn(BUILT_IN, name)) return BUILT_IN[name]?.value ?? null
  return run.fail('name-unknown', `未知的名称“${name}”`, `Nothing is named “${name}”`)
}

function pathOf(value: Value, name: string, run: Run): Value {
  if (!isList(value)) return propertyOf(value, name, run)
  return value.map((member) => propertyOf(member, name, run))
}

/** `list[n]`, `list[condition]`; a single value is a list of one. */
function filtered(value: Value, by: Expression, scope: Scope, run: Run): Value {
  const members = isList(value) ? value : value === null ? [] : [value]
  if (by.kind === 'constant' && isNumber(by.value)) return memberAt(members, by.value, run)
  // An index is the same for every member: it is seen on the first, or outside when there is none.
  const kept: Value[] = []
  for (const member of members.length === 0 ? [null] : members) {
    const found = evaluate(by, itemScope(member, scope), run)
    if (isNumber(found)) return memberAt(members, found, run)
    if (found === true && members.length > 0) kept.push(member)
    else if (found !== null && typeof found !== 'boolean')
      return run.fail('filter-type', '筛选条件须为布尔值或序号', 'A filter is a boolean or a number')
  }
  return kept
}

export function itemScope(member: Value, scope: Scope): Scope {
  const item = new Scope(new Map([['item', member]]), scope)
  return isContext(member) ? new Scope(member, member.has('item') ? scope : item) : item
}

function memberAt(members: readonly Value[], position: Decimal, run: Run): Value {
  const at = whole(position)
  const found = at === undefined || at === 0 ? undefined : members.at(at > 0 ? at - 1 : at)
  if (found !== undefined && (at ?? 0) > -members.length - 1) return found
  return run.fail(
    'index-outside',
    `没有第${position.toFixed()}项`,
    `There is no member ${position.toFixed()}`,
  )
}

export function compared(op: ComparisonOp, left: Value, right: Value, run: Run): boolean | null {
  if (op === '=' || op === '!=') {
    const equal = equals(left, right, run)
    if (equal === null) return incomparable(left, right, run)
    return op === '=' ? equal : !equal
  }
  const order = orderOf(left, right)
  if (order === null) return incomparable(left, right, run)
  return op === '<' ? order < 0 : op === '<=' ? order <= 0 : op === '>' ? order > 0 : order >= 0
}

function incomparable(left: Value, right: Value, run: Run): null {
  const [a, b] = [kindOf(left), kindOf(right)]
  return run.fail('comparison-type', `${a}与${b}不能比较`, `${a} and ${b} cannot be compared`)
}

/** Three-valued logic (10.3.2.5): what is not boolean counts as null. */
function logical(kind: 'and' | 'or', left: Expression, right: Expression, scope: Scope, run: Run): Value {
  const decisive = kind === 'or'
  const first = evaluate(left, scope, run)
  if (first === decisive) return decisive
  const second = evaluate(right, scope, run)
  if (second === decisive) return decisive
  if (typeof first === 'boolean' && typeof second === 'boolean') return !decisive
  if ((first === null || typeof first === 'boolean') && (second === null || typeof second === 'boolean'))
    return null
  return run.fail('logic-type', `${kind}的两边须为布尔值`, `Both sides of ${kind} must be boolean`)
}

function contained(value: Value, range: FeelRange, run: Run): boolean | null {
  return within(value, range) ?? incomparable(value, range.low ?? range.high, run)
}

/** Whether any of the tests holds of the value; null when none does and one cannot be told. */
function anyHolds(tests: readonly Expression[], value: Value, scope: Scope, run: Run): boolean | null {
  let told = true
  for (const test of tests) {
    const holds = testHolds(test, value, scope, run)
    if (holds === true) return true
    if (holds === null) told = false
  }
  return told ? false : null
}

/** Whether a cell's tests hold of its input, which is `?` in them. */
export function satisfies(
  { negated, tests }: UnaryTests,
  value: Value,
  scope: Scope,
  run: Run,
): boolean | null {
  if (tests === 'any') return true
  const holds = anyHolds(tests, value, scope.with('?', value), run)
  return negated && holds !== null ? !holds : holds
}

function testHolds(test: Expression, value: Value, scope: Scope, run: Run): boolean | null {
  if (test.kind === 'test') return compared(test.op, value, evaluate(test.right, scope, run), run)
  const found = evaluate(test, scope, run)
  if (found instanceof FeelRange && !(value instanceof FeelRange)) return contained(value, found, run)
  if (usesInput(test)) return typeof found === 'boolean' ? found : null
  if (isList(found)) {
    if (isList(value) && equals(found, value, run) === true) return true
    return found.some((one) =>
      one instanceof FeelRange && !(value instanceof FeelRange)
        ? within(value, one) === true
        : equals(one, value, run) === true,
    )
  }
  if (found === true && typeof value !== 'boolean') return true
  return equals(value, found, run) ?? (found === false ? false : incomparable(value, found, run))
}

const inputUsers = new WeakMap<Expression, boolean>()

function usesInput(test: Expression): boolean {
  let uses = inputUsers.get(test)
  if (uses === undefined) {
    uses = mentions(test, '?')
    inputUsers.set(test, uses)
  }
  return uses
}

function looped(expression: Extract<Expression, { kind: 'for' }>, scope: Scope, run: Run): Value {
  const results: Value[] = []
  const complete = iterations(
    expression.iterators,
    scope.with('partial', results),
    run,
    evaluate,
    (inner) => {
      results.push(evaluate(expression.body, inner, run))
      run.sized(results, 1)
      return true
    },
  )
  return complete ? [...results] : null
}

function quantified(
  expression: Extract<Expression, { kind: 'some' | 'every' }>,
  scope: Scope,
  run: Run,
): Value {
  const decisive = expression.kind === 'some'
  let result: boolean | null = !decisive
  const complete = iterations(expression.iterators, scope, run, evaluate, (inner) => {
    const found = evaluate(expression.body, inner, run)
    if (found === decisive) result = decisive
    else if (typeof found !== 'boolean' && result !== decisive)
      result =
        found === null ? null : run.fail('quantifier-type', '条件须为布尔值', 'The condition must be boolean')
    return found !== decisive
  })
  return complete ? result : null
}

function contextOf(entries: readonly (readonly [string, Expression])[], scope: Scope, run: Run): Context {
  const context = new Map<string, Value>()
  const inner = new Scope(context, scope)
  for (const [name, value] of entries) context.set(name, evaluate(value, inner, run))
  return context
}

function rangeOf(low: Value, high: Value, lowIncluded: boolean, highIncluded: boolean, run: Run): Value {
  const ordered =
    low === null || high === null ? (orderOf(low ?? high, low ?? high) ?? 1) : orderOf(low, high)
  if (ordered !== null && ordered <= 0) return new FeelRange(low, high, lowIncluded, highIncluded)
  return run.fail('range-invalid', '区间的两端无效', 'The ends of the range are not in order or of one kind')
}

function openRange(op: ComparisonOp, end: Value, run: Run): Value {
  if (op === '=') return new FeelRange(end, end, true, true, true)
  if (op === '!=' || orderOf(end, end) === null)
    return run.fail('range-invalid', '区间的端点无效', 'This cannot be the end of a range')
  const included = op === '<=' || op === '>='
  return op.startsWith('<')
    ? new FeelRange(null, end, false, included, true)
    : new FeelRange(end, null, included, false, true)
}

function functionOf(expression: Extract<Expression, { kind: 'function' }>, scope: Scope, run: Run): Value {
  const { parameters, body } = expression
  if (expression.external)
    return run.fail('function-external', '不运行外部函数', 'A function of another language is not run')
  const types = parameters.map(({ type }) => (type ? (typeOf(type, scope.types) ?? ANY) : ANY))
  const call = (args: readonly Value[], run: Run) =>
    run.within(() => {
      const values = parameters.map(
        ({ name }, index) => [name, coerced(args[index] ?? null, types[index] ?? ANY, run)] as const,
      )
      if (values.some(([, value], index) => value === null && (args[index] ?? null) !== null)) return null
      return evaluate(body, new Scope(new Map(values), scope), run)
    })
  return new FeelFunction(
    parameters.map(({ name }) => name),
    call,
    { parameters: types, result: ANY },
  )
}
