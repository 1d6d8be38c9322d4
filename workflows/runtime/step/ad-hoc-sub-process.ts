import {
  type Activity,
  type AdHocSubProcess,
  isActivity,
  isEventSubProcess,
  type ProcessDefinition,
} from '../../definition.ts'
import { levelOf } from '../../outline.ts'
import { finish } from './activity.ts'
import type { Machine } from './machine.ts'
import { errors } from './refusals.ts'
import type { Token } from './state.ts'
import { arm, cancelInside, startsWithin } from './waits.ts'

/** Nothing starts by itself: a person begins one activity after another (BPMN 2.0.2, 13.3.5). */
export function perform(machine: Machine, node: AdHocSubProcess, token: Token): void {
  arm(machine, token.id, startsWithin(machine, node.id))
}

/** @throws WORKFLOW_ACTIVITY_UNAVAILABLE */
export function beginOf(machine: Machine, node: AdHocSubProcess, token: Token, id: string): void {
  const chosen = startable(machine.definition, node.id).find((one) => one.id === id)
  if (!chosen) throw errors.ACTIVITY_UNAVAILABLE({ node: id, reason: `not in ${node.id}` })
  const runs = machine.inside(token.id).length > 0
  if (node.sequential && runs)
    throw errors.ACTIVITY_UNAVAILABLE({ node: id, reason: 'another one runs 已有进行中的活动' })
  machine.arrive({ node: chosen, within: token.id })
}

/** What a person may begin at a node: of an ad-hoc sub-process, the activities that no flow leads into. */
export function startable(definition: ProcessDefinition, id: string): Activity[] {
  if (definition.nodes[id]?.kind !== 'adHocSubProcess') return []
  return levelOf(definition, id)
    .nodes.filter(isActivity)
    .filter((one) => one.incoming.length === 0 && !one.compensates && !isEventSubProcess(one))
}

/** One of its activities is done: is all of it? */
export function look(machine: Machine, token: Token): void {
  const node = machine.node(token.node)
  if (node.kind !== 'adHocSubProcess' || node.until === undefined || token.loop) return
  const { until } = node
  machine.guarded(token, () => {
    if (machine.evaluate(until, node.id, token.id) !== true) return
    if (node.keepsRemaining && machine.inside(token.id).length > 0) return
    cancelInside(machine, token.id)
    finish(machine, machine.tokenAt(token.id) ?? token)
  })
}

/** A person says that it is over. @throws WORKFLOW_ACTIVITY_UNAVAILABLE while something in it runs */
export function close(machine: Machine, token: Token): void {
  if (machine.inside(token.id).length > 0)
    throw errors.ACTIVITY_UNAVAILABLE({ node: token.node, reason: 'activities still run 仍有进行中的活动' })
  finish(machine, token)
}
