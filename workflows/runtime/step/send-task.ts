import type { SendTask } from '../../definition.ts'
import { finish } from './activity.ts'
import type { Machine } from './machine.ts'
import { sent } from './message.ts'
import * as serviceTask from './service-task.ts'
import type { Token } from './state.ts'

/** With an implementation it is a job like a service task; without, it sends its message and goes on. */
export function perform(machine: Machine, node: SendTask, token: Token): void {
  if (node.task !== undefined) return serviceTask.perform(machine, node, token)
  if (!node.throws || sent(machine, node, token, node.throws)) finish(machine, token)
}
