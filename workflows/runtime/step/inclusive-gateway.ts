import type { InclusiveGateway } from '../../definition.ts'
import { holds } from './exclusive-gateway.ts'
import type { Machine } from './machine.ts'
import { arrivedAt, note, take } from './parallel-gateway.ts'
import { errors } from './refusals.ts'
import type { Token } from './state.ts'

/** With several ways in it waits; `join` lets it go on once nothing more can come. */
export function enter(machine: Machine, node: InclusiveGateway, within: number, flow?: string): void {
  if (node.incoming.length > 1 && flow !== undefined) return note(machine, node, within, flow)
  const token = machine.rest(node, within)
  machine.entered(node, token.id)
  begin(machine, node, token)
}

/** Every way out whose condition holds; the default when none does; else an incident. */
export function begin(machine: Machine, node: InclusiveGateway, token: Token): void {
  machine.guarded(token, () => {
    const taken = node.outgoing.filter((id) => id !== node.defaultFlow && holds(machine, id, token))
    if (taken.length === 0 && node.defaultFlow !== undefined) taken.push(node.defaultFlow)
    if (taken.length === 0) return machine.stop(token, 'no-flow', errors.GATEWAY_CLOSED({ node: node.id }))
    machine.lift(token)
    machine.leave(node, token.in ?? 0, token.id, taken)
  })
}

/** Lets one waiting join of the scope go on; false when none may. Asked only when nothing moves. */
export function join(machine: Machine, scope: number): boolean {
  for (const id of Object.keys(machine.scope(scope).arrived ?? {})) {
    const node = machine.node(id)
    if (node.kind !== 'inclusiveGateway' || !isComplete(machine, node, scope)) continue
    take(machine, node, scope)
    enter(machine, node, scope)
    return true
  }
  return false
}

/** Where the tokens of a scope are, by node: those that rest, and those that wait at joins. */
function positions(machine: Machine, scope: number): string[] {
  const joins = Object.keys(machine.scope(scope).arrived ?? {})
  return [...machine.inside(scope).map(({ node }) => node), ...joins]
}

function isComplete(machine: Machine, node: InclusiveGateway, scope: number): boolean {
  const arrived = arrivedAt(machine, node, scope)
  return mayJoin(node, (flow) => (arrived[flow] ?? 0) > 0, positions(machine, scope))
}

/**
 * BPMN 2.0.2, 13.4.3: a token elsewhere holds the join up when it can come by a way in that is empty still,
 * unless it can come by one that is not.
 */
export function mayJoin(
  { id, incoming, upstream }: Pick<InclusiveGateway, 'id' | 'incoming' | 'upstream'>,
  hasToken: (flow: string) => boolean,
  tokensAt: readonly string[],
): boolean {
  const full = incoming.filter(hasToken)
  if (full.length === 0) return false
  const reaches = (flow: string, at: string) => upstream[flow]?.includes(at) === true
  return tokensAt
    .filter((at) => at !== id)
    .every(
      (at) =>
        !incoming.some((flow) => !full.includes(flow) && reaches(flow, at)) ||
        full.some((flow) => reaches(flow, at)),
    )
}
