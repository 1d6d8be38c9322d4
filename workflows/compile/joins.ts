import { isBoundary, type Node } from '../definition.ts'
import { mayJoin } from '../runtime/step/inclusive-gateway.ts'
import type { Findings } from './finding.ts'
import { type Graph, isOrigin } from './graph.ts'

const MAX_MARKINGS = 20_000
/** More tokens on one flow than any drawing of branches makes: they multiply. */
const MAX_TOKENS = 64

interface Marking {
  /** Tokens on each flow that has any. */
  readonly tokens: ReadonlyMap<string, number>
  /** The choices taken on the way here, for the finding. */
  readonly path: readonly string[]
  /** A node of a loop without a choice in it, in which a token goes round for ever. */
  readonly endless?: string
}

/** A token passes each of 500 nodes once on the way to a choice; more moves are a circle. */
const MAX_MOVES = 20_000

/**
 * Plays every combination of choices and looks for a parallel join that waits for a branch nobody takes.
 * Everything that is no choice is played at once: tokens of such a net never take one another's turn, so
 * the order of independent steps changes nothing and only choices multiply the states.
 */
export function checkJoins(graph: Graph, findings: Findings): void {
  const nodes = new Map([...graph.nodes].flatMap(([id, { node }]) => (node ? [[id, node] as const] : [])))
  const targets = new Map(graph.flows.map(({ id, target }) => [id, target]))
  const withBoundaries = { nodes, targets, boundaries: true }
  if (play({ ...withBoundaries, boundaries: false }, findings, 'error'))
    play(withBoundaries, findings, 'warning')
}

interface Net {
  readonly nodes: ReadonlyMap<string, Node>
  readonly targets: ReadonlyMap<string, string>
  readonly boundaries: boolean
}

/** False when something was found. */
function play(net: Net, findings: Findings, severity: 'error' | 'warning'): boolean {
  const seen = new Set<string>()
  const open: Marking[] = [...net.nodes.values()]
    .filter((node) => isOrigin(node, node.kind === 'startEvent' ? 'bpmn:StartEvent' : ''))
    .map(({ id, outgoing }) => ({ tokens: counted(outgoing), path: [id] }))
  for (let marking = open.pop(); marking; marking = open.pop()) {
    const settled = settle(net, marking)
    const crowded = [...settled.tokens].find(([, count]) => count > MAX_TOKENS)
    if (crowded) {
      const at = net.targets.get(crowded[0]) ?? ''
      findings.add(
        'tokens-unbounded',
        at,
        `到达“${at}”的分支会无限增多`,
        `Branches that reach “${at}” multiply without end`,
      )
      return false
    }
    const key = [...settled.tokens].sort(([a], [b]) => (a < b ? -1 : 1)).join(';')
    if (seen.has(key)) continue
    seen.add(key)
    if (seen.size > MAX_MARKINGS) {
      const en = 'The branches are too many to prove that every join is fed'
      findings.warn('joins-unproven', '', '分支过多，无法证明每个汇合都能等齐', en)
      return true
    }
    if (settled.endless !== undefined) {
      // The way out may be a boundary event.
      if (!net.boundaries) continue
      const zh = `“${settled.endless}”所在的循环没有出口，流程永远不会结束`
      const en = `The loop through “${settled.endless}” has no way out: the process never ends`
      findings.add('never-ends', settled.endless, zh, en)
      return false
    }
    const choices = chosen(net, settled)
    if (choices.length > 0) open.push(...choices)
    else if (settled.tokens.size > 0) {
      starved(net, settled, findings, severity)
      return false
    }
  }
  return true
}

const counted = (flows: readonly string[]) => new Map(flows.map((flow) => [flow, 1]))

/** More ways out than this are not combined: each alone, and all together. */
const MAX_COMBINED = 5

/** Choices: which ways out of a gateway are taken, or whether an activity is interrupted. */
function waysOut(net: Net, node: Node): readonly (readonly string[])[] {
  if (node.kind === 'endEvent') return [[]]
  if (node.kind === 'intermediateThrowEvent' && node.throws?.kind === 'link') return [[`link:${node.id}`]]
  if (node.kind === 'exclusiveGateway' || node.kind === 'eventBasedGateway')
    return node.outgoing.map((flow) => [flow])
  if (node.kind === 'inclusiveGateway') return combinations(node.outgoing)
  if (!net.boundaries) return [node.outgoing]
  return [node.outgoing, ...node.boundaries.flatMap((id) => onBoundary(node, net.nodes.get(id)))]
}

function onBoundary(host: Node, event: Node | undefined): (readonly string[])[] {
  if (!event || !isBoundary(event) || event.awaits.kind === 'compensation') return []
  return [event.parallel ? [...host.outgoing, ...event.outgoing] : event.outgoing]
}

function combinations(flows: readonly string[]): readonly (readonly string[])[] {
  if (flows.length > MAX_COMBINED) return [...flows.map((flow) => [flow]), flows]
  const sets: string[][] = [[]]
  for (const flow of flows) sets.push(...sets.map((set) => [...set, flow]))
  return sets.filter((set) => set.length > 0)
}

/** Ends its whole level, whatever else runs on it. */
const endsLevel = (node: Node) =>
  node.kind === 'endEvent' && ['terminate', 'error', 'cancel'].includes(node.throws?.kind ?? '')

/** Plays whatever is no choice until only choices and waiting joins are left. */
function settle(net: Net, { tokens, path }: Marking): Marking {
  const now = new Map(tokens)
  for (let moved = true, turns = 0; moved; turns++) {
    moved = false
    for (const flow of [...now.keys()]) {
      const node = net.nodes.get(net.targets.get(flow) ?? '')
      if (!node || waysOut(net, node).length !== 1 || !ready(net, now, node)) continue
      if (turns > MAX_MOVES) return { tokens: now, path, endless: node.id }
      consume(now, node, flow)
      for (const out of waysOut(net, node)[0] ?? []) now.set(out, (now.get(out) ?? 0) + 1)
      moved = true
      if ([...now.values()].some((count) => count > MAX_TOKENS)) return { tokens: now, path }
      break
    }
  }
  return { tokens: now, path }
}

function ready(net: Net, tokens: ReadonlyMap<string, number>, node: Node): boolean {
  if (node.kind === 'parallelGateway') return node.incoming.every((flow) => (tokens.get(flow) ?? 0) > 0)
  if (node.kind !== 'inclusiveGateway' || node.incoming.length < 2) return true
  const elsewhere = [...tokens.keys()].map((flow) => net.targets.get(flow) ?? '')
  return mayJoin(node, (flow) => tokens.has(flow), elsewhere)
}

function consume(tokens: Map<string, number>, node: Node, flow: string): void {
  if (endsLevel(node)) return tokens.clear()
  const joins = node.kind === 'parallelGateway' || node.kind === 'inclusiveGateway'
  for (const taken of joins ? node.incoming : [flow]) {
    const left = (tokens.get(taken) ?? 0) - 1
    if (left > 0) tokens.set(taken, left)
    else tokens.delete(taken)
  }
}

/** The markings after each way out of the first choice; the others wait their turn. */
function chosen(net: Net, { tokens, path }: Marking): Marking[] {
  for (const flow of tokens.keys()) {
    const node = net.nodes.get(net.targets.get(flow) ?? '')
    if (!node || !ready(net, tokens, node)) continue
    return waysOut(net, node).map((out) => {
      const next = new Map(tokens)
      consume(next, node, flow)
      for (const taken of out) next.set(taken, (next.get(taken) ?? 0) + 1)
      return { tokens: next, path: [...path, node.id, ...out] }
    })
  }
  return []
}

function starved(
  net: Net,
  { tokens, path }: Marking,
  findings: Findings,
  severity: 'error' | 'warning',
): void {
  for (const flow of tokens.keys()) {
    const join = net.nodes.get(net.targets.get(flow) ?? '')
    if (join?.kind !== 'parallelGateway' && join?.kind !== 'inclusiveGateway') continue
    const missing = join.incoming.filter((incoming) => !tokens.has(incoming)).join(', ')
    const way = path.slice(-12).join(' → ')
    const zh = `汇合“${join.id}”等不到 ${missing}：经过 ${way} 时该分支没有走到`
    const en = `The join “${join.id}” waits in vain for ${missing} after ${way}`
    if (severity === 'error') findings.add('join-starved', join.id, zh, en)
    else findings.warn('join-starved-by-boundary', join.id, zh, en)
  }
}
