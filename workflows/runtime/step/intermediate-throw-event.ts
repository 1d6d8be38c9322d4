import type { ThrowEvent } from '../../definition.ts'
import * as compensation from './compensation.ts'
import * as escalation from './escalation.ts'
import type { Machine } from './machine.ts'
import { sent } from './message.ts'
import type { Token } from './state.ts'

export function enter(machine: Machine, node: ThrowEvent, within: number): void {
  const token = machine.rest(node, within)
  machine.entered(node, token.id)
  begin(machine, node, token)
}

export function begin(machine: Machine, node: ThrowEvent, token: Token): void {
  const { throws } = node
  switch (throws?.kind) {
    case 'message':
      if (!sent(machine, node, token, throws)) return
      break
    case 'signal':
      machine.effect({ kind: 'signal-thrown', node: node.id, signal: throws.signal })
      break
    case 'compensation':
      return compensation.begin(machine, token, throws)
    case 'link':
      machine.lift(token)
      machine.leave(node, token.in ?? 0, token.id, [])
      return machine.arrive({ node: machine.node(throws.target ?? ''), within: token.in ?? 0 })
    case 'escalation':
      // Goes on first: what catches the escalation may end all that runs here.
      machine.lift(token)
      machine.leave(node, token.in ?? 0, token.id)
      return escalation.raise(machine, node, token.in ?? 0, throws.code ?? '')
  }
  machine.lift(token)
  machine.leave(node, token.in ?? 0, token.id)
}
