import { type CompensationTrigger, isActivity, isBoundary, type Node } from '../../definition.ts'
import { levelOf } from '../../outline.ts'
import { enter } from './activity.ts'
import * as boundaryEvent from './boundary-event.ts'
import type { Machine } from './machine.ts'
import type { Done, Token } from './state.ts'
import { open } from './sub-process.ts'
import { cancelInside, disarmScope } from './waits.ts'

/** Remembers an activity that is done and can be undone, with its variables as they were. */
export function note(machine: Machine, node: Node, token: Token): void {
  const scope = token.in ?? 0
  const { variables, done } = machine.tokenAt(token.id) ?? token
  const entry: Done = { node: node.id, ...(variables && { variables }), ...(done && { done }) }
  machine.changeScope(scope, { done: [...(machine.scope(scope).done ?? []), entry] })
}

/** Undoes one activity or the whole scope, in the reverse order of completion (BPMN 2.0.2, 13.5.5). */
export function begin(machine: Machine, token: Token, { activity, detached }: CompensationTrigger): void {
  const scope = scopeOf(machine, token.in ?? 0, activity)
  const done = machine.scope(scope).done ?? []
  const wanted = done.filter(({ node }) => activity === undefined || node === activity)
  machine.changeScope(scope, { done: done.filter((entry) => !wanted.includes(entry)) })
  const undo = [...wanted].reverse()
  machine.changeToken(token.id, { undo })
  // One that does not wait goes on at once; its token stays until all is undone.
  if (detached) machine.leave(machine.node(token.node), token.in ?? 0, token.id)
  next(machine, { ...token, undo })
}

/** The scope that holds what is to be undone: from an event sub-process also the one it belongs to. */
function scopeOf(machine: Machine, scope: number, activity: string | undefined): number {
  for (let at = scope; ; at = machine.tokenAt(at)?.in ?? 0) {
    const token = machine.tokenAt(at)
    if (!token) return 0
    const node = machine.node(token.node)
    const holds = levelOf(machine.definition, token.node).nodes.some(({ id }) => id === activity)
    const isHandler = node.kind === 'subProcess' && node.triggeredByEvent === true
    if (activity === undefined ? !isHandler || token.done !== undefined : holds || token.done?.length)
      return at
  }
}

/** Undoes the next of what the token has to undo; goes on when there is nothing left. */
export function next(machine: Machine, token: Token): void {
  const [entry, ...rest] = token.undo ?? []
  if (!entry) return finished(machine, token)
  const node = machine.node(entry.node)
  const handler = node.boundaries
    .map((id) => machine.node(id))
    .find((event) => isBoundary(event) && event.awaits.kind === 'compensation')
  const handling =
    handler && isBoundary(handler) && handler.handler !== undefined ? handler.handler : undefined
  const by = handling === undefined ? undefined : machine.node(handling)
  if (by && isActivity(by)) {
    machine.changeToken(token.id, { undo: rest })
    return enter(machine, by, token.id, entry.variables)
  }
  const own = levelOf(machine.definition, entry.node).eventSubProcesses.find(({ id }) =>
    machine.startsOf(id).some(({ awaits }) => awaits?.kind === 'compensation'),
  )
  if (own) {
    machine.changeToken(token.id, { undo: rest })
    const { variables, done = [] } = entry
    const opened = machine.rest(own, token.id, { done, ...(variables && { variables }) })
    machine.entered(own, opened.id)
    return open(machine, opened, machine.startsOf(own.id)[0])
  }
  const undo = [...[...(entry.done ?? [])].reverse(), ...rest]
  machine.changeToken(token.id, { undo })
  next(machine, { ...token, undo })
}

function finished(machine: Machine, token: Token): void {
  const node = machine.node(token.node)
  if (node.kind === 'transaction') {
    const event = boundaryEvent.boundariesOf(machine, token).find(({ awaits }) => awaits.kind === 'cancel')
    if (event) return boundaryEvent.fire(machine, token, event)
  }
  machine.lift(token)
  const isDetached = 'throws' in node && node.throws?.kind === 'compensation' && node.throws.detached
  if (!isDetached) machine.leave(node, token.in ?? 0, token.id)
}

/** A cancel end event: all that runs in the transaction ends, what was done in it is undone (13.5.3). */
export function cancelTransaction(machine: Machine, scope: number): void {
  disarmScope(machine, scope)
  cancelInside(machine, scope)
  const token = machine.tokenAt(scope)
  if (!token) return
  const undo = [...(token.done ?? [])].reverse()
  machine.changeToken(scope, { undo, done: [], arrived: {} })
  next(machine, { ...token, undo })
}
