import type { ParallelGateway } from '../../definition.ts'
import type { Machine } from './machine.ts'

/**
 * Waits for one token by each incoming flow. Tokens are counted by flow, so that a loop inside a branch,
 * which brings a second token by the same flow, does not stand in for a branch that has not come yet.
 */
export function enter(machine: Machine, node: ParallelGateway, flow: string | undefined): void {
  const before = machine.state.arrived[node.id] ?? {}
  const counts = flow === undefined ? { ...before } : { ...before, [flow]: (before[flow] ?? 0) + 1 }
  const complete = node.incoming.every((incoming) => (counts[incoming] ?? 0) > 0)
  const left = complete
    ? node.incoming.map((incoming) => [incoming, (counts[incoming] ?? 0) - 1] as const)
    : []
  const waiting = complete ? Object.fromEntries(left.filter(([, count]) => count > 0)) : counts
  const { [node.id]: _, ...others } = machine.state.arrived
  const isEmpty = Object.keys(waiting).length === 0
  machine.change({ arrived: isEmpty ? others : { ...others, [node.id]: waiting } })
  if (!complete) return
  machine.entered(node)
  machine.leave(node)
}
