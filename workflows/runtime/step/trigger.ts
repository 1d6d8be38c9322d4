import { isBoundary, isStart, type Node } from '../../definition.ts'
import { nextDue } from '../../timer.ts'
import { finish } from './activity.ts'
import * as boundaryEvent from './boundary-event.ts'
import type { StepCommand } from './command.ts'
import * as eventBasedGateway from './event-based-gateway.ts'
import * as eventSubProcess from './event-sub-process.ts'
import * as catchEvent from './intermediate-catch-event.ts'
import type { Machine } from './machine.ts'
import { errors } from './refusals.ts'
import { type Token, valuesAt } from './state.ts'
import { declaredAt } from './variables.ts'
import { disarm, hostOf, startsWithin, targetsOf } from './waits.ts'

type Happening =
  | Extract<StepCommand, { kind: 'message' | 'signal' | 'timer' }>
  | { readonly kind: 'condition'; readonly token: number; readonly node: string }

/** An event that a token, or the process itself, waits for has happened. @throws WORKFLOW_STEP_CLOSED */
export function trigger(machine: Machine, happening: Happening): void {
  const event = machine.node(happening.node)
  if (!('awaits' in event) || event.awaits?.kind !== happening.kind) throw errors.STEP_CLOSED()
  const token = machine.tokenAt(happening.token)
  if (happening.token !== 0 && !token) throw errors.STEP_CLOSED()
  const inScope = startsWithin(machine, token?.node).some(({ id }) => id === event.id)
  if (isStart(event) && inScope && !token?.loop) {
    if (eventSubProcess.isInterrupted(machine, happening.token)) throw errors.STEP_CLOSED()
    keep(machine, happening, happening.token)
    if (event.parallel) again(machine, happening, event)
    return eventSubProcess.fire(machine, happening.token, event)
  }
  if (!token) throw errors.STEP_CLOSED()
  at(machine, token, event, happening)
}

function at(machine: Machine, token: Token, event: Node, happening: Happening): void {
  const node = machine.node(token.node)
  const within = token.in ?? 0
  if (isBoundary(event) && event.attachedTo === node.id && !hostOf(machine, token)) {
    keep(machine, happening, within)
    if (event.parallel) again(machine, happening, event)
    return boundaryEvent.fire(machine, token, event)
  }
  if (node.kind === 'eventBasedGateway' && targetsOf(machine, node).includes(event)) {
    disarm(machine, token)
    keep(machine, happening, within)
    return eventBasedGateway.fire(machine, node, token, event)
  }
  if (event !== node || token.loop) throw errors.STEP_CLOSED()
  if (node.kind === 'receiveTask') return finish(machine, token, payloadOf(happening))
  if (node.kind !== 'intermediateCatchEvent') throw errors.STEP_CLOSED()
  disarm(machine, token)
  keep(machine, happening, within)
  catchEvent.fire(machine, node, token)
}

const payloadOf = (happening: Happening) => ('payload' in happening ? happening.payload : undefined)

const keep = (machine: Machine, happening: Happening, token: number) =>
  machine.merge(payloadOf(happening), token)

/** A timer that leaves its activity alone is over when it has fired, or is set again when it is a cycle. */
function again(machine: Machine, happening: Happening, event: Node): void {
  if (happening.kind !== 'timer') return
  const { token, node, dueAt = machine.now, left } = happening
  machine.effect({ kind: 'timer-disarmed', token, node })
  if (!('awaits' in event) || event.awaits?.kind !== 'timer' || left === undefined) return
  const declared = declaredAt(machine.definition, node)
  const next = nextDue(event.awaits, declared, valuesAt(machine.state, token), { dueAt, left }, machine.now)
  if (next) machine.effect({ kind: 'timer-armed', token, node, ...next })
}
