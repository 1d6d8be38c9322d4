import { literalOf } from './literal.ts'
import type { Scanner } from './scanner.ts'
import type { Arguments, Expression, Iterator, Parameter } from './syntax.ts'
import { typeName } from './type-name.ts'

/** The part of the parser that composed expressions are read with. */
export interface Reader {
  readonly scanner: Scanner
  expression(): Expression
  /** A member of a list or an argument. */
  element(): Expression
  /** One or more, with commas between. */
  several<T>(one: () => T): T[]
}

/** The arguments of a call, by position or by name. */
export function argumentsOf(reader: Reader): Arguments {
  const scanner = reader.scanner
  scanner.needs('(')
  if (scanner.takes(')')) return []
  if (PARAMETER.test(scanner.text.slice(at(scanner)))) {
    const named = reader.several(() => {
      const name = scanner.nameUntil(/:/g)
      if (name === undefined) throw scanner.wrong('the name of a parameter', '参数名')
      scanner.needs(':')
      return [name, reader.expression()] as const
    })
    scanner.needs(')')
    return { named }
  }
  const args = reader.several(() => reader.element())
  scanner.needs(')')
  return args
}

/** The rest of `if`. */
export function choice(reader: Reader): Expression {
  const condition = reader.expression()
  reader.scanner.needsWord('then')
  const then = reader.expression()
  reader.scanner.needsWord('else')
  return { kind: 'if', condition, then, otherwise: reader.expression() }
}

/** The rest of `for`. */
export function loop(reader: Reader): Expression {
  const walked = iterators(reader, new Set(['return']))
  reader.scanner.vocabulary.add('partial')
  return { kind: 'for', iterators: walked, body: reader.expression() }
}

/** What `for`, `some` and `every` walk, up to one of the words. */
export function iterators(reader: Reader, ends: ReadonlySet<string>): Iterator[] {
  const scanner = reader.scanner
  const walked = reader.several(() => {
    const name = scanner.nameUntil(/\sin\s/g)
    if (name === undefined) throw scanner.wrong('a name and “in”', '名称和“in”')
    scanner.vocabulary.add(name)
    scanner.needsWord('in')
    const from = reader.expression()
    return scanner.takes('..') ? { name, from, to: reader.expression() } : { name, from }
  })
  for (const word of ends) scanner.needsWord(word)
  return walked
}

/** The rest of `function`. */
export function definition(reader: Reader): Expression {
  const scanner = reader.scanner
  scanner.needs('(')
  const parameters = scanner.sees(')') ? [] : reader.several(() => parameter(reader))
  scanner.needs(')')
  const external = scanner.takesWord('external')
  return { kind: 'function', parameters, external, body: reader.expression() }
}

function parameter(reader: Reader): Parameter {
  const scanner = reader.scanner
  const name = scanner.nameUntil(/[,:)]/g)
  if (name === undefined) throw scanner.wrong('the name of a parameter', '参数名')
  scanner.vocabulary.add(name)
  return scanner.takes(':') ? { name, type: typeName(scanner) } : { name }
}

/** `{ key: value }`. */
export function context(reader: Reader): Expression {
  const scanner = reader.scanner
  scanner.needs('{')
  const entries: [string, Expression][] = []
  if (scanner.takes('}')) return { kind: 'context', entries }
  do {
    const written = literalOf(scanner)
    const key = typeof written === 'string' ? written : scanner.nameUntil(/:/g)
    if (key === undefined) throw scanner.wrong('a key', '键名')
    if (entries.some(([other]) => other === key)) throw scanner.wrong('a key not used yet', '未用过的键名')
    scanner.needs(':')
    const value = reader.expression()
    scanner.vocabulary.add(key)
    entries.push([key, value])
  } while (scanner.takes(','))
  scanner.needs('}')
  return { kind: 'context', entries }
}

function at(scanner: Scanner): number {
  scanner.skip()
  return scanner.position
}

/** `name:` at the head of the arguments. */
const PARAMETER = /^[\p{L}_?][^,:()[\]{}"]*:/u
