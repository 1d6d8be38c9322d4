import type { ReceiveTask } from '../../definition.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'
import { arm } from './waits.ts'

export function perform(machine: Machine, node: ReceiveTask, token: Token): void {
  arm(machine, token.id, [node])
}
