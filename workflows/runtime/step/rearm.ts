import { DomainError, type Texts } from '../../../core/errors.ts'
import {
  isActivity,
  isScope,
  isWaitState,
  type ManualTask,
  type OutsideTrigger,
  type ProcessDefinition,
  type UserTask,
} from '../../definition.ts'
import type { Effect } from './effect.ts'
import { Machine } from './machine.ts'
import { mappedBy, type NodeMapping, type Obstacle, type ObstacleCode } from './migration.ts'
import { leaves, type State, type Token } from './state.ts'
import { hostOf, startsWithin, type Waiting, waitingAt, waitsOf } from './waits.ts'

interface Row {
  readonly id: string
  readonly token: number
  readonly node: string
}

/** What the runtime holds for the tokens of an instance, as it stands in its tables. */
export interface Waits {
  /** Open or claimed. */
  readonly tasks: readonly (Row & { readonly createdAt: Date })[]
  /** Armed. */
  readonly timers: readonly Row[]
  readonly subscriptions: readonly Row[]
  /** That wait for their result; `running`: a worker is at it now. */
  readonly jobs: readonly (Row & { readonly running: boolean })[]
}

/** A row that goes on under another node. */
export interface Renamed {
  readonly id: string
  readonly node: string
}

export interface TaskAfter extends Renamed {
  readonly after: UserTask | ManualTask
  /** The body that does it, null for that of the instance; left out where the model says the same as before. */
  readonly organisation?: string | null
  /** The limit is another one: counted anew from when the task was opened. */
  readonly limitDiffers: boolean
}

/** What becomes of the waits: rows that go on, and effects for what is removed and set up. */
export interface Rearmed {
  readonly tasks: readonly TaskAfter[]
  readonly timers: readonly Renamed[]
  readonly subscriptions: readonly Renamed[]
  readonly jobs: readonly Renamed[]
  readonly effects: readonly Effect[]
  readonly counts: WaitChanges
  readonly obstacles: readonly Obstacle[]
}

export interface WaitChanges {
  readonly kept: number
  readonly renewed: number
  readonly added: number
  readonly removed: number
}

export interface Rearming {
  readonly from: ProcessDefinition
  readonly to: ProcessDefinition
  readonly mapping: NodeMapping
  readonly before: State
  /** What `migrate` made of it. */
  readonly after: State
  readonly waits: Waits
  readonly now: Date
}

/**
 * Takes what an instance waits for to another definition. What is written the same there goes on as it is, its
 * due date, correlation key, claim and attempts kept; what is written otherwise is set up anew, a timer counting
 * from the moment its task was opened, or else from `now`; an event that has happened does not come back.
 */
export function rearm(rearming: Rearming): Rearmed {
  const arming = new Arming(rearming)
  for (const token of [undefined, ...rearming.after.tokens]) arming.events(token)
  for (const task of rearming.waits.tasks) arming.task(task)
  for (const job of rearming.waits.jobs) arming.job(job)
  arming.standing()
  return arming.result()
}

class Arming {
  readonly #given: Rearming
  readonly #old: Machine
  readonly #new: Machine
  readonly #mapped: (id: string) => string
  readonly #tasks: TaskAfter[] = []
  readonly #timers: Renamed[] = []
  readonly #subscriptions: Renamed[] = []
  readonly #jobs: Renamed[] = []
  readonly #effects: Effect[] = []
  readonly #obstacles: Obstacle[] = []
  readonly #counts = { kept: 0, renewed: 0, added: 0, removed: 0 }

  constructor(given: Rearming) {
    this.#given = given
    this.#old = new Machine(given.from, given.before, given.now)
    this.#new = new Machine(given.to, given.after, given.now)
    this.#mapped = mappedBy(given.mapping)
  }

  result(): Rearmed {
    return {
      ...{ tasks: this.#tasks, timers: this.#timers, subscriptions: this.#subscriptions, jobs: this.#jobs },
      ...{ effects: this.#effects, counts: this.#counts, obstacles: this.#obstacles },
    }
  }

  /** Timers and subscriptions of a token; of the process itself without one. */
  events(token: Token | undefined): void {
    const id = token?.id ?? 0
    const before = id === 0 ? undefined : this.#old.tokenAt(id)
    const old = waiting(this.#old, before)
    const rows = [
      ...this.#given.waits.timers.map((row) => ({ ...row, kind: 'timer' as const })),
      ...this.#given.waits.subscriptions.map((row) => ({ ...row, kind: 'subscription' as const })),
    ].filter((row) => row.token === id)
    const left = new Set(rows)
    for (const wait of waiting(this.#new, token)) {
      const sources = old.filter(({ node }) => this.#mapped(node.id) === wait.node.id)
      const found = rows.filter((row) => sources.some(({ node }) => node.id === row.node))
      const [source] = sources
      const [row] = found
      if (source && !row) continue
      for (const one of found) left.delete(one)
      if (source && row && found.length === 1 && isSame(source.trigger, wait.trigger)) {
        const kept = row.kind === 'timer' ? this.#timers : this.#subscriptions
        kept.push({ id: row.id, node: wait.node.id })
        this.#counts.kept += 1
        continue
      }
      // One in trouble is set up whole when it is tried again.
      if (!row && token?.trouble) continue
      for (const one of found) this.#remove(one)
      this.#await(id, wait)
      this.#counts[row ? 'renewed' : 'added'] += 1
    }
    for (const row of left) this.#remove(row)
    this.#counts.removed += left.size
  }

  #remove({ kind, token, node }: Row & { readonly kind: 'timer' | 'subscription' }): void {
    this.#effects.push({ kind: kind === 'timer' ? 'timer-disarmed' : 'unsubscribed', token, node })
  }

  #await(token: number, { node, trigger }: Waiting): void {
    const opened = this.#given.waits.tasks.find((task) => task.token === token)?.createdAt
    const machine = new Machine(this.#given.to, this.#given.after, opened ?? this.#given.now)
    this.#guarded(token, node.id, () => {
      machine.await(token, node, trigger)
    })
    for (const effect of machine.effects)
      if (effect.kind === 'incident-raised')
        this.#obstacle(token, node.id, 'wait-fails', effect.trouble.messages)
      else this.#effects.push(effect)
  }

  task({ id, token, node }: Waits['tasks'][number]): void {
    const target = this.#given.to.nodes[this.#mapped(node)]
    if (target?.kind !== 'userTask' && target?.kind !== 'manualTask') return
    const before = this.#given.from.nodes[node]
    const limit = before && 'limitDays' in before ? before.limitDays : undefined
    const body = before && 'organisation' in before ? before.organisation : undefined
    const task = { id, node: target.id, after: target, limitDiffers: limit !== target.limitDays }
    this.#guarded(token, node, () => {
      const isSame = body === target.organisation
      this.#tasks.push(isSame ? task : { ...task, organisation: this.#bodyOf(target, token) })
      this.#counts.kept += 1
    })
  }

  #bodyOf({ organisation, id }: UserTask | ManualTask, token: number): string | null {
    const said = organisation === undefined ? null : this.#new.evaluate(organisation, id, token)
    return typeof said === 'string' && said !== '' ? said : null
  }

  job({ id, token, node, running }: Waits['jobs'][number]): void {
    const taskOf = (definition: ProcessDefinition, at: string) => {
      const found = definition.nodes[at]
      return found && 'task' in found ? (found.task ?? undefined) : undefined
    }
    const target = this.#mapped(node)
    const task = taskOf(this.#given.to, target)
    if (task === undefined) return
    if (task === taskOf(this.#given.from, node)) {
      this.#jobs.push({ id, node: target })
      this.#counts.kept += 1
      return
    }
    if (running) return this.#obstacle(token, node, 'job-running', task)
    this.#effects.push({ kind: 'job-dropped', token }, { kind: 'job-queued', token, node: target, task })
    this.#counts.renewed += 1
  }

  /** Every token waits still: see {@link isWaitState}. One in trouble waits for an operator. */
  standing(): void {
    for (const token of leaves(this.#given.after)) {
      const node = this.#given.to.nodes[token.node]
      if (!node || token.trouble || token.loop || isScope(node)) continue
      const isJoin = node.kind === 'parallelGateway' || node.kind === 'inclusiveGateway'
      if (isWaitState(node) || isJoin || !isRest(this.#given.from.nodes[this.#nodeBefore(token)])) continue
      this.#obstacle(token.id, this.#nodeBefore(token), 'cannot-wait', node.id)
    }
  }

  #nodeBefore = ({ id, node }: Token) => this.#old.tokenAt(id)?.node ?? node

  #guarded(token: number, node: string, work: () => void): void {
    try {
      work()
    } catch (error) {
      // An expression that refuses is an obstacle of this instance; a bug goes on upwards.
      if (!(error instanceof DomainError)) throw error
      this.#obstacle(token, node, 'wait-fails', error.messages)
    }
  }

  #obstacle(token: number, node: string, code: keyof typeof TEXTS, detail: Texts | string): void {
    const text = TEXTS[code]
    const { zh, en } = typeof detail === 'string' ? { zh: detail, en: detail } : detail
    this.#obstacles.push({ token, node, code, zh: text.zh(node, zh), en: text.en(node, en) })
  }
}

type Say = (node: string, detail: string) => string

const TEXTS = {
  'wait-fails': {
    zh: (node, detail) => `“${node}”在新版本中无法继续等待：${detail}`,
    en: (node, detail) => `“${node}” cannot go on waiting in the new version: ${detail}`,
  },
  'job-running': {
    zh: (node, task) => `“${node}”的作业正在执行，而新版本改为“${task}”；稍后再试`,
    en: (node, task) => `the task of “${node}” is running, and the new version has “${task}”; try later`,
  },
  'cannot-wait': {
    zh: (node, after) => `新版本的“${after}”不等待，“${node}”处的令牌无处停留`,
    en: (node, after) => `“${after}” does not wait in the new version, as the token at “${node}” does`,
  },
} satisfies Partial<Record<ObstacleCode, { readonly zh: Say; readonly en: Say }>>

/** What comes from outside to a token, or without one to the process itself. */
const waiting = (machine: Machine, token: Token | undefined): Waiting[] =>
  token ? waitsOf(machine, token) : startsWithin(machine, undefined).flatMap(waitingAt)

const isRest = (node: ProcessDefinition['nodes'][string] | undefined) =>
  node !== undefined && (isWaitState(node) || isActivity(node))

/** Written the same: the key of a trigger is its text, and its values were worked out when it was set up. */
const isSame = (before: OutsideTrigger, after: OutsideTrigger) =>
  JSON.stringify(Object.entries(before).sort()) === JSON.stringify(Object.entries(after).sort())

/** Pairs of nodes where tokens stood and stand, the oldest first; an instance of a loop is no stay of its own. */
export function movesBetween(definition: ProcessDefinition, before: State, after: State): [string, string][] {
  const machine = new Machine(definition, before, new Date(0))
  return before.tokens.flatMap((token, index) => {
    const now = after.tokens[index]
    return hostOf(machine, token) || !now ? [] : [[token.node, now.node] as [string, string]]
  })
}
