import type { EndEvent } from '../../definition.ts'
import * as compensation from './compensation.ts'
import * as error from './error.ts'
import * as escalation from './escalation.ts'
import type { Machine } from './machine.ts'
import { sent } from './message.ts'
import type { Token } from './state.ts'
import { cancelInside, disarmScope } from './waits.ts'

export function enter(machine: Machine, node: EndEvent, within: number): void {
  const token = machine.rest(node, within)
  machine.entered(node, token.id)
  begin(machine, node, token)
}

export function begin(machine: Machine, node: EndEvent, token: Token): void {
  const { throws } = node
  const within = token.in ?? 0
  if (throws?.kind === 'message' && !sent(machine, node, token, throws)) return
  if (throws?.kind === 'signal')
    machine.effect({ kind: 'signal-thrown', node: node.id, signal: throws.signal })
  if (throws?.kind === 'compensation') return compensation.begin(machine, token, throws)
  machine.lift(token)
  machine.leave(node, within, token.id)
  switch (throws?.kind) {
    case 'terminate':
      return terminate(machine, within)
    case 'error':
      return error.raise(machine, within, throws.code ?? '')
    case 'escalation':
      return escalation.raise(machine, node, within, throws.code ?? '')
    case 'cancel':
      return compensation.cancelTransaction(machine, within)
  }
}

/** Ends its own scope alone; what the scope is in goes on (BPMN 2.0.2, 13.5.6). */
function terminate(machine: Machine, scope: number): void {
  disarmScope(machine, scope)
  cancelInside(machine, scope)
  machine.changeScope(scope, { arrived: {} })
}
