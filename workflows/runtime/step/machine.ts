import { DomainError } from '../../../core/errors.ts'
import {
  flowOf,
  type MessageTrigger,
  type Node,
  nodeOf,
  type ProcessDefinition,
  type TimerTrigger,
} from '../../definition.ts'
import { evaluate } from '../../expressions/index.ts'
import { dueAt } from '../../timer.ts'
import type { Effect, IncidentKind, State, Token, Trouble, Variables } from './state.ts'

/** A token on its way: it has an id once it rests. */
export interface Arrival {
  readonly node: Node
  /** The flow it came by; absent for a start, a boundary event and a retry. */
  readonly flow?: string
}

/** The gate lets no circle through in which nothing waits; this stops a stored definition that has one. */
const MAX_MOVES = 10_000

/** The bench on which one step works: a copy of the state, the effects so far, the tokens still on their way. */
export class Machine {
  readonly definition: ProcessDefinition
  readonly now: Date
  readonly effects: Effect[] = []
  readonly #moving: Arrival[] = []
  #state: State
  #moves = 0

  constructor(definition: ProcessDefinition, state: State, now: Date) {
    this.definition = definition
    this.#state = state
    this.now = now
  }

  get state(): State {
    return this.#state
  }

  change(part: Partial<State>): void {
    this.#state = { ...this.#state, ...part }
  }

  effect(effect: Effect): void {
    this.effects.push(effect)
  }

  tokenAt(id: number): Token | undefined {
    return this.#state.tokens.find((token) => token.id === id)
  }

  /** The next token on its way. */
  next(): Arrival | undefined {
    this.#moves += 1
    if (this.#moves > MAX_MOVES) throw new Error(`definition ${this.definition.key} runs in a circle`)
    return this.#moving.shift()
  }

  arrive(arrival: Arrival): void {
    this.#moving.push(arrival)
  }

  /** Sends a token along each of the flows. */
  send(flows: readonly string[]): void {
    for (const flow of flows)
      this.arrive({ flow, node: nodeOf(this.definition, flowOf(this.definition, flow).target) })
  }

  entered(node: Node, token = 0): void {
    this.effect({ kind: 'entered', node: node.id, token })
  }

  /** The node is done: says so and goes on by `flows`. */
  leave(node: Node, token = 0, flows: readonly string[] = node.outgoing): void {
    this.effect({ kind: 'left', node: node.id, token })
    this.send(flows)
  }

  /** A token comes to rest at `node`. */
  rest(node: Node): Token {
    const token = { id: this.#state.nextToken, node: node.id }
    this.change({ nextToken: token.id + 1, tokens: [...this.#state.tokens, token] })
    return token
  }

  lift(token: Token): void {
    this.change({ tokens: this.#state.tokens.filter(({ id }) => id !== token.id) })
  }

  /** The token stays where it is until an operator has looked. */
  stop(token: Token, kind: IncidentKind, message: string, code = ''): void {
    const trouble: Trouble = { kind, code, message }
    const tokens = this.#state.tokens.map((other) => (other.id === token.id ? { ...token, trouble } : other))
    this.change({ tokens })
    this.effect({ kind: 'incident-raised', token: token.id, node: token.node, trouble })
  }

  /** A refusal of the expression stops the token; a bug goes on upwards. */
  guarded(token: Token, work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      this.stop(token, 'expression', error.message, error.code)
      return false
    }
  }

  evaluate(text: string): unknown {
    return evaluate(text, this.definition.variables, this.#state.variables)
  }

  merge(values: Variables | undefined): void {
    if (values) this.change({ variables: { ...this.#state.variables, ...values } })
  }

  keyOf({ correlationKey }: MessageTrigger): string | null {
    if (correlationKey === undefined) return this.#state.businessKey
    const key = this.evaluate(correlationKey)
    return typeof key === 'string' || typeof key === 'number' ? String(key) : null
  }

  subscribe(token: Token, node: Node, trigger: MessageTrigger): void {
    this.effect({
      kind: 'subscribed',
      token: token.id,
      node: node.id,
      message: trigger.message,
      key: this.keyOf(trigger),
    })
  }

  arm(token: Token, node: Node, trigger: TimerTrigger): void {
    const due = dueAt(trigger, this.definition.variables, this.#state.variables, this.now)
    if (due instanceof Date) this.effect({ kind: 'timer-armed', token: token.id, node: node.id, dueAt: due })
    else this.stop(token, 'timer', `the timer of ${node.id} cannot be set: ${due}`)
  }

  /** Puts an end to what the token waits for, its boundary events included. */
  disarm(token: Token): void {
    const node = nodeOf(this.definition, token.node)
    for (const waiting of [node, ...node.boundaries.map((id) => nodeOf(this.definition, id))]) {
      const trigger = 'awaits' in waiting ? waiting.awaits : undefined
      if (trigger?.kind === 'timer')
        this.effect({ kind: 'timer-disarmed', token: token.id, node: waiting.id })
      if (trigger?.kind === 'message')
        this.effect({ kind: 'unsubscribed', token: token.id, node: waiting.id })
    }
    if (token.trouble) this.effect({ kind: 'incident-resolved', token: token.id })
  }
}
