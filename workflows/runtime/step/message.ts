import type { MessageTrigger, Node } from '../../definition.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'

/** Sends the message of the node the token is at; false when its key cannot be evaluated. */
export function sent(machine: Machine, node: Node, token: Token, trigger: MessageTrigger): boolean {
  return machine.guarded(token, () => {
    const key = machine.keyOf(trigger, node.id, token.id)
    machine.effect({ kind: 'message-thrown', node: node.id, message: trigger.message, key })
  })
}
