import {
  type Activity,
  type MultiInstance,
  type Node,
  isActivity,
  type StandardLoop,
} from '../../definition.ts'
import { completed, perform } from './activity.ts'
import type { Machine } from './machine.ts'
import { errors } from './refusals.ts'
import type { Loop, Token, Variables } from './state.ts'
import { cancel, disarm } from './waits.ts'

/** More instances than any office has hands for (reliability K7). */
const MAX_INSTANCES = 1_000

/** Works out how often the activity is done, and begins with all of it, or with the first. */
export function begin(machine: Machine, node: Activity, token: Token): void {
  const loop = node.loop
  if (!loop) return
  machine.guarded(token, () => {
    if (loop.kind === 'standard') beginStandard(machine, node, token, loop)
    else beginMulti(machine, node, token, loop)
  })
}

function beginStandard(machine: Machine, node: Activity, token: Token, loop: StandardLoop): void {
  const total = loop.maximum ?? 0
  machine.changeToken(token.id, { loop: { total, started: 0, completed: 0, terminated: 0 } })
  if (loop.testBefore && !again(machine, token.id, loop)) return leave(machine, node, token.id)
  spawn(machine, node, token.id, undefined)
}

function again(machine: Machine, id: number, { condition, maximum }: StandardLoop): boolean {
  const token = machine.tokenAt(id)
  const started = token?.loop?.started ?? 0
  if (!token || (maximum !== undefined && started >= maximum)) return false
  if (condition === undefined) return true
  return machine.evaluate(condition, token.node, id, { loopCounter: started }) === true
}

function beginMulti(machine: Machine, node: Activity, token: Token, loop: MultiInstance): void {
  const around = token.in ?? 0
  const items =
    loop.collection === undefined ? undefined : machine.evaluate(loop.collection, node.id, token.id)
  if (loop.collection !== undefined && !Array.isArray(items))
    return machine.stop(token, 'loop', errors.LOOP_COLLECTION_INVALID({ node: node.id }))
  const counted =
    loop.cardinality === undefined
      ? (items as unknown[]).length
      : machine.evaluate(loop.cardinality, node.id, around)
  const total = Number(counted)
  if (!Number.isInteger(total) || total < 0 || total > MAX_INSTANCES)
    return machine.stop(
      token,
      'loop',
      errors.LOOP_COUNT_INVALID({ node: node.id, count: String(counted), max: MAX_INSTANCES }),
    )
  const members = (items ?? []) as readonly unknown[]
  const state: Loop = {
    ...{ total, started: 0, completed: 0, terminated: 0 },
    ...(loop.sequential && items !== undefined && { items: members.slice(1) }),
    ...(loop.output && { outputs: [] }),
  }
  machine.changeToken(token.id, { loop: state })
  if (total === 0) return leave(machine, node, token.id)
  if (loop.sequential) return spawn(machine, node, token.id, members[0])
  for (let place = 0; place < total && machine.tokenAt(token.id); place++)
    spawn(machine, node, token.id, members[place])
}

function spawn(machine: Machine, node: Activity, id: number, item: unknown): void {
  const host = machine.tokenAt(id)
  if (!host?.loop) return
  const started = host.loop.started + 1
  machine.changeToken(id, { loop: { ...host.loop, started } })
  const element = node.loop?.kind === 'multi' ? node.loop.element : undefined
  const variables = { loopCounter: started, ...(element !== undefined && { [element]: item ?? null }) }
  perform(machine, node, machine.rest(node, id, { variables }))
}

/** An instance is done: collects what it gives, and begins the next or leaves. */
export function done(machine: Machine, node: Node, host: Token, instance: Token): void {
  if (!isActivity(node) || !node.loop || !host.loop) return
  const { loop } = node
  let collected = host.loop.outputs
  if (loop.kind === 'multi' && loop.output) {
    const { element } = loop.output
    const place = Number(instance.variables?.['loopCounter']) - 1
    const fine = machine.guarded(instance, () => {
      const value = machine.evaluate(element, node.id, instance.id)
      const outputs = [...(collected ?? [])]
      // Holes would not outlive JSON.
      while (outputs.length < place) outputs.push(null)
      outputs[place] = value
      collected = outputs
    })
    if (!fine) return
  }
  machine.lift(instance)
  const { loop: before } = machine.tokenAt(host.id) ?? host
  if (!before) return
  const now: Loop = { ...before, completed: before.completed + 1, ...(collected && { outputs: collected }) }
  machine.changeToken(host.id, { loop: now })
  go(machine, node, host.id)
}

/** An instance was cancelled by an operator. */
export function gone(machine: Machine, node: Node, host: Token): void {
  if (!isActivity(node) || !host.loop) return
  machine.changeToken(host.id, { loop: { ...host.loop, terminated: host.loop.terminated + 1 } })
  go(machine, node, host.id)
}

function go(machine: Machine, node: Activity, id: number): void {
  const host = machine.tokenAt(id)
  const { loop } = node
  if (!host?.loop || !loop) return
  machine.guarded(host, () => {
    const { total, started, items } = host.loop ?? { total: 0, started: 0 }
    if (loop.kind === 'standard') {
      if (started >= MAX_INSTANCES)
        return machine.stop(host, 'loop', errors.LOOP_ENDLESS({ node: node.id, count: started }))
      if (again(machine, id, loop)) spawn(machine, node, id, undefined)
      else leave(machine, node, id)
      return
    }
    if (loop.until !== undefined && machine.evaluate(loop.until, node.id, id, counts(host, loop)) === true)
      return leave(machine, node, id)
    if (loop.sequential && started < total) {
      if (items && host.loop) machine.changeToken(id, { loop: { ...host.loop, items: items.slice(1) } })
      return spawn(machine, node, id, items?.[0])
    }
    if (machine.inside(id).length === 0 && started >= total) leave(machine, node, id)
  })
}

/** What the completion condition may ask for, what was collected so far included. */
function counts({ loop }: Token, { output }: MultiInstance): Variables {
  const { total = 0, started = 0, completed = 0, terminated = 0, outputs = [] } = loop ?? {}
  return {
    ...{ numberOfInstances: total, numberOfActiveInstances: started - completed - terminated },
    ...{ numberOfCompletedInstances: completed, numberOfTerminatedInstances: terminated },
    loopCounter: started,
    ...(output && { [output.collection]: outputs }),
  }
}

/** The whole is done: what still runs is cancelled, what was collected becomes a variable. */
function leave(machine: Machine, node: Activity, id: number): void {
  for (const instance of machine.inside(id)) cancel(machine, instance)
  const host = machine.tokenAt(id)
  if (!host) return
  disarm(machine, host)
  if (node.loop?.kind === 'multi' && node.loop.output) {
    const { outputs = [], total = 0 } = host.loop ?? {}
    const all = Array.from({ length: Math.min(total, outputs.length) }, (_, place) => outputs[place] ?? null)
    machine.merge({ [node.loop.output.collection]: all }, host.in ?? 0)
  }
  completed(machine, node, host)
}
