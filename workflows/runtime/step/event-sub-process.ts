import type { StartEvent } from '../../definition.ts'
import type { Machine } from './machine.ts'
import { open } from './sub-process.ts'
import { cancelInside, disarmScope } from './waits.ts'

/**
 * The start event of an event sub-process has happened in a scope: an interrupting one ends all that runs in
 * it, and no other event is heard there any more (BPMN 2.0.2, 13.5.4).
 */
export function fire(machine: Machine, scope: number, start: StartEvent): void {
  if (!start.parallel) {
    disarmScope(machine, scope)
    cancelInside(machine, scope)
    machine.changeScope(scope, { arrived: {} })
  }
  const node = machine.node(start.within ?? '')
  const token = machine.rest(node, scope)
  machine.entered(node, token.id)
  open(machine, token, start)
}

/** Whether an event sub-process that ends all else has begun in the scope. */
export const isInterrupted = (machine: Machine, scope: number): boolean =>
  machine.inside(scope).some((token) => {
    const node = machine.node(token.node)
    if (node.kind !== 'subProcess' || !node.triggeredByEvent) return false
    return machine.startsOf(node.id).some(({ parallel }) => !parallel)
  })
