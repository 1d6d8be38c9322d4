import { elementIn, elementsIn, type ModelElement, textIn, walk } from './model.ts'
import type { Reading } from './nodes.ts'
import type { Side } from './trigger.ts'

/**
 * The correlation key of a message by the standard's own means (BPMN 2.0.2, 8.4.2): who sends it reads the
 * key with the message path of a correlation property; who waits, with the data path of its process's
 * correlation subscription. Undefined when the file says nothing of it.
 */
export function keyOf(message: ModelElement, reading: Reading, side: Side): string | undefined {
  const properties = elementsIn(reading.definitions, 'rootElements').filter(
    ({ $type }) => $type === 'bpmn:CorrelationProperty',
  )
  const read = properties.flatMap((property) =>
    elementsIn(property, 'correlationPropertyRetrievalExpression')
      .filter((retrieval) => elementIn(retrieval, 'messageRef') === message)
      .map((retrieval) => ({ property, path: pathIn(retrieval, 'messagePath') })),
  )
  if (side === 'throws') return read.find(({ path }) => path !== undefined)?.path
  for (const { property } of read) {
    const path = bindingOf(property, reading)
    if (path !== undefined) return path
  }
  return undefined
}

function bindingOf(property: ModelElement, { process }: Reading): string | undefined {
  for (const { element } of walk(process)) {
    if (element.$type !== 'bpmn:CorrelationPropertyBinding') continue
    if (elementIn(element, 'correlationPropertyRef') === property) return pathIn(element, 'dataPath')
  }
  return undefined
}

function pathIn(holder: ModelElement, property: string): string | undefined {
  const expression = elementIn(holder, property)
  return expression && textIn(expression, 'body')
}
