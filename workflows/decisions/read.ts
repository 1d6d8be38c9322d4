import { elementIn, elementsIn, idOf, type ModelElement, textIn } from '../compile/model.ts'
import { boxedIn, functionOf, namedOf, nameOf, textProperty } from './boxed.ts'
import { refuseCircles } from './graph.ts'
import { type DecisionModel, type Element, elementsOf, type ItemDefinition, type Reference } from './model.ts'
import { errors } from './refusals.ts'
import { readXml } from './xml.ts'

/**
 * Reads a DMN file (1.2 to 1.6) as data; its expressions are parsed when they are evaluated or checked.
 *
 * @throws DECISION_FILE_TOO_LARGE, DECISION_DOCTYPE_FORBIDDEN, DECISION_FILE_INVALID, DECISION_NAME_DUPLICATE,
 *   DECISION_GRAPH_CIRCULAR
 */
export async function readModel(xml: string): Promise<DecisionModel> {
  const root = await readXml(xml)
  if (root.$type !== 'dmn:Definitions') throw errors.FILE_INVALID({ reason: `<${root.$type}>` })
  const elements = elementsIn(root, 'drgElement')
  const ofType = (type: string) => elements.filter(({ $type }) => $type === `dmn:${type}`)
  const model: DecisionModel = {
    format: 1,
    name: nameOf(root),
    namespace: textIn(root, 'namespace') ?? '',
    imports: elementsIn(root, 'import').map((one) => ({
      name: nameOf(one),
      namespace: textIn(one, 'namespace') ?? '',
    })),
    types: elementsIn(root, 'itemDefinition').map((one) => itemOf(one)),
    inputs: ofType('InputData').map(elementOf),
    decisions: ofType('Decision').map((one) => ({
      ...elementOf(one),
      requires: requirementsOf(one),
      logic: boxedIn(one, 'decisionLogic'),
    })),
    knowledge: ofType('BusinessKnowledgeModel').map((one) => {
      const logic = elementIn(one, 'encapsulatedLogic')
      const empty = { kind: 'function' as const, parameters: [], body: { kind: 'empty' as const } }
      return {
        ...elementOf(one),
        requires: requirementsOf(one),
        logic: logic ? functionOf(logic) : { ...empty, isExternal: false },
        ...textProperty(logic, 'resultRef', 'typeRef'),
      }
    }),
    services: ofType('DecisionService').map((one) => ({
      ...elementOf(one),
      outputs: references(one, 'outputDecision'),
      encapsulated: references(one, 'encapsulatedDecision'),
      inputDecisions: references(one, 'inputDecision'),
      inputData: references(one, 'inputData'),
    })),
  }
  refuseDuplicates(model)
  refuseCircles(model)
  return model
}

/** The variable's name counts in expressions (DMN 1.5, 6.3.x); it is the element's own. */
function elementOf(element: ModelElement): Element {
  const variable = elementIn(element, 'variable')
  return {
    id: idOf(element),
    name: nameOf(element),
    ...textProperty(variable, 'typeRef'),
    ...textProperty(element, 'label'),
  }
}

function itemOf(element: ModelElement, depth = 0): ItemDefinition {
  if (depth > 20) throw errors.FILE_TOO_LARGE({ limit: 'depth 20 of item definitions' })
  const item = elementIn(element, 'functionItem')
  return {
    name: nameOf(element),
    ...textProperty(element, 'typeRef'),
    isCollection: element['isCollection'] === true,
    ...textProperty(elementIn(element, 'allowedValues'), 'allowed', 'text'),
    ...textProperty(elementIn(element, 'typeConstraint'), 'constraint', 'text'),
    components: elementsIn(element, 'itemComponent').map((one) => itemOf(one, depth + 1)),
    ...(item && {
      function: {
        parameters: elementsIn(item, 'parameters').map(namedOf),
        ...textProperty(item, 'result', 'outputTypeRef'),
      },
    }),
  }
}

function requirementsOf(element: ModelElement): Reference[] {
  return [
    ...elementsIn(element, 'informationRequirement').flatMap((one) => [
      ...references(one, 'requiredInput'),
      ...references(one, 'requiredDecision'),
    ]),
    ...elementsIn(element, 'knowledgeRequirement').flatMap((one) => references(one, 'requiredKnowledge')),
  ]
}

function references(element: ModelElement, property: string): Reference[] {
  return elementsIn(element, property).flatMap((one) => {
    const href = textIn(one, 'href') ?? ''
    const [namespace = '', id] = href.split('#')
    if (id === undefined || id === '') return []
    return [{ id, ...(namespace !== '' && { namespace }) }]
  })
}

function refuseDuplicates(model: DecisionModel): void {
  const seen = new Set<string>()
  for (const { name } of [...elementsOf(model), ...model.imports]) {
    if (name === '') continue
    if (seen.has(name)) throw errors.NAME_DUPLICATE({ name })
    seen.add(name)
  }
}
