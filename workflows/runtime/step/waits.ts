import { isOutside, isScope, type Node, type OutsideTrigger, flowOf } from '../../definition.ts'
import { levelOf } from '../../outline.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'

export interface Waiting {
  readonly node: Node
  readonly trigger: OutsideTrigger
}

/** An instance of a multi-instance or looping activity: it stands in the token of the whole. */
export function hostOf(machine: Machine, token: Token): Token | undefined {
  const host = machine.tokenAt(token.in ?? 0)
  return host?.loop && host.node === token.node ? host : undefined
}

/** All that may come from outside to a token, its boundary events and event sub-processes included. */
export function waitsOf(machine: Machine, token: Token): Waiting[] {
  const node = machine.node(token.node)
  const around = hostOf(machine, token) ? [] : node.boundaries.map((id) => machine.node(id))
  const own =
    node.kind === 'eventBasedGateway'
      ? targetsOf(machine, node)
      : node.kind === 'intermediateCatchEvent' || (node.kind === 'receiveTask' && !token.loop)
        ? [node]
        : []
  const inside = isScope(node) && !token.loop ? startsWithin(machine, node.id) : []
  return [...own, ...around, ...inside].flatMap(waitingAt)
}

export const waitingAt = (node: Node): Waiting[] =>
  'awaits' in node && node.awaits && isOutside(node.awaits) ? [{ node, trigger: node.awaits }] : []

/** The start events of the event sub-processes of a level. */
export const startsWithin = (machine: Machine, level: string | undefined) =>
  levelOf(machine.definition, level).eventSubProcesses.flatMap(
    ({ id }) => levelOf(machine.definition, id).starts,
  )

/** The events an event-based gateway chooses between. */
export const targetsOf = (machine: Machine, { outgoing }: Node) =>
  outgoing.map((flow) => machine.node(flowOf(machine.definition, flow).target))

/** Begins to wait for what may happen on the boundary of the activity the token rests at. */
export function armBoundaries(machine: Machine, token: Token): void {
  const events = machine.node(token.node).boundaries.map((id) => machine.node(id))
  arm(machine, token.id, events)
}

/** Begins to wait, under the token's id, for the events among `nodes` that come from outside. */
export function arm(machine: Machine, id: number, nodes: readonly Node[]): void {
  const work = () => {
    for (const { node, trigger } of nodes.flatMap(waitingAt)) machine.await(id, node, trigger)
  }
  const token = machine.tokenAt(id)
  if (token) machine.guarded(token, work)
  else work()
}

/** Puts an end to what the token waits for. */
export function disarm(machine: Machine, token: Token): void {
  for (const { node, trigger } of waitsOf(machine, token)) machine.forget(token.id, node, trigger)
  if (token.trouble) machine.effect({ kind: 'incident-resolved', token: token.id })
}

/** Puts an end to the event sub-processes of a scope. */
export function disarmScope(machine: Machine, scope: number): void {
  const level = machine.tokenAt(scope)?.node
  for (const { node, trigger } of startsWithin(machine, level).flatMap(waitingAt))
    machine.forget(scope, node, trigger)
}

/** Takes back what the runtime holds for a token that goes away unfinished. */
export function drop(machine: Machine, token: Token): void {
  const node = machine.node(token.node)
  if (token.loop) return
  if (node.kind === 'userTask' || node.kind === 'manualTask')
    machine.effect({ kind: 'task-closed', token: token.id, outcome: 'cancelled' })
  if (node.kind === 'serviceTask' || (node.kind === 'sendTask' && node.task !== undefined))
    machine.effect({ kind: 'job-dropped', token: token.id })
  if (node.kind === 'callActivity') machine.effect({ kind: 'call-cancelled', token: token.id })
}

/** The token goes, and all that is in it. An instance of a loop is no move of its own. */
export function cancel(machine: Machine, token: Token): void {
  const isInstance = hostOf(machine, token) !== undefined
  cancelInside(machine, token.id)
  disarm(machine, token)
  drop(machine, token)
  if (!isInstance) machine.effect({ kind: 'cancelled', node: token.node, token: token.id })
  machine.lift(token)
}

export function cancelInside(machine: Machine, scope: number): void {
  for (const token of machine.inside(scope)) cancel(machine, token)
  machine.halt(scope)
}
