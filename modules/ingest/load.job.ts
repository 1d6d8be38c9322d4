import { type Context, transaction } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import { DomainError } from '../../core/errors.ts'
import { emit } from '../../core/events.ts'
import { defineJob, type JobControl } from '../../core/jobs.ts'
import type { PlaneFile, PlaneProgress } from '../../core/plane/plane.ts'
import * as catalog from '../catalog/index.ts'
import {
  type Batch,
  type BatchStatus,
  checkMapping,
  checkPublishable,
  errors,
  type Outcome,
} from './batch.ts'
import * as repository from './batch.repository.ts'
import { schemaOf } from './batch.service.ts'
import * as driftOrders from './drift.repository.ts'
import { basisOf, judge, stage } from './load.ts'
import { originOf } from './origin.ts'
import { isExpired, settleReplayed } from './quarantine.repository.ts'
import { correctedRows, rejectedAgain } from './quarantine.service.ts'
import { settlePulled } from './pull.service.ts'

const PROGRESS_MS = 2_000

/**
 * Loads a batch: stage, judge, decide, publish. Each step's result is kept on the batch by content digest, so
 * that a run after a crash begins where the last one stopped, and a retry does not read the file again.
 * Idempotent by batch and attempt: only one attempt can move the batch from `running` to `published`.
 */
export const load = defineJob<{ batchId: string; attempt: number }>({
  async run(ctx, { batchId, attempt }, control) {
    const batch = await advance(ctx, batchId, attempt, ['mapped', 'running'], { status: 'running' })
    if (!batch) return
    try {
      await decide(ctx, await judged(ctx, await staged(ctx, batch, control), control))
    } catch (error) {
      if (await isCancelled(ctx, batchId, attempt)) return sweep(ctx, batchId)
      // The server is stopping, or it may go better later: the job stays and begins again.
      if (control.signal.aborted || !(error instanceof DomainError) || error.code === 'PLANE_LOAD_STALLED')
        throw error
      await end(ctx, batchId, attempt, 'failed', error)
    }
    if (await isCancelled(ctx, batchId, attempt)) await sweep(ctx, batchId)
  },
  gaveUp: (ctx, { batchId, attempt }, refusal) => end(ctx, batchId, attempt, 'failed', refusal),
})

async function staged(ctx: Context, batch: Batch, control: JobControl): Promise<Batch> {
  if (batch.staged !== null && (await isThere(ctx, batch.staged.sha256))) return batch
  if (batch.replayOf !== null) return amended(ctx, batch, batch.replayOf, control)
  const content = await ctx.objects.get(batch.objectSha256)
  try {
    const result = await stage(
      ctx.plane,
      content,
      { encoding: batch.encoding ?? 'utf-8', layout: batch.layout },
      { signal: control.signal, onProgress: reporter(ctx, batch) },
    )
    const kept = await advance(ctx, batch.id, batch.attempt, ['running'], { staged: result })
    if (!kept) await discard(ctx, batch.id, [result])
    return kept ?? batch
  } finally {
    content.destroy()
  }
}

/** A replay reads the rows of the batch it comes from, with those corrected that were. */
async function amended(ctx: Context, batch: Batch, from: string, control: JobControl): Promise<Batch> {
  const original = await repository.find(ctx, from)
  if (!original?.staged) throw errors.FILE_EMPTY()
  const result = await ctx.plane.amend(
    {
      staged: original.staged.sha256,
      delimiter: original.layout.delimiter,
      width: original.layout.header.length,
      rows: await correctedRows(ctx, original),
    },
    { signal: control.signal, onProgress: reporter(ctx, batch) },
  )
  const kept = await advance(ctx, batch.id, batch.attempt, ['running'], { staged: result })
  if (!kept) await discard(ctx, batch.id, [result])
  return kept ?? batch
}

async function isThere(ctx: Context, sha256: string): Promise<boolean> {
  if (sha256 === '') return true
  return ctx.plane.has(sha256)
}

async function judged(ctx: Context, batch: Batch, control: JobControl): Promise<Batch> {
  const { staged, mapping, layout, datasetId } = batch
  if (staged === null || mapping === null) return batch
  const schema = await schemaOf(ctx, batch)
  checkMapping(mapping, layout.header.length, schema.columns, schema.primaryKey)
  const files = [batch.outcome?.snapshot, batch.outcome?.quarantine].flatMap((file) => file?.sha256 ?? [])
  const isSame = batch.outcome?.basis === basisOf({ staged, mapping, schema })
  if (isSame && (await Promise.all(files.map((sha256) => isThere(ctx, sha256)))).every(Boolean))
    return (
      (await advance(ctx, batch.id, batch.attempt, ['running'], { schemaVersion: schema.version })) ?? batch
    )
  const outcome: Outcome = await judge(
    ctx.plane,
    { staged, layout, mapping, schema, datasetId, batchId: batch.id, today: dayOf(ctx.now()) },
    { signal: control.signal, onProgress: reporter(ctx, batch) },
  )
  const changes = { outcome, schemaVersion: schema.version }
  const kept = await advance(ctx, batch.id, batch.attempt, ['running'], changes)
  if (!kept) await discard(ctx, batch.id, [outcome.snapshot, outcome.quarantine])
  return kept ?? batch
}

/** Publishes in one transaction with the batch's own state, or records why not. */
async function decide(ctx: Context, judged: Batch): Promise<void> {
  const { id, attempt, replayOf } = judged
  const stillRejected = replayOf === null ? [] : await rejectedAgain(ctx, replayOf, judged)
  const refusal = await transaction(ctx, async (ctx) => {
    const batch = await repository.lock(ctx, id)
    if (batch?.status !== 'running' || batch.attempt !== attempt || batch.outcome === null) return undefined
    const { datasetId, outcome, schemaVersion } = batch
    const { counts, snapshot } = outcome
    const schema = await schemaOf(ctx, batch)
    const current = await catalog.currentVersion(ctx, datasetId)
    try {
      await requireLatest(ctx, batch, current?.version ?? 0)
      const isOverridden = batch.override?.basis === outcome.basis
      checkPublishable(counts, schema.maxRejectedRate, current?.rows, isOverridden)
    } catch (error) {
      if (error instanceof DomainError) return error
      throw error
    }
    const { version } = await catalog.publishVersion(ctx, {
      datasetId,
      parent: current?.version ?? null,
      files: snapshot === null ? [] : [snapshot],
      schemaVersion: schemaVersion ?? schema.version,
      batchId: id,
      counts,
      origin: originOf(batch, schema.columns),
    })
    await repository.update(ctx, { ...batch, status: 'published', publishedVersion: version, progress: null })
    if (replayOf !== null) await settleReplayed(ctx, replayOf, id, stillRejected)
    await driftOrders.close(ctx, datasetId, id)
    await settlePulled(ctx, id, batch.objectSha256)
    await emit(ctx, 'ingest.batch.published', { batchId: id, datasetId, version })
    return undefined
  })
  if (refusal) await end(ctx, id, attempt, 'stopped', refusal)
}

/** A replay of rows that another version has replaced meanwhile must not bring them back. */
async function requireLatest(ctx: Context, { replayOf }: Batch, current: number): Promise<void> {
  const original = replayOf === null ? undefined : await repository.find(ctx, replayOf)
  if (original && (await isExpired(ctx, original)))
    throw catalog.versionErrors.VERSION_PARENT_MOVED({ parent: original.publishedVersion ?? 0, current })
}

async function end(
  ctx: Context,
  id: string,
  attempt: number,
  status: 'stopped' | 'failed',
  { code, params }: DomainError,
): Promise<void> {
  await transaction(ctx, async (ctx) => {
    const batch = await repository.lock(ctx, id)
    if (!batch || !['mapped', 'running'].includes(batch.status) || batch.attempt !== attempt) return
    await repository.update(ctx, { ...batch, status, refusal: { code, params }, progress: null })
    await emit(ctx, 'ingest.batch.stopped', { batchId: id, datasetId: batch.datasetId, code })
  })
}

/** Writes a step's result if the batch is still this attempt's to move; undefined when somebody moved it on. */
async function advance(
  ctx: Context,
  id: string,
  attempt: number,
  from: readonly BatchStatus[],
  changes: Partial<Batch>,
): Promise<Batch | undefined> {
  return transaction(ctx, async (ctx) => {
    const batch = await repository.lock(ctx, id)
    if (!batch || batch.attempt !== attempt || !from.includes(batch.status)) return undefined
    const result = { ...batch, ...changes }
    await repository.update(ctx, result)
    return result
  })
}

async function isCancelled(ctx: Context, id: string, attempt: number): Promise<boolean> {
  const batch = await repository.find(ctx, id)
  return batch === undefined || batch.status === 'cancelled' || batch.attempt !== attempt
}

/** Removes files of a batch, unless an equal file is another batch's. */
async function discard(
  ctx: Context,
  id: string,
  files: readonly (PlaneFile | null | undefined)[],
): Promise<void> {
  for (const file of files)
    if (file && file.sha256 !== '' && !(await repository.isKept(ctx, file.sha256, id)))
      await ctx.plane.remove(file.sha256)
}

/** Removes what a cancelled batch wrote. */
async function sweep(ctx: Context, id: string): Promise<void> {
  const batch = await repository.find(ctx, id)
  if (batch?.status !== 'cancelled') return
  await discard(ctx, id, [batch.staged, batch.outcome?.snapshot, batch.outcome?.quarantine])
  await transaction(ctx, async (ctx) => {
    const locked = await repository.lock(ctx, id)
    if (locked?.status === 'cancelled')
      await repository.update(ctx, { ...locked, staged: null, outcome: null })
  })
}

/** Keeps what a reader sees meanwhile at most two seconds old, without waiting for it. */
function reporter(ctx: Context, { id }: Batch): (progress: PlaneProgress) => void {
  const startedAt = performance.now()
  let writtenAt = -Infinity
  return (progress) => {
    const now = performance.now()
    if (now - writtenAt < PROGRESS_MS) return
    writtenAt = now
    const elapsedMs = Math.round(now - startedAt)
    repository
      .saveProgress(ctx, id, { ...progress, elapsedMs })
      .catch((error: unknown) => ctx.log.warn({ err: error, batch: id }, 'progress was not written'))
  }
}
