import { elementIn, elementsIn, type ModelElement, textIn } from '../compile/model.ts'
import type { Aggregation, Boxed, BoxedFunction, DecisionTable, Entry, HitPolicy, Named } from './model.ts'
import { errors } from './refusals.ts'

const MAX_RULES = 5_000

const empty: Boxed = { kind: 'empty' }

/** A property with its text, or nothing. */
export function textProperty<Name extends string>(
  element: ModelElement | undefined,
  name: Name,
  from: string = name,
): { readonly [K in Name]?: string } {
  const text = element && textIn(element, from)
  return (text === undefined ? {} : { [name]: text }) as { readonly [K in Name]?: string }
}

export const namedOf = (element: ModelElement): Named => ({
  name: nameOf(element),
  ...textProperty(element, 'typeRef'),
})

/** With single blanks between its words, as FEEL reads it. */
export const nameOf = (element: ModelElement) => (textIn(element, 'name') ?? '').replace(/\s+/g, ' ')

/** The expression an element holds as its `property`. */
export const boxedIn = (element: ModelElement | undefined, property: string): Boxed =>
  boxed(element && elementIn(element, property))

const branch = (element: ModelElement, property: string) => {
  const branch = elementIn(element, property)
  return boxedIn(branch, 'value')
}

/** The boxed expression of a moddle element. */
export function boxed(element: ModelElement | undefined): Boxed {
  if (!element) return empty
  return { ...contentOf(element), ...textProperty(element, 'typeRef'), ...textProperty(element, 'id') }
}

function contentOf(element: ModelElement): Boxed {
  switch (element.$type) {
    case 'dmn:LiteralExpression':
      return literal(element)
    case 'dmn:Context':
      return {
        kind: 'context',
        entries: elementsIn(element, 'contextEntry').map((entry) => entryOf(entry, 'variable', 'value')),
      }
    case 'dmn:Invocation':
      return {
        kind: 'invocation',
        called: boxedIn(element, 'calledFunction'),
        bindings: elementsIn(element, 'binding').map((one) => entryOf(one, 'parameter', 'bindingFormula')),
      }
    case 'dmn:Relation':
      return {
        kind: 'relation',
        columns: elementsIn(element, 'column').map(namedOf),
        rows: elementsIn(element, 'row').map((row) => elementsIn(row, 'elements').map(boxed)),
      }
    case 'dmn:List':
      return { kind: 'list', members: elementsIn(element, 'elements').map(boxed) }
    case 'dmn:FunctionDefinition':
      return functionOf(element)
    case 'dmn:Conditional':
      return {
        kind: 'conditional',
        if: branch(element, 'if'),
        then: branch(element, 'then'),
        else: branch(element, 'else'),
      }
    case 'dmn:Filter':
      return { kind: 'filter', in: branch(element, 'in'), match: branch(element, 'match') }
    case 'dmn:For':
      return iterator(element, 'for', 'return')
    case 'dmn:Some':
      return iterator(element, 'some', 'satisfies')
    case 'dmn:Every':
      return iterator(element, 'every', 'satisfies')
    case 'dmn:DecisionTable':
      return tableOf(element)
    default:
      throw errors.FILE_INVALID({ reason: `<${element.$type}>` })
  }
}

function literal(element: ModelElement): Boxed {
  const text = textIn(element, 'text')
  return text === undefined ? empty : { kind: 'literal', text }
}

function entryOf(element: ModelElement, variable: string, value: string): Entry {
  const named = elementIn(element, variable)
  return { ...(named && namedOf(named)), value: boxedIn(element, value) }
}

function iterator(element: ModelElement, kind: 'for' | 'some' | 'every', body: string): Boxed {
  const variable = textIn(element, 'iteratorVariable') ?? ''
  return { kind, variable, in: branch(element, 'in'), body: branch(element, body) }
}

export function functionOf(element: ModelElement): BoxedFunction {
  return {
    kind: 'function',
    parameters: elementsIn(element, 'formalParameter').map(namedOf),
    body: boxedIn(element, 'body'),
    isExternal: (textIn(element, 'kind') ?? 'FEEL') !== 'FEEL',
  }
}

const texts = (elements: readonly ModelElement[]) => elements.map((element) => textIn(element, 'text') ?? '')

function tableOf(element: ModelElement): DecisionTable {
  const rules = elementsIn(element, 'rule')
  if (rules.length > MAX_RULES) throw errors.FILE_TOO_LARGE({ limit: `${MAX_RULES} rules` })
  const aggregation = textIn(element, 'aggregation') as Aggregation | undefined
  return {
    kind: 'table',
    hitPolicy: (textIn(element, 'hitPolicy') ?? 'UNIQUE') as HitPolicy,
    ...(aggregation && { aggregation }),
    inputs: elementsIn(element, 'input').map((input) => {
      const expression = elementIn(input, 'inputExpression')
      return {
        ...textProperty(input, 'label'),
        expression: (expression && textIn(expression, 'text')) ?? '',
        ...textProperty(expression, 'typeRef'),
        ...textProperty(elementIn(input, 'inputValues'), 'allowed', 'text'),
      }
    }),
    outputs: elementsIn(element, 'output').map((output) => ({
      ...textProperty(output, 'name'),
      ...textProperty(output, 'label'),
      ...textProperty(output, 'typeRef'),
      ...textProperty(elementIn(output, 'outputValues'), 'allowed', 'text'),
      ...textProperty(elementIn(output, 'defaultOutputEntry'), 'otherwise', 'text'),
    })),
    rules: rules.map((rule) => ({
      ...textProperty(rule, 'id'),
      when: texts(elementsIn(rule, 'inputEntry')),
      then: texts(elementsIn(rule, 'outputEntry')),
      annotations: texts(elementsIn(rule, 'annotationEntry')),
    })),
  }
}
