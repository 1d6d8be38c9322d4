import { isActivity, isScope, type Node } from '../../definition.ts'
import { levelOf } from '../../outline.ts'
import * as activity from './activity.ts'
import * as adHocSubProcess from './ad-hoc-sub-process.ts'
import * as endEvent from './end-event.ts'
import * as eventBasedGateway from './event-based-gateway.ts'
import * as exclusiveGateway from './exclusive-gateway.ts'
import * as inclusiveGateway from './inclusive-gateway.ts'
import * as catchEvent from './intermediate-catch-event.ts'
import * as throwEvent from './intermediate-throw-event.ts'
import * as loop from './loop.ts'
import type { Machine } from './machine.ts'
import { errors } from './refusals.ts'
import type { Token, Variables } from './state.ts'
import { cancel, cancelInside, disarm, drop, hostOf } from './waits.ts'

/** Tries again what stopped in an incident. @throws WORKFLOW_STEP_CLOSED when nothing did */
export function retry(machine: Machine, stopped: Token): void {
  if (!stopped.trouble) throw errors.STEP_CLOSED()
  disarm(machine, stopped)
  drop(machine, stopped)
  cancelInside(machine, stopped.id)
  const { trouble: _, loop: __, ...token } = stopped
  machine.change({ tokens: machine.state.tokens.map((other) => (other.id === token.id ? token : other)) })
  const node = machine.node(token.node)
  if (isActivity(node)) return activity.begin(machine, node, token)
  switch (node.kind) {
    case 'intermediateCatchEvent':
      return catchEvent.begin(machine, node, token)
    case 'intermediateThrowEvent':
      return throwEvent.begin(machine, node, token)
    case 'endEvent':
      return endEvent.begin(machine, node, token)
    case 'exclusiveGateway':
      return exclusiveGateway.begin(machine, node, token)
    case 'inclusiveGateway':
      if (!machine.scope(token.in ?? 0).arrived?.[node.id])
        return inclusiveGateway.begin(machine, node, token)
      break
    case 'eventBasedGateway':
      return eventBasedGateway.begin(machine, node, token)
  }
  machine.lift(token)
  machine.arrive({ node, within: token.in ?? 0 })
}

/** Whether there is one way on from a node, so that it can be gone on from without what it waits for. */
export const isSkippable = (node: Node) => isActivity(node) || node.kind === 'intermediateCatchEvent'

/** Goes on as if the activity or event were done. @throws WORKFLOW_STEP_CLOSED where there are several ways out */
export function skip(machine: Machine, token: Token, output: Variables | undefined): void {
  const node = machine.node(token.node)
  if (!isSkippable(node)) throw errors.STEP_CLOSED()
  cancelInside(machine, token.id)
  drop(machine, token)
  const { loop: _, trouble, ...plain } = token
  disarm(machine, { ...token, ...(trouble && { trouble }) })
  machine.change({ tokens: machine.state.tokens.map((other) => (other.id === token.id ? plain : other)) })
  machine.merge(output, token.id)
  const host = hostOf(machine, token)
  if (host) return loop.done(machine, node, host, machine.tokenAt(token.id) ?? plain)
  activity.completed(machine, node, machine.tokenAt(token.id) ?? plain)
}

/** Takes a token away with all that is in it; its scope ends when it was the last. */
export function cancelToken(machine: Machine, token: Token): void {
  const host = hostOf(machine, token)
  const around = machine.tokenAt(token.in ?? 0)
  cancel(machine, token)
  if (host) return loop.gone(machine, machine.node(token.node), host)
  if (around && machine.node(around.node).kind === 'adHocSubProcess') adHocSubProcess.look(machine, around)
}

/** Where a token may be taken: nodes of its own level that a flow leads into; none where it cannot be moved. */
export function targetsOf(machine: Machine, token: Token): Node[] {
  const around = machine.tokenAt(token.in ?? 0)
  const isPlain = !hostOf(machine, token) && (!around || isScope(machine.node(around.node)))
  if (!isPlain) return []
  const { within } = machine.node(token.node)
  return levelOf(machine.definition, within).nodes.filter(({ incoming }) => incoming.length > 0)
}

/** Takes a token elsewhere within its scope. @throws WORKFLOW_MOVE_INVALID */
export function move(machine: Machine, token: Token, to: string): void {
  const target = targetsOf(machine, token).find(({ id }) => id === to)
  if (!target) throw errors.MOVE_INVALID({ from: token.node, to })
  const within = token.in ?? 0
  cancel(machine, token)
  const isJoin = target.kind === 'parallelGateway' || target.kind === 'inclusiveGateway'
  const [flow] = target.incoming
  machine.arrive({ node: target, within, ...(isJoin && flow !== undefined && { flow }) })
}
