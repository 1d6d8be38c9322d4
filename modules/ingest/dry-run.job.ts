import type { Context } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import { DomainError } from '../../core/errors.ts'
import { defineSubscriber } from '../../core/events.ts'
import { defineJob, enqueue } from '../../core/jobs.ts'
import { type PlaneFile, type PlaneRow, selectAll } from '../../core/plane/plane.ts'
import * as standards from '../../standards/index.ts'
import * as catalog from '../catalog/index.ts'
import { type Batch, errors } from './batch.ts'
import * as repository from './batch.repository.ts'
import { judge } from './load.ts'

export const DRY_RUN_JOB = 'ingest.dry-run'

/** A draft of a standard is tried where the rows are judged: here. Idempotent by the run. */
export const queueDryRun = defineSubscriber({
  name: 'ingest.queue-dry-run',
  event: 'standards.dry-run.asked',
  run: (ctx, { payload: { runId } }) => enqueue(ctx, DRY_RUN_JOB, runId, { runId }),
})

/**
 * Judges the rows of the current version of each dataset as the draft would, and keeps what differs. What it writes
 * meanwhile is removed again; a run after a crash begins anew.
 */
export const dryRunJob = defineJob<{ runId: string }>({
  async run(ctx, { runId }, { signal }) {
    const work = await standards.beginDryRun(ctx, runId)
    if (!work) return
    try {
      for (const { id } of work.datasets) {
        const result = await tryDataset(ctx, work, id, signal)
        if (result) await standards.recordDryRun(ctx, runId, result)
      }
      await ended(ctx, runId, null)
    } catch (error) {
      // The server is stopping: the job stays and begins again.
      if (signal.aborted || !(error instanceof DomainError)) throw error
      await ended(ctx, runId, error.code)
    }
  },
  gaveUp: (ctx, { runId }, { code }) => ended(ctx, runId, code),
})

/** A crash before the files are gone leaves some that nobody can ask for. */
async function ended(ctx: Context, runId: string, refusal: string | null): Promise<void> {
  for (const sha256 of await standards.endDryRun(ctx, runId, refusal))
    if (!(await repository.isKept(ctx, sha256, runId))) await ctx.plane.remove(sha256)
}

/** Undefined for a dataset without a version. */
async function tryDataset(
  ctx: Context,
  work: standards.DryRunWork,
  datasetId: string,
  signal: AbortSignal,
): Promise<standards.DryRunDataset | undefined> {
  const [dataset] = await catalog.datasetsByIds(ctx, [datasetId])
  const version = await catalog.currentVersion(ctx, datasetId)
  if (!dataset || version === null) return undefined
  const batch = await repository.find(ctx, version.batchId)
  if (!batch?.staged || batch.mapping === null) throw errors.BATCH_NOT_FOUND({ id: version.batchId })
  const { staged, layout, mapping } = batch
  const schema = await work.compile(dataset.schemaCode)
  const judged = await judge(
    ctx.plane,
    // Its own id in the rows: no file it writes is a batch's.
    { staged, layout, mapping, schema, datasetId, batchId: work.runId, today: dayOf(ctx.now()) },
    { signal },
  )
  try {
    const [before, after] = [batch.outcome?.quarantine ?? null, judged.quarantine]
    const { newlyFailing, newlyPassing } = await compared(ctx, before, after)
    return {
      datasetId,
      datasetVersion: version.version,
      title: dataset.title,
      organisationId: dataset.organisationId,
      newlyFailing,
      newlyPassing,
      unchanged: judged.counts.read - newlyFailing - newlyPassing,
      failing: newlyFailing === 0 ? [] : await failingRows(ctx, batch, schema, before, after),
      keys: newlyFailing === 0 ? null : await failingKeys(ctx, batch, schema, before, after),
      removed: await removedRows(ctx, work, dataset.schemaCode, version),
    }
  } finally {
    await discard(ctx, work.runId, [judged.snapshot, judged.quarantine])
  }
}

async function compared(ctx: Context, before: PlaneFile | null, after: PlaneFile | null) {
  if (!before || !after) return { newlyFailing: after?.rows ?? 0, newlyPassing: before?.rows ?? 0 }
  const counts = new Map<unknown, number>()
  const spec = { before: [before.sha256], after: [after.sha256], ...BY_LINE }
  for await (const row of ctx.plane.changes({ ...spec, counted: true, limit: 0 }))
    counts.set(row['operation'], Number(row['rows']))
  return { newlyFailing: counts.get('insert') ?? 0, newlyPassing: counts.get('delete') ?? 0 }
}

const BY_LINE = { key: ['_line'], columns: [] }

async function failingRows(
  ctx: Context,
  batch: Batch,
  schema: standards.CompiledSchema,
  before: PlaneFile | null,
  after: PlaneFile | null,
): Promise<standards.FailingRow[]> {
  if (!after) return []
  const lines = await newLines(ctx, before, after)
  const rows = await selectAll(ctx.plane, {
    sources: [{ files: [after.sha256], columns: { _line: '_line', cells: 'cells', failures: 'failures' } }],
    ...(lines && { where: [{ column: '_line', operator: 'in', values: lines }] }),
    orderBy: [{ column: '_line' }],
    limit: standards.MAX_FAILING,
  })
  const headers = (await keyIsPersonal(ctx, schema))
    ? []
    : schema.primaryKey.map((name) => headerOf(batch, name))
  return rows.map((row) => failingRow(row, headers))
}

async function failingKeys(
  ctx: Context,
  batch: Batch,
  { primaryKey }: standards.CompiledSchema,
  before: PlaneFile | null,
  after: PlaneFile | null,
): Promise<standards.FailingKeys | null> {
  if (!after) return null
  const key = primaryKey.map((column) => ({ column, header: headerOf(batch, column) ?? null }))
  const file = await ctx.plane.failing({ before: before?.sha256 ?? null, after: after.sha256, key })
  return file && { ...file, columns: primaryKey }
}

const headerOf = ({ layout, mapping }: Batch, column: string): string | undefined =>
  layout.header[mapping?.find(({ target }) => target === column)?.index ?? -1]

/** Some of the lines that only `after` rejects; undefined where all its lines are. */
async function newLines(
  ctx: Context,
  before: PlaneFile | null,
  after: PlaneFile,
): Promise<number[] | undefined> {
  if (!before) return undefined
  const lines: number[] = []
  for await (const { key } of ctx.plane.changes({
    ...BY_LINE,
    before: [before.sha256],
    after: [after.sha256],
    operations: ['insert'],
    limit: standards.MAX_FAILING,
  }))
    lines.push(Number((JSON.parse(String(key)) as string[])[0]))
  return lines
}

/** By the elements in force; one that is not in force is taken for personal. */
async function keyIsPersonal(
  ctx: Context,
  { columns, primaryKey }: standards.CompiledSchema,
): Promise<boolean> {
  const key = columns.filter(({ name }) => primaryKey.includes(name))
  const inForce = await standards.inForceByCode(
    ctx,
    key.map(({ elementCode }) => elementCode),
  )
  return inForce.some(([element]) => element?.personal ?? true)
}

function failingRow(row: PlaneRow, headers: readonly (string | undefined)[]): standards.FailingRow {
  const cells = JSON.parse(String(row['cells'])) as Record<string, string | null>
  const failures = JSON.parse(String(row['failures'])) as { column: string | null; reason: string }[]
  const key = headers.map((header) => (header === undefined ? '' : (cells[header] ?? '')))
  return {
    line: Number(row['_line']),
    key: headers.length === 0 ? null : key,
    reasons: failures.map(({ column, reason }) => `${column ?? '*'}: ${reason}`),
  }
}

/** How many rows of the current version hold codes that the draft removes, by column. */
async function removedRows(
  ctx: Context,
  { list, removed }: standards.DryRunWork,
  schemaCode: string,
  { schemaVersion, files }: catalog.DatasetVersion,
): Promise<standards.RemovedRows[]> {
  if (removed.length === 0 || files.length === 0) return []
  const { columns } = await standards.publishedSchema(ctx, schemaCode, schemaVersion)
  const found: standards.RemovedRows[] = []
  for (const { name } of columns.filter(({ codeListId }) => codeListId === list)) {
    const rows = await selectAll(ctx.plane, {
      sources: [{ files: files.map(({ sha256 }) => sha256), columns: { [name]: name } }],
      where: [{ column: name, operator: 'in', values: removed }],
      groupBy: [name],
      aggregates: { rows: { function: 'count' } },
      orderBy: [{ column: name }],
    })
    for (const row of rows) found.push({ column: name, code: String(row[name]), rows: Number(row['rows']) })
  }
  return found
}

/** Removes what the run wrote, unless an equal file is a batch's. */
async function discard(ctx: Context, runId: string, files: readonly (PlaneFile | null)[]): Promise<void> {
  for (const file of files)
    if (file && !(await repository.isKept(ctx, file.sha256, runId))) await ctx.plane.remove(file.sha256)
}
