import { createHash } from 'node:crypto'
import type { Flow, Node, ProcessDefinition } from '../definition.ts'
import type { Migrated, Move } from '../events.ts'

/** What the projection keeps of one `workflow.instance.stepped`. */
export interface Fact {
  readonly version: number
  readonly command: string
  readonly taskId?: string
  readonly moves: readonly Move[]
  readonly migrated?: Migrated
  readonly status: string
  /** ISO 8601, so that a stored fact is the same value. */
  readonly at: string
}

/** One instance as the analysis sees it. */
export interface Trace {
  readonly instanceId: string
  readonly definitionId: string
  readonly organisationId: string
  /** Steps counted so far: the version of the instance. */
  readonly version: number
  readonly status: 'running' | 'completed' | 'terminated'
  /** Ids of the activities in the order entered; see {@link isActivity}. */
  readonly path: readonly string[]
  /** Of the path: equal for instances that went the same way. */
  readonly variant: string
  /** User tasks completed. */
  readonly touches: number
  /** How many visits it has. */
  readonly visits: number
  readonly startedAt: Date
  readonly endedAt: Date | null
}

/** A stay of a token at a node. */
export interface Visit {
  readonly seq: number
  readonly node: string
  /** 1 for the first time this instance is here. */
  readonly nth: number
  readonly enteredAt: Date
  readonly enteredVersion: number
  readonly leftAt: Date | null
  readonly leftVersion: number | null
  readonly outcome: 'left' | 'cancelled' | null
  /** The command that made it leave. */
  readonly leftBy: string | null
  readonly taskId: string | null
}

/** A token's way along a flow; longer than nothing only where a join waits for other branches. */
export interface Passage {
  readonly seq: number
  readonly flow: string
  readonly setOutAt: Date
  readonly arrivedAt: Date
}

export interface Advance {
  readonly trace: Trace
  /** Visits that are new or have ended. */
  readonly changed: readonly Visit[]
  readonly passages: readonly Passage[]
}

/** Work that takes time or a touch: tasks, called processes, sub-processes; no events, no gateways. */
export const isActivity = (kind: string) => /task$|subprocess$|callactivity|transaction/i.test(kind)

/** Which way an instance went: SHA-256 over the path, the first 16 hex digits. */
export const variantOf = (path: readonly string[]) =>
  createHash('sha256').update(JSON.stringify(path)).digest('hex').slice(0, 16)

/**
 * Counts the next step of an instance. `known` holds its open visits and the last visit of each node;
 * `fact.version` must be `trace.version + 1`. Of several tokens at one node the one that came first leaves first.
 */
export function counted(
  definition: Pick<ProcessDefinition, 'nodes' | 'flows'>,
  trace: Trace,
  known: readonly Visit[],
  fact: Fact,
): Advance {
  const at = new Date(fact.at)
  const walk = new Walk(definition, trace, known, fact)
  if (fact.migrated) walk.takeOver(fact.migrated)
  for (const [sign, node] of fact.moves) {
    if (sign === '+') walk.enter(node)
    else walk.leave(node, sign === '-' ? 'left' : 'cancelled')
  }
  const path = [...trace.path, ...walk.activities]
  const isTouch = fact.command === 'complete' && fact.taskId !== undefined
  const status = fact.status === 'completed' || fact.status === 'terminated' ? fact.status : 'running'
  return {
    trace: {
      ...trace,
      ...(fact.migrated && { definitionId: fact.migrated.definitionId }),
      version: fact.version,
      status,
      path,
      variant: walk.activities.length > 0 ? variantOf(path) : trace.variant,
      touches: trace.touches + (isTouch ? 1 : 0),
      visits: walk.visits,
      endedAt: status === 'running' ? null : at,
    },
    changed: walk.changed(),
    passages: walk.passages,
  }
}

/** What {@link counted} is to know for the step after: the open visits and the last visit of each node. */
export function knownAfter(known: readonly Visit[], { changed }: Pick<Advance, 'changed'>): Visit[] {
  const bySeq = new Map([...known, ...changed].map((visit) => [visit.seq, visit]))
  const all = [...bySeq.values()]
  const last = new Map<string, number>()
  for (const { node, seq } of all) last.set(node, Math.max(seq, last.get(node) ?? 0))
  return all.filter(({ leftAt, node, seq }) => leftAt === null || last.get(node) === seq)
}

class Walk {
  readonly activities: string[] = []
  readonly passages: Passage[] = []
  visits: number
  readonly #definition: Pick<ProcessDefinition, 'nodes' | 'flows'>
  readonly #fact: Fact
  readonly #at: Date
  readonly #all: Visit[]
  readonly #touched = new Set<number>()
  /** Nodes left in this step, each with the flows not yet taken. */
  readonly #setOut: { readonly visit: Visit; readonly flows: Set<string> }[] = []

  constructor(
    definition: Pick<ProcessDefinition, 'nodes' | 'flows'>,
    trace: Trace,
    known: readonly Visit[],
    fact: Fact,
  ) {
    this.#definition = definition
    this.#fact = fact
    this.#at = new Date(fact.at)
    this.#all = [...known].sort((a, b) => a.seq - b.seq)
    this.visits = trace.visits
  }

  changed(): Visit[] {
    return this.#all.filter(({ seq }) => this.#touched.has(seq))
  }

  /** Stays that last go on in the other version, each where its token stands now. */
  takeOver({ stays }: Migrated): void {
    const left = stays.map(([from, to]) => ({ from, to }))
    for (const [index, visit] of this.#all.entries()) {
      if (visit.leftAt !== null) continue
      const place = left.findIndex(({ from }) => from === visit.node)
      const [stay] = place < 0 ? [] : left.splice(place, 1)
      this.#all[index] = { ...visit, node: stay?.to ?? visit.node }
      this.#touched.add(visit.seq)
    }
  }

  enter(id: string): void {
    const before = this.#last(id)
    this.visits += 1
    const node = nodeIn(this.#definition, id)
    const visit: Visit = {
      seq: this.visits,
      node: id,
      nth: (before?.nth ?? 0) + 1,
      enteredAt: this.#at,
      enteredVersion: this.#fact.version,
      leftAt: null,
      leftVersion: null,
      outcome: null,
      leftBy: null,
      taskId: null,
    }
    if (node) {
      if (isActivity(node.kind)) this.activities.push(id)
      this.#arrive(node, visit, before)
    }
    this.#all.push(visit)
    this.#touched.add(visit.seq)
  }

  leave(id: string, outcome: 'left' | 'cancelled'): void {
    const index = this.#all.findIndex(({ node, leftAt }) => node === id && leftAt === null)
    const open = this.#all[index]
    if (!open) return
    const { command, version, taskId } = this.#fact
    const isDone = command === 'complete' && outcome === 'left' && open.enteredVersion < version
    const visit: Visit = {
      ...open,
      leftAt: this.#at,
      leftVersion: version,
      outcome,
      leftBy: command,
      taskId: isDone ? (taskId ?? null) : null,
    }
    this.#all[index] = visit
    this.#touched.add(visit.seq)
    const node = nodeIn(this.#definition, id)
    if (outcome === 'left' && node) this.#setOut.push({ visit, flows: new Set(node.outgoing) })
  }

  /** By which flows a token came: at a parallel join by all, elsewhere by one of those set out on in this step. */
  #arrive(node: Node, visit: Visit, before: Visit | undefined): void {
    if (node.incoming.length > 1 && node.kind === 'parallelGateway') {
      for (const id of node.incoming) this.#join(id, visit)
      return
    }
    const came = this.#setOut.flatMap((from) => {
      const flow = node.incoming.find((id) => from.flows.has(id))
      return flow === undefined ? [] : [{ from, flow }]
    })[0]
    if (came) {
      came.from.flows.delete(came.flow)
      this.#pass(came.flow, visit, came.from.visit)
      return
    }
    // Another kind of join: what has set out since it was last entered.
    for (const id of node.incoming) {
      const source = this.#sourceOf(id)
      if (source && source.seq > (before?.seq ?? 0)) this.#pass(id, visit, source)
    }
  }

  #join(flow: string, visit: Visit): void {
    for (const { flows } of this.#setOut) flows.delete(flow)
    const source = this.#sourceOf(flow)
    if (source) this.#pass(flow, visit, source)
  }

  #sourceOf(id: string): Visit | undefined {
    const flow = flowIn(this.#definition, id)
    return flow && this.#all.findLast(({ node, outcome }) => node === flow.source && outcome === 'left')
  }

  #pass(flow: string, { seq }: Visit, source: Visit): void {
    this.passages.push({ seq, flow, setOutAt: source.leftAt ?? this.#at, arrivedAt: this.#at })
  }

  #last(id: string): Visit | undefined {
    return this.#all.findLast(({ node }) => node === id)
  }
}

const nodeIn = ({ nodes }: Pick<ProcessDefinition, 'nodes'>, id: string): Node | undefined =>
  Object.hasOwn(nodes, id) ? nodes[id] : undefined

const flowIn = ({ flows }: Pick<ProcessDefinition, 'flows'>, id: string): Flow | undefined =>
  Object.hasOwn(flows, id) ? flows[id] : undefined
