import type { Variable } from '../definition.ts'
import { FUNCTIONS, type KnownType } from './functions.ts'
import { children, errors, invalid, MAX_LIST, nameAt, parsed, type Syntax } from './syntax.ts'

export interface Checked {
  /** What the expression gives, as far as it can be told. */
  readonly type: KnownType
  /** The declared variables it reads. */
  readonly reads: readonly string[]
}

interface Scope {
  readonly types: ReadonlyMap<string, KnownType>
  /** Inside a filter, where the members of the filtered contexts are names too. */
  readonly open: boolean
}

/**
 * Parses and type-checks an expression over the declared variables.
 *
 * @throws EXPRESSION_TEXT_INVALID, EXPRESSION_FUNCTION_FORBIDDEN, EXPRESSION_TEXT_TOO_COMPLEX
 */
export function check(text: string, variables: readonly Variable[]): Checked {
  const checker = new Checker(text, variables)
  const type = checker.check(parsed(text))
  return { type, reads: [...checker.reads] }
}

class Checker {
  readonly reads = new Set<string>()
  readonly #text: string
  readonly #declared: ReadonlyMap<string, KnownType>

  constructor(text: string, variables: readonly Variable[]) {
    this.#text = text
    this.#declared = new Map(variables.map(({ name, type }) => [name, type]))
  }

  check(top: Syntax): KnownType {
    const test = children(top).find(({ name }) => name.endsWith('UnaryTest'))
    if (test) throw invalid(this.#text, test.from, 'an expression has no leading =', '表达式开头不写“=”')
    return this.#last(top, { types: new Map(), open: false })
  }

  #type(node: Syntax, scope: Scope): KnownType {
    switch (node.name) {
      case 'NumericLiteral':
        return 'number'
      case 'StringLiteral':
        return 'string'
      case 'BooleanLiteral':
        return 'boolean'
      case 'VariableName':
        return this.#variable(node, scope)
      case 'ParenthesizedExpression':
        return this.#last(node, scope)
      case 'Conjunction':
      case 'Disjunction':
        for (const operand of operands(node)) this.#expect(operand, 'boolean', scope)
        return 'boolean'
      case 'Comparison':
        return this.#comparison(node, scope)
      case 'ArithmeticExpression':
        return this.#arithmetic(node, scope)
      case 'IfExpression':
        return this.#choice(node, scope)
      case 'QuantifiedExpression':
        this.#expect(node.lastChild ?? node, 'boolean', this.#iterating(node, scope))
        return 'boolean'
      case 'ForExpression':
        this.#last(node, this.#iterating(node, scope, true))
        return 'list'
      case 'FilterExpression':
        return this.#filter(node, scope)
      case 'FunctionInvocation':
        return this.#call(node, scope)
      case 'FunctionDefinition':
        throw errors.FUNCTION_FORBIDDEN({ name: 'function' })
      case 'DateTimeLiteral':
        return this.#dateTime(node, scope)
      case 'InstanceOfExpression':
        if (node.firstChild) this.#type(node.firstChild, scope)
        return 'boolean'
      case 'PathExpression':
        if (node.firstChild) this.#type(node.firstChild, scope)
        return 'any'
      case 'Context':
        return this.#context(node, scope)
      case 'List':
        this.#each(node, scope)
        return 'list'
      default:
        this.#each(node, scope)
        return 'any'
    }
  }

  #each(node: Syntax, scope: Scope): void {
    for (const child of operands(node)) this.#type(child, scope)
  }

  /** The type of the last operand, the others being checked too. */
  #last(node: Syntax, scope: Scope): KnownType {
    let type: KnownType = 'any'
    for (const child of operands(node)) if (child.name !== 'InExpressions') type = this.#type(child, scope)
    return type
  }

  #variable(node: Syntax, scope: Scope): KnownType {
    const name = nameAt(this.#text, node)
    const local = scope.types.get(name)
    if (local) return local
    const declared = this.#declared.get(name)
    if (declared) {
      this.reads.add(name)
      return declared
    }
    if (scope.open) return 'any'
    throw invalid(this.#text, node.from, `the variable “${name}” is not declared`, `变量“${name}”未声明`)
  }

  #expect(node: Syntax, wanted: KnownType, scope: Scope): void {
    const type = this.#type(node, scope)
    if (type !== wanted && type !== 'any') throw this.#mismatch(node, wanted, type)
  }

  #mismatch(node: Syntax, wanted: string, found: string) {
    const zh = `此处应为${wanted}，实为${found}`
    return invalid(this.#text, node.from, `this should be ${wanted}, but is ${found}`, zh)
  }

  #comparison(node: Syntax, scope: Scope): KnownType {
    const parts = children(node)
    const compares = parts.find(({ name }) => name === 'CompareOp')
    const [left, right] = operands(node)
    if (!compares || !left || !right) {
      this.#each(node, scope)
      return 'boolean'
    }
    // feelin reads `a == b` as a test inside a comparison; the author meant one `=`.
    if (right.name === 'SimplePositiveUnaryTest')
      throw invalid(this.#text, compares.from, 'equality is written with one =', '相等用一个“=”表示')
    const [first, second] = [this.#type(left, scope), this.#type(right, scope)]
    if (first !== second && first !== 'any' && second !== 'any') throw this.#mismatch(right, first, second)
    return 'boolean'
  }

  #arithmetic(node: Syntax, scope: Scope): KnownType {
    const op = children(node).find(({ name }) => name === 'ArithOp')
    const written = op ? this.#text.slice(op.from, op.to) : ''
    const [left, right] = operands(node)
    if (!left) return 'any'
    const first = this.#type(left, scope)
    if (!right) return first
    const second = this.#type(right, scope)
    if (first === 'any' || second === 'any') return 'any'
    const result = RESULTS[`${first} ${written} ${second}`]
    if (!result) throw this.#mismatch(right, first, second)
    return result
  }

  #choice(node: Syntax, scope: Scope): KnownType {
    const [condition, then, otherwise] = operands(node)
    if (condition) this.#expect(condition, 'boolean', scope)
    const first = then ? this.#type(then, scope) : 'any'
    const second = otherwise ? this.#type(otherwise, scope) : 'any'
    return first === second ? first : 'any'
  }

  #iterating(node: Syntax, scope: Scope, partial = false): Scope {
    const types = new Map(scope.types)
    if (partial) types.set('partial', 'list')
    for (const each of children(node)
      .filter(({ name }) => name === 'InExpressions')
      .flatMap(children)) {
      const [name, walked] = children(each).filter((child) =>
        ['Name', 'IterationContext'].includes(child.name),
      )
      if (!name || !walked) continue
      this.#walked(walked, { ...scope, types })
      types.set(nameAt(this.#text, name), 'any')
    }
    return { ...scope, types }
  }

  /** A range to walk must be written out, so that its length is known before it is made. */
  #walked(node: Syntax, scope: Scope): void {
    const [from, to] = operands(node)
    this.#each(node, scope)
    if (!from || !to) return
    const bounds = [from, to].map((bound) => Number(this.#text.slice(bound.from, bound.to)))
    const length = Math.abs(Number(bounds[1]) - Number(bounds[0])) + 1
    if (!(length <= MAX_LIST)) throw errors.TEXT_TOO_COMPLEX({ limit: `a list of ${MAX_LIST}` })
  }

  #filter(node: Syntax, scope: Scope): KnownType {
    const [list, filter] = operands(node)
    if (list) this.#type(list, scope)
    const item = new Map<string, KnownType>([...scope.types, ['item', 'any']])
    if (filter) this.#type(filter, { types: item, open: true })
    return 'any'
  }

  #call(node: Syntax, scope: Scope): KnownType {
    const [called] = children(node)
    const name = called ? nameAt(this.#text, called) : ''
    const type =
      called?.name === 'VariableName' && Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
    if (!type) throw errors.FUNCTION_FORBIDDEN({ name })
    this.#arguments(node, scope)
    return type
  }

  #arguments(node: Syntax, scope: Scope): void {
    for (const list of children(node)) {
      if (list.name === 'PositionalParameters') this.#each(list, scope)
      if (list.name === 'NamedParameters')
        for (const named of children(list)) if (named.lastChild) this.#type(named.lastChild, scope)
    }
  }

  #dateTime(node: Syntax, scope: Scope): KnownType {
    this.#arguments(node, scope)
    const [constructor] = children(node)
    const written = constructor ? nameAt(this.#text, constructor) : ''
    if (written === 'date' || written === 'duration' || written === 'time') return written
    return written === 'date and time' ? 'date-time' : 'any'
  }

  #context(node: Syntax, scope: Scope): KnownType {
    const types = new Map(scope.types)
    for (const entry of children(node).filter(({ name }) => name === 'ContextEntry')) {
      const [key, value] = operands(entry)
      const type = value ? this.#type(value, { ...scope, types }) : 'any'
      if (key) types.set(nameAt(this.#text, key).replace(/^"|"$/g, ''), type)
    }
    return 'context'
  }
}

/** The parts of a node that are not its punctuation, operators and keywords. */
function operands(node: Syntax): Syntax[] {
  const written = new Set(['CompareOp', 'ArithOp', 'LineComment', 'BlockComment'])
  return children(node).filter(({ name }) => /^[A-Z]/.test(name) && !written.has(name))
}

const RESULTS: Readonly<Record<string, KnownType>> = {
  ...Object.fromEntries(['+', '-', '*', '/', '**'].map((op) => [`number ${op} number`, 'number' as const])),
  'string + string': 'string',
  'date + duration': 'any',
  'date - duration': 'any',
  'duration + date': 'any',
  'date - date': 'duration',
  'date-time + duration': 'date-time',
  'date-time - duration': 'date-time',
  'duration + date-time': 'date-time',
  'date-time - date-time': 'duration',
  'date-time - date': 'duration',
  'date - date-time': 'duration',
  'time + duration': 'time',
  'time - duration': 'time',
  'time - time': 'duration',
  'duration + duration': 'duration',
  'duration - duration': 'duration',
  'duration * number': 'duration',
  'number * duration': 'duration',
  'duration / number': 'duration',
  'duration / duration': 'number',
}
