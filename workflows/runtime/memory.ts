import { z } from 'zod'
import { isStart, type ProcessDefinition } from '../definition.ts'
import { after } from '../timer.ts'
import { defineErrors } from '../../core/errors.ts'
import { accepted, type Effect, newState, type State, step, type StepCommand } from './step/index.ts'

const memory = defineErrors('WORKFLOW', {
  SCRIPT_STEP_INVALID: {
    kind: 'invalid',
    zh: '脚本第{position}步无效：{reason}',
    en: 'Step {position} of the script is not valid: {reason}',
  },
  NODE_NOT_WAITING: {
    kind: 'conflict',
    zh: '流程没有停在“{node}”，现停在：{waiting}',
    en: 'The process does not wait at “{node}”; it waits at: {waiting}',
  },
})

const values = z.record(z.string(), z.unknown())

/** What a script may do to a process in memory, one at a time. */
export const scriptStepSchema = z.union([
  z.strictObject({ complete: z.string(), output: values.nullish() }),
  z.strictObject({ fail: z.string(), code: z.string() }),
  z.strictObject({ advance: z.string() }),
  z.strictObject({
    message: z.string(),
    key: z.union([z.string(), z.number()]).nullish(),
    payload: values.nullish(),
  }),
  z.strictObject({ signal: z.string() }),
])

export type ScriptStep = z.infer<typeof scriptStepSchema>

export interface TraceEntry {
  readonly event: 'entered' | 'left' | 'cancelled'
  readonly node: string
}

type Subscription = Extract<Effect, { kind: 'subscribed' }>
type Timer = Extract<Effect, { kind: 'timer-armed' }>
type Message = {
  readonly message: string
  readonly key: string | null
  readonly payload: Record<string, unknown>
}

/** All a process in memory consists of: plain JSON, dates apart. */
export interface Saved {
  readonly state: State
  readonly subscriptions: readonly Subscription[]
  readonly timers: readonly Timer[]
  /** Messages nobody has waited for yet. */
  readonly messages: readonly Message[]
  readonly trace: readonly TraceEntry[]
  readonly now: Date
}

/** Runs a definition by the step function alone, with a script in the place of people, tasks, time and messages. */
export class MemoryProcess {
  readonly #definition: ProcessDefinition
  #saved: Saved

  constructor(definition: ProcessDefinition, now: Date, saved?: Saved) {
    this.#definition = definition
    this.#saved = saved ?? { state: newState(), subscriptions: [], timers: [], messages: [], trace: [], now }
  }

  /** What there is, to go on from elsewhere. */
  get saved(): Saved {
    return this.#saved
  }

  get result() {
    const { state, trace } = this.#saved
    const troubled = state.tokens.some(({ trouble }) => trouble !== undefined)
    const starts = Object.values(this.#definition.nodes).filter(isStart)
    return {
      status: state.status === 'new' ? 'running' : troubled ? 'incident' : state.status,
      waiting: state.status === 'new' ? starts.map(({ id }) => id) : state.tokens.map(({ node }) => node),
      trace: [...trace],
      variables: state.variables,
    }
  }

  /** Starts at the start event without a message; a process that has only others waits for one of theirs. */
  begin(): void {
    const plain = Object.values(this.#definition.nodes).some(
      (node) => isStart(node) && node.message === undefined,
    )
    if (this.#saved.state.status === 'new' && plain) this.#step({ kind: 'start' })
  }

  /** @throws WORKFLOW_NODE_NOT_WAITING, WORKFLOW_VARIABLE_INVALID, WORKFLOW_SCRIPT_STEP_INVALID */
  play(scripted: ScriptStep): void {
    if ('message' in scripted) {
      const { message, key = null, payload } = scripted
      return this.#hear({
        message,
        key: key === null ? null : String(key),
        payload: accepted(this.#definition, payload),
      })
    }
    if ('signal' in scripted) return undefined
    if (this.#saved.state.status === 'new') this.#step({ kind: 'start' })
    if ('advance' in scripted) return this.#advance(scripted.advance)
    const node = 'complete' in scripted ? scripted.complete : scripted.fail
    const token = this.#saved.state.tokens.find((waiting) => waiting.node === node)
    if (!token) throw this.#notWaiting(node)
    if ('fail' in scripted) return this.#step({ kind: 'fail', token: token.id, code: scripted.code })
    this.#step({ kind: 'complete', token: token.id, output: accepted(this.#definition, scripted.output) })
  }

  #notWaiting(node: string) {
    return memory.NODE_NOT_WAITING({ node, waiting: this.result.waiting.join(', ') || '–' })
  }

  #step(command: StepCommand): void {
    const { state, effects } = step(this.#definition, this.#saved.state, command, this.#saved.now)
    this.#saved = { ...this.#saved, state }
    for (const effect of effects) this.#take(effect)
    this.#hearKept()
  }

  #take(effect: Effect): void {
    const saved = this.#saved
    const others = <T extends { token: number; node: string }>(
      all: readonly T[],
      gone: { token: number; node: string },
    ) => all.filter(({ token, node }) => token !== gone.token || node !== gone.node)
    switch (effect.kind) {
      case 'entered':
      case 'left':
      case 'cancelled':
        this.#saved = { ...saved, trace: [...saved.trace, { event: effect.kind, node: effect.node }] }
        return
      case 'subscribed':
        this.#saved = { ...saved, subscriptions: [...saved.subscriptions, effect] }
        return
      case 'unsubscribed':
        this.#saved = { ...saved, subscriptions: others(saved.subscriptions, effect) }
        return
      case 'timer-armed':
        this.#saved = { ...saved, timers: [...saved.timers, effect] }
        return
      case 'timer-disarmed':
        this.#saved = { ...saved, timers: others(saved.timers, effect) }
        return
      case 'message-thrown':
        return this.#keep({ message: effect.message, key: effect.key, payload: {} })
    }
  }

  #keep(message: Message): void {
    this.#saved = { ...this.#saved, messages: [...this.#saved.messages, message] }
  }

  #hear(message: Message): void {
    const { state } = this.#saved
    const starts = Object.values(this.#definition.nodes).filter(isStart)
    if (state.status === 'new' && starts.some((start) => start.message === message.message)) {
      this.#saved = { ...this.#saved, state: { ...state, businessKey: message.key } }
      return this.#step({ kind: 'start', message: message.message, payload: message.payload })
    }
    this.#keep(message)
    if (state.status === 'new') this.#step({ kind: 'start' })
    else this.#hearKept()
  }

  /** Delivers what is kept to every token that waits for it. */
  #hearKept(): void {
    const heard = this.#saved.messages.find((kept) => this.#waitingFor(kept).length > 0)
    if (!heard) return
    const hearers = this.#waitingFor(heard)
    this.#saved = { ...this.#saved, messages: this.#saved.messages.filter((kept) => kept !== heard) }
    for (const { token, node } of hearers) {
      if (!this.#saved.subscriptions.some((one) => one.token === token && one.node === node)) continue
      this.#step({ kind: 'message', token, node, payload: heard.payload })
    }
    this.#hearKept()
  }

  #waitingFor({ message, key }: Message): Subscription[] {
    return this.#saved.subscriptions.filter(
      (one) => one.message === message && (one.key === null || key === null || one.key === key),
    )
  }

  #advance(duration: string): void {
    const until = after(this.#saved.now, duration)
    if (!(until instanceof Date)) throw memory.SCRIPT_STEP_INVALID({ position: duration, reason: until })
    for (let due = this.#dueBefore(until); due; due = this.#dueBefore(until)) {
      if (due.dueAt > this.#saved.now) this.#saved = { ...this.#saved, now: due.dueAt }
      this.#step({ kind: 'timer', token: due.token, node: due.node })
    }
    this.#saved = { ...this.#saved, now: until }
  }

  #dueBefore(until: Date): Timer | undefined {
    const due = this.#saved.timers.filter(({ dueAt }) => dueAt <= until)
    return due.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime())[0]
  }
}

/** Plays a whole script. @throws like {@link MemoryProcess.play} */
export function runScript(definition: ProcessDefinition, script: readonly ScriptStep[], now: Date) {
  const process = new MemoryProcess(definition, now)
  process.begin()
  for (const scripted of script) process.play(scripted)
  return process.result
}

/** A script from outside. @throws WORKFLOW_SCRIPT_STEP_INVALID */
export function readScript(written: unknown): ScriptStep[] {
  if (!Array.isArray(written))
    throw memory.SCRIPT_STEP_INVALID({ position: 1, reason: 'the script is a list' })
  return written.map((one: unknown, index) => {
    const parsed = scriptStepSchema.safeParse(one)
    if (parsed.success) return parsed.data
    const reason = 'use {complete, output?}, {fail, code}, {advance}, {message, key?, payload?} or {signal}'
    throw memory.SCRIPT_STEP_INVALID({ position: index + 1, reason })
  })
}
