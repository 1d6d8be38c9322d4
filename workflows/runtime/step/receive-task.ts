import type { ReceiveTask } from '../../definition.ts'
import { arm } from './boundary-event.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'

export function enter(machine: Machine, node: ReceiveTask): void {
  const token = machine.rest(node)
  machine.entered(node, token.id)
  begin(machine, node, token)
}

export function begin(machine: Machine, node: ReceiveTask, token: Token): void {
  if (machine.guarded(token, () => machine.subscribe(token, node, node.awaits))) arm(machine, token, node)
}
