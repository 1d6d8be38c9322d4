import type { SendTask, ServiceTask } from '../../definition.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'

/** A job of the runtime runs the task of a manifest. */
export function perform(machine: Machine, node: ServiceTask | SendTask, token: Token): void {
  machine.effect({ kind: 'job-queued', token: token.id, node: node.id, task: node.task ?? null })
}
