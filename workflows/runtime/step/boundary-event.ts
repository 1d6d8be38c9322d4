import { type BoundaryEvent, isBoundary } from '../../definition.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'
import { cancel } from './waits.ts'

/** The boundary events of the activity a token rests at. */
export const boundariesOf = (machine: Machine, token: Token): BoundaryEvent[] =>
  machine
    .node(token.node)
    .boundaries.map((id) => machine.node(id))
    .filter(isBoundary)

/** The activity is cancelled and its token goes on from the event; or, beside it, another token does. */
export function fire(machine: Machine, token: Token, event: BoundaryEvent): void {
  const within = token.in ?? 0
  if (!event.parallel) cancel(machine, token)
  machine.entered(event, token.id)
  machine.leave(event, within, token.id)
}
