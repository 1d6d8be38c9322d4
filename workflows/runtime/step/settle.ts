import { isEventSubProcess, isScope } from '../../definition.ts'
import { outlineOf } from '../../outline.ts'
import { finish } from './activity.ts'
import * as compensation from './compensation.ts'
import * as conditional from './conditional.ts'
import * as inclusiveGateway from './inclusive-gateway.ts'
import type { Machine } from './machine.ts'
import { errors } from './refusals.ts'
import type { Token } from './state.ts'
import { cancelInside, disarm, disarmScope } from './waits.ts'

/** What follows of itself once nothing moves: conditions, inclusive joins, scopes that are done. False when nothing does. */
export function settle(machine: Machine): boolean {
  if (machine.state.status !== 'running') return false
  if (conditional.fireOne(machine)) return true
  const scopes = [...machine.state.tokens].reverse().filter((token) => isScope(machine.node(token.node)))
  const isInclusive = outlineOf(machine.definition).hasInclusive
  if (
    isInclusive &&
    [...scopes.map(({ id }) => id), 0].some((scope) => inclusiveGateway.join(machine, scope))
  )
    return true
  return scopes.some((token) => closed(machine, token)) || ended(machine)
}

/** A sub-process in which no token is left is done, unless a join still waits. */
function closed(machine: Machine, token: Token): boolean {
  const node = machine.node(token.node)
  if (token.loop || token.undo || token.trouble || node.kind === 'adHocSubProcess') return false
  if (machine.inside(token.id).length > 0) return false
  if (starved(machine, token.id)) return true
  if (isEventSubProcess(node)) {
    disarm(machine, token)
    leaveHandler(machine, token)
  } else finish(machine, token)
  return true
}

function leaveHandler(machine: Machine, token: Token): void {
  machine.lift(token)
  machine.leave(machine.node(token.node), token.in ?? 0, token.id)
  const around = machine.tokenAt(token.in ?? 0)
  if (around?.undo) compensation.next(machine, around)
}

/** A branch that has ended elsewhere leaves its join waiting for ever: an operator must look. */
function starved(machine: Machine, scope: number): boolean {
  const [join] = Object.keys(machine.scope(scope).arrived ?? {})
  if (join === undefined) return false
  const token = machine.rest(machine.node(join), scope)
  machine.stop(token, 'join-starved', errors.JOIN_STARVED({ node: join }))
  return true
}

function ended(machine: Machine): boolean {
  if (machine.inside(0).length > 0) return false
  if (starved(machine, 0)) return true
  end(machine, 'completed')
  return false
}

/** The instance is over, with whatever still runs in it; `error` is what nothing has caught. */
export function end(machine: Machine, status: 'completed' | 'terminated', error?: string): void {
  disarmScope(machine, 0)
  cancelInside(machine, 0)
  machine.change({ status, tokens: [], arrived: {}, done: [], held: [] })
  machine.effect({ kind: 'ended', status, ...(error !== undefined && { error }) })
}
