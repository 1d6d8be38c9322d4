import { type Flow, isScope, isWaitState, type Node } from '../definition.ts'
import type { Findings } from './finding.ts'
import type { DrawnLevel } from './levels.ts'
import { idOf, isElement } from './model.ts'

/** One level as nodes and flows; also holds nodes the runtime would refuse, so that all is found at once. */
export interface Graph {
  /** Id of the sub-process; absent for the process. */
  readonly within?: string
  readonly nodes: ReadonlyMap<string, { readonly node?: Node; readonly type: string; readonly host?: string }>
  /** The drawn flows, and one from each throwing link to its catching one. */
  readonly flows: readonly Flow[]
}

export function graphOf({ elements, flows, within }: DrawnLevel, nodes: ReadonlyMap<string, Node>): Graph {
  const drawn = elements.map((element) => {
    const id = idOf(element)
    const node = nodes.get(id)
    const host = isElement(element['attachedToRef']) ? idOf(element['attachedToRef']) : undefined
    return [id, { type: element.$type, ...(node && { node }), ...(host !== undefined && { host }) }] as const
  })
  const links = drawn.flatMap(([id, { node }]): Flow[] => {
    const throws = node?.kind === 'intermediateThrowEvent' ? node.throws : undefined
    if (throws?.kind !== 'link' || throws.target === undefined) return []
    return [{ id: `link:${id}`, source: id, target: throws.target }]
  })
  return { ...(within !== undefined && { within }), nodes: new Map(drawn), flows: [...flows, ...links] }
}

/** Nodes next to each: along its flows, and from an activity to its boundary events. */
function successors(graph: Graph): Map<string, string[]> {
  const next = new Map<string, string[]>([...graph.nodes.keys()].map((id) => [id, []]))
  for (const { source, target } of graph.flows) if (graph.nodes.has(target)) next.get(source)?.push(target)
  for (const [id, { host }] of graph.nodes) if (host !== undefined) next.get(host)?.push(id)
  return next
}

function reached(next: ReadonlyMap<string, readonly string[]>, from: readonly string[]): Set<string> {
  const seen = new Set<string>()
  const open = [...from]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    open.push(...(next.get(id) ?? []))
  }
  return seen
}

function reversed(next: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const back = new Map<string, string[]>()
  for (const [from, targets] of next) for (const to of targets) back.set(to, [...(back.get(to) ?? []), from])
  return back
}

/** Where tokens come from on a level without a flow leading there. */
export const isOrigin = (node: Node | undefined, type: string) =>
  type === 'bpmn:StartEvent' ||
  ((node?.kind === 'receiveTask' || node?.kind === 'eventBasedGateway') && node.instantiates === true)

/** Stands aside from the flow: started by an event, or to undo something. */
const isAside = (node: Node | undefined) =>
  (node !== undefined && 'triggeredByEvent' in node) ||
  (node !== undefined && 'compensates' in node) ||
  (node?.kind === 'boundaryEvent' && node.awaits.kind === 'compensation')

/** Each node must be reachable from a start and able to reach an end. */
export function checkReach(graph: Graph, findings: Findings): void {
  const next = successors(graph)
  const idsOf = (is: (node: Node | undefined, type: string) => boolean) =>
    [...graph.nodes].filter(([, { node, type }]) => is(node, type)).map(([id]) => id)
  const fromStart = reached(next, idsOf(isOrigin))
  const toEnd = reached(
    reversed(next),
    idsOf((_, type) => type === 'bpmn:EndEvent'),
  )
  for (const [id, { node }] of graph.nodes) {
    if (isAside(node)) continue
    if (!fromStart.has(id))
      findings.add('node-unreachable', id, `从开始事件到不了“${id}”`, `No start event leads to “${id}”`)
    else if (!toEnd.has(id))
      findings.add('end-unreachable', id, `从“${id}”到不了结束事件`, `“${id}” leads to no end event`)
  }
}

/** Whether a token always rests on its way through the node, so that a circle through it cannot run away. */
function rests(node: Node, graphs: ReadonlyMap<string, Graph>): boolean {
  if (!isScope(node) || node.kind === 'adHocSubProcess') return isWaitState(node)
  const inner = graphs.get(node.id)
  if (!inner) return false
  const next = successors(inner)
  for (const [id, drawn] of inner.nodes) if (drawn.node && rests(drawn.node, graphs)) next.set(id, [])
  const starts = [...inner.nodes].filter(([, { type }]) => type === 'bpmn:StartEvent').map(([id]) => id)
  return ![...reached(next, starts)].some((id) => inner.nodes.get(id)?.type === 'bpmn:EndEvent')
}

/** A circle in which nothing waits would run for ever inside one step. */
export function checkCircles(graph: Graph, graphs: ReadonlyMap<string, Graph>, findings: Findings): void {
  const next = successors(graph)
  for (const [id, { node }] of graph.nodes) if (node && rests(node, graphs)) next.set(id, [])
  const settled = new Set<string>()
  for (const start of next.keys()) {
    const path: string[] = []
    const onPath = new Set<string>()
    const open: { id: string; left: string[] }[] = []
    const enter = (id: string) => {
      path.push(id)
      onPath.add(id)
      open.push({ id, left: [...(next.get(id) ?? [])] })
    }
    if (!settled.has(start)) enter(start)
    for (let at = open.at(-1); at; at = open.at(-1)) {
      const to = at.left.shift()
      if (to === undefined) {
        settled.add(at.id)
        onPath.delete(at.id)
        path.pop()
        open.pop()
      } else if (onPath.has(to)) {
        const circle = [...path.slice(path.indexOf(to)), to].join(' → ')
        const en = `Nothing waits in this loop: ${circle}`
        findings.add('cycle-without-wait', to, `循环中没有任何等待：${circle}`, en)
      } else if (!settled.has(to)) enter(to)
    }
  }
}
