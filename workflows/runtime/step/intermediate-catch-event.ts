import type { CatchEvent } from '../../definition.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'
import { arm } from './waits.ts'

/** A link is only a way here; everything else waits. */
export function enter(machine: Machine, node: CatchEvent, within: number): void {
  if (node.awaits.kind === 'link') {
    machine.entered(node)
    return machine.leave(node, within)
  }
  const token = machine.rest(node, within)
  machine.entered(node, token.id)
  begin(machine, node, token)
}

export function begin(machine: Machine, node: CatchEvent, token: Token): void {
  arm(machine, token.id, [node])
}

/** What it waited for has happened. */
export function fire(machine: Machine, node: CatchEvent, token: Token): void {
  machine.lift(token)
  machine.leave(node, token.in ?? 0, token.id)
}
