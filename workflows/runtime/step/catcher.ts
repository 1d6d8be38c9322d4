import { type BoundaryEvent, isEventSubProcess, type StartEvent } from '../../definition.ts'
import * as boundaryEvent from './boundary-event.ts'
import * as eventSubProcess from './event-sub-process.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'
import { hostOf, startsWithin } from './waits.ts'

type Thrown = 'error' | 'escalation'

/** Where an error or escalation is caught: on the boundary of an activity, or in a scope. */
export type Catcher =
  | { readonly at: 'boundary'; readonly token: Token; readonly event: BoundaryEvent }
  | { readonly at: 'scope'; readonly scope: number; readonly start: StartEvent }

/** Looks outwards from what a token rests at: its boundary first, then scope by scope. */
export function catcherOf(machine: Machine, token: Token, kind: Thrown, code: string): Catcher | undefined {
  const host = hostOf(machine, token)
  if (host) return catcherOf(machine, host, kind, code)
  const event = best(boundaryEvent.boundariesOf(machine, token), kind, code)
  if (event) return { at: 'boundary', token, event }
  // What an event sub-process throws is not for its neighbours (BPMN 2.0.2, 10.5.6).
  const isHandler = isEventSubProcess(machine.node(token.node))
  return catcherIn(machine, token.in ?? 0, kind, code, isHandler)
}

/** The same from within a scope: its event sub-processes first. */
export function catcherIn(
  machine: Machine,
  scope: number,
  kind: Thrown,
  code: string,
  isHandler = false,
): Catcher | undefined {
  const around = machine.tokenAt(scope)
  const start = isHandler ? undefined : best(startsWithin(machine, around?.node), kind, code)
  if (start) return { at: 'scope', scope, start }
  return around && catcherOf(machine, around, kind, code)
}

/** The event that names the code before one that catches all. */
function best<Event extends BoundaryEvent | StartEvent>(
  events: readonly Event[],
  kind: Thrown,
  code: string,
): Event | undefined {
  const codeOf = ({ awaits }: Event) => (awaits?.kind === kind && 'code' in awaits ? awaits.code : undefined)
  const fit = events.filter(({ awaits }) => awaits?.kind === kind)
  return fit.find((event) => codeOf(event) === code) ?? fit.find((event) => codeOf(event) === undefined)
}

export function caught(machine: Machine, catcher: Catcher): void {
  if (catcher.at === 'boundary') boundaryEvent.fire(machine, catcher.token, catcher.event)
  else eventSubProcess.fire(machine, catcher.scope, catcher.start)
}
