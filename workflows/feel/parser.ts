import { DomainError } from '../../core/errors.ts'
import { argumentsOf, choice, context, definition, iterators, loop, type Reader } from './composed.ts'
import { errors } from './refusals.ts'
import { Scanner, Vocabulary } from './scanner.ts'
import type { ComparisonOp, Expression, UnaryTests } from './syntax.ts'
import { literalOf } from './literal.ts'
import { TYPE_NAMES, typeName } from './type-name.ts'

/** Characters of an expression, and expressions that may stand inside one another. */
const MAX_TEXT = 20_000
const MAX_DEPTH = 200
/** Attempts that go back count too: what is ambiguous twice at each depth would take for ever. */
const MAX_NODES = 20_000

const COMPARISONS: readonly ComparisonOp[] = ['<=', '>=', '!=', '<', '>', '=']
const RESERVED = new Set(['and', 'or', 'in', 'then', 'else', 'return', 'satisfies', 'between'])

/**
 * Parses an expression. Names of several words are read as one where `names` holds them.
 *
 * @throws FEEL_SYNTAX_INVALID, FEEL_TEXT_TOO_COMPLEX
 */
export function parseExpression(text: string, names: Iterable<string> = []): Expression {
  const parser = new Parser(text, names)
  const expression = parser.expression()
  parser.end()
  return expression
}

/** Parses the cell of a decision table. @throws as parseExpression */
export function parseUnaryTests(text: string, names: Iterable<string> = []): UnaryTests {
  const parser = new Parser(text, names)
  const tests = parser.unaryTests()
  parser.end()
  return tests
}

class Parser implements Reader {
  readonly scanner: Scanner
  #depth = 0
  #nodes = 0

  constructor(text: string, names: Iterable<string>) {
    if (text.length > MAX_TEXT) throw errors.TEXT_TOO_COMPLEX({ limit: `${MAX_TEXT} characters` })
    this.scanner = new Scanner(text, new Vocabulary([...SEVERAL_WORDS, ...TYPE_NAMES, ...names]))
  }

  end(): void {
    if (!this.scanner.atEnd) throw this.scanner.wrong('the end', '结尾')
  }

  unaryTests(): UnaryTests {
    const scanner = this.scanner
    if (/^\s*-\s*$/.test(scanner.text)) {
      scanner.position = scanner.text.length
      return { negated: false, tests: 'any' }
    }
    const negated = this.#attempt(() => {
      scanner.needsWord('not')
      scanner.needs('(')
      const tests = this.several(() => this.element())
      scanner.needs(')')
      this.end()
      return tests
    })
    if (negated) return { negated: true, tests: negated }
    return { negated: false, tests: this.several(() => this.element()) }
  }

  expression(): Expression {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw errors.TEXT_TOO_COMPLEX({ limit: `depth ${MAX_DEPTH}` })
    const expression = this.#disjunction()
    this.#depth -= 1
    return expression
  }

  several<T>(one: () => T): T[] {
    const all = [one()]
    while (this.scanner.takes(',')) all.push(one())
    return all
  }

  /** What `work` reads, or nothing and no step forward when it does not parse. */
  #attempt<T>(work: () => T): T | undefined {
    const { position } = this.scanner
    const depth = this.#depth
    try {
      return work()
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'FEEL_SYNTAX_INVALID') throw error
      this.scanner.position = position
      this.#depth = depth
      return undefined
    }
  }

  #disjunction(): Expression {
    let left = this.#conjunction()
    while (this.scanner.takesWord('or')) left = { kind: 'or', left, right: this.#conjunction() }
    return left
  }

  #conjunction(): Expression {
    let left = this.#comparison()
    while (this.scanner.takesWord('and')) left = { kind: 'and', left, right: this.#comparison() }
    return left
  }

  #comparison(): Expression {
    const scanner = this.scanner
    let left = this.#sum()
    for (;;) {
      const op = COMPARISONS.find((sign) => scanner.takes(sign))
      if (op) left = { kind: 'comparison', op, left, right: this.#sum() }
      else if (scanner.takesWord('between')) {
        const low = this.#sum()
        scanner.needsWord('and')
        left = { kind: 'between', value: left, low, high: this.#sum() }
      } else if (scanner.takesWord('in')) left = { kind: 'in', value: left, tests: this.#inTests() }
      else return left
    }
  }

  #inTests(): Expression[] {
    const scanner = this.scanner
    const several = this.#attempt(() => {
      scanner.needs('(')
      const tests = this.several(() => this.element())
      scanner.needs(')')
      return tests
    })
    if (several) return several
    const op = COMPARISONS.find((sign) => scanner.takes(sign))
    return [op ? { kind: 'test', op, right: this.#sum() } : this.#sum()]
  }

  #sum(): Expression {
    const scanner = this.scanner
    let left = this.#product()
    for (;;) {
      const op = scanner.takes('+') ? '+' : scanner.takes('-') ? '-' : undefined
      if (!op) return left
      left = { kind: 'arithmetic', op, left, right: this.#product() }
    }
  }

  #product(): Expression {
    const scanner = this.scanner
    let left = this.#power()
    for (;;) {
      const op = scanner.sees('**') ? undefined : ['*', '/'].find((sign) => scanner.takes(sign))
      if (op !== '*' && op !== '/') return left
      left = { kind: 'arithmetic', op, left, right: this.#power() }
    }
  }

  #power(): Expression {
    let left = this.#signed()
    while (this.scanner.takes('**')) left = { kind: 'arithmetic', op: '**', left, right: this.#signed() }
    return left
  }

  #signed(): Expression {
    if (!this.scanner.takes('-')) return this.#instance()
    this.#nodes += 1
    if (this.#nodes > MAX_NODES) throw errors.TEXT_TOO_COMPLEX({ limit: `${MAX_NODES} parts` })
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw errors.TEXT_TOO_COMPLEX({ limit: `depth ${MAX_DEPTH}` })
    const of = this.#signed()
    this.#depth -= 1
    return { kind: 'negation', of }
  }

  #instance(): Expression {
    const value = this.#postfix()
    if (!this.scanner.takesWord('instance')) return value
    this.scanner.needsWord('of')
    return { kind: 'instance of', value, type: typeName(this.scanner) }
  }

  #postfix(): Expression {
    const scanner = this.scanner
    let left = this.#primary()
    for (;;) {
      if (scanner.sees('.') && !scanner.sees('..')) {
        scanner.needs('.')
        const name = scanner.name()
        if (name === undefined) throw scanner.wrong('a name', '名称')
        left = { kind: 'path', of: left, name }
      } else if (scanner.sees('[')) {
        const by = this.#attempt(() => {
          scanner.needs('[')
          const inside = this.element()
          scanner.needs(']')
          return inside
        })
        // No filter: the bracket ends an interval, as in ]1..5[.
        if (!by) return left
        left = { kind: 'filter', of: left, by }
      } else if (scanner.sees('(')) left = { kind: 'call', called: left, args: argumentsOf(this) }
      else return left
    }
  }

  #at(): number {
    this.scanner.skip()
    return this.scanner.position
  }

  /** A test of a cell, a member of a list or an argument, where a unary test may stand as a range. */
  element(): Expression {
    const op = COMPARISONS.find((sign) => this.scanner.takes(sign))
    return op ? { kind: 'test', op, right: this.#sum() } : this.expression()
  }

  #primary(): Expression {
    const scanner = this.scanner
    this.#nodes += 1
    if (this.#nodes > MAX_NODES) throw errors.TEXT_TOO_COMPLEX({ limit: `${MAX_NODES} parts` })
    const literal = literalOf(scanner)
    if (literal !== undefined) return { kind: 'constant', value: literal }
    if (scanner.sees('[')) return this.#bracketed()
    if (scanner.sees('(')) return this.#parenthesised()
    if (scanner.takes(']')) return this.#interval(false, this.element())
    if (scanner.sees('{')) return context(this)
    const start = this.#at()
    const name = scanner.name()
    if (name === undefined || RESERVED.has(name)) {
      scanner.position = start
      throw scanner.wrong('an expression', '表达式')
    }
    return this.#keyword(name) ?? { kind: 'name', name }
  }

  #keyword(name: string): Expression | undefined {
    switch (name) {
      case 'true':
      case 'false':
        return { kind: 'constant', value: name === 'true' }
      case 'null':
        return { kind: 'constant', value: null }
      case 'if':
        return choice(this)
      case 'for':
        return loop(this)
      case 'some':
      case 'every': {
        const walked = iterators(this, new Set(['satisfies']))
        return { kind: name, iterators: walked, body: this.expression() }
      }
      case 'function':
        return this.scanner.sees('(') ? definition(this) : undefined
      default:
        return undefined
    }
  }

  #bracketed(): Expression {
    const scanner = this.scanner
    scanner.needs('[')
    if (scanner.takes(']')) return { kind: 'list', members: [] }
    const first = this.element()
    if (scanner.sees('..')) return this.#interval(true, first)
    const members = [first]
    while (scanner.takes(',')) members.push(this.element())
    scanner.needs(']')
    return { kind: 'list', members }
  }

  #parenthesised(): Expression {
    this.scanner.needs('(')
    const inside = this.element()
    if (this.scanner.sees('..')) return this.#interval(false, inside)
    this.scanner.needs(')')
    return inside
  }

  #interval(lowIncluded: boolean, low: Expression): Expression {
    const scanner = this.scanner
    scanner.needs('..')
    const high = this.expression()
    const highIncluded = scanner.takes(']')
    if (!highIncluded && !scanner.takes(')')) scanner.needs('[')
    return { kind: 'range', low, high, lowIncluded, highIncluded }
  }
}

/** Names of functions and properties that have a blank in them. */
const SEVERAL_WORDS = [
  ...['date and time', 'years and months duration', 'string length', 'upper case', 'lower case'],
  ...['substring before', 'substring after', 'starts with', 'ends with', 'string join', 'list contains'],
  ...['list replace', 'insert before', 'index of', 'distinct values', 'round up', 'round down'],
  ...['round half up', 'round half down', 'met by', 'overlaps before', 'overlaps after', 'finished by'],
  ...['started by', 'day of year', 'day of week', 'month of year', 'week of year', 'get value'],
  ...['get entries', 'context put', 'context merge', 'time offset', 'start included', 'end included'],
]
