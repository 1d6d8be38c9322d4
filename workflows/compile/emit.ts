import {
  flowOf,
  isEventSubProcess,
  isScope,
  type Node,
  nodeOf,
  type ProcessDefinition,
} from '../definition.ts'
import { levelOf } from '../outline.ts'

/**
 * The definition as the plainest BPMN that says the same: tasks and events that wait become user tasks and
 * message events, answered from outside. bpmn-engine reads only this, so that no attribute, expression or
 * extension of an uploaded file ever reaches it. What the engine does not do as the standard says is drawn as
 * one of its ways: an inclusive gateway takes one way out, a loop goes once round, and event sub-processes and
 * compensation, which no path of a flow leads to, are left out.
 */
export function emitBpmn(definition: ProcessDefinition): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<definitions id="rehearsed" xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"',
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:gdbos:rehearsal">',
    `<process id="${quoted(definition.key)}" isExecutable="true">`,
    ...emitLevel(definition, undefined),
    '</process></definitions>',
  ].join('\n')
}

/** Beside the flow: no token comes here by itself. */
const isAside = (node: Node) =>
  isEventSubProcess(node) ||
  'compensates' in node ||
  (node.kind === 'boundaryEvent' && node.awaits.kind === 'compensation')

function emitLevel(definition: ProcessDefinition, within: string | undefined): string[] {
  const nodes = levelOf(definition, within).nodes.filter((node) => !isAside(node))
  const ids = new Set(nodes.map(({ id }) => id))
  const flows = Object.values(definition.flows).filter(({ source }) => ids.has(source))
  const links = nodes.flatMap((node) => {
    const throws = node.kind === 'intermediateThrowEvent' ? node.throws : undefined
    return throws?.kind === 'link'
      ? [flowBetween(`link-${node.id}`, node.id, throws.target ?? '', false)]
      : []
  })
  return [
    ...nodes.map((node) => emitNode(definition, node)),
    ...flows.map(({ id, source, target, condition }) => {
      const { kind } = nodeOf(definition, source)
      return flowBetween(id, source, target, condition !== undefined || kind === 'eventBasedGateway')
    }),
    ...links,
  ]
}

function flowBetween(id: string, source: string, target: string, isChosen: boolean): string {
  const ends = `id="${quoted(id)}" sourceRef="${quoted(source)}" targetRef="${quoted(target)}"`
  if (!isChosen) return `<sequenceFlow ${ends}/>`
  return `<sequenceFlow ${ends}><conditionExpression xsi:type="tFormalExpression" language="feel">-</conditionExpression></sequenceFlow>`
}

function emitNode(definition: ProcessDefinition, node: Node): string {
  const id = `id="${quoted(node.id)}"`
  if (isScope(node)) return `<subProcess ${id}>${emitLevel(definition, node.id).join('\n')}</subProcess>`
  switch (node.kind) {
    case 'startEvent':
    case 'endEvent':
    case 'parallelGateway':
      return `<${node.kind} ${id}/>`
    case 'eventBasedGateway':
      return `<exclusiveGateway ${id}/>`
    case 'inclusiveGateway':
    case 'exclusiveGateway':
      return `<exclusiveGateway ${id}${node.defaultFlow === undefined ? '' : ` default="${quoted(node.defaultFlow)}"`}/>`
    case 'businessRuleTask':
      return `<task ${id}/>`
    case 'sendTask':
      return node.task === undefined ? `<task ${id}/>` : `<userTask ${id}/>`
    case 'intermediateThrowEvent':
      return `<task ${id}/>`
    case 'userTask':
    case 'manualTask':
    case 'serviceTask':
    case 'receiveTask':
    case 'callActivity':
      return `<userTask ${id}/>`
    case 'intermediateCatchEvent':
      if (node.awaits.kind === 'link') return `<task ${id}/>`
      return `<intermediateCatchEvent ${id}><messageEventDefinition/></intermediateCatchEvent>`
    case 'boundaryEvent': {
      const host = nodeOf(definition, node.attachedTo)
      const beside = node.parallel ? ' cancelActivity="false"' : ''
      return `<boundaryEvent ${id} attachedToRef="${quoted(host.id)}"${beside}><messageEventDefinition/></boundaryEvent>`
    }
  }
}

/** A way out that the rehearsal chooses. */
export const isChosen = (definition: ProcessDefinition, flow: string): boolean => {
  const { condition, source } = flowOf(definition, flow)
  return condition !== undefined || nodeOf(definition, source).kind === 'eventBasedGateway'
}

const quoted = (text: string) => text.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
