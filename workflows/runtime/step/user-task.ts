import type { ManualTask, UserTask } from '../../definition.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'

/** A manual task is work outside the platform; here too a person says when it is done (BPMN 2.0.2, 13.3.3). */
export function perform(machine: Machine, node: UserTask | ManualTask, token: Token): void {
  machine.guarded(token, () => {
    const organisation =
      node.organisation === undefined ? null : machine.evaluate(node.organisation, node.id, token.id)
    const body = typeof organisation === 'string' && organisation !== '' ? organisation : null
    machine.effect({ kind: 'task-opened', token: token.id, node: node.id, organisation: body })
  })
}
