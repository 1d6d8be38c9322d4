import type { ConditionTrigger, Node } from '../../definition.ts'
import { isScope } from '../../definition.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'
import { outlineOf } from '../../outline.ts'
import { startsWithin, targetsOf, hostOf } from './waits.ts'
import { trigger } from './trigger.ts'

interface Conditional {
  /** The token that waits, 0 for the process. */
  readonly id: number
  readonly event: Node
  readonly condition: ConditionTrigger
}

/**
 * Lets one conditional event happen whose condition holds; false when there is none. One that does not
 * interrupt happens when its condition begins to hold, and not again until it has ceased to.
 */
export function fireOne(machine: Machine): boolean {
  if (!outlineOf(machine.definition).hasConditions || machine.state.status !== 'running') return false
  for (const conditional of conditionals(machine)) {
    const { id, event, condition } = conditional
    const held = machine.scope(id).held ?? []
    const was = held.includes(event.id)
    const is = truth(machine, conditional, condition)
    if (is === was) continue
    const others = held.filter((one) => one !== event.id)
    const now = is ? [...others, event.id] : others
    machine.changeScope(id, { held: now })
    if (!is) continue
    trigger(machine, { kind: 'condition', token: id, node: event.id })
    return true
  }
  return false
}

function truth(machine: Machine, { id, event }: Conditional, { condition }: ConditionTrigger): boolean {
  const token = machine.tokenAt(id)
  if (!token) return machine.evaluate(condition, event.within, id) === true
  let holds = false
  machine.guarded(token, () => {
    holds = machine.evaluate(condition, token.node, id) === true
  })
  return holds
}

function conditionals(machine: Machine): Conditional[] {
  return [
    ...startsWithin(machine, undefined).flatMap((event) => conditionalAt(0, event)),
    ...machine.state.tokens.filter(({ trouble }) => !trouble).flatMap((token) => waiting(machine, token)),
  ]
}

function waiting(machine: Machine, token: Token): Conditional[] {
  const node = machine.node(token.node)
  const events = [
    ...(node.kind === 'eventBasedGateway' ? targetsOf(machine, node) : [node]),
    ...(hostOf(machine, token) ? [] : node.boundaries.map((id) => machine.node(id))),
    ...(isScope(node) && !token.loop ? startsWithin(machine, node.id) : []),
  ]
  return events.flatMap((event) => conditionalAt(token.id, event))
}

const conditionalAt = (id: number, event: Node): Conditional[] =>
  'awaits' in event && event.awaits?.kind === 'condition' ? [{ id, event, condition: event.awaits }] : []
