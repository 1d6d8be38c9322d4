import { type ProcessDefinition } from '../definition.ts'
import { after } from '../timer.ts'
import { errors, type ScriptStep } from './script.ts'
import {
  accepted,
  type Effect,
  leaves,
  newState,
  stands,
  startsOf,
  type State,
  step,
  type StepCommand,
} from './step/index.ts'

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
  /** Signals the process has sent and not yet heard itself. */
  readonly signals: readonly string[]
  readonly trace: readonly TraceEntry[]
  readonly now: Date
}

/** Runs a definition by the step function alone, with a script in the place of people, tasks, time and messages. */
export class MemoryProcess {
  readonly #definition: ProcessDefinition
  #saved: Saved

  constructor(definition: ProcessDefinition, now: Date, saved?: Saved) {
    this.#definition = definition
    this.#saved = saved ?? {
      ...{ state: newState(), subscriptions: [], timers: [], messages: [], signals: [] },
      ...{ trace: [], now },
    }
  }

  /** What there is, to go on from elsewhere. */
  get saved(): Saved {
    return this.#saved
  }

  get result() {
    const { state, trace } = this.#saved
    const troubled = state.tokens.some(({ trouble }) => trouble !== undefined)
    const starts = startsOf(this.#definition).map(({ node, event }) => (event ?? node).id)
    return {
      status: state.status === 'new' ? 'running' : troubled ? 'incident' : state.status,
      waiting: state.status === 'new' ? starts : leaves(state).map(({ node }) => node),
      trace: [...trace],
      variables: state.variables,
    }
  }

  /** Starts at the plain start event; a process that has only others waits for one of theirs. */
  begin(): void {
    const plain = startsOf(this.#definition).some(({ node }) => node.kind === 'startEvent' && !node.awaits)
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
    if ('signal' in scripted)
      return this.#broadcast(scripted.signal, accepted(this.#definition, scripted.payload))
    if ('advance' in scripted && this.#saved.state.status === 'new') this.#startByTimer(scripted.advance)
    if (this.#saved.state.status === 'new') this.#step({ kind: 'start' })
    if ('advance' in scripted) return this.#advance(scripted.advance)
    if ('set' in scripted)
      return this.#step({ kind: 'set-variables', token: 0, values: accepted(this.#definition, scripted.set) })
    if ('begin' in scripted) {
      const within = this.#definition.nodes[scripted.begin]?.within ?? scripted.begin
      return this.#step({ kind: 'begin', token: this.#tokenAt(within), node: scripted.begin })
    }
    if ('escalate' in scripted) {
      const { escalate, code, payload } = scripted
      const token = this.#tokenAt(escalate)
      return this.#step({ kind: 'escalation', token, code, payload: accepted(this.#definition, payload) })
    }
    if ('fail' in scripted)
      return this.#step({ kind: 'fail', token: this.#tokenAt(scripted.fail), code: scripted.code })
    const { complete, output } = scripted
    const token = this.#tokenAt(complete)
    this.#step({ kind: 'complete', token, output: accepted(this.#definition, output, complete) })
  }

  /** The oldest token that waits at the node. */
  #tokenAt(node: string): number {
    const { state } = this.#saved
    const token =
      leaves(state).find((waiting) => waiting.node === node) ?? state.tokens.find((one) => one.node === node)
    if (!token) throw this.#notWaiting(node)
    return token.id
  }

  #notWaiting(node: string) {
    return errors.NODE_NOT_WAITING({ node, waiting: this.result.waiting.join(', ') || '–' })
  }

  #step(command: StepCommand): void {
    const { state, effects } = step(this.#definition, this.#saved.state, command, this.#saved.now)
    this.#saved = { ...this.#saved, state }
    for (const effect of effects) this.#take(effect)
    const [signal, ...signals] = this.#saved.signals
    this.#saved = { ...this.#saved, signals }
    if (signal !== undefined) this.#broadcast(signal, {})
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
      case 'signal-thrown':
        this.#saved = { ...saved, signals: [...saved.signals, effect.signal] }
        return
    }
  }

  #keep(message: Message): void {
    this.#saved = { ...this.#saved, messages: [...this.#saved.messages, message] }
  }

  #hear(message: Message): void {
    const { state } = this.#saved
    if (state.status === 'new' && this.#startsBy('message', message.message) !== undefined) {
      this.#saved = { ...this.#saved, state: { ...state, businessKey: message.key } }
      return this.#step({ kind: 'start', message: message.message, payload: message.payload })
    }
    this.#keep(message)
    if (state.status === 'new') this.#step({ kind: 'start' })
    else this.#hearKept()
  }

  /** The node that starts an instance by such an event, if there is one. */
  #startsBy(kind: 'message' | 'signal' | 'timer', name?: string): string | undefined {
    const waiting = startsOf(this.#definition).map(({ node, event }) => event ?? node)
    return waiting.find((node) => {
      const awaits = 'awaits' in node ? node.awaits : undefined
      if (awaits?.kind !== kind) return false
      return (
        name === undefined ||
        ('message' in awaits ? awaits.message : 'signal' in awaits && awaits.signal) === name
      )
    })?.id
  }

  /** Everybody who waits hears it; who comes later does not. */
  #broadcast(signal: string, payload: Record<string, unknown>): void {
    const node = this.#startsBy('signal', signal)
    if (this.#saved.state.status === 'new' && node !== undefined)
      return this.#step({ kind: 'start', node, payload })
    const hearers = this.#saved.subscriptions.filter((one) => one.to === 'signal' && one.message === signal)
    for (const { token, node } of hearers)
      if (this.#waits(token, node)) this.#step({ kind: 'signal', token, node, payload })
  }

  #waits(token: number, node: string): boolean {
    const { state, subscriptions } = this.#saved
    return stands(state, token) && subscriptions.some((one) => one.token === token && one.node === node)
  }

  #startByTimer(duration: string): void {
    const node = this.#startsBy('timer')
    if (node === undefined) return
    const until = after(this.#saved.now, duration)
    if (until instanceof Date) this.#step({ kind: 'start', node })
  }

  /** Delivers what is kept to every token that waits for it. */
  #hearKept(): void {
    const heard = this.#saved.messages.find((kept) => this.#waitingFor(kept).length > 0)
    if (!heard) return
    const hearers = this.#waitingFor(heard)
    this.#saved = { ...this.#saved, messages: this.#saved.messages.filter((kept) => kept !== heard) }
    for (const { token, node } of hearers) {
      if (!this.#waits(token, node)) continue
      this.#step({ kind: 'message', token, node, payload: heard.payload })
    }
    this.#hearKept()
  }

  #waitingFor({ message, key }: Message): Subscription[] {
    return this.#saved.subscriptions.filter(
      (one) =>
        one.to === 'message' &&
        one.message === message &&
        (one.key === null || key === null || one.key === key),
    )
  }

  #advance(duration: string): void {
    const until = after(this.#saved.now, duration)
    if (!(until instanceof Date)) throw errors.SCRIPT_STEP_INVALID({ position: duration, reason: until })
    for (let due = this.#dueBefore(until); due; due = this.#dueBefore(until)) {
      if (due.dueAt > this.#saved.now) this.#saved = { ...this.#saved, now: due.dueAt }
      const { token, node, dueAt, left } = due
      this.#step({ kind: 'timer', token, node, dueAt, ...(left !== undefined && { left }) })
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
