import type { Node, ParallelGateway } from '../../definition.ts'
import type { Machine } from './machine.ts'

/**
 * Waits for one token by each incoming flow. Tokens are counted by flow, so that a loop inside a branch,
 * which brings a second token by the same flow, does not stand in for a branch that has not come yet.
 */
export function enter(machine: Machine, node: ParallelGateway, within: number, flow?: string): void {
  note(machine, node, within, flow)
  const counts = arrivedAt(machine, node, within)
  if (!node.incoming.every((incoming) => (counts[incoming] ?? 0) > 0)) return
  take(machine, node, within)
  machine.entered(node)
  machine.leave(node, within)
}

export const arrivedAt = (machine: Machine, node: Node, within: number) =>
  machine.scope(within).arrived?.[node.id] ?? {}

/** A token waits at a join, by the flow it came by. */
export function note(machine: Machine, node: Node, within: number, flow: string | undefined): void {
  if (flow === undefined) return
  const before = arrivedAt(machine, node, within)
  const counts = { ...before, [flow]: (before[flow] ?? 0) + 1 }
  machine.changeScope(within, { arrived: { ...machine.scope(within).arrived, [node.id]: counts } })
}

/** Takes one token from each way in that has any; what is left waits on. */
export function take(machine: Machine, node: Node, within: number): void {
  const left = Object.entries(arrivedAt(machine, node, within))
    .map(([flow, count]) => [flow, count - 1] as const)
    .filter(([, count]) => count > 0)
  const { [node.id]: _, ...others } = machine.scope(within).arrived ?? {}
  const arrived = left.length === 0 ? others : { ...others, [node.id]: Object.fromEntries(left) }
  machine.changeScope(within, { arrived })
}
