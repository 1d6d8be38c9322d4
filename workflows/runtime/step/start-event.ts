import type { StartEvent } from '../../definition.ts'
import type { Machine } from './machine.ts'

export function enter(machine: Machine, node: StartEvent, within: number): void {
  machine.entered(node)
  machine.leave(node, within)
}
