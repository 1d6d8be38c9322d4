import { z } from 'zod'
import { defineErrors } from '../core/errors.ts'
import { nodeOf, type ProcessDefinition } from './definition.ts'
import {
  accepted,
  type Effect,
  errors as stepErrors,
  newState,
  startNodes,
  type State,
  step,
  type StepCommand,
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
  z.strictObject({ kind: z.literal('retry'), token }),
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
    { command: null, at: from, state, effects: [], choices: starts(definition) },
  ]
  let [current, at, waiting]: [State, Date, Choice[]] = [state, from, []]
  for (const command of commands) {
    const event = 'node' in command ? waiting.find((one) => isFor(one, command)) : undefined
    if ('node' in command && !event) throw stepErrors.STEP_CLOSED()
    const due = event?.dueAt
    if (due && due > at) at = due
    const { state, effects } = step(definition, current, checked(definition, command), at)
    current = state
    waiting = waitingAfter(waiting, effects)
    steps.push({ command, at, state, effects, choices: choicesOf(definition, state, waiting) })
  }
  return steps
}

function checked(definition: ProcessDefinition, command: SimulationCommand): StepCommand {
  // Left out, not undefined: the step function's optional members are exact.
  const { ...plain } = command
  if (plain.kind === 'complete') plain.output = { ...accepted(definition, plain.output) }
  if (plain.kind === 'start' || plain.kind === 'message' || plain.kind === 'signal')
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
  'call-asked': ['complete', 'fail'],
  'timer-armed': ['timer'],
  'incident-raised': ['retry'],
}

/** Kinds of choices that an effect closes, for its token and, where it names one, its node. */
const CLOSED: Readonly<Record<string, readonly Choice['kind'][]>> = {
  'task-closed': ['complete'],
  'job-dropped': ['complete', 'fail'],
  'call-cancelled': ['complete', 'fail'],
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
function choicesOf(
  definition: ProcessDefinition,
  { status, tokens }: State,
  waiting: readonly Choice[],
): Choice[] {
  if (status !== 'running') return []
  // 0 is the process itself, which waits by its event sub-processes.
  const standing = new Set([0, ...tokens.map(({ id }) => id)])
  const first = tokens[0]
  return [
    ...waiting.filter(({ token }) => standing.has(token)),
    ...(first
      ? [{ kind: 'terminate' as const, token: first.id, node: nodeOf(definition, first.node).id }]
      : []),
  ]
}
