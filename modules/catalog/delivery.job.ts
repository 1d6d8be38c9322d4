import { actingAs, type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { DomainError } from '../../core/errors.ts'
import { emit, recordAccess } from '../../core/events.ts'
import { defineJob } from '../../core/jobs.ts'
import {
  type Position,
  type Row,
  type Session,
  WRITE_ROWS,
  type Written,
} from '../../core/plane/connectors/index.ts'
import * as standards from '../../standards/index.ts'
import { type Change, comparison, readChange } from './change.ts'
import type { Dataset } from './dataset.ts'
import * as datasets from './dataset.service.ts'
import {
  type Delivery,
  type DeliveryRun,
  type DeliveryStep,
  errors,
  isOpen,
  nextStep,
  requireDeliverable,
  targetColumns,
} from './delivery.ts'
import * as repository from './delivery.repository.ts'
import { queueNewer } from './delivery.service.ts'
import { errors as sources } from './source.ts'
import { openSession, source as readSource } from './source.service.ts'
import type { DatasetVersion } from './version.ts'
import * as versions from './version.repository.ts'

const PROGRESS_MS = 2_000

/**
 * Brings a target to the current version of its dataset. Where it stands is written in the target itself, in the
 * transaction of the rows; so a run after a crash goes on behind the last whole transaction, and what is sent
 * twice changes nothing.
 */
export const deliver = defineJob<{ runId: string }>({
  atOnce: 2,
  async run(platform, { runId }, { signal }) {
    const begun = await begin(platform, runId)
    if (!begun) return
    const { delivery, run } = begun
    const ctx = actingAs(platform, { ...platform.actor, organisationId: delivery.organisationId })
    try {
      const dataset = await datasets.dataset(ctx, delivery.datasetId)
      const source = await readSource(ctx, delivery.sourceId)
      requireDeliverable(dataset, source)
      const session = await openSession(ctx, source, signal)
      const report = reporter(ctx, run)
      try {
        const version = await deliverAll(ctx, runId, { delivery, dataset, session, signal, report })
        await finish(ctx, runId, version, report.rows())
      } finally {
        await session.close()
      }
    } catch (error) {
      // Cancelled: the row says so already. The server is stopping: the job stays and begins again.
      if (signal.aborted) return rethrowUnlessEnded(ctx, runId, signal.reason)
      // The department's database may be there again in a while.
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error
      await fail(ctx, runId, error)
    }
  },
  gaveUp: (platform, { runId }, refusal) => fail(platform, runId, refusal),
})

interface Work {
  readonly delivery: Delivery
  readonly dataset: Dataset
  readonly session: Session
  readonly signal: AbortSignal
  readonly report: Reporter
}

/** Moves the run on if it is still to be done. */
async function begin(ctx: Context, runId: string) {
  return transaction(ctx, async (ctx) => {
    const run = await repository.lockRun(ctx, runId)
    const delivery = run && (await repository.find(ctx, run.deliveryId))
    if (!run || !delivery || !isOpen(run)) return undefined
    await repository.updateRun(ctx, { ...run, status: 'running' })
    return { run, delivery }
  })
}

/** Step by step until the target holds the current version, which it answers. */
async function deliverAll(ctx: Context, runId: string, work: Work): Promise<number> {
  for (;;) {
    const current = await versions.current(ctx, work.dataset.id)
    if (!current) throw errors.DELIVERY_VERSION_MISSING()
    await repository.saveWanted(ctx, runId, current.version)
    const position = await (await openTarget(ctx, work, current)).writer.position()
    const step = nextStep(position, current.version)
    if (!step) return current.version
    await feed(ctx, work, position, step)
  }
}

/** The target as rows of a version arrive there. */
async function openTarget(ctx: Context, { delivery, dataset, session }: Work, version: DatasetVersion) {
  const schema = await standards.publishedSchema(ctx, dataset.schemaCode, version.schemaVersion)
  const compared = comparison(schema.columns, schema.primaryKey, [])
  if (compared.key.join('\n') !== delivery.keyColumns.join('\n')) throw errors.DELIVERY_KEY_CHANGED()
  if (!session.write) throw sources.SOURCE_READ_ONLY()
  const writer = await session.write({
    dataset: dataset.id,
    collection: delivery.collection,
    columns: targetColumns(schema.columns, compared.key),
  })
  return { writer, compared }
}

/** Sends what differs between two versions, by key, in transactions of at most 5,000 rows. */
async function feed(ctx: Context, work: Work, start: Position, step: DeliveryStep): Promise<void> {
  const { delivery, dataset, signal, report } = work
  const found = await versions.findAll(
    ctx,
    [step.from, step.to].map((version) => ({ datasetId: dataset.id, version })),
  )
  const filesOf = (number: number) =>
    found.find(({ version }) => version === number)?.files.map(({ sha256 }) => sha256) ?? []
  const version = found.find((each) => each.version === step.to)
  if (!version) throw errors.DELIVERY_POSITION_UNKNOWN({ version: step.to })
  const { writer, compared } = await openTarget(ctx, work, version)
  await recordAccess(ctx, {
    kind: 'read',
    subject: `catalog.delivery:${delivery.id}:${step.from}-${step.to}`,
    purpose: 'catalog.delivery',
    fields: [...compared.key, ...compared.columns],
  })
  let at = start
  let after = step.after === null ? undefined : (JSON.parse(step.after) as readonly string[])
  for (;;) {
    // One more than is written tells whether others follow. The data plane is free again before the first is written.
    const changes: Change[] = []
    for await (const row of ctx.plane.changes(
      {
        ...compared,
        before: filesOf(step.from),
        after: filesOf(step.to),
        operations: ['insert', 'update', 'delete'],
        limit: WRITE_ROWS + 1,
        ...(after && { afterKey: after }),
      },
      { signal, asLoad: true },
    ))
      changes.push(readChange(row))
    signal.throwIfAborted()
    const batch = changes.slice(0, WRITE_ROWS)
    after = changes.length > WRITE_ROWS ? batch.at(-1)?.key : undefined
    const to: Position = after
      ? { version: step.from, next: step.to, cursor: JSON.stringify(after) }
      : { version: step.to, next: null, cursor: null }
    await report.wrote(batch.length, step.to)
    await writer.write(writtenOf(batch, compared.columns), at, to)
    if (!after) return
    at = to
  }
}

function writtenOf(changes: readonly Change[], columns: readonly string[]): Written {
  const upserts: Row[] = []
  const deletes: Row[] = []
  for (const { operation, key, after } of changes)
    if (operation === 'delete') deletes.push(key)
    else upserts.push([...key, ...columns.map((name) => after?.[name] ?? null)])
  return { upserts, deletes }
}

async function finish(ctx: Context, runId: string, version: number, rows: number): Promise<void> {
  await end(ctx, runId, async (ctx, run) => {
    await emit(ctx, 'catalog.delivery.done', { deliveryId: run.deliveryId, runId, version, rows })
    return { ...run, status: 'done', version }
  })
}

async function fail(ctx: Context, runId: string, { code, params, messages }: DomainError): Promise<void> {
  await end(ctx, runId, async (ctx, run) => {
    await emit(ctx, 'catalog.delivery.failed', { deliveryId: run.deliveryId, runId, code })
    return { ...run, status: 'failed', refusal: { code, params, messages } }
  })
}

/** Ends a run that is still open, and sees to a version that was published meanwhile. */
async function end(
  ctx: Context,
  runId: string,
  decide: (ctx: TransactionContext, run: DeliveryRun) => Promise<DeliveryRun>,
): Promise<void> {
  const seen = await repository.findRun(ctx, runId)
  if (!seen) return
  await transaction(ctx, async (ctx) => {
    const delivery = await repository.lock(ctx, seen.deliveryId)
    const run = await repository.lockRun(ctx, runId)
    if (!delivery || !run || !isOpen(run)) return
    const owning = actingAs(ctx, { ...ctx.actor, organisationId: delivery.organisationId })
    const result = await decide(owning, run)
    await repository.updateRun(owning, result)
    await queueNewer(owning, delivery, result)
  })
}

async function rethrowUnlessEnded(ctx: Context, id: string, error: unknown): Promise<void> {
  const run = await repository.findRun(ctx, id)
  if (run && isOpen(run)) throw error
}

interface Reporter {
  wrote(rows: number, version: number): Promise<void>
  rows(): number
}

/** Keeps what a reader sees meanwhile at most two seconds old. */
function reporter(ctx: Context, { id }: DeliveryRun): Reporter {
  const startedAt = performance.now()
  let writtenAt = -Infinity
  let rows = 0
  return {
    rows: () => rows,
    async wrote(more, version) {
      rows += more
      const now = performance.now()
      if (now - writtenAt < PROGRESS_MS) return
      writtenAt = now
      await repository.saveProgress(ctx, id, { version, rows, elapsedMs: Math.round(now - startedAt) })
    },
  }
}
