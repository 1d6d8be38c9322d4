import { type Activity, isActivity, type Mapping, type Node } from '../../definition.ts'
import { localsOf, outlineOf } from '../../outline.ts'
import * as adHocSubProcess from './ad-hoc-sub-process.ts'
import * as businessRuleTask from './business-rule-task.ts'
import * as callActivity from './call-activity.ts'
import * as compensation from './compensation.ts'
import * as loop from './loop.ts'
import type { Machine } from './machine.ts'
import * as receiveTask from './receive-task.ts'
import * as sendTask from './send-task.ts'
import * as serviceTask from './service-task.ts'
import type { Token, Variables } from './state.ts'
import * as subProcess from './sub-process.ts'
import * as userTask from './user-task.ts'
import { armBoundaries, disarm, hostOf } from './waits.ts'

/** A token comes to an activity. `variables` are its own from before, of one that undoes another. */
export function enter(machine: Machine, node: Activity, within: number, variables?: Variables): void {
  const token = machine.rest(node, within, variables && { variables })
  machine.entered(node, token.id)
  begin(machine, node, token)
}

/** Begins the activity the token rests at, its boundary events with it; also what stopped and is tried again. */
export function begin(machine: Machine, node: Activity, token: Token): void {
  if (hostOf(machine, token)) return perform(machine, node, token)
  if (node.loop) loop.begin(machine, node, token)
  else perform(machine, node, token)
  const rests = machine.tokenAt(token.id)
  if (rests && !rests.trouble) armBoundaries(machine, token)
}

/** What the activity itself does, once for each instance of a loop. */
export function perform(machine: Machine, node: Activity, token: Token): void {
  if (!machine.guarded(token, () => prepare(machine, node, token))) return
  switch (node.kind) {
    case 'userTask':
    case 'manualTask':
      return userTask.perform(machine, node, token)
    case 'serviceTask':
      return serviceTask.perform(machine, node, token)
    case 'businessRuleTask':
      return businessRuleTask.perform(machine, node, token)
    case 'sendTask':
      return sendTask.perform(machine, node, token)
    case 'receiveTask':
      return receiveTask.perform(machine, node, token)
    case 'callActivity':
      return callActivity.perform(machine, node, token)
    case 'adHocSubProcess':
      return adHocSubProcess.perform(machine, node, token)
    case 'subProcess':
    case 'transaction':
      return subProcess.perform(machine, node, token)
  }
}

/** Gives the token the variables of its own, the inputs among them. */
function prepare(machine: Machine, node: Activity, { id, variables }: Token): void {
  const locals = localsOf(node)
  if (locals.length === 0) return
  const given = mapped(machine, node.inputs ?? [], node.id, id)
  const empty = Object.fromEntries(locals.map(({ name }) => [name, null]))
  machine.changeToken(id, { variables: { ...empty, ...variables, ...given } })
}

export function mapped(machine: Machine, mappings: readonly Mapping[], node: string, id: number): Variables {
  return Object.fromEntries(mappings.map(({ from, to }) => [to, machine.evaluate(from, node, id)]))
}

/** The activity, or one instance of it, is done with `output`: keeps what is to be kept and goes on. */
export function finish(machine: Machine, token: Token, output?: Variables): void {
  const node = machine.node(token.node)
  const kept = machine.guarded(token, () => keep(machine, node, token, output))
  if (!kept) return
  disarm(machine, machine.tokenAt(token.id) ?? token)
  const now = machine.tokenAt(token.id) ?? token
  const host = hostOf(machine, token)
  if (host) loop.done(machine, node, host, now)
  else completed(machine, node, now)
}

function keep(machine: Machine, node: Node, token: Token, output: Variables | undefined): void {
  if (!isActivity(node) || !node.outputs) return machine.merge(output, token.id)
  const before = machine.tokenAt(token.id)?.variables
  machine.changeToken(token.id, { variables: { ...before, ...output } })
  const values = mapped(machine, node.outputs, node.id, token.id)
  // What an instance of a loop gives for its collection is a variable of its own.
  machine.merge(values, hostOf(machine, token) ? token.id : (token.in ?? 0))
}

/** The whole activity is done: notes what can be undone, and leaves. */
export function completed(machine: Machine, node: Node, token: Token): void {
  const within = token.in ?? 0
  if (outlineOf(machine.definition).compensable.has(node.id)) compensation.note(machine, node, token)
  machine.lift(token)
  machine.leave(node, within, token.id)
  const around = machine.tokenAt(within)
  if (around?.undo) compensation.next(machine, around)
  else if (around && machine.node(around.node).kind === 'adHocSubProcess')
    adHocSubProcess.look(machine, around)
}
