import type { Node, ProcessDefinition } from '../definition.ts'
import type { Variables } from '../runtime/step/index.ts'
import type { Visit } from './projection.ts'

/** Something an instance was told, at the node that waited for it. */
export interface Answer {
  readonly kind: 'complete' | 'fail' | 'message' | 'timer' | 'terminate'
  /** The version of the instance it made. */
  readonly version: number
  readonly at: Date
  /** The node the token rested at; empty for `terminate`, which is for all. */
  readonly node: string
  /** The boundary event that heard it, or the node itself. */
  readonly event: string
  readonly values: Variables
  /** Nothing was added to the values that is not recorded. */
  readonly isWhole?: boolean
  /** Of a message, its name. */
  readonly message?: string
  /** Of a failure: the refusal's code. */
  readonly code?: string
}

/** A finished instance as it can be run again. */
export interface History {
  readonly instanceId: string
  readonly businessKey: string
  readonly startedAt: Date
  /** The message that started it. */
  readonly startedBy: string | undefined
  readonly start: Variables
  /** In the order given. */
  readonly answers: readonly Answer[]
  /** Where it went; see {@link isCompared}. */
  readonly path: readonly string[]
  /** End events among them. */
  readonly ends: readonly string[]
  readonly status: 'completed' | 'terminated'
}

/** What the tables hold of one instance. */
export interface Rows {
  readonly instanceId: string
  readonly businessKey: string
  readonly startedAt: Date
  readonly status: 'completed' | 'terminated'
  /** As they were at the end. */
  readonly variables: Variables
  /** In the order entered. */
  readonly visits: readonly Visit[]
  /** By task; `added` is what the task's command gave back, null in records from before that was kept. */
  readonly outputs: ReadonlyMap<string, { readonly output: Variables; readonly added: Variables | null }>
  readonly jobs: readonly {
    readonly node: string
    /** The version at which it was queued; `input` holds the variables of that moment. */
    readonly version: number
    readonly input: Variables
    readonly status: 'done' | 'failed'
    readonly result: Variables | null
    readonly lastError: string | null
  }[]
  /** Consumed ones, in the order received. */
  readonly messages: readonly { readonly message: string; readonly payload: Variables }[]
}

/** Gateways and starts are left out of a comparison: what counts is what was done, and how it ended. */
export const isCompared = ({ kind }: Node) => !/gateway$|^start/i.test(kind)

/**
 * Puts together what an instance was told. Answers of forms, results of jobs and commands and payloads of messages
 * are recorded; what it was started with is not, nor what a command gave back before that was kept: both are
 * recovered from the variables each job was queued with, and those at the end.
 */
export function historyOf(definition: ProcessDefinition, rows: Rows): History {
  const { instanceId, businessKey, startedAt, status, visits } = rows
  const first = visits.find(({ node }) => definition.nodes[node]?.kind === 'startEvent')
  const started = first && definition.nodes[first.node]
  const { start, answers } = recovered(definition, rows, answersIn(definition, rows))
  const path = visits.flatMap(({ node: id }) => {
    const node = definition.nodes[id]
    return node && isCompared(node) ? [id] : []
  })
  return {
    instanceId,
    businessKey,
    startedAt,
    startedBy: started && messageOf(started),
    start,
    answers,
    path,
    ends: endsIn(definition, path),
    status,
  }
}

export const endsIn = ({ nodes }: ProcessDefinition, path: readonly string[]) =>
  path.filter((id) => nodes[id]?.kind === 'endEvent')

function answersIn(definition: ProcessDefinition, rows: Rows): Answer[] {
  const heard = new Map<string, number>()
  const nextMessage = (name: string) => {
    const taken = heard.get(name) ?? 0
    heard.set(name, taken + 1)
    return rows.messages.filter(({ message }) => message === name)[taken]?.payload ?? {}
  }
  const answers: Answer[] = []
  for (const [version, left] of byVersionLeft(rows.visits)) {
    const visit = left.find(({ outcome }) => outcome === 'left') ?? left[0]
    if (!visit?.leftAt) continue
    const answer = { version, at: visit.leftAt, node: visit.node, event: visit.node, values: {} }
    if (visit.leftBy === 'terminate') {
      answers.push({ ...answer, kind: 'terminate', node: '', event: '' })
      continue
    }
    if (visit.leftBy === 'complete') {
      answers.push({ ...answer, kind: 'complete', ...outputOf(rows, visit) })
      continue
    }
    const event = visit.outcome === 'left' ? visit.node : boundaryOf(definition, rows, visit)
    if (event === undefined) continue
    const node = definition.nodes[event]
    if (visit.leftBy === 'fail') {
      const code = jobOf(rows, visit, 'failed')?.lastError ?? ''
      answers.push({ ...answer, kind: 'fail', event, code })
    }
    if (visit.leftBy === 'timer') answers.push({ ...answer, kind: 'timer', event })
    if (visit.leftBy === 'message' && node && 'awaits' in node && node.awaits.kind === 'message') {
      const { message } = node.awaits
      const values = declaredIn(definition, nextMessage(message))
      answers.push({ ...answer, kind: 'message', event, message, values })
    }
  }
  return answers
}

/** Visits that ended in a later step than they began: something was told to each. */
function byVersionLeft(visits: readonly Visit[]): [number, Visit[]][] {
  const groups = new Map<number, Visit[]>()
  for (const visit of visits) {
    const { leftVersion, enteredVersion } = visit
    if (leftVersion === null || leftVersion === enteredVersion) continue
    groups.set(leftVersion, [...(groups.get(leftVersion) ?? []), visit])
  }
  return [...groups].sort(([a], [b]) => a - b)
}

function boundaryOf(definition: ProcessDefinition, { visits }: Rows, host: Visit): string | undefined {
  return visits.find(({ node: id, enteredVersion }) => {
    const node = definition.nodes[id]
    return (
      enteredVersion === host.leftVersion && node?.kind === 'boundaryEvent' && node.attachedTo === host.node
    )
  })?.node
}

function outputOf(rows: Rows, visit: Visit): Pick<Answer, 'values' | 'isWhole'> {
  if (visit.taskId === null) return { values: jobOf(rows, visit, 'done')?.result ?? {} }
  const { output, added } = rows.outputs.get(visit.taskId) ?? { output: {}, added: null }
  return { values: { ...output, ...added }, isWhole: added !== null }
}

const jobOf = ({ jobs }: Rows, visit: Visit, status: 'done' | 'failed') =>
  jobs.find(
    (job) =>
      job.node === visit.node &&
      job.status === status &&
      job.version >= visit.enteredVersion &&
      job.version < (visit.leftVersion ?? 0),
  )

/** Of a message only what the process declares becomes a variable. */
function declaredIn({ variables }: ProcessDefinition, payload: Variables): Variables {
  const names = new Set(variables.map(({ name }) => name))
  return Object.fromEntries(Object.entries(payload).filter(([name]) => names.has(name) && name !== 'caseId'))
}

interface Told {
  readonly start: Variables
  readonly answers: readonly Answer[]
}

/** Adds what no answer explains to the command that ran last before it was seen, or else to the start. */
function recovered(definition: ProcessDefinition, rows: Rows, answers: readonly Answer[]): Told {
  const seen = [
    ...rows.jobs.map(({ version, input }) => ({ version, values: input })),
    { version: Number.POSITIVE_INFINITY, values: rows.variables },
  ].sort((a, b) => a.version - b.version)
  const start: Record<string, unknown> = {}
  const values = answers.map((answer) => ({ ...answer.values }) as Record<string, unknown>)
  let known: Record<string, unknown> = {}
  let next = 0
  for (const [index, snapshot] of seen.entries()) {
    let owner: Record<string, unknown> | undefined
    for (; next < answers.length && (answers[next]?.version ?? 0) <= snapshot.version; next += 1) {
      known = { ...known, ...values[next] }
      if (mayAdd(definition, answers[next])) owner = values[next]
    }
    for (const [name, value] of Object.entries(snapshot.values)) {
      if (Object.hasOwn(known, name) && isSame(known[name], value)) continue
      // Before anything was seen, a new name is more likely what it was started with.
      const isNew = !Object.hasOwn(known, name)
      const target = isNew && (index === 0 || !owner) ? start : (owner ?? values[next - 1] ?? start)
      target[name] = value
      known[name] = value
    }
  }
  return { start, answers: answers.map((answer, index) => ({ ...answer, values: values[index] ?? {} })) }
}

function mayAdd({ nodes }: ProcessDefinition, answer: Answer | undefined): boolean {
  const node = answer?.kind === 'complete' && !answer.isWhole ? nodes[answer.node] : undefined
  return node?.kind === 'userTask' && node.command !== undefined
}

const isSame = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b)

/** The message a start waits for; undefined for one that waits for none. */
export function messageOf(node: Node): string | undefined {
  return node.kind === 'startEvent' && node.awaits?.kind === 'message' ? node.awaits.message : undefined
}
