import type { MessageTrigger, Node } from '../../definition.ts'
import type { Machine } from './machine.ts'

/** Sends the node's message and goes on; a key that cannot be evaluated leaves the token there. */
export function thrown(machine: Machine, node: Node, trigger: MessageTrigger): void {
  const token = machine.rest(node)
  const sent = machine.guarded(token, () => {
    const key = machine.keyOf(trigger)
    machine.effect({ kind: 'message-thrown', node: node.id, message: trigger.message, key })
  })
  if (!sent) return
  machine.lift(token)
  machine.leave(node, token.id)
}
