import type { UserTask } from '../../definition.ts'
import { arm } from './boundary-event.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'

export function enter(machine: Machine, node: UserTask): void {
  const token = machine.rest(node)
  machine.entered(node, token.id)
  begin(machine, node, token)
}

export function begin(machine: Machine, node: UserTask, token: Token): void {
  const offered = machine.guarded(token, () => {
    const organisation = node.organisation === undefined ? null : machine.evaluate(node.organisation)
    const body = typeof organisation === 'string' && organisation !== '' ? organisation : null
    machine.effect({ kind: 'task-opened', token: token.id, node: node.id, organisation: body })
  })
  if (offered) arm(machine, token, node)
}
