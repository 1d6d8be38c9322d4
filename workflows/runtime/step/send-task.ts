import type { SendTask } from '../../definition.ts'
import type { Machine } from './machine.ts'
import { thrown } from './message.ts'
import * as serviceTask from './service-task.ts'

/** With an implementation it is a job like a service task; without, it sends its message and goes on. */
export function enter(machine: Machine, node: SendTask): void {
  if (node.task !== undefined) return serviceTask.enter(machine, node)
  machine.entered(node)
  if (node.throws) thrown(machine, node, node.throws)
  else machine.leave(node)
}
