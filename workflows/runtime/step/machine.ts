import { DomainError } from '../../../core/errors.ts'
import {
  flowOf,
  type MessageTrigger,
  type Node,
  nodeOf,
  type OutsideTrigger,
  type ProcessDefinition,
  type StartEvent,
} from '../../definition.ts'
import { evaluate } from '../../expressions/index.ts'
import { levelOf, LOOP_COUNTS, over } from '../../outline.ts'
import { firstDue } from '../../timer.ts'
import type { Effect } from './effect.ts'
import type { Cause } from './error.ts'
import { timerRefusal } from './refusals.ts'
import {
  type IncidentKind,
  type ScopePart,
  type State,
  type Token,
  tokenOf,
  type Trouble,
  valuesAt,
  type Variables,
} from './state.ts'
import { declaredAt } from './variables.ts'

/** A token on its way: it has an id once it rests. */
export interface Arrival {
  readonly node: Node
  /** The token whose scope it moves in; 0 for the process. */
  readonly within: number
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
  #moving: Arrival[] = []
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

  node(id: string): Node {
    return nodeOf(this.definition, id)
  }

  startsOf(subProcess: string): readonly StartEvent[] {
    return levelOf(this.definition, subProcess).starts
  }

  tokenAt(id: number): Token | undefined {
    return tokenOf(this.#state, id)
  }

  /** The tokens directly in a scope, the oldest first. */
  inside(scope: number): Token[] {
    return this.#state.tokens.filter((token) => (token.in ?? 0) === scope)
  }

  scope(id: number): ScopePart {
    return this.tokenAt(id) ?? this.#state
  }

  /** Empty parts are left out, so that the state stays small. */
  changeScope(id: number, part: ScopePart): void {
    if (id === 0) this.change(part)
    else this.changeToken(id, part)
  }

  changeToken(id: number, part: Partial<Token>): void {
    this.change({
      tokens: this.#state.tokens.map((token) => (token.id === id ? { ...token, ...part } : token)),
    })
  }

  /** The next token on its way whose scope is still there. */
  next(): Arrival | undefined {
    this.#moves += 1
    if (this.#moves > MAX_MOVES) throw new Error(`definition ${this.definition.key} runs in a circle`)
    const arrival = this.#moving.shift()
    if (!arrival || arrival.within === 0 || this.tokenAt(arrival.within)) return arrival
    return this.next()
  }

  arrive(arrival: Arrival): void {
    this.#moving.push(arrival)
  }

  /** Takes back the tokens on their way in a scope. */
  halt(scope: number): void {
    this.#moving = this.#moving.filter(({ within }) => within !== scope)
  }

  /** Sends a token along each of the flows. */
  send(flows: readonly string[], within: number): void {
    for (const flow of flows)
      this.arrive({ flow, within, node: this.node(flowOf(this.definition, flow).target) })
  }

  entered(node: Node, token = 0): void {
    this.effect({ kind: 'entered', node: node.id, token })
  }

  /** The node is done: says so and goes on by `flows`. */
  leave(node: Node, within: number, token = 0, flows: readonly string[] = node.outgoing): void {
    this.effect({ kind: 'left', node: node.id, token })
    this.send(flows, within)
  }

  /** A token comes to rest at `node`. */
  rest(node: Node, within: number, part: Partial<Token> = {}): Token {
    const id = this.#state.nextToken
    const token: Token = { id, node: node.id, ...(within !== 0 && { in: within }), ...part }
    this.change({ nextToken: id + 1, tokens: [...this.#state.tokens, token] })
    return token
  }

  lift({ id }: Token): void {
    this.change({ tokens: this.#state.tokens.filter((token) => token.id !== id) })
  }

  /** The token stays where it is until an operator has looked. */
  stop(token: Token, kind: IncidentKind, { code, messages }: Cause): void {
    const trouble: Trouble = { kind, code, messages }
    this.changeToken(token.id, { trouble })
    this.effect({ kind: 'incident-raised', token: token.id, node: token.node, trouble })
  }

  /** A refusal of the expression stops the token; a bug goes on upwards. */
  guarded(token: Token, work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      this.stop(token, 'expression', error)
      return false
    }
  }

  /** What an expression written at `node` gives, with the variables of the token or scope `id`. */
  evaluate(text: string, node: string | undefined, id: number, counts?: Variables): unknown {
    const declared = declaredAt(this.definition, node)
    const values = valuesAt(this.#state, id)
    if (!counts) return evaluate(text, declared, values)
    return evaluate(text, over(declared, LOOP_COUNTS), { ...values, ...counts })
  }

  /** Each value goes to the innermost token that holds its name, or to the process. */
  merge(values: Variables | undefined, token: number): void {
    const left = { ...values }
    for (let at = this.tokenAt(token); at; at = this.tokenAt(at.in ?? 0)) {
      const own = at.variables
      if (!own) continue
      const mine = Object.entries(left).filter(([name]) => Object.hasOwn(own, name))
      for (const [name] of mine) delete left[name]
      if (mine.length > 0) this.changeToken(at.id, { variables: { ...own, ...Object.fromEntries(mine) } })
    }
    if (Object.keys(left).length > 0) this.change({ variables: { ...this.#state.variables, ...left } })
  }

  keyOf({ correlationKey }: MessageTrigger, node: string, id: number): string | null {
    if (correlationKey === undefined) return this.#state.businessKey
    const key = this.evaluate(correlationKey, node, id)
    return typeof key === 'string' || typeof key === 'number' ? String(key) : null
  }

  /** Begins to wait for what `node` waits for, under the token's id, or 0 for the process. */
  await(id: number, node: Node, trigger: OutsideTrigger): void {
    const of = { token: id, node: node.id }
    switch (trigger.kind) {
      case 'message':
        return this.effect({
          ...{ kind: 'subscribed', ...of, to: 'message' },
          ...{ message: trigger.message, key: this.keyOf(trigger, node.id, id) },
        })
      case 'signal':
        return this.effect({ kind: 'subscribed', ...of, to: 'signal', message: trigger.signal, key: null })
      case 'timer': {
        const declared = declaredAt(this.definition, node.id)
        const due = firstDue(trigger, declared, valuesAt(this.#state, id), this.now)
        if (typeof due !== 'string') return this.effect({ kind: 'timer-armed', ...of, ...due })
        const token = this.tokenAt(id)
        const fault = timerRefusal(node.id, due)
        if (token) return this.stop(token, 'timer', fault)
        const { code, messages } = fault
        return this.effect({ kind: 'incident-raised', ...of, trouble: { kind: 'timer', code, messages } })
      }
    }
  }

  forget(id: number, node: Node, trigger: OutsideTrigger): void {
    const kind = trigger.kind === 'timer' ? 'timer-disarmed' : 'unsubscribed'
    this.effect({ kind, token: id, node: node.id })
  }
}
