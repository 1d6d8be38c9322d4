import { DomainError } from '../../core/errors.ts'
import {
  ANY,
  type Expression,
  type FeelType,
  parseExpression,
  parseTypeName,
  parseUnaryTests,
  type Run,
  satisfies,
  Scope,
  typeOf,
  type UnaryTests,
} from '../feel/index.ts'
import { type Boxed, type DecisionModel, elementsOf, type ItemDefinition, type Named } from './model.ts'

/** A model with its imports, its expressions parsed once each and its types resolved once each. */
export class Compiled {
  readonly model: DecisionModel
  readonly #imported: ReadonlyMap<string, Compiled>
  readonly #names: ReadonlySet<string>
  readonly #expressions = new Map<string, Expression | DomainError>()
  readonly #tests = new Map<string, UnaryTests | DomainError>()
  readonly #types = new Map<string, FeelType | undefined>()

  constructor(model: DecisionModel, imports: readonly DecisionModel[] = [], depth = 0) {
    this.model = model
    const imported = model.imports.flatMap(({ name, namespace }) => {
      const found = depth < 10 ? imports.find((one) => one.namespace === namespace) : undefined
      return found ? [[name, new Compiled(found, imports, depth + 1)] as const] : []
    })
    this.#imported = new Map(imported)
    this.#names = new Set([...namesIn(model), ...imported.flatMap(([, { model }]) => [...namesIn(model)])])
  }

  /** The imported model of a name in this file. */
  get imported(): ReadonlyMap<string, Compiled> {
    return this.#imported
  }

  /** @throws FEEL_SYNTAX_INVALID, FEEL_TEXT_TOO_COMPLEX */
  expression(text: string): Expression {
    return kept(this.#expressions, text, () => parseExpression(text, this.#names))
  }

  /** @throws FEEL_SYNTAX_INVALID, FEEL_TEXT_TOO_COMPLEX */
  tests(text: string): UnaryTests {
    const written = text.trim() === '' ? '-' : text
    return kept(this.#tests, written, () => parseUnaryTests(written, this.#names))
  }

  /** The type a typeRef names; Any for none. Undefined for one that there is not. */
  type(typeRef: string | undefined): FeelType | undefined {
    if (typeRef === undefined) return ANY
    return typeOf(parseTypeName(typeRef), (name) => this.named(name))
  }

  /** The item definition's type, of an import too (`import.name`). */
  named(name: string): FeelType | undefined {
    if (this.#types.has(name)) return this.#types.get(name)
    const item = this.model.types.find((one) => one.name === name)
    // While it is being made it is anything, so that a type within itself ends.
    this.#types.set(name, item && ANY)
    const type = item ? this.#itemType(item) : this.#foreign(name)
    this.#types.set(name, type)
    return type
  }

  #foreign(name: string): FeelType | undefined {
    for (const [prefix, compiled] of this.#imported)
      if (name.startsWith(`${prefix}.`)) return compiled.named(name.slice(prefix.length + 1))
    return undefined
  }

  #itemType(item: ItemDefinition): FeelType | undefined {
    const own = this.#ownType(item)
    const member = own && this.#constrained(own, item.allowed)
    const whole: FeelType | undefined = item.isCollection && member ? { kind: 'list', of: member } : member
    return whole && this.#constrained(whole, item.constraint)
  }

  #ownType(item: ItemDefinition): FeelType | undefined {
    if (item.function) {
      const { parameters, result } = item.function
      return {
        kind: 'function',
        parameters: parameters.map(({ typeRef }) => this.type(typeRef) ?? ANY),
        result: this.type(result) ?? ANY,
      }
    }
    if (item.components.length === 0) return this.type(item.typeRef)
    const fields = item.components.map((one) => [one.name, this.#itemType(one) ?? ANY] as const)
    return { kind: 'context', fields: new Map(fields) }
  }

  #constrained(of: FeelType, allowed: string | undefined): FeelType {
    if (allowed === undefined) return of
    const allows = (value: Parameters<typeof satisfies>[1], run: Run) =>
      satisfies(this.tests(allowed), value, new Scope(new Map()), run) === true
    return { kind: 'constrained', of, allows }
  }
}

function kept<T>(cache: Map<string, T | DomainError>, text: string, parse: () => T): T {
  let found = cache.get(text)
  if (found === undefined) {
    try {
      found = parse()
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      found = error
    }
    cache.set(text, found)
  }
  if (found instanceof DomainError) throw found
  return found
}

/** Every name of the file that an expression may write. */
function* namesIn(model: DecisionModel): Generator<string> {
  for (const { name } of [...elementsOf(model), ...model.imports]) yield name
  for (const item of model.types) yield* itemNames(item)
  for (const { logic } of [...model.decisions, ...model.knowledge]) yield* boxedNames(logic)
}

function* itemNames(item: ItemDefinition): Generator<string> {
  yield item.name
  for (const part of item.components) yield* itemNames(part)
}

const namesOf = (all: readonly Partial<Named>[]) => all.flatMap(({ name }) => name ?? [])

function* boxedNames(boxed: Boxed): Generator<string> {
  for (const inner of partsOf(boxed)) yield* boxedNames(inner)
  if (boxed.kind === 'context') yield* namesOf(boxed.entries)
  if (boxed.kind === 'invocation') yield* namesOf(boxed.bindings)
  if (boxed.kind === 'relation') yield* namesOf(boxed.columns)
  if (boxed.kind === 'function') yield* namesOf(boxed.parameters)
  if (boxed.kind === 'table') yield* namesOf(boxed.outputs)
  if (boxed.kind === 'for' || boxed.kind === 'some' || boxed.kind === 'every') yield boxed.variable
}

/** The boxes within a box. */
export function partsOf(boxed: Boxed): readonly Boxed[] {
  switch (boxed.kind) {
    case 'context':
      return boxed.entries.map(({ value }) => value)
    case 'invocation':
      return [boxed.called, ...boxed.bindings.map(({ value }) => value)]
    case 'relation':
      return boxed.rows.flat()
    case 'list':
      return boxed.members
    case 'function':
      return [boxed.body]
    case 'conditional':
      return [boxed.if, boxed.then, boxed.else]
    case 'filter':
      return [boxed.in, boxed.match]
    case 'for':
    case 'some':
    case 'every':
      return [boxed.in, boxed.body]
    case 'literal':
    case 'table':
    case 'empty':
      return []
  }
}
