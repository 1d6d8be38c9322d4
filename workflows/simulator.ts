import { z } from 'zod'
import { defineErrors } from '../core/errors.ts'
import { isBoundary, nodeOf, type ProcessDefinition } from './definition.ts'
import { possibleFor } from './inspection.ts'
import {
  accepted,
  type Effect,
  errors as stepErrors,
  newState,
  startNodes,
  type State,
  step,
  type StepCommand,
  type Token,
  tokenOf,
} from './runtime/step/index.ts'

export const errors = defineErrors('WORKFLOW', {
  SIMULATION_INVALID: {
    kind: 'invalid',
    zh: '模拟的第{position}步无效：{reason}',
    en: 'Step {position} of the simulation is not valid: {reason}',
  },
  SIMULATION_TOO_LONG: {
    kind: 'invalid',
    zh: '一次模拟最多{limit}步',
    en: 'A simulation takes at most {limit} steps',
  },
})

const values = z.record(z.string(), z.unknown())
/** 0 is the process itself. */
const token = z.int().nonnegative()

/** What a person at the simulator may do next, in the words of the step function. */
const commandSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('start'), message: z.string().optional(), payload: values.optional() }),
  z.strictObject({ kind: z.literal('complete'), token, output: values.optional() }),
  z.strictObject({
    kind: z.literal('fail'),
    token,
    code: z.string().max(200),
    message: z.string().optional(),
  }),
  z.strictObject({
    kind: z.enum(['message', 'signal']),
    token,
    node: z.string(),
    payload: values.optional(),
  }),
  z.strictObject({ kind: z.literal('timer'), token, node: z.string() }),
  z.strictObject({
    kind: z.literal('escalation'),
    token,
    code: z.string().max(200),
    payload: values.optional(),
  }),
  z.strictObject({ kind: z.enum(['begin', 'move']), token, node: z.string() }),
  z.strictObject({ kind: z.literal('skip'), token, output: values.optional() }),
  z.strictObject({ kind: z.literal('set-variables'), token, values }),
  z.strictObject({ kind: z.enum(['retry', 'cancel']), token }),
  z.strictObject({ kind: z.literal('terminate') }),
])

export type SimulationCommand = z.infer<typeof commandSchema>

/** Something that may happen now. */
export interface Choice {
  readonly kind: SimulationCommand['kind']
  /** 0 for a start. */
  readonly token: number
  readonly node: string
  /** Of a message start, a message catch or boundary event. */
  readonly message?: string
  readonly dueAt?: Date
  /** Nodes to choose from: of an ad-hoc sub-process what may begin, of a move where it may lead. */
  readonly targets?: readonly string[]
  /** Of a failure or an escalation: the codes that something around the task catches. */
  readonly codes?: readonly string[]
}

/** The process after one command. */
export interface SimulationStep {
  /** Null before anything has happened. */
  readonly command: SimulationCommand | null
  /** The time in the simulation: a timer that fires takes it to its due date. */
  readonly at: Date
  readonly state: State
  readonly effects: readonly Effect[]
  readonly choices: readonly Choice[]
  /** What an operator may do beside: skip, move, cancel, set variables. */
  readonly operations: readonly Choice[]
}

const MAX_COMMANDS = 500

/** Commands from outside. @throws WORKFLOW_SIMULATION_INVALID, WORKFLOW_SIMULATION_TOO_LONG */
export function readCommands(written: readonly unknown[]): SimulationCommand[] {
  if (written.length > MAX_COMMANDS) throw errors.SIMULATION_TOO_LONG({ limit: MAX_COMMANDS })
  return written.map((one, index) => {
    const parsed = commandSchema.safeParse(one)
    if (parsed.success) return parsed.data
    const reason = parsed.error.issues[0]?.path.join('.') || 'kind'
    throw errors.SIMULATION_INVALID({ position: index + 1, reason })
  })
}

/**
 * The trace of a definition under commands: the states, effects and choices after each, the state before all of them
 * first. Pure: the step function that runs live cases decides, nothing is stored, no task runs.
 *
 * @throws WORKFLOW_STEP_CLOSED when nothing waits for a command, WORKFLOW_VARIABLE_INVALID
 */
export function runSimulation(
  definition: ProcessDefinition,
  commands: readonly SimulationCommand[],
  from: Date,
): SimulationStep[] {
  const state = newState('simulation')
  const steps: SimulationStep[] = [
    { command: null, at: from, state, effects: [], choices: starts(definition), operations: [] },
  ]
  let [current, at, waiting]: [State, Date, Choice[]] = [state, from, []]
  for (const command of commands) {
    const event = isAwaited(command) ? waiting.find((one) => isFor(one, command)) : undefined
    if (isAwaited(command) && !event) throw stepErrors.STEP_CLOSED()
    const due = event?.dueAt
    if (due && due > at) at = due
    const { state, effects } = step(definition, current, checked(definition, current, command), at)
    current = state
    waiting = waitingAfter(waiting, effects)
    const choices = choicesOf(definition, state, waiting)
    steps.push({ command, at, state, effects, choices, operations: operationsOf(definition, state) })
  }
  return steps
}

/** What comes from outside to an event, which must wait for it. */
const isAwaited = (
  command: SimulationCommand,
): command is Extract<SimulationCommand, { kind: 'message' | 'signal' | 'timer' }> =>
  command.kind === 'message' || command.kind === 'signal' || command.kind === 'timer'

function checked(definition: ProcessDefinition, state: State, command: SimulationCommand): StepCommand {
  // Left out, not undefined: the step function's optional members are exact.
  const { ...plain } = command
  const at = 'token' in plain ? tokenOf(state, plain.token)?.node : undefined
  if (plain.kind === 'complete') plain.output = { ...accepted(definition, plain.output) }
  if (plain.kind === 'skip') plain.output = { ...accepted(definition, plain.output, at) }
  if (plain.kind === 'set-variables') plain.values = { ...accepted(definition, plain.values, at) }
  if (
    plain.kind === 'start' ||
    plain.kind === 'message' ||
    plain.kind === 'signal' ||
    plain.kind === 'escalation'
  )
    plain.payload = { ...accepted(definition, plain.payload) }
  return plain as StepCommand
}

const starts = (definition: ProcessDefinition): Choice[] =>
  startNodes(definition).map(({ id, awaits }) => ({
    kind: 'start',
    token: 0,
    node: id,
    ...(awaits?.kind === 'message' && { message: awaits.message }),
  }))

const isFor = (
  one: Choice,
  other: { readonly kind: string; readonly token: number; readonly node: string },
) => one.kind === other.kind && one.token === other.token && one.node === other.node

/** An effect as far as it says what waits; the step function may know kinds that nothing here waits for. */
interface Told {
  readonly kind: string
  readonly token?: number
  readonly node?: string
  readonly message?: string
  /** What is subscribed to, a message where it does not say. */
  readonly to?: 'message' | 'signal'
  readonly dueAt?: Date
}

/** Kinds of choices that an effect opens. */
const OPENED: Readonly<Record<string, readonly Choice['kind'][]>> = {
  'task-opened': ['complete'],
  'job-queued': ['complete', 'fail'],
  'call-asked': ['complete', 'fail', 'escalation'],
  'timer-armed': ['timer'],
  'incident-raised': ['retry'],
}

/** Kinds of choices that an effect closes, for its token and, where it names one, its node. */
const CLOSED: Readonly<Record<string, readonly Choice['kind'][]>> = {
  'task-closed': ['complete'],
  'job-dropped': ['complete', 'fail'],
  'call-cancelled': ['complete', 'fail', 'escalation'],
  unsubscribed: ['message', 'signal'],
  'timer-disarmed': ['timer'],
  'incident-resolved': ['retry'],
}

/** What waits outside the state, told by effects as the runtime's tables are. */
function waitingAfter(before: readonly Choice[], effects: readonly Effect[]): Choice[] {
  let waiting = [...before]
  for (const effect of effects) {
    const { kind, token = 0, node, message, to = 'message', dueAt }: Told = effect
    if (kind === 'ended') waiting = []
    for (const closed of CLOSED[kind] ?? [])
      waiting = waiting.filter(
        (one) => one.kind !== closed || one.token !== token || (node !== undefined && one.node !== node),
      )
    const opened = kind === 'subscribed' ? [to] : (OPENED[kind] ?? [])
    for (const kind of opened)
      waiting.push({
        ...{ kind, token, node: node ?? '' },
        ...(message !== undefined && { message }),
        ...(dueAt && { dueAt }),
      })
  }
  return waiting
}

/** What may happen: nothing to a token that is gone, and the end of it all while it runs. */
function choicesOf(definition: ProcessDefinition, state: State, waiting: readonly Choice[]): Choice[] {
  if (state.status !== 'running') return []
  // 0 is the process itself, which waits by its event sub-processes.
  const standing = new Set([0, ...state.tokens.map(({ id }) => id)])
  const first = state.tokens[0]
  return [
    ...waiting
      .filter(({ token }) => standing.has(token))
      .map((one) => ({ ...one, ...codesFor(definition, state, one) })),
    ...state.tokens.flatMap((token) => begun(definition, state, token)),
    ...(first
      ? [{ kind: 'terminate' as const, token: first.id, node: nodeOf(definition, first.node).id }]
      : []),
  ]
}

/** Of an ad-hoc sub-process: what may begin, and that it is over once nothing runs in it. */
function begun(definition: ProcessDefinition, state: State, { id, node }: Token): Choice[] {
  const targets = possibleFor(definition, state, id).startable
  if (targets.length === 0) return []
  const runs = state.tokens.some((inner) => inner.in === id)
  return [
    { kind: 'begin', token: id, node, targets },
    ...(runs ? [] : [{ kind: 'complete' as const, token: id, node }]),
  ]
}

/** The codes that the boundary events of the node, and of what it lies in, name. */
function codesFor(
  definition: ProcessDefinition,
  state: State,
  { kind, token }: Choice,
): Pick<Choice, 'codes'> {
  const wanted = kind === 'fail' ? 'error' : kind === 'escalation' ? 'escalation' : undefined
  if (wanted === undefined) return {}
  const codes = new Set<string>()
  for (let at = tokenOf(state, token); at; at = tokenOf(state, at.in ?? 0))
    for (const id of nodeOf(definition, at.node).boundaries) {
      const event = nodeOf(definition, id)
      if (!isBoundary(event) || event.awaits.kind !== wanted) continue
      if ('code' in event.awaits && event.awaits.code) codes.add(event.awaits.code)
    }
  return codes.size === 0 ? {} : { codes: [...codes] }
}

/** Each token may be skipped, moved and cancelled as its place allows; the process's variables may be set. */
function operationsOf(definition: ProcessDefinition, state: State): Choice[] {
  const [first] = state.tokens
  if (state.status !== 'running' || !first) return []
  return [
    ...state.tokens.flatMap(({ id: token, node }): Choice[] => {
      const { maySkip, moveTargets } = possibleFor(definition, state, token)
      return [
        ...(maySkip ? [{ kind: 'skip' as const, token, node }] : []),
        ...(moveTargets.length > 0 ? [{ kind: 'move' as const, token, node, targets: moveTargets }] : []),
        { kind: 'cancel', token, node },
      ]
    }),
    { kind: 'set-variables', token: 0, node: first.node },
  ]
}
