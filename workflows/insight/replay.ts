import { DomainError } from '../../core/errors.ts'
import { nodeOf, type ProcessDefinition } from '../definition.ts'
import {
  accepted,
  type Effect,
  errors as ofSteps,
  newState,
  type State,
  step,
  type StepCommand,
  type Token,
} from '../runtime/step/index.ts'
import { type Answer, endsIn, type History, isCompared, messageOf } from './history.ts'

export type ReplayStatus = 'running' | 'done' | 'cancelled' | 'failed'

/**
 * What would have become of a case: `same` path; `other-path` to the same end; `other-end`; `needs-answer`
 * that nobody gave; `stopped` in an incident; `unreproduced` when its record does not even give its own path
 * on its own version, so that nothing is said of the other.
 */
export const OUTCOMES = [
  ...(['same', 'other-path', 'other-end', 'needs-answer', 'stopped', 'unreproduced'] as const),
] as const

export type Outcome = (typeof OUTCOMES)[number]
export type ReplayCounts = Readonly<Record<Outcome, number>>

export const NO_COUNTS: ReplayCounts = {
  same: 0,
  'other-path': 0,
  'other-end': 0,
  'needs-answer': 0,
  stopped: 0,
  unreproduced: 0,
}

export interface ReplayCase {
  readonly instanceId: string
  readonly outcome: Outcome
  /** On the other model: the first node that differs, or where it stands; null where it has ended before. */
  readonly node: string | null
  /** Where the case itself was at that point; null where it had ended. */
  readonly recorded: string | null
  /** Of what stopped it. */
  readonly code: string | null
}

export interface Replayed {
  readonly verdict: ReplayCase
  readonly steps: number
}

/**
 * Gives a finished case's recorded answers to another model, by the step function that runs live cases, and
 * tells what differs. Its own version is run first, as the control. Pure.
 */
export function replayed(source: ProcessDefinition, target: ProcessDefinition, history: History): Replayed {
  const control = run(source, history)
  const own = verdictOf(source, history, control)
  if (own.outcome !== 'same') return { verdict: { ...own, outcome: 'unreproduced' }, steps: control.steps }
  const other = run(target, history)
  return { verdict: verdictOf(target, history, other), steps: control.steps + other.steps }
}

interface Run {
  readonly path: readonly string[]
  readonly status: State['status']
  /** Where it stands, if it has not ended. */
  readonly stands: Token | undefined
  /** What stopped it. */
  readonly code: string | undefined
  readonly steps: number
}

function verdictOf(target: ProcessDefinition, history: History, run: Run): ReplayCase {
  const at = firstDifference(run.path, history.path)
  const verdict = {
    instanceId: history.instanceId,
    node: at === undefined ? null : (run.path[at] ?? null),
    recorded: at === undefined ? null : (history.path[at] ?? null),
    code: null,
  }
  if (run.code !== undefined)
    return { ...verdict, outcome: 'stopped', node: run.stands?.node ?? verdict.node, code: run.code }
  if (run.stands) return { ...verdict, outcome: 'needs-answer', node: run.stands.node }
  if (run.status !== history.status || !isSameSet(endsIn(target, run.path), history.ends))
    return { ...verdict, outcome: 'other-end' }
  return { ...verdict, outcome: at === undefined ? 'same' : 'other-path' }
}

function firstDifference(a: readonly string[], b: readonly string[]): number | undefined {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1)
    if (a[index] !== b[index]) return index
  return undefined
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.every((id) => b.includes(id)) && b.every((id) => a.includes(id))
}

/** More steps than any record asks for: a model that waits for nothing new each time. */
const MAX_STEPS = 10_000

function run(definition: ProcessDefinition, history: History): Run {
  const replay = new Replay(definition, history)
  try {
    replay.start()
    while (replay.state.status === 'running' && replay.steps < MAX_STEPS && replay.next());
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return replay.end(error.code)
  }
  return replay.end()
}

class Replay {
  state: State
  steps = 0
  readonly #definition: ProcessDefinition
  readonly #history: History
  readonly #path: string[] = []
  readonly #used: boolean[]
  /** Timers of catch events, by token. */
  readonly #due = new Map<number, Date>()
  #now: Date

  constructor(definition: ProcessDefinition, history: History) {
    this.#definition = definition
    this.#history = history
    this.#used = history.answers.map(() => false)
    this.#now = history.startedAt
    this.state = newState(history.businessKey)
  }

  start(): void {
    const { startedBy, start, businessKey } = this.#history
    this.state = newState(businessKey, accepted(this.#definition, start))
    const known = Object.values(this.#definition.nodes).some((node) => messageOf(node) === startedBy)
    this.#do({ kind: 'start', ...(startedBy !== undefined && known && { message: startedBy }) })
  }

  /** Gives the earliest answer somebody waits for; without one, lets time pass. False when nothing is left to do. */
  next(): boolean {
    return this.#answer() || this.#hear() || this.#pass()
  }

  end(code?: string): Run {
    const { status, tokens } = this.state
    const stands = status === 'running' ? (tokens.find(({ trouble }) => trouble) ?? tokens[0]) : undefined
    return {
      path: this.#path,
      status,
      stands,
      code: code ?? stands?.trouble?.code,
      steps: this.steps,
    }
  }

  #answer(): boolean {
    for (const [index, answer] of this.#history.answers.entries()) {
      if (this.#used[index]) continue
      if (answer.kind === 'terminate') return this.#give(index, { kind: 'terminate' })
      const token = this.#waitingAt(answer.node)
      // Without the event that heard it, the model may still hear the message elsewhere.
      const isKnown = Object.hasOwn(this.#definition.nodes, answer.event)
      if (token && isKnown && this.#give(index, commandOf(this.#definition, token, answer))) return true
    }
    return false
  }

  /** A message that was heard at a node this model has not, for one that waits for it under the same name. */
  #hear(): boolean {
    for (const token of this.state.tokens) {
      const node = nodeOf(this.#definition, token.node)
      if (token.trouble || !('awaits' in node) || node.awaits.kind !== 'message') continue
      const { message } = node.awaits
      const index = this.#history.answers.findIndex(
        (answer, at) => !this.#used[at] && answer.message === message,
      )
      const values = this.#history.answers[index]?.values
      if (values === undefined) continue
      const payload = accepted(this.#definition, values)
      if (this.#give(index, { kind: 'message', token: token.id, node: node.id, payload })) return true
    }
    return false
  }

  /** The earliest timer that a token only waits for. */
  #pass(): boolean {
    const due = [...this.#due].filter(([id]) => this.state.tokens.some((token) => token.id === id))
    const [earliest] = due.sort(([, a], [, b]) => a.getTime() - b.getTime())
    const token = this.state.tokens.find(({ id }) => id === earliest?.[0])
    if (!earliest || !token) return false
    this.#now = new Date(Math.max(this.#now.getTime(), earliest[1].getTime()))
    this.#due.delete(token.id)
    this.#do({ kind: 'timer', token: token.id, node: token.node })
    return true
  }

  #waitingAt(node: string): Token | undefined {
    return this.state.tokens.find((token) => token.node === node && !token.trouble)
  }

  /** False when the model does not take this answer here: then it is set aside. */
  #give(index: number, command: StepCommand): boolean {
    this.#used[index] = true
    const at = this.#history.answers[index]?.at
    if (at && at > this.#now) this.#now = at
    try {
      this.#do(command)
      return true
    } catch (error) {
      if (error instanceof DomainError && error.code === CLOSED) return false
      throw error
    }
  }

  #do(command: StepCommand): void {
    this.steps += 1
    const { state, effects } = step(this.#definition, this.state, command, this.#now)
    this.state = state
    for (const effect of effects) this.#note(effect)
  }

  #note(effect: Effect): void {
    if (effect.kind === 'entered') {
      const node = this.#definition.nodes[effect.node]
      if (node && isCompared(node)) this.#path.push(node.id)
    }
    if (effect.kind === 'timer-armed') {
      const node = this.#definition.nodes[effect.node]
      if (node?.kind === 'intermediateCatchEvent') this.#due.set(effect.token, effect.dueAt)
    }
  }
}

const CLOSED = ofSteps.STEP_CLOSED().code

function commandOf(definition: ProcessDefinition, { id }: Token, answer: Answer): StepCommand {
  const { kind, event, values, code } = answer
  switch (kind) {
    case 'complete':
      return { kind, token: id, output: accepted(definition, values) }
    case 'fail':
      return { kind, token: id, code: code ?? '' }
    case 'message':
      return { kind, token: id, node: event, payload: accepted(definition, values) }
    case 'timer':
      return { kind, token: id, node: event }
    case 'terminate':
      return { kind }
  }
}
