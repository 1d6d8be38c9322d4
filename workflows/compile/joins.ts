import type { Node } from '../definition.ts'
import type { Findings } from './finding.ts'
import type { Graph } from './graph.ts'

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

/** A token passes each of 500 elements once on the way to a choice; more moves are a circle. */
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
    .filter((node) => node.kind === 'startEvent')
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

/** Choices: an exclusive gateway with several ways out, or an activity that may be interrupted. */
function waysOut(net: Net, node: Node): readonly (readonly string[])[] {
  if (node.kind === 'endEvent') return [[]]
  if (node.kind === 'exclusiveGateway') return node.outgoing.map((flow) => [flow])
  const boundaries = net.boundaries ? node.boundaries.map((id) => net.nodes.get(id)?.outgoing ?? []) : []
  return [node.outgoing, ...boundaries]
}

/** Plays whatever is no choice until only choices and waiting joins are left. */
function settle(net: Net, { tokens, path }: Marking): Marking {
  const now = new Map(tokens)
  for (let moved = true, turns = 0; moved; turns++) {
    moved = false
    for (const flow of [...now.keys()]) {
      const node = net.nodes.get(net.targets.get(flow) ?? '')
      if (!node || waysOut(net, node).length !== 1 || !ready(now, node)) continue
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

const ready = (tokens: ReadonlyMap<string, number>, node: Node) =>
  node.kind !== 'parallelGateway' || node.incoming.every((flow) => (tokens.get(flow) ?? 0) > 0)

function consume(tokens: Map<string, number>, node: Node, flow: string): void {
  for (const taken of node.kind === 'parallelGateway' ? node.incoming : [flow]) {
    const left = (tokens.get(taken) ?? 0) - 1
    if (left > 0) tokens.set(taken, left)
    else tokens.delete(taken)
  }
}

/** The markings after each way out of the first choice; the others wait their turn. */
function chosen(net: Net, { tokens, path }: Marking): Marking[] {
  for (const flow of tokens.keys()) {
    const node = net.nodes.get(net.targets.get(flow) ?? '')
    if (!node || !ready(tokens, node)) continue
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
    if (join?.kind !== 'parallelGateway') continue
    const missing = join.incoming.filter((incoming) => !tokens.has(incoming)).join(', ')
    const way = path.slice(-12).join(' → ')
    const zh = `并行汇合“${join.id}”等不到 ${missing}：经过 ${way} 时该分支没有走到`
    const en = `The parallel join “${join.id}” waits in vain for ${missing} after ${way}`
    if (severity === 'error') findings.add('join-starved', join.id, zh, en)
    else findings.warn('join-starved-by-boundary', join.id, zh, en)
  }
}
