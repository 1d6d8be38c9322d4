/** An expression of DMN in a box of its own (DMN 1.5, 10.2.1), as plain JSON. */
export type Boxed = { readonly typeRef?: string; readonly id?: string } & (
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'context'; readonly entries: readonly Entry[] }
  | { readonly kind: 'invocation'; readonly called: Boxed; readonly bindings: readonly Entry[] }
  | {
      readonly kind: 'relation'
      readonly columns: readonly Named[]
      readonly rows: readonly (readonly Boxed[])[]
    }
  | { readonly kind: 'list'; readonly members: readonly Boxed[] }
  | BoxedFunction
  | { readonly kind: 'conditional'; readonly if: Boxed; readonly then: Boxed; readonly else: Boxed }
  | { readonly kind: 'filter'; readonly in: Boxed; readonly match: Boxed }
  | {
      readonly kind: 'for' | 'some' | 'every'
      readonly variable: string
      readonly in: Boxed
      readonly body: Boxed
    }
  | DecisionTable
  /** Nothing is written. */
  | { readonly kind: 'empty' }
)

export interface BoxedFunction {
  readonly kind: 'function'
  readonly parameters: readonly Named[]
  readonly body: Boxed
  /** Of another language: never run. */
  readonly isExternal: boolean
}

export interface Named {
  readonly name: string
  readonly typeRef?: string
}

/** Without a name it is the context's result. */
export interface Entry {
  readonly name?: string
  readonly typeRef?: string
  readonly value: Boxed
}

export type HitPolicy = 'UNIQUE' | 'FIRST' | 'PRIORITY' | 'ANY' | 'COLLECT' | 'RULE ORDER' | 'OUTPUT ORDER'
export type Aggregation = 'COUNT' | 'SUM' | 'MIN' | 'MAX'

export interface DecisionTable {
  readonly kind: 'table'
  readonly hitPolicy: HitPolicy
  readonly aggregation?: Aggregation
  readonly inputs: readonly InputClause[]
  readonly outputs: readonly OutputClause[]
  readonly rules: readonly Rule[]
}

export interface InputClause {
  readonly label?: string
  readonly expression: string
  readonly typeRef?: string
  /** Unary tests of the values it may have. */
  readonly allowed?: string
}

export interface OutputClause {
  readonly name?: string
  readonly label?: string
  readonly typeRef?: string
  /** Unary tests of the values there are, the weightiest first. */
  readonly allowed?: string
  /** The output when no rule matches. */
  readonly otherwise?: string
}

export interface Rule {
  readonly id?: string
  /** Unary tests, one for each input. */
  readonly when: readonly string[]
  /** Expressions, one for each output. */
  readonly then: readonly string[]
  readonly annotations: readonly string[]
}

export interface ItemDefinition {
  readonly name: string
  readonly typeRef?: string
  readonly isCollection: boolean
  /** Unary tests: of a member of the collection, or of the whole value for `constraint`. */
  readonly allowed?: string
  readonly constraint?: string
  readonly components: readonly ItemDefinition[]
  readonly function?: { readonly parameters: readonly Named[]; readonly result?: string }
}

/** An element by namespace and id; the namespace of the file itself is left out. */
export interface Reference {
  readonly namespace?: string
  readonly id: string
}

export interface Element extends Named {
  readonly id: string
  readonly label?: string
}

export interface Decision extends Element {
  readonly requires: readonly Reference[]
  readonly logic: Boxed
}

/** A business knowledge model: a function that decisions share. */
export interface Knowledge extends Element {
  readonly requires: readonly Reference[]
  readonly logic: BoxedFunction
  /** Of what the function gives. */
  readonly resultRef?: string
}

export interface Service extends Element {
  readonly outputs: readonly Reference[]
  readonly encapsulated: readonly Reference[]
  readonly inputDecisions: readonly Reference[]
  readonly inputData: readonly Reference[]
}

export interface Import {
  readonly name: string
  readonly namespace: string
}

/** A DMN file as plain JSON: all that evaluation needs, nothing of the XML. */
export interface DecisionModel {
  readonly format: 1
  readonly name: string
  readonly namespace: string
  readonly imports: readonly Import[]
  readonly types: readonly ItemDefinition[]
  readonly inputs: readonly Element[]
  readonly decisions: readonly Decision[]
  readonly knowledge: readonly Knowledge[]
  readonly services: readonly Service[]
}

/** Every element of the model that has a name others may require. */
export const elementsOf = (model: DecisionModel) => [
  ...model.inputs,
  ...model.decisions,
  ...model.knowledge,
  ...model.services,
]
