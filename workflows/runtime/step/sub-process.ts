import { type Node, type StartEvent, type SubProcess, type Transaction } from '../../definition.ts'
import { levelOf } from '../../outline.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'
import { arm, startsWithin } from './waits.ts'

/** Opens the scope: its event sub-processes wait, and a token starts at its plain start event. */
export function perform(machine: Machine, node: SubProcess | Transaction, token: Token): void {
  open(
    machine,
    token,
    levelOf(machine.definition, node.id).starts.find((start) => !start.awaits),
  )
}

export function open(machine: Machine, token: Token, start: StartEvent | undefined): void {
  arm(machine, token.id, startsWithin(machine, token.node))
  if (start) machine.arrive({ node: start as Node, within: token.id })
}
