import type { CatchEvent } from '../../definition.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'

export function enter(machine: Machine, node: CatchEvent): void {
  const token = machine.rest(node)
  machine.entered(node, token.id)
  begin(machine, node, token)
}

export function begin(machine: Machine, node: CatchEvent, token: Token): void {
  machine.guarded(token, () => {
    if (node.awaits.kind === 'timer') machine.arm(token, node, node.awaits)
    else machine.subscribe(token, node, node.awaits)
  })
}
