import {
  isActivity,
  isBoundary,
  isStart,
  type Node,
  type ProcessDefinition,
  type Trigger,
} from '../../definition.ts'
import { levelOf } from '../../outline.ts'
import * as activity from './activity.ts'
import * as adHocSubProcess from './ad-hoc-sub-process.ts'
import type { StepCommand } from './command.ts'
import type { Effect } from './effect.ts'
import * as endEvent from './end-event.ts'
import * as error from './error.ts'
import * as escalation from './escalation.ts'
import * as eventBasedGateway from './event-based-gateway.ts'
import * as exclusiveGateway from './exclusive-gateway.ts'
import * as inclusiveGateway from './inclusive-gateway.ts'
import * as catchEvent from './intermediate-catch-event.ts'
import * as throwEvent from './intermediate-throw-event.ts'
import { type Arrival, Machine } from './machine.ts'
import * as operate from './operate.ts'
import * as parallelGateway from './parallel-gateway.ts'
import { errors } from './refusals.ts'
import { end, settle } from './settle.ts'
import * as startEvent from './start-event.ts'
import { type State, STATE_FORMAT, type Token } from './state.ts'
import { trigger } from './trigger.ts'
import { arm, hostOf, startsWithin } from './waits.ts'

export interface Stepped {
  readonly state: State
  readonly effects: readonly Effect[]
}

/**
 * What becomes of an instance when `command` happens at `now`: the new state, and what the runtime must do
 * beside saving it. Pure: the same arguments give the same answer, and nothing outside is touched.
 *
 * @throws WORKFLOW_STEP_CLOSED when nothing waits for the command any more
 * @throws WORKFLOW_ACTIVITY_UNAVAILABLE, WORKFLOW_MOVE_INVALID for what a person may not do now
 * @throws WORKFLOW_STATE_INVALID for a state of another format
 */
export function step(definition: ProcessDefinition, state: State, command: StepCommand, now: Date): Stepped {
  if (state.format !== STATE_FORMAT) throw errors.STATE_INVALID({ reason: `format ${String(state.format)}` })
  const machine = new Machine(definition, state, now)
  apply(machine, command)
  do {
    for (let arrival = machine.next(); arrival; arrival = machine.next()) enter(machine, arrival)
  } while (settle(machine))
  return { state: machine.state, effects: machine.effects }
}

function apply(machine: Machine, command: StepCommand): void {
  if (command.kind === 'start') return start(machine, command)
  if (machine.state.status !== 'running') throw errors.STEP_CLOSED()
  switch (command.kind) {
    case 'terminate':
      return end(machine, 'terminated')
    case 'settle':
      return
    case 'message':
    case 'signal':
    case 'timer':
      return trigger(machine, command)
    case 'set-variables':
      if (command.token !== 0 && !machine.tokenAt(command.token)) throw errors.STEP_CLOSED()
      return machine.merge(command.values, command.token)
  }
  const token = machine.tokenAt(command.token)
  if (!token) throw errors.STEP_CLOSED()
  const node = machine.node(token.node)
  switch (command.kind) {
    case 'complete':
      return complete(machine, node, token, command.output)
    case 'fail':
      if (!isWork(node) || isWhole(machine, node, token)) throw errors.STEP_CLOSED()
      return error.fail(machine, token, command, node.kind === 'callActivity' ? 'call-failed' : 'task-failed')
    case 'escalation':
      if (node.kind !== 'callActivity') throw errors.STEP_CLOSED()
      return escalation.heard(machine, token, command.code, command.payload)
    case 'begin':
      if (node.kind !== 'adHocSubProcess' || isWhole(machine, node, token)) throw errors.STEP_CLOSED()
      return adHocSubProcess.beginOf(machine, node, token, command.node)
    case 'retry':
      return operate.retry(machine, token)
    case 'skip':
      return operate.skip(machine, token, command.output)
    case 'cancel':
      return operate.cancelToken(machine, token)
    case 'move':
      return operate.move(machine, token, command.node)
  }
}

/** Something outside does the work: a job or another process. */
const isWork = (node: Node) =>
  node.kind === 'serviceTask' ||
  node.kind === 'callActivity' ||
  (node.kind === 'sendTask' && node.task !== undefined)

/** A loop as a whole, which only its instances complete. */
const isWhole = (machine: Machine, node: Node, token: Token) =>
  isActivity(node) && node.loop !== undefined && !hostOf(machine, token)

function complete(machine: Machine, node: Node, token: Token, output: State['variables'] | undefined): void {
  if (isWhole(machine, node, token)) throw errors.STEP_CLOSED()
  if (node.kind === 'adHocSubProcess') return adHocSubProcess.close(machine, token)
  const isTask = node.kind === 'userTask' || node.kind === 'manualTask'
  if (!isTask && !isWork(node)) throw errors.STEP_CLOSED()
  if (isTask) machine.effect({ kind: 'task-closed', token: token.id, outcome: 'completed' })
  else if (node.kind !== 'callActivity') machine.effect({ kind: 'job-dropped', token: token.id })
  activity.finish(machine, token, output)
}

function start(machine: Machine, command: Extract<StepCommand, { kind: 'start' }>): void {
  if (machine.state.status !== 'new') throw errors.STEP_CLOSED()
  const found = startOf(machine.definition, command)
  if (!found) throw errors.STEP_CLOSED()
  machine.change({ status: 'running' })
  machine.merge(command.payload, 0)
  arm(machine, 0, startsWithin(machine, undefined))
  if (isStart(found.node)) return machine.arrive({ node: found.node, within: 0 })
  machine.entered(found.node)
  if (found.node.kind === 'eventBasedGateway') {
    if (found.event) eventBasedGateway.chosen(machine, found.node, 0, found.event)
  } else machine.leave(found.node, 0)
}

interface Start {
  readonly node: Node
  /** Of an instantiating event-based gateway: the event that has happened. */
  readonly event?: Node
}

/** All that may start an instance: start events, and the gateways and receive tasks that instantiate. */
export function startsOf(definition: ProcessDefinition): Start[] {
  const { starts, nodes } = levelOf(definition, undefined)
  return [
    ...starts.map((node) => ({ node })),
    ...nodes.flatMap((node): Start[] => {
      if (node.kind === 'receiveTask' && node.instantiates) return [{ node }]
      if (node.kind !== 'eventBasedGateway' || !node.instantiates) return []
      const targets = node.outgoing.map((flow) => definition.nodes[definition.flows[flow]?.target ?? ''])
      return targets.flatMap((event) => (event ? [{ node, event }] : []))
    }),
  ]
}

/** The nodes whose event starts an instance, and the plain start event. */
export const startNodes = (definition: ProcessDefinition): StartNode[] =>
  startsOf(definition).flatMap(({ node, event }) => {
    const waiting = event ?? node
    const awaits = 'awaits' in waiting ? waiting.awaits : undefined
    return [{ id: waiting.id, ...(awaits && { awaits }) }]
  })

/** The messages that start an instance. */
export const startMessages = (definition: ProcessDefinition): string[] =>
  startNodes(definition).flatMap(({ awaits }) => (awaits?.kind === 'message' ? [awaits.message] : []))

export interface StartNode {
  readonly id: string
  readonly awaits?: Trigger
}

function startOf(
  definition: ProcessDefinition,
  { message, node }: Extract<StepCommand, { kind: 'start' }>,
): Start | undefined {
  const starts = startsOf(definition)
  const plain = starts.find((start) => isStart(start.node) && !start.node.awaits)
  if (node !== undefined) return starts.find((start) => start.node.id === node || start.event?.id === node)
  if (message === undefined) return plain ?? starts[0]
  return starts.find(({ node, event }) => {
    const waiting = event ?? node
    const awaits = 'awaits' in waiting ? waiting.awaits : undefined
    return awaits?.kind === 'message' && awaits.message === message
  })
}

function enter(machine: Machine, { node, within, flow }: Arrival): void {
  if (isActivity(node)) return activity.enter(machine, node, within)
  if (isBoundary(node)) throw new Error(`a flow leads into the boundary event ${node.id}`)
  switch (node.kind) {
    case 'startEvent':
      return startEvent.enter(machine, node, within)
    case 'endEvent':
      return endEvent.enter(machine, node, within)
    case 'intermediateCatchEvent':
      return catchEvent.enter(machine, node, within)
    case 'intermediateThrowEvent':
      return throwEvent.enter(machine, node, within)
    case 'exclusiveGateway':
      return exclusiveGateway.enter(machine, node, within)
    case 'parallelGateway':
      return parallelGateway.enter(machine, node, within, flow)
    case 'inclusiveGateway':
      return inclusiveGateway.enter(machine, node, within, flow)
    case 'eventBasedGateway':
      return eventBasedGateway.enter(machine, node, within)
  }
}
