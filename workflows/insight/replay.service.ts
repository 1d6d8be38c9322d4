import { randomUUID } from 'node:crypto'
import { type Context, transaction } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { cancelJob, defineJob, enqueue, type Job } from '../../core/jobs.ts'
import { gate, type Known } from '../compile/gate.ts'
import type { ProcessDefinition } from '../definition.ts'
import { definitionOf } from '../runtime/definitions.ts'
import { errors as ofWorkflows, refusalOf } from '../refusals.ts'
import { historyOf } from './history.ts'
import * as histories from './history.repository.ts'
import { errors } from './refusals.ts'
import { NO_COUNTS, replayed, type ReplayCase, type ReplayCounts } from './replay.ts'
import * as repository from './replay.repository.ts'
import { type Scope, scopeOf, versionIn } from './scope.service.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'workflow.replay.begun': { replayId: string; key: string; from: number; to: number | null }
    'workflow.replay.cancelled': { replayId: string; key: string }
  }
}

const KIND = 'workflow.replay'

/** Which finished cases are given to which model: a deployed version, or the text of a draft. */
export interface ReplayWish {
  readonly key: string
  readonly from: number
  readonly to?: number | null
  readonly xml?: string | null
}

/**
 * Begins to replay the finished cases of one version on another model; a job goes on with it.
 *
 * @throws POLICY_FORBIDDEN, WORKFLOW_PROCESS_NOT_FOUND, WORKFLOW_VERSION_NOT_FOUND, WORKFLOW_REPLAY_TARGET_MISSING,
 *   WORKFLOW_KEY_MISMATCH, WORKFLOW_MODEL_INVALID, WORKFLOW_SCRIPT_FORBIDDEN
 */
export async function beginReplay(
  ctx: Context,
  wish: ReplayWish,
  known: Known,
): Promise<repository.StoredReplay> {
  const scope = await scopeOf(ctx, wish.key)
  const from = await versionIn(ctx, scope, wish.from)
  const target = await targetOf(ctx, scope, wish, known)
  const { organisationId } = scope
  return transaction(ctx, async (ctx) => {
    const replay: repository.StoredReplay = {
      id: randomUUID(),
      definitionKey: wish.key,
      fromId: from.id,
      toVersion: wish.to ?? null,
      organisationId,
      status: 'running',
      total: await histories.countFinished(ctx, { definitionId: from.id, organisationId }),
      counts: NO_COUNTS,
      steps: 0,
      failure: null,
      createdAt: ctx.now(),
      endedAt: null,
    }
    await repository.insert(ctx, { ...replay, target })
    await enqueue(ctx, KIND, replay.id, { replayId: replay.id })
    const { id: replayId, toVersion: to } = replay
    await emit(ctx, 'workflow.replay.begun', { replayId, key: wish.key, from: wish.from, to })
    return replay
  })
}

/** @throws WORKFLOW_REPLAY_NOT_FOUND, also for one over cases the actor may not see */
export async function replay(ctx: Context, id: string): Promise<repository.StoredReplay> {
  const found = await repository.find(ctx, id)
  if (!found) throw errors.REPLAY_NOT_FOUND({ id })
  const { organisationId } = await scopeOf(ctx, found.definitionKey)
  if (organisationId !== null && organisationId !== found.organisationId)
    throw errors.REPLAY_NOT_FOUND({ id })
  return found
}

/** The last replays of a process that the actor may see. @throws POLICY_FORBIDDEN, WORKFLOW_PROCESS_NOT_FOUND */
export async function replays(ctx: Context, key: string): Promise<repository.StoredReplay[]> {
  const { organisationId } = await scopeOf(ctx, key)
  return repository.ofProcess(ctx, key, organisationId)
}

/** Ends a replay where it is; one that has ended stays as it is. @throws WORKFLOW_REPLAY_NOT_FOUND */
export async function cancelReplay(ctx: Context, id: string): Promise<repository.StoredReplay> {
  return transaction(ctx, async (ctx) => {
    const { definitionKey: key } = await replay(ctx, id)
    await cancelJob(ctx, KIND, id)
    if (await repository.end(ctx, id, { status: 'cancelled' }))
      await emit(ctx, 'workflow.replay.cancelled', { replayId: id, key })
    return replay(ctx, id)
  })
}

/** Goes on where it was stopped: the last case written says where. */
export const replayJob: Job = defineJob<{ readonly replayId: string }>({
  async run(ctx, { replayId }, { signal, progress }) {
    const stored = await repository.find(ctx, replayId)
    if (stored?.status !== 'running') return
    const { fromId, organisationId, total } = stored
    const target = await repository.targetOf(ctx, replayId)
    const source = await definitionOf(ctx, fromId)
    const cases = { definitionId: fromId, organisationId, source, target }
    let done = 0
    for await (const page of pages(ctx, cases, await repository.doneUpTo(ctx, replayId))) {
      signal.throwIfAborted()
      if (!(await transaction(ctx, (ctx) => repository.addCases(ctx, replayId, page)))) return
      done += page.cases.length
      await progress({ done, total })
    }
    await repository.end(ctx, replayId, { status: 'done' })
  },
  async gaveUp(ctx, { replayId }, { code }) {
    await repository.end(ctx, replayId, { status: 'failed', failure: code })
  },
})

export interface ReplayReport {
  readonly key: string
  readonly from: number
  readonly total: number
  readonly steps: number
  readonly counts: ReplayCounts
  /** Cases that would not have gone the same way. */
  readonly cases: readonly ReplayCase[]
}

/** Replays at once and keeps nothing, for the command line. @throws what {@link beginReplay} throws */
export async function replayNow(
  ctx: Context,
  wish: ReplayWish,
  known: Known,
  told: (done: number, total: number) => void = () => undefined,
): Promise<ReplayReport> {
  const scope = await scopeOf(ctx, wish.key)
  const from = await versionIn(ctx, scope, wish.from)
  const target = await targetOf(ctx, scope, wish, known)
  const of = { definitionId: from.id, organisationId: scope.organisationId }
  const total = await histories.countFinished(ctx, of)
  const report = { key: wish.key, from: wish.from, steps: 0, counts: NO_COUNTS }
  const differing: ReplayCase[] = []
  let done = 0
  for await (const page of pages(ctx, { ...of, source: from.compiled, target }, null)) {
    report.steps += page.steps
    report.counts = repository.added(report.counts, page.cases)
    differing.push(...page.cases.filter(({ outcome }) => outcome !== 'same'))
    done += page.cases.length
    told(done, total)
  }
  return { ...report, total: done, cases: differing }
}

/** Cases read and replayed at a time: some tens of milliseconds in which nothing else runs on this thread. */
const PAGE = 200

interface Cases extends histories.Finished {
  readonly source: ProcessDefinition
  readonly target: ProcessDefinition
}

async function* pages(ctx: Context, of: Cases, begin: string | null) {
  for (let after = begin; ;) {
    const rows = await histories.recorded(ctx, of, { after, limit: PAGE })
    const last = rows.at(-1)
    if (!last) return
    const results = rows.map((each) => replayed(of.source, of.target, historyOf(of.source, each)))
    yield {
      cases: results.map(({ verdict }) => verdict),
      steps: results.reduce((sum, { steps }) => sum + steps, 0),
    }
    after = last.instanceId
  }
}

/**
 * A draft need not have its tasks offered yet: their answers come from the record. What it lets a table decide
 * is decided by the tables of the version its cases ran on.
 */
async function targetOf(
  ctx: Context,
  scope: Scope,
  { key, from, to, xml }: ReplayWish,
  known: Known,
): Promise<ProcessDefinition> {
  const isVersion = typeof to === 'number'
  if (isVersion === (typeof xml === 'string')) throw errors.REPLAY_TARGET_MISSING()
  if (isVersion) return (await versionIn(ctx, scope, to)).compiled
  const { decisions = [] } = (await versionIn(ctx, scope, from)).compiled
  const report = await gate(xml ?? '', { known: { ...known, decisions }, inMemory: true })
  if (!report.definition) throw refusalOf(report)
  if (report.definition.key !== key) throw ofWorkflows.KEY_MISMATCH({ key, found: report.definition.key })
  return report.definition
}
