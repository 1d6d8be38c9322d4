import type { SendTask, ServiceTask } from '../../definition.ts'
import { arm, catching, interrupt } from './boundary-event.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'

export function enter(machine: Machine, node: ServiceTask | SendTask): void {
  const token = machine.rest(node)
  machine.entered(node, token.id)
  begin(machine, node, token)
}

export function begin(machine: Machine, node: ServiceTask | SendTask, token: Token): void {
  machine.effect({ kind: 'job-queued', token: token.id, node: node.id, task: node.task ?? null })
  arm(machine, token, node)
}

/** A refusal is caught by an error event on the boundary; one that is not, and a failure without a code, is an incident. */
export function fail(
  machine: Machine,
  node: ServiceTask | SendTask,
  token: Token,
  { code, message = code }: { readonly code: string; readonly message?: string },
): void {
  machine.effect({ kind: 'job-dropped', token: token.id })
  const event = code === '' ? undefined : catching(machine.definition, node, code)
  if (!event) return machine.stop(token, 'task-failed', message, code)
  machine.disarm(token)
  interrupt(machine, token, event)
}
