import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { DomainError } from '../../core/errors.ts'
import { emit } from '../../core/events.ts'
import { enqueue } from '../../core/jobs.ts'
import { authorize } from '../../core/policy.ts'
import { COMPANY_NUMBERS } from '../../standards/index.ts'
import { keepMerge, versionsForKey } from '../catalog/index.ts'
import * as establishments from './establishment.repository.ts'
import { keepEstablishments } from './establishment.service.ts'
import { keepNameHistory } from './former-name.service.ts'
import { compute, make, type MakingControl, prune, verifyFiles } from './generation.service.ts'
import { ENTITY, mergedColumns } from './lineage.ts'
import { MATCHING_SHA256 } from './link.ts'
import * as links from './link.repository.ts'
import { followRulings, linkRows } from './link.service.ts'
import { currentPlan, planFrom } from './plan.service.ts'
import { fingerprint, overrideIds, type Plan } from './plan.ts'
import { can } from './policy.ts'
import * as rulings from './ruling.repository.ts'
import { hasEnded, type MergeRun, type Working } from './run.ts'
import * as runs from './run.repository.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'golden.merge.requested': { runId: string }
    'golden.merge.published': { runId: string; records: number; changed: number; removed: number }
  }
}

export const MERGE_JOB = 'golden.merge'

/** A worker silent for this long is dead: as long as the plane lets a load take. */
const SILENCE_MS = 30 * 60_000
const AGAIN_MS = 10_000

/**
 * Asks for the registers to be merged. A run that still waits will read the versions current then, so it is
 * answered instead of a second one.
 *
 * @throws POLICY_FORBIDDEN
 */
export async function mergeRegisters(ctx: Context): Promise<MergeRun> {
  return transaction(ctx, async (ctx) => {
    await runs.lockServed(ctx)
    const waiting = await runs.queued(ctx)

    await authorize(ctx, can.mergeRegisters)
    if (waiting) return waiting
    const run = await runs.insert(ctx)
    await enqueue(ctx, MERGE_JOB, run.id, { runId: run.id })
    await emit(ctx, 'golden.merge.requested', { runId: run.id })
    return run
  })
}

/**
 * Asks for a merge because a version was published, unless what is served was made from it already.
 * Idempotent by the version.
 */
export async function mergeVersion(
  ctx: TransactionContext,
  { datasetId, version }: { readonly datasetId: string; readonly version: number },
): Promise<void> {
  const registers = await versionsForKey(ctx, [{ datasetId, version }], COMPANY_NUMBERS)
  if (registers.length === 0) return
  await runs.lockServed(ctx)
  const inputs = (await runs.servedRun(ctx))?.inputs ?? []
  if (inputs.some((input) => input.datasetId === datasetId && input.version >= version)) return
  await mergeRegisters(ctx)
}

/** The newest run, null before the first. @throws POLICY_FORBIDDEN */
export async function latestMerge(ctx: Context): Promise<MergeRun | null> {
  await authorize(ctx, can.searchRecords)
  return (await runs.latest(ctx)) ?? null
}

/**
 * The digest of the records served, computed anew from the versions they were made from: equal to
 * `contentSha256` of the run served, or what is served is not what the registers say.
 *
 * @throws POLICY_FORBIDDEN
 */
export async function recomputedSha256(ctx: Context): Promise<string> {
  await authorize(ctx, can.mergeRegisters)
  const run = await runs.servedRun(ctx)
  const plan = await planFrom(ctx, run ?? { inputs: [], fields: [], overrides: [], rulings: [] })
  return compute(ctx, { plan, links: run ? await links.linked(ctx, run.id) : [] })
}

/**
 * Runs a requested merge; the job. Idempotent by the run: one that ended is left alone, one that broke off,
 * also by a crash, begins anew from what is served. Inputs and rules that are those of the records served
 * change nothing. Until it ends, and if it does not end, readers keep the records they had.
 */
export async function runMerge(ctx: Context, runId: string, control: MakingControl): Promise<void> {
  const started = await transaction(ctx, (ctx) => start(ctx, runId))
  if (!started) return
  const { plan: _, ...work } = started
  try {
    await verifyFiles(ctx, started.plan)
    const nameChanges = await keepNameHistory(ctx, work, started.plan, control)
    const followed = await followRulings(ctx, started.plan, control)
    const plan = { ...started.plan, nameChanges, rulings: followed.rulings }
    const found = await linkRows(ctx, plan, followed, control)
    await transaction(ctx, async (ctx) => {
      await runs.hold(ctx, work)
      await links.replace(ctx, runId, found.links)
    })
    const { findings, ...made } = await make(ctx, work, { plan, links: found.links }, control)
    await keepEstablishments(ctx, work, { plan, findings }, control)
    await transaction(ctx, async (ctx) => {
      const before = await runs.lockServed(ctx)
      await runs.hold(ctx, work)
      await runs.serve(ctx, work)
      await rulings.follow(ctx, followed.kept)
      await keepMerge(ctx, ENTITY, work.generation, mergedColumns(plan))
      if (before.runId !== null) await forget(ctx, before.runId)
      await runs.end(ctx, runId, {
        ...made,
        findings: [...found.findings.all(), ...findings.all()],
        status: 'published',
      })
      const { records, changed, removed } = made
      await emit(ctx, 'golden.merge.published', { runId, records, changed, removed })
    })
  } catch (error) {
    await breakOff(ctx, work, error, control.signal.aborted)
    throw error
  }
  await prune(ctx, work.generation)
}

/** A run that will not be tried again says so, and asking for another makes another. */
export async function giveUpMerge(ctx: Context, runId: string, { code }: DomainError): Promise<void> {
  await transaction(ctx, async (ctx) => {
    await runs.lockServed(ctx)
    const run = await runs.find(ctx, runId)
    if (!run || hasEnded(run)) return
    await forget(ctx, runId)
    await runs.end(ctx, runId, { status: 'failed', errorCode: code })
  })
}

async function start(
  ctx: TransactionContext,
  runId: string,
): Promise<(Working & { plan: Plan }) | undefined> {
  const served = await runs.lockServed(ctx)
  const run = await runs.find(ctx, runId)
  if (!run || hasEnded(run)) return undefined
  if (await runs.othersAtWork(ctx, runId, new Date(ctx.now().getTime() - SILENCE_MS))) {
    const later = new Date(ctx.now().getTime() + AGAIN_MS)
    await enqueue(ctx, MERGE_JOB, `${runId} ${later.toISOString()}`, { runId }, later)
    return undefined
  }

  await runs.abandonOthers(ctx, runId)
  const plan = await currentPlan(ctx)
  const generation = served.generation + 1
  const attempt = await runs.begin(ctx, runId, generation, described(plan))
  const standing = await runs.servedRun(ctx)
  if (standing?.fingerprint !== fingerprint(plan, MATCHING_SHA256))
    return { runId, attempt, servedGeneration: served.generation, generation, plan }

  const { records, contentSha256, findings } = standing
  await runs.end(ctx, runId, {
    status: 'unchanged',
    records,
    contentSha256,
    findings,
    changed: 0,
    removed: 0,
  })
  return undefined
}

function described(plan: Plan) {
  return {
    fingerprint: fingerprint(plan, MATCHING_SHA256),
    overrides: overrideIds(plan),
    rulings: plan.rulings.map(({ id }) => id),
    inputs: [...plan.sources, ...plan.establishments].map(({ datasetId, version, rows }) => ({
      datasetId,
      version,
      rows,
    })),
    fields: plan.fields.map(({ name, elementCode, label, personal }) => ({
      name,
      elementCode,
      label,
      personal,
    })),
  }
}

/** What a run found beside its records. */
async function forget(ctx: TransactionContext, runId: string): Promise<void> {
  await links.remove(ctx, runId)
  await establishments.remove(ctx, runId)
}

/** The run says how it ended; what broke it off is told in any case. */
async function breakOff(ctx: Context, work: Working, error: unknown, aborted: boolean): Promise<void> {
  try {
    await transaction(ctx, async (ctx) => {
      await runs.hold(ctx, work)
      await forget(ctx, work.runId)
      await runs.end(ctx, work.runId, {
        status: aborted ? 'aborted' : 'failed',
        errorCode: error instanceof DomainError ? error.code : null,
      })
    })
  } catch (failure) {
    // Superseded, or the database is gone: the row stays as it is, and the error that came first counts.
    ctx.log.warn({ err: failure, runId: work.runId }, 'could not note the end of a merge')
  }
}
