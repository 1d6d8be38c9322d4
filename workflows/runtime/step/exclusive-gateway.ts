import { type ExclusiveGateway, flowOf } from '../../definition.ts'
import type { Machine } from './machine.ts'
import { errors } from './refusals.ts'
import type { Token } from './state.ts'

export function enter(machine: Machine, node: ExclusiveGateway, within: number): void {
  const token = machine.rest(node, within)
  machine.entered(node, token.id)
  begin(machine, node, token)
}

/** The first way out whose condition holds, in the order of the file; else the default; else an incident. */
export function begin(machine: Machine, node: ExclusiveGateway, token: Token): void {
  machine.guarded(token, () => {
    const taken =
      node.outgoing.find((id) => id !== node.defaultFlow && holds(machine, id, token)) ?? node.defaultFlow
    if (taken === undefined) return machine.stop(token, 'no-flow', errors.GATEWAY_CLOSED({ node: node.id }))
    machine.lift(token)
    machine.leave(node, token.in ?? 0, token.id, [taken])
  })
}

export function holds(machine: Machine, flow: string, token: Token): boolean {
  const { condition } = flowOf(machine.definition, flow)
  return condition === undefined || machine.evaluate(condition, token.node, token.id) === true
}
