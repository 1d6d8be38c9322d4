import type { Node } from '../../definition.ts'
import { caught, catcherIn, catcherOf } from './catcher.ts'
import type { Machine } from './machine.ts'
import type { Token, Variables } from './state.ts'

/** Nothing fails by an escalation: what nobody catches is told to whoever called the process. */
export function raise(machine: Machine, node: Node, scope: number, code: string): void {
  const catcher = catcherIn(machine, scope, 'escalation', code)
  if (catcher) caught(machine, catcher)
  else machine.effect({ kind: 'escalation-thrown', node: node.id, code })
}

/** The process that a call activity runs has escalated. */
export function heard(machine: Machine, token: Token, code: string, payload: Variables | undefined): void {
  machine.merge(payload, token.in ?? 0)
  const catcher = catcherOf(machine, token, 'escalation', code)
  if (catcher) caught(machine, catcher)
  else machine.effect({ kind: 'escalation-thrown', node: token.node, code })
}
