import { type Flow, isWaitState, type Node } from '../definition.ts'
import type { Findings } from './finding.ts'

/** The drawing as nodes and flows; also holds nodes the runtime would refuse, so that all is found at once. */
export interface Graph {
  readonly nodes: ReadonlyMap<string, { readonly node?: Node; readonly type: string; readonly host?: string }>
  readonly flows: readonly Flow[]
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

/** Each node must be reachable from a start and able to reach an end. */
export function checkReach(graph: Graph, findings: Findings): void {
  const next = successors(graph)
  const ofType = (type: string) => [...graph.nodes].filter(([, node]) => node.type === type).map(([id]) => id)
  const fromStart = reached(next, ofType('bpmn:StartEvent'))
  const toEnd = reached(reversed(next), ofType('bpmn:EndEvent'))
  for (const id of graph.nodes.keys()) {
    if (!fromStart.has(id))
      findings.add('node-unreachable', id, `从开始事件到不了“${id}”`, `No start event leads to “${id}”`)
    else if (!toEnd.has(id))
      findings.add('end-unreachable', id, `从“${id}”到不了结束事件`, `“${id}” leads to no end event`)
  }
}

/** A circle in which nothing waits would run for ever inside one step. */
export function checkCircles(graph: Graph, findings: Findings): void {
  const next = successors(graph)
  for (const [id, { node }] of graph.nodes) if (node && isWaitState(node)) next.set(id, [])
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
