import type { EventBasedGateway, Node } from '../../definition.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'
import { arm, targetsOf } from './waits.ts'

export function enter(machine: Machine, node: EventBasedGateway, within: number): void {
  const token = machine.rest(node, within)
  machine.entered(node, token.id)
  begin(machine, node, token)
}

/** Waits for all its events under one token: the first to happen is the way out. */
export function begin(machine: Machine, node: EventBasedGateway, token: Token): void {
  arm(machine, token.id, targetsOf(machine, node))
}

export function fire(machine: Machine, node: EventBasedGateway, token: Token, event: Node): void {
  machine.lift(token)
  chosen(machine, node, token.in ?? 0, event, token.id)
}

/** Leaves by the event, which has happened already. */
export function chosen(
  machine: Machine,
  node: EventBasedGateway,
  within: number,
  event: Node,
  token = 0,
): void {
  machine.leave(node, within, token, [])
  machine.entered(event)
  machine.leave(event, within)
}
