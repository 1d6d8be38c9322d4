import { isStart, nodeOf, type Node, type ProcessDefinition } from '../../definition.ts'
import * as boundaryEvent from './boundary-event.ts'
import * as businessRuleTask from './business-rule-task.ts'
import * as catchEvent from './catch-event.ts'
import * as endEvent from './end-event.ts'
import * as exclusiveGateway from './exclusive-gateway.ts'
import { type Arrival, Machine } from './machine.ts'
import * as parallelGateway from './parallel-gateway.ts'
import * as receiveTask from './receive-task.ts'
import { errors } from './refusals.ts'
import * as sendTask from './send-task.ts'
import * as serviceTask from './service-task.ts'
import * as startEvent from './start-event.ts'
import { type Effect, type State, STATE_FORMAT, type StepCommand, type Token } from './state.ts'
import * as userTask from './user-task.ts'

export interface Stepped {
  readonly state: State
  readonly effects: readonly Effect[]
}

/**
 * What becomes of an instance when `command` happens at `now`: the new state, and what the runtime must do
 * beside saving it. Pure: the same arguments give the same answer, and nothing outside is touched.
 *
 * @throws WORKFLOW_STEP_CLOSED when nothing waits for the command any more
 * @throws WORKFLOW_STATE_INVALID for a state of another format
 */
export function step(definition: ProcessDefinition, state: State, command: StepCommand, now: Date): Stepped {
  if (state.format !== STATE_FORMAT) throw errors.STATE_INVALID({ reason: `format ${String(state.format)}` })
  const machine = new Machine(definition, state, now)
  apply(machine, command)
  for (let arrival = machine.next(); arrival; arrival = machine.next()) enter(machine, arrival)
  settle(machine)
  return { state: machine.state, effects: machine.effects }
}

function apply(machine: Machine, command: StepCommand): void {
  if (command.kind === 'start') return start(machine, command)
  if (machine.state.status !== 'running') throw errors.STEP_CLOSED()
  if (command.kind === 'terminate') return terminate(machine)
  const token = machine.tokenAt(command.token)
  if (!token) throw errors.STEP_CLOSED()
  const node = nodeOf(machine.definition, token.node)
  switch (command.kind) {
    case 'complete':
      return complete(machine, node, token, command.output)
    case 'fail':
      if (node.kind !== 'serviceTask' && node.kind !== 'sendTask') throw errors.STEP_CLOSED()
      return serviceTask.fail(machine, node, token, command)
    case 'retry':
      return retry(machine, node, token)
    case 'message':
    case 'timer':
      return trigger(machine, node, token, command)
  }
}

function start(machine: Machine, { message, payload }: Extract<StepCommand, { kind: 'start' }>): void {
  if (machine.state.status !== 'new') throw errors.STEP_CLOSED()
  const starts = Object.values(machine.definition.nodes).filter(isStart)
  const node =
    starts.find((start) => start.message === message) ?? (message === undefined ? starts[0] : undefined)
  if (!node) throw errors.STEP_CLOSED()
  machine.change({ status: 'running' })
  machine.merge(payload)
  machine.arrive({ node })
}

function complete(machine: Machine, node: Node, token: Token, output: State['variables'] | undefined): void {
  const isTask = node.kind === 'userTask' || node.kind === 'serviceTask' || node.kind === 'sendTask'
  if (!isTask) throw errors.STEP_CLOSED()
  machine.disarm(token)
  if (node.kind === 'userTask') machine.effect({ kind: 'task-closed', token: token.id, outcome: 'completed' })
  else machine.effect({ kind: 'job-dropped', token: token.id })
  machine.lift(token)
  machine.merge(output)
  machine.leave(node, token.id)
}

function trigger(
  machine: Machine,
  node: Node,
  token: Token,
  command: Extract<StepCommand, { kind: 'message' | 'timer' }>,
): void {
  const event = nodeOf(machine.definition, command.node)
  const attached = event.kind === 'boundaryEvent' && event.attachedTo === node.id
  if ((event !== node && !attached) || !('awaits' in event) || event.awaits.kind !== command.kind)
    throw errors.STEP_CLOSED()
  machine.disarm(token)
  if (command.kind === 'message') machine.merge(command.payload)
  if (event.kind === 'boundaryEvent') {
    drop(machine, node, token)
    return boundaryEvent.interrupt(machine, token, event)
  }
  machine.lift(token)
  machine.leave(node, token.id)
}

/** Takes back what the runtime holds for a token that goes away unfinished. */
function drop(machine: Machine, node: Node, token: Token): void {
  if (node.kind === 'userTask') machine.effect({ kind: 'task-closed', token: token.id, outcome: 'cancelled' })
  if (node.kind === 'serviceTask' || node.kind === 'sendTask')
    machine.effect({ kind: 'job-dropped', token: token.id })
}

function retry(machine: Machine, node: Node, { trouble, ...token }: Token): void {
  if (!trouble) throw errors.STEP_CLOSED()
  machine.disarm({ ...token, trouble })
  drop(machine, node, token)
  machine.change({ tokens: machine.state.tokens.map((other) => (other.id === token.id ? token : other)) })
  switch (node.kind) {
    case 'userTask':
      return userTask.begin(machine, node, token)
    case 'serviceTask':
      return serviceTask.begin(machine, node, token)
    case 'receiveTask':
      return receiveTask.begin(machine, node, token)
    case 'intermediateCatchEvent':
      return catchEvent.begin(machine, node, token)
    case 'businessRuleTask':
      return businessRuleTask.begin(machine, node, token)
    case 'exclusiveGateway':
      return exclusiveGateway.begin(machine, node, token)
    case 'sendTask':
      if (node.task !== undefined) return serviceTask.begin(machine, node, token)
      machine.lift(token)
      return machine.arrive({ node })
    default:
      machine.lift(token)
      return machine.arrive({ node })
  }
}

function terminate(machine: Machine): void {
  for (const token of machine.state.tokens) {
    machine.disarm(token)
    drop(machine, nodeOf(machine.definition, token.node), token)
    machine.effect({ kind: 'cancelled', node: token.node, token: token.id })
  }
  machine.change({ status: 'terminated', tokens: [], arrived: {} })
  machine.effect({ kind: 'ended', status: 'terminated' })
}

function enter(machine: Machine, { node, flow }: Arrival): void {
  switch (node.kind) {
    case 'startEvent':
      return startEvent.enter(machine, node)
    case 'endEvent':
      return endEvent.enter(machine, node)
    case 'userTask':
      return userTask.enter(machine, node)
    case 'serviceTask':
      return serviceTask.enter(machine, node)
    case 'businessRuleTask':
      return businessRuleTask.enter(machine, node)
    case 'sendTask':
      return sendTask.enter(machine, node)
    case 'receiveTask':
      return receiveTask.enter(machine, node)
    case 'intermediateCatchEvent':
      return catchEvent.enter(machine, node)
    case 'exclusiveGateway':
      return exclusiveGateway.enter(machine, node)
    case 'parallelGateway':
      return parallelGateway.enter(machine, node, flow)
    case 'boundaryEvent':
      throw new Error(`a flow leads into the boundary event ${node.id}`)
  }
}

/** An instance without tokens is done, unless a join still waits for a branch that has ended elsewhere. */
function settle(machine: Machine): void {
  const { status, tokens, arrived } = machine.state
  if (status !== 'running' || tokens.length > 0) return
  const [join] = Object.keys(arrived)
  if (join === undefined) {
    machine.change({ status: 'completed' })
    machine.effect({ kind: 'ended', status: 'completed' })
    return
  }
  const token = machine.rest(nodeOf(machine.definition, join))
  machine.stop(token, 'join-starved', `the join ${join} waits for a branch that has ended elsewhere`)
}
