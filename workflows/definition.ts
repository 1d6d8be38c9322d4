import type { Texts } from '../core/errors.ts'
import type { DecisionModel } from './decisions/model.ts'
import type { Node } from './node.ts'

export * from './node.ts'
export * from './trigger.ts'

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

/** Raised when a stored definition can no longer be read by this program. */
export const DEFINITION_FORMAT = 2

/** A checked process as plain JSON: all the runtime needs, nothing of BPMN's XML. */
export interface ProcessDefinition {
  readonly format: typeof DEFINITION_FORMAT
  /** The id of the process. */
  readonly key: string
  readonly name: Texts
  readonly variables: readonly Variable[]
  /** The nodes of all levels, by id. */
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

/** A definition as stored: format 1 knew one level and start events by message alone. */
export function readDefinition(stored: ProcessDefinition): ProcessDefinition {
  const format: number = stored.format
  if (format === DEFINITION_FORMAT) return stored
  if (format !== 1) throw new Error(`definition ${stored.key} has the format ${format}`)
  const nodes = Object.entries(stored.nodes).map(([id, node]) => [id, fromFormat1(node)] as const)
  return { ...stored, format: DEFINITION_FORMAT, nodes: Object.fromEntries(nodes) }
}

function fromFormat1(node: Node): Node {
  if (node.kind !== 'startEvent') return node
  const { message, ...start } = node as typeof node & { readonly message?: string }
  return message === undefined ? start : { ...start, awaits: { kind: 'message', message } }
}
