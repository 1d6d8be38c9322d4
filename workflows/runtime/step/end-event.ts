import type { EndEvent } from '../../definition.ts'
import type { Machine } from './machine.ts'
import { thrown } from './message.ts'

export function enter(machine: Machine, node: EndEvent): void {
  machine.entered(node)
  if (node.throws) thrown(machine, node, node.throws)
  else machine.leave(node)
}
