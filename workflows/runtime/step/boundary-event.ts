import { type BoundaryEvent, type Node, nodeOf, type ProcessDefinition } from '../../definition.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'

/** Arms what may interrupt the activity the token rests at. */
export function arm(machine: Machine, token: Token, host: Node): void {
  machine.guarded(token, () => {
    for (const event of boundariesOf(machine.definition, host)) {
      if (event.awaits.kind === 'timer') machine.arm(token, event, event.awaits)
      if (event.awaits.kind === 'message') machine.subscribe(token, event, event.awaits)
    }
  })
}

/** The error event that catches `code`: the one that names it before one that catches all. */
export function catching(definition: ProcessDefinition, host: Node, code: string): BoundaryEvent | undefined {
  const byError = boundariesOf(definition, host).filter(({ awaits }) => awaits.kind === 'error')
  const named = byError.find(({ awaits }) => awaits.kind === 'error' && awaits.code === code)
  return named ?? byError.find(({ awaits }) => awaits.kind === 'error' && awaits.code === undefined)
}

/** The activity is cancelled and its token goes on from the boundary event. */
export function interrupt(machine: Machine, token: Token, event: BoundaryEvent): void {
  machine.effect({ kind: 'cancelled', node: token.node, token: token.id })
  machine.lift(token)
  machine.entered(event, token.id)
  machine.leave(event, token.id)
}

function boundariesOf(definition: ProcessDefinition, host: Node): BoundaryEvent[] {
  return host.boundaries
    .map((id) => nodeOf(definition, id))
    .filter((node): node is BoundaryEvent => node.kind === 'boundaryEvent')
}
