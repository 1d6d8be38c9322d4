import type { Texts } from '../core/errors.ts'
import type { DecisionModel } from './decisions/model.ts'

export const VARIABLE_TYPES = [
  ...(['string', 'number', 'boolean', 'date', 'date-time', 'duration'] as const),
  ...(['list', 'context', 'any'] as const),
] as const

export type VariableType = (typeof VARIABLE_TYPES)[number]

/** A process variable; its value is JSON: dates, instants and durations are ISO 8601 texts. */
export interface Variable {
  readonly name: string
  readonly type: VariableType
  /** The data element or the code list (`number@edition`) that its values are of. */
  readonly elementCode?: string
  readonly codeListId?: string
}

export interface Flow {
  readonly id: string
  readonly source: string
  readonly target: string
  /** FEEL; absent for an unconditional flow. */
  readonly condition?: string
}

export interface MessageTrigger {
  readonly kind: 'message'
  readonly message: string
  /** FEEL; absent for the business key. */
  readonly correlationKey?: string
}

export interface TimerTrigger {
  readonly kind: 'timer'
  readonly timer: 'date' | 'duration'
  /** ISO 8601, or FEEL giving a date, date and time or duration. */
  readonly text: string
}

export interface ErrorTrigger {
  readonly kind: 'error'
  /** A `DomainError.code`; absent to catch every refusal. */
  readonly code?: string
}

interface NodeBase {
  readonly id: string
  readonly name: Texts
  /** Ids of flows, in the order of the file. */
  readonly incoming: readonly string[]
  readonly outgoing: readonly string[]
  /** Ids of the boundary events attached here. */
  readonly boundaries: readonly string[]
}

export interface StartEvent extends NodeBase {
  readonly kind: 'startEvent'
  readonly message?: string
}

export interface EndEvent extends NodeBase {
  readonly kind: 'endEvent'
  readonly throws?: MessageTrigger
}

export interface UserTask extends NodeBase {
  readonly kind: 'userTask'
  readonly candidateRole?: string
  /** FEEL giving the id of the body that does the task; absent for the body of the instance. */
  readonly organisation?: string
  readonly formKey?: string
  /** Command of a manifest, run in the transaction of the completion. */
  readonly command?: string
  readonly limitDays?: number
}

export interface ServiceTask extends NodeBase {
  readonly kind: 'serviceTask'
  /** Task of a manifest; null only in a definition that is run in memory. */
  readonly task: string | null
}

export interface SendTask extends NodeBase {
  readonly kind: 'sendTask'
  readonly task?: string
  readonly throws?: MessageTrigger
}

/** Makes a decision of the pack within the step. */
export interface BusinessRuleTask extends NodeBase {
  readonly kind: 'businessRuleTask'
  /** Name of a decision or decision service of the definition's `decisions`. */
  readonly decision: string
  /** The declared variable that takes the result. */
  readonly resultVariable: string
}

export interface ReceiveTask extends NodeBase {
  readonly kind: 'receiveTask'
  readonly awaits: MessageTrigger
}

export interface CatchEvent extends NodeBase {
  readonly kind: 'intermediateCatchEvent'
  readonly awaits: MessageTrigger | TimerTrigger
}

export interface BoundaryEvent extends NodeBase {
  readonly kind: 'boundaryEvent'
  readonly attachedTo: string
  readonly awaits: MessageTrigger | TimerTrigger | ErrorTrigger
}

export interface ExclusiveGateway extends NodeBase {
  readonly kind: 'exclusiveGateway'
  readonly defaultFlow?: string
}

export interface ParallelGateway extends NodeBase {
  readonly kind: 'parallelGateway'
}

export type Node =
  | StartEvent
  | EndEvent
  | UserTask
  | ServiceTask
  | SendTask
  | BusinessRuleTask
  | ReceiveTask
  | CatchEvent
  | BoundaryEvent
  | ExclusiveGateway
  | ParallelGateway

export type NodeKind = Node['kind']

/** Raised when a stored definition can no longer be read by this program. */
export const DEFINITION_FORMAT = 1

/** A checked process as plain JSON: all the runtime needs, nothing of BPMN's XML. */
export interface ProcessDefinition {
  readonly format: typeof DEFINITION_FORMAT
  /** The id of the process. */
  readonly key: string
  readonly name: Texts
  readonly variables: readonly Variable[]
  readonly nodes: Readonly<Record<string, Node>>
  readonly flows: Readonly<Record<string, Flow>>
  /** The decision models of the pack; absent when it has none. */
  readonly decisions?: readonly DecisionModel[]
}

/** The node with the id; every id in a compiled definition resolves. */
export function nodeOf(definition: ProcessDefinition, id: string): Node {
  const node = Object.hasOwn(definition.nodes, id) ? definition.nodes[id] : undefined
  if (!node) throw new Error(`definition ${definition.key} has no node ${id}`)
  return node
}

export function flowOf(definition: ProcessDefinition, id: string): Flow {
  const flow = Object.hasOwn(definition.flows, id) ? definition.flows[id] : undefined
  if (!flow) throw new Error(`definition ${definition.key} has no flow ${id}`)
  return flow
}

export const isStart = (node: Node): node is StartEvent => node.kind === 'startEvent'

/** Whether a token comes to rest here until something from outside happens. */
export function isWaitState(node: Node): boolean {
  if (node.kind === 'sendTask') return node.task !== undefined
  return ['userTask', 'serviceTask', 'receiveTask', 'intermediateCatchEvent'].includes(node.kind)
}
