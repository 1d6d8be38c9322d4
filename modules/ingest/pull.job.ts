import { Readable } from 'node:stream'
import { type Context, transaction } from '../../core/context.ts'
import { DomainError } from '../../core/errors.ts'
import { emit } from '../../core/events.ts'
import { defineJob } from '../../core/jobs.ts'
import type { Session } from '../../core/plane/connectors/index.ts'
import * as catalog from '../catalog/index.ts'
import { errors as batches, MAX_FILE_BYTES } from './batch.ts'
import * as batchRepository from './batch.repository.ts'
import { confirmAsBefore } from './batch.service.ts'
import type { FileCounts } from './inbox.ts'
import { readFiles } from './inbox.service.ts'
import type { Layout } from './layout.ts'
import { isReading, type Pull, type PullStatus } from './pull.ts'
import * as repository from './pull.repository.ts'
import { nothingPulled, type Pulled, pulledText } from './pulling.ts'
import { drawSample } from './sample.ts'

const PROGRESS_MS = 2_000

/**
 * Reads a source into a file of text and makes a batch of it, or makes a batch of each of its files. Idempotent by
 * the pull: only one run can move it from `running` to `handed`. A run after a crash reads again from the same
 * watermark, or goes on with the files that are no batch yet.
 */
export const pullJob = defineJob<{ pullId: string }>({
  atOnce: 2,
  async run(ctx, { pullId }, { signal }) {
    const pull = await advance(ctx, pullId, ['queued', 'running'], { status: 'running' })
    if (!pull) return
    try {
      const { source, reading } = await sourceOf(ctx, pull)
      const { connection } = source
      if (connection.kind === 'files') await readFiles(ctx, pull, connection, signal, fileReporter(ctx, pull))
      else await readRows(ctx, pull, source, reading, signal)
    } catch (error) {
      // Cancelled: the row says so already. The server is stopping: the job stays and begins again.
      if (signal.aborted) return rethrowUnlessCancelled(ctx, pullId, error)
      if (!(error instanceof DomainError)) throw error
      await fail(ctx, pullId, error)
    }
  },
  gaveUp: (ctx, { pullId }, refusal) => fail(ctx, pullId, refusal),
})

async function readRows(
  ctx: Context,
  pull: Pull,
  source: catalog.Source,
  reading: catalog.Reading,
  signal: AbortSignal,
): Promise<void> {
  const session = await catalog.openSession(ctx, source, signal)
  try {
    await requireSteady(session, source, reading)
    const { object, pulled } = await spooled(ctx, pull, source, reading, session, signal)
    await handOver(ctx, pull, source, reading, object, pulled, signal)
  } finally {
    await session.close()
  }
}

async function sourceOf(ctx: Context, { sourceId }: Pull) {
  const source = await catalog.source(ctx, sourceId)
  if (source.reading === null) throw catalog.sourceErrors.SOURCE_READING_MISSING()
  return { source, reading: source.reading }
}

/** A cursor that fell behind its watermark since it was set would lose rows silently (section 13, row 20). */
async function requireSteady(session: Session, source: catalog.Source, reading: catalog.Reading) {
  const { cursorColumn: column, collection } = reading
  if (column === null) return
  const reason = await session.cursorFault(collection, column, source.watermark?.value ?? null)
  if (reason !== undefined) throw catalog.sourceErrors.SOURCE_CURSOR_UNSTABLE({ column, reason })
}

async function spooled(
  ctx: Context,
  pull: Pull,
  { watermark }: catalog.Source,
  reading: catalog.Reading,
  session: Session,
  signal: AbortSignal,
) {
  const pulled = nothingPulled()
  // Where the text before is gone, everything is read again.
  const isKept = watermark !== null && (await ctx.objects.has(watermark.objectSha256))
  const before = isKept ? { watermark, content: await ctx.objects.get(watermark.objectSha256) } : null
  const report = reporter(ctx, pull)
  async function* watched() {
    for await (const chunk of pulledText(session, reading, before, pulled)) {
      signal.throwIfAborted()
      if (pulled.bytes > MAX_FILE_BYTES) throw batches.FILE_TOO_LARGE({ limit: `${MAX_FILE_BYTES} bytes` })
      report(pulled)
      yield chunk
    }
  }
  try {
    const object = await ctx.objects.put(Readable.from(watched(), { objectMode: false }))
    signal.throwIfAborted()
    return { object, pulled }
  } finally {
    before?.content.destroy()
  }
}

/** Makes the batch, and starts its load where a person confirmed the mapping of every one of its columns before. */
async function handOver(
  ctx: Context,
  pull: Pull,
  source: catalog.Source,
  reading: catalog.Reading,
  { sha256, sizeBytes }: { readonly sha256: string; readonly sizeBytes: number },
  pulled: Pulled,
  signal: AbortSignal,
): Promise<void> {
  const layout: Layout = {
    delimiter: ',',
    skipRecords: 1,
    header: reading.columns,
    unclear: null,
    sample: pulled.sample,
  }
  const sample = await drawSample(ctx, { sha256, encoding: 'utf-8', layout }, signal)
  await transaction(ctx, async (ctx) => {
    const found = await repository.lock(ctx, pull.id)
    if (found?.status !== 'running') return
    const { datasetId, organisationId, sourceId } = found
    const batch = await batchRepository.insert(ctx, {
      datasetId,
      organisationId,
      fileName: `${source.title} · ${reading.collection}`,
      objectSha256: sha256,
      sizeBytes,
      status: 'received',
      encoding: 'utf-8',
      encodingGuesses: [],
      layout,
      mapping: null,
      attempt: 0,
      schemaVersion: null,
      staged: null,
      outcome: null,
      refusal: null,
      progress: null,
      publishedVersion: null,
      replayOf: null,
      drift: null,
      confirmedBy: null,
      override: null,
      createdAt: ctx.now(),
    })
    if (sample !== null) await batchRepository.keepSample(ctx, batch.id, sample)
    await repository.update(ctx, {
      ...found,
      status: 'handed',
      batchId: batch.id,
      watermark: pulled.watermark,
      progress: null,
    })
    await emit(ctx, 'ingest.batch.received', { batchId: batch.id, datasetId, organisationId })
    await emit(ctx, 'ingest.pull.handed', { pullId: found.id, sourceId, batchId: batch.id })
    await confirmAsBefore(ctx, batch)
  })
}

async function rethrowUnlessCancelled(ctx: Context, id: string, error: unknown): Promise<void> {
  const found = await repository.find(ctx, id)
  if (found?.status === 'running' || found?.status === 'queued') throw error
}

async function fail(ctx: Context, id: string, { code, params }: DomainError): Promise<void> {
  await transaction(ctx, async (ctx) => {
    const found = await repository.lock(ctx, id)
    if (!found || !isReading(found)) return
    await repository.update(ctx, { ...found, status: 'failed', refusal: { code, params }, progress: null })
    await emit(ctx, 'ingest.pull.failed', { pullId: id, sourceId: found.sourceId, code })
  })
}

/** Moves the pull on if it is still where it was thought to be. */
async function advance(
  ctx: Context,
  id: string,
  from: readonly PullStatus[],
  changes: Partial<Pull>,
): Promise<Pull | undefined> {
  return transaction(ctx, async (ctx) => {
    const found = await repository.lock(ctx, id)
    if (!found || !from.includes(found.status)) return undefined
    const { revision } = await catalog.source(ctx, found.sourceId)
    const result = { ...found, ...changes, revision }
    await repository.update(ctx, result)
    return result
  })
}

function fileReporter(ctx: Context, pull: Pull): (files: FileCounts, bytes: number) => void {
  const report = reporter(ctx, pull)
  return (files, bytes) => report({ rows: 0, bytes }, files)
}

/** Keeps what a reader sees meanwhile at most two seconds old, without waiting for it. */
function reporter(
  ctx: Context,
  { id }: Pull,
): (read: Pick<Pulled, 'rows' | 'bytes'>, files?: FileCounts) => void {
  const startedAt = performance.now()
  let writtenAt = -Infinity
  return ({ rows, bytes }, files) => {
    const now = performance.now()
    if (now - writtenAt < PROGRESS_MS) return
    writtenAt = now
    const elapsedMs = Math.round(now - startedAt)
    repository
      .saveProgress(ctx, id, { rows, bytes, elapsedMs }, files)
      .catch((error: unknown) => ctx.log.warn({ err: error, pull: id }, 'progress was not written'))
  }
}
