import { DomainError } from '../core/errors.ts'
import {
  flowOf,
  isActivity,
  isEventSubProcess,
  isStart,
  type Node,
  nodeOf,
  type ProcessDefinition,
  type StartEvent,
  type SubProcess,
  type Variable,
} from './definition.ts'
import { namings } from './expressions/index.ts'

/** What instances of a multi-instance or looping activity know of themselves (BPMN 2.0.2, table 10.30). */
export const LOOP_COUNTER: Variable = { name: 'loopCounter', type: 'number' }
const COUNTS = ['Instances', 'ActiveInstances', 'CompletedInstances', 'TerminatedInstances']
export const LOOP_COUNTS: readonly Variable[] = COUNTS.map((name) => ({
  name: `numberOf${name}`,
  type: 'number' as const,
}))

/** A level of a definition: the process itself, or what a sub-process holds. */
export interface Level {
  readonly nodes: readonly Node[]
  readonly starts: readonly StartEvent[]
  readonly eventSubProcesses: readonly SubProcess[]
}

/** What is asked of a definition again and again, worked out once. */
export interface Outline {
  readonly levels: ReadonlyMap<string | undefined, Level>
  /** Declared where the node stands: the process's variables and those of what it lies in, its own included. */
  readonly visible: ReadonlyMap<string, readonly Variable[]>
  /** Activities that leave something to undo when they are done. */
  readonly compensable: ReadonlySet<string>
  readonly hasConditions: boolean
  readonly hasInclusive: boolean
}

const known = new WeakMap<ProcessDefinition, Outline>()

export function outlineOf(definition: ProcessDefinition): Outline {
  const outline = known.get(definition) ?? drawn(definition)
  known.set(definition, outline)
  return outline
}

export function levelOf(definition: ProcessDefinition, within: string | undefined): Level {
  return outlineOf(definition).levels.get(within) ?? { nodes: [], starts: [], eventSubProcesses: [] }
}

/** The variables of its own that an activity's token may hold. */
export function localsOf(node: Node): readonly Variable[] {
  if (!isActivity(node)) return []
  const own = node.locals ?? []
  const named = (name: string | undefined): Variable[] =>
    name === undefined || own.some((one) => one.name === name) ? [] : [{ name, type: 'any' }]
  const given = [
    ...(node.loop ? [LOOP_COUNTER] : []),
    ...(node.loop?.kind === 'multi' ? named(node.loop.element) : []),
    ...(node.inputs ?? []).flatMap(({ to }) => named(to)),
  ]
  const unique = new Map([...given, ...own].map((variable) => [variable.name, variable]))
  return [...unique.values()]
}

/** What an activity's output mappings read of its result, which only the task or the called process declares. */
function resultsOf(node: Node, known: readonly Variable[]): Variable[] {
  const outputs = isActivity(node) ? (node.outputs ?? []) : []
  const read = new Set(outputs.flatMap(({ from }) => namesIn(from)))
  for (const { name } of known) read.delete(name)
  return [...read].map((name) => ({ name, type: 'any' }))
}

/** None where it is no expression, which the gate says elsewhere. */
function namesIn(text: string): string[] {
  try {
    return namings(text).map(({ name }) => name)
  } catch (error) {
    if (error instanceof DomainError) return []
    throw error
  }
}

/** The process's variables with others over them. */
export function over(outer: readonly Variable[], inner: readonly Variable[]): readonly Variable[] {
  if (inner.length === 0) return outer
  const hidden = new Set(inner.map(({ name }) => name))
  return [...outer.filter(({ name }) => !hidden.has(name)), ...inner]
}

function drawn(definition: ProcessDefinition): Outline {
  const nodes = Object.values(definition.nodes)
  const levels = new Map<string | undefined, Level>()
  for (const within of new Set(nodes.map((node) => node.within))) {
    const own = nodes.filter((node) => node.within === within)
    levels.set(within, {
      nodes: own,
      starts: own.filter(isStart),
      eventSubProcesses: own.filter(isEventSubProcess),
    })
  }
  const visible = new Map<string, readonly Variable[]>()
  const seen = (node: Node): readonly Variable[] => {
    const before = visible.get(node.id)
    if (before) return before
    const around = node.within === undefined ? undefined : definition.nodes[node.within]
    const outer = around ? seen(around) : definition.variables
    const known = over(outer, localsOf(node))
    const all = [...known, ...resultsOf(node, known)]
    visible.set(node.id, all)
    return all
  }
  for (const node of nodes) seen(node)
  return {
    levels,
    visible,
    compensable: compensable(definition, nodes),
    hasConditions: nodes.some((node) => 'awaits' in node && node.awaits?.kind === 'condition'),
    hasInclusive: nodes.some((node) => node.kind === 'inclusiveGateway' && node.incoming.length > 1),
  }
}

/** With a handler of its own, or holding an activity that has one. */
function compensable(definition: ProcessDefinition, nodes: readonly Node[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const node of nodes) {
    const handled = node.kind === 'boundaryEvent' && node.awaits.kind === 'compensation'
    let at: string | undefined = handled ? node.attachedTo : undefined
    for (; at !== undefined && !found.has(at); at = definition.nodes[at]?.within) found.add(at)
  }
  return found
}

/** The nodes that flows of an inclusive gateway's way in may still bring a token from (BPMN 2.0.2, 13.4.3). */
export function upstreamOf(
  definition: Pick<ProcessDefinition, 'key' | 'nodes' | 'flows'>,
  gateway: string,
  flow: string,
): string[] {
  const whole = definition as ProcessDefinition
  const found = new Set<string>()
  const open = [flowOf(whole, flow).source]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === gateway || found.has(id)) continue
    found.add(id)
    const node = nodeOf(whole, id)
    open.push(...node.incoming.map((incoming) => flowOf(whole, incoming).source))
    if (node.kind === 'boundaryEvent') open.push(node.attachedTo)
    if (node.kind === 'intermediateCatchEvent' && node.awaits.kind === 'link')
      for (const other of Object.values(whole.nodes))
        if (
          other.kind === 'intermediateThrowEvent' &&
          other.throws?.kind === 'link' &&
          other.throws.target === id
        )
          open.push(other.id)
  }
  return [...found]
}
