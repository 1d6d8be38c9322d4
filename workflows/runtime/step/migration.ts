import type { Texts } from '../../../core/errors.ts'
import { isActivity, type Node, type ProcessDefinition } from '../../definition.ts'
import type { Done, ScopePart, State, Token } from './state.ts'

/** Nodes of the old definition, and flows into its joins, and what each becomes; one that is not named keeps its id. */
export type NodeMapping = Readonly<Record<string, string>>

export const mappedBy =
  (mapping: NodeMapping) =>
  (id: string): string =>
    Object.hasOwn(mapping, id) ? (mapping[id] ?? id) : id

/** Why an instance cannot be taken over to another definition. */
export interface Obstacle extends Texts {
  /** 0 for the process itself. */
  readonly token: number
  readonly node: string
  readonly code: ObstacleCode
}

export type ObstacleCode =
  | 'node-missing'
  | 'kind-differs'
  | 'level-differs'
  | 'loop-differs'
  | 'flow-missing'
  /** Tokens wait at two joins, or by two flows, that become one. */
  | 'target-twice'
  | 'ended'
  /** The new node lets a token through that waits at the old one. */
  | 'cannot-wait'
  /** A variable is not of the type that the new version declares. */
  | 'variable-differs'
  /** What the new node waits for cannot be set up: a timer, a correlation key, a body. */
  | 'wait-fails'
  /** The task of the old node runs at this moment, and the new node has another. */
  | 'job-running'

export type Migrated =
  | { readonly state: State; readonly obstacles: readonly [] }
  | { readonly state: undefined; readonly obstacles: readonly Obstacle[] }

/**
 * The state of an instance under another definition: every token stands at a node of the same kind on the
 * level that its own became. Pure, so that all running instances can be rehearsed first; the obstacles
 * are said for each, all at once.
 */
export function migrate(
  from: ProcessDefinition,
  to: ProcessDefinition,
  mapping: NodeMapping,
  state: State,
): Migrated {
  const move = new Move(from, to, mapping)
  if (state.status !== 'running' && state.status !== 'new')
    move.add(0, to.key, 'ended', '实例已结束', 'the instance is over')
  const tokens = state.tokens.map((token) => move.token(token))
  const moved: State = { ...state, ...move.scope(state, 0), tokens }
  if (move.obstacles.length > 0) return { state: undefined, obstacles: move.obstacles }
  return { state: moved, obstacles: [] }
}

class Move {
  readonly obstacles: Obstacle[] = []
  readonly #from: ProcessDefinition
  readonly #to: ProcessDefinition
  readonly #mapped: (id: string) => string

  constructor(from: ProcessDefinition, to: ProcessDefinition, mapping: NodeMapping) {
    this.#from = from
    this.#to = to
    this.#mapped = mappedBy(mapping)
  }

  add(token: number, node: string, code: Obstacle['code'], zh: string, en: string): void {
    this.obstacles.push({ token, node, code, zh, en })
  }

  token(token: Token): Token {
    const moved = { ...token, node: this.#node(token.node, token.id), ...this.scope(token, token.id) }
    return token.undo ? { ...moved, undo: token.undo.map((entry) => this.#done(entry, token.id)) } : moved
  }

  /** What belongs to a scope: tokens at its joins, what can be undone there, conditions that hold. */
  scope({ arrived, done, held }: ScopePart, token: number): ScopePart {
    const joins = Object.entries(arrived ?? {}).map(([join, flows]) => {
      const target = this.#node(join, token)
      const arrivals = Object.entries(flows).map(([flow, count]) => [this.#mapped(flow), count] as const)
      for (const [flow] of arrivals) this.#flow(flow, target, token)
      this.#apart(Object.keys(flows), token, join)
      return [target, Object.fromEntries(arrivals)] as const
    })
    this.#apart(Object.keys(arrived ?? {}), token)
    return {
      ...(arrived && { arrived: Object.fromEntries(joins) }),
      ...(done && { done: done.map((entry) => this.#done(entry, token)) }),
      // A conditional event that is there no more holds no more.
      ...(held && { held: held.map(this.#mapped).filter((node) => Object.hasOwn(this.#to.nodes, node)) }),
    }
  }

  /**
   * What waits keeps apart: taken together, two tokens of one flow would leave one behind, and those of two joins
   * may be all that the new one waits for, with none to come that sets it off.
   */
  #apart(ids: readonly string[], token: number, join?: string): void {
    const before = new Map<string, string>()
    for (const id of ids) {
      const target = this.#mapped(id)
      const first = before.get(target)
      before.set(target, id)
      if (first === undefined) continue
      const en = `tokens wait at both “${first}” and “${id}”, and both become “${target}”`
      this.add(token, join ?? id, 'target-twice', `“${first}”与“${id}”都有令牌在等，却都对应“${target}”`, en)
    }
  }

  #done(entry: Done, token: number): Done {
    const node = this.#node(entry.node, token)
    return {
      ...entry,
      node,
      ...(entry.done && { done: entry.done.map((inner) => this.#done(inner, token)) }),
    }
  }

  #node(id: string, token: number): string {
    const target = this.#mapped(id)
    const before = this.#from.nodes[id]
    const after = Object.hasOwn(this.#to.nodes, target) ? this.#to.nodes[target] : undefined
    if (!after) {
      const en = `“${target}” does not exist in the new version`
      this.add(token, id, 'node-missing', `新版本中没有“${target}”`, en)
    } else if (before) this.#compare(before, after, token)
    return target
  }

  #compare(before: Node, after: Node, token: number): void {
    const { id } = before
    if (before.kind !== after.kind) {
      const en = `“${id}” is a ${before.kind}, “${after.id}” a ${after.kind}`
      return this.add(token, id, 'kind-differs', `“${id}”与“${after.id}”的元素类型不同`, en)
    }
    const level = before.within === undefined ? undefined : this.#mapped(before.within)
    if (level !== after.within) {
      const en = `“${after.id}” lies in another sub-process than “${id}”`
      this.add(token, id, 'level-differs', `“${after.id}”与“${id}”不在对应的层级`, en)
    }
    const loopOf = (node: Node) => (isActivity(node) ? node.loop?.kind : undefined)
    if (loopOf(before) !== loopOf(after)) {
      const en = `“${id}” and “${after.id}” repeat in different ways`
      this.add(token, id, 'loop-differs', `“${id}”与“${after.id}”的循环方式不同`, en)
    }
  }

  /** A token waits at a join by the flow it came by. */
  #flow(flow: string, join: string, token: number): void {
    if (this.#to.nodes[join]?.incoming.includes(flow)) return
    const en = `the join “${join}” has no incoming flow “${flow}” in the new version`
    this.add(token, join, 'flow-missing', `新版本的汇合“${join}”没有连线“${flow}”`, en)
  }
}
