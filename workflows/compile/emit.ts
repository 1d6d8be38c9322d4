import { type Node, nodeOf, type ProcessDefinition } from '../definition.ts'

/**
 * The definition as the plainest BPMN that says the same: tasks and events that wait become user tasks and
 * message events, answered from outside. bpmn-engine reads only this, so that no attribute, expression or
 * extension of an uploaded file ever reaches it.
 */
export function emitBpmn(definition: ProcessDefinition): string {
  const nodes = Object.values(definition.nodes).map((node) => emitNode(definition, node))
  const flows = Object.values(definition.flows).map(({ id, source, target, condition }) => {
    const ends = `id="${quoted(id)}" sourceRef="${quoted(source)}" targetRef="${quoted(target)}"`
    if (condition === undefined) return `<sequenceFlow ${ends}/>`
    return `<sequenceFlow ${ends}><conditionExpression xsi:type="tFormalExpression" language="feel">-</conditionExpression></sequenceFlow>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<definitions id="rehearsed" xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"',
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:gdbos:rehearsal">',
    `<process id="${quoted(definition.key)}" isExecutable="true">`,
    ...nodes,
    ...flows,
    '</process></definitions>',
  ].join('\n')
}

function emitNode(definition: ProcessDefinition, node: Node): string {
  const id = `id="${quoted(node.id)}"`
  switch (node.kind) {
    case 'startEvent':
    case 'endEvent':
    case 'parallelGateway':
      return `<${node.kind} ${id}/>`
    case 'exclusiveGateway':
      return `<exclusiveGateway ${id}${node.defaultFlow === undefined ? '' : ` default="${quoted(node.defaultFlow)}"`}/>`
    case 'businessRuleTask':
      return `<task ${id}/>`
    case 'sendTask':
      return node.task === undefined ? `<task ${id}/>` : `<userTask ${id}/>`
    case 'userTask':
    case 'serviceTask':
    case 'receiveTask':
      return `<userTask ${id}/>`
    case 'intermediateCatchEvent':
      return `<intermediateCatchEvent ${id}><messageEventDefinition/></intermediateCatchEvent>`
    case 'boundaryEvent': {
      const host = nodeOf(definition, node.attachedTo)
      return `<boundaryEvent ${id} attachedToRef="${quoted(host.id)}"><messageEventDefinition/></boundaryEvent>`
    }
  }
}

const quoted = (text: string) => text.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
