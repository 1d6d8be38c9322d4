import type { Value } from './value.ts'

export type ArithmeticOp = '+' | '-' | '*' | '/' | '**'
export type ComparisonOp = '=' | '!=' | '<' | '<=' | '>' | '>='

/** A type as written after `instance of` or as a typeRef: a name, with parts for the composed ones. */
export interface TypeName {
  readonly name: string
  /** Of `list<…>` and `range<…>`: the member; of `function<…>`: the parameters. */
  readonly of?: readonly TypeName[]
  /** Of `context<…>`. */
  readonly fields?: readonly (readonly [string, TypeName])[]
  /** Of `function<…> -> …`. */
  readonly result?: TypeName
}

export interface Iterator {
  readonly name: string
  readonly from: Expression
  /** Of `from..to`. */
  readonly to?: Expression
}

export interface Parameter {
  readonly name: string
  readonly type?: TypeName
}

export type Arguments = readonly Expression[] | { readonly named: readonly (readonly [string, Expression])[] }

/** A parsed expression. */
export type Expression =
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'path'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'filter'; readonly of: Expression; readonly by: Expression }
  | { readonly kind: 'call'; readonly called: Expression; readonly args: Arguments }
  | { readonly kind: 'negation'; readonly of: Expression }
  | {
      readonly kind: 'arithmetic'
      readonly op: ArithmeticOp
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly kind: 'comparison'
      readonly op: ComparisonOp
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'between'
      readonly value: Expression
      readonly low: Expression
      readonly high: Expression
    }
  | { readonly kind: 'in'; readonly value: Expression; readonly tests: readonly Expression[] }
  | {
      readonly kind: 'if'
      readonly condition: Expression
      readonly then: Expression
      readonly otherwise: Expression
    }
  | { readonly kind: 'for'; readonly iterators: readonly Iterator[]; readonly body: Expression }
  | { readonly kind: 'some' | 'every'; readonly iterators: readonly Iterator[]; readonly body: Expression }
  | { readonly kind: 'instance of'; readonly value: Expression; readonly type: TypeName }
  | { readonly kind: 'list'; readonly members: readonly Expression[] }
  | { readonly kind: 'context'; readonly entries: readonly (readonly [string, Expression])[] }
  | {
      readonly kind: 'range'
      readonly low: Expression
      readonly high: Expression
      readonly lowIncluded: boolean
      readonly highIncluded: boolean
    }
  | {
      readonly kind: 'function'
      readonly parameters: readonly Parameter[]
      readonly body: Expression
      /** Of another language: it never runs. */
      readonly external: boolean
    }
  /** `< 5`, which tests the input `?`; as a value, a range. */
  | { readonly kind: 'test'; readonly op: ComparisonOp; readonly right: Expression }

/** The cell of a decision table: any of the tests, none of them after `not`. `-` has none and always holds. */
export interface UnaryTests {
  readonly negated: boolean
  readonly tests: readonly Expression[] | 'any'
}

/** The expression and all within it, itself first. */
export function* walk(expression: Expression): Generator<Expression> {
  yield expression
  for (const part of partsOf(expression)) yield* walk(part)
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'constant':
    case 'name':
      return []
    case 'path':
    case 'negation':
      return [expression.of]
    case 'filter':
      return [expression.of, expression.by]
    case 'call': {
      const { called, args } = expression
      return [called, ...('named' in args ? args.named.map(([, value]) => value) : args)]
    }
    case 'arithmetic':
    case 'comparison':
    case 'and':
    case 'or':
      return [expression.left, expression.right]
    case 'between':
      return [expression.value, expression.low, expression.high]
    case 'in':
      return [expression.value, ...expression.tests]
    case 'if':
      return [expression.condition, expression.then, expression.otherwise]
    case 'for':
    case 'some':
    case 'every': {
      const walked = expression.iterators.flatMap(({ from, to }) => (to ? [from, to] : [from]))
      return [...walked, expression.body]
    }
    case 'instance of':
      return [expression.value]
    case 'list':
      return expression.members
    case 'context':
      return expression.entries.map(([, value]) => value)
    case 'range':
      return [expression.low, expression.high]
    case 'function':
      return [expression.body]
    case 'test':
      return [expression.right]
  }
}
