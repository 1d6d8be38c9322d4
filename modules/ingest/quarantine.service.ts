import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import { emit, recordAccess } from '../../core/events.ts'
import { type Connection, connection, type PageRequest, readCursor, rowsToRead } from '../../core/page.ts'
import { type Filter, selectAll } from '../../core/plane/plane.ts'
import { authorize } from '../../core/policy.ts'
import { type Batch, errors as batchErrors, requireAllowed } from './batch.ts'
import * as batches from './batch.repository.ts'
import { lockOwn, queue, schemaOf } from './batch.service.ts'
import { type RejectedRow, readRejected, type RowFailure } from './finding.ts'
import { can, maySee } from './policy.ts'
import {
  type Cells,
  corrected,
  errors,
  remainingFailures,
  replayed,
  type RowStatus,
  statusOf,
  waived,
} from './quarantine.ts'
import * as repository from './quarantine.repository.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'ingest.row.corrected': { batchId: string; line: number }
    'ingest.row.waived': { batchId: string; line: number; explanation: string }
    'ingest.batch.replayed': { batchId: string; replayOf: string; datasetId: string; corrections: number }
  }
}

export interface QuarantinedRow extends RejectedRow {
  readonly status: RowStatus
  /** Cells changed so far; null when none is. */
  readonly corrected: Cells | null
  /** What is still wrong with the corrected cells; null when none is. */
  readonly remaining: readonly RowFailure[] | null
  readonly explanation: string | null
  readonly decidedBy: string | null
  readonly decidedAt: Date | null
}

/** Narrows a quarantine to the rows that fail for one reason. */
export interface ReasonFilter {
  readonly reason?: string | null
  /** Null with a reason: the whole row is at fault. */
  readonly column?: string | null
}

/** Rejected rows in the order of the file, for their own department; the reading is recorded. */
export async function quarantine(
  ctx: Context,
  batch: Batch,
  page: PageRequest & ReasonFilter,
): Promise<Connection<QuarantinedRow>> {
  const limit = rowsToRead(page)
  const after = readCursor('quarantine', ['number'], page)
  if (!batch.outcome?.quarantine) return connection<QuarantinedRow>('quarantine', [], page, () => [])
  if (!(await maySee(ctx, batch))) throw batchErrors.BATCH_NOT_FOUND({ id: batch.id })
  const where: Filter[] =
    after === undefined ? [] : [{ column: 'line', operator: '>', values: [Number(after[0])] }]
  if (page.reason)
    where.push({
      column: 'failures',
      operator: 'contains',
      values: [failureText(page.column ?? null, page.reason)],
    })
  const rows = await withDecisions(ctx, batch, await rejectedRows(ctx, batch, where, limit))
  await recordAccess(ctx, { kind: 'read', subject: `ingest.quarantine:${batch.id}` })
  return connection('quarantine', rows, page, ({ line }) => [line])
}

/** As the plane writes a failure's first two members. */
const failureText = (column: string | null, reason: string) =>
  `{"column":${JSON.stringify(column)},"reason":${JSON.stringify(reason)},`

async function rejectedRows(
  ctx: Context,
  { outcome }: Batch,
  where: readonly Filter[],
  limit: number,
): Promise<RejectedRow[]> {
  if (!outcome?.quarantine) return []
  const columns = { line: '_line', raw: 'raw', cells: 'cells', failures: 'failures' }
  const rows = await selectAll(ctx.plane, {
    sources: [{ files: [outcome.quarantine.sha256], columns }],
    where,
    orderBy: [{ column: 'line' }],
    limit,
  })
  return rows.map(readRejected)
}

async function withDecisions(
  ctx: Context,
  batch: Batch,
  rows: readonly RejectedRow[],
): Promise<QuarantinedRow[]> {
  const lines = rows.map(({ line }) => line)
  const decisions = new Map(
    (await repository.decisions(ctx, batch.id, lines)).map((each) => [each.line, each]),
  )
  const expired = await repository.isExpired(ctx, batch)
  const { columns } = await schemaOf(ctx, batch)
  const { header } = batch.layout
  return rows.map((row) => {
    const decision = decisions.get(row.line)
    const changed = decision?.cells ?? null
    const today = dayOf(ctx.now())
    return {
      ...row,
      status: statusOf(decision, expired),
      corrected: changed,
      remaining:
        changed &&
        remainingFailures({ ...row.cells, ...changed }, header, columns, batch.mapping ?? [], today),
      explanation: decision?.explanation ?? null,
      decidedBy: decision?.decidedBy ?? null,
      decidedAt: decision?.decidedAt ?? null,
    }
  })
}

/** How many of a batch's rejected rows are in each state. */
export async function rowStates(
  ctx: Context,
  batch: Batch,
): Promise<Readonly<Record<RowStatus, number>> & { readonly corrected: number }> {
  const rejected = batch.outcome?.counts.rejected ?? 0
  const { open: corrected, fixed, waived } = await repository.countByStatus(ctx, batch.id)
  const rest = rejected - fixed - waived
  const expired = await repository.isExpired(ctx, batch)
  return {
    open: expired ? 0 : rest,
    fixed,
    waived,
    expired: expired ? rest : 0,
    corrected: expired ? 0 : corrected,
  }
}

/** Batches of the actor's own organisation that hold rows back, newest first. @throws POLICY_FORBIDDEN */
export async function quarantinedBatches(ctx: Context, page: PageRequest): Promise<Connection<Batch>> {
  const { organisationId } = ctx.actor
  await authorize(ctx, can.settleRow, { organisationId })
  const after = readCursor('quarantined', ['instant', 'uuid'], page)
  const rows = await batches.listQuarantined(ctx, {
    organisationId,
    after: after && [String(after[0]), String(after[1])],
    limit: rowsToRead(page),
  })
  return connection('quarantined', rows, page, ({ createdAt, id }) => [createdAt.toISOString(), id])
}

/**
 * Changes cells of a rejected row, by the file's own column names; the raw line stays. A replay judges it.
 *
 * @throws INGEST_BATCH_NOT_FOUND, POLICY_FORBIDDEN, INGEST_ROW_NOT_FOUND, INGEST_BATCH_REPLAY_PENDING,
 * INGEST_ROW_ALREADY_SETTLED, INGEST_ROW_CELL_INVALID
 */
export async function correctRow(
  ctx: Context,
  { batchId, line, cells }: { readonly batchId: string; readonly line: number; readonly cells: Cells },
): Promise<QuarantinedRow> {
  const row = await rejectedRow(ctx, batchId, line)
  return transaction(ctx, async (ctx) => {
    const { batch, expired } = await lockWorkable(ctx, batchId)
    const [decision] = await repository.decisions(ctx, batchId, [line])
    const by = { decidedBy: ctx.actor.id, decidedAt: ctx.now() }
    const result = corrected({ batchId, line, decision }, expired, cells, batch.layout.header, by)
    await repository.save(ctx, result)
    await emit(ctx, 'ingest.row.corrected', { batchId, line })
    const [shown] = await withDecisions(ctx, batch, [row])
    return shown as QuarantinedRow
  })
}

/**
 * Leaves a rejected row out of the version for good, with the department's explanation.
 *
 * @throws as {@link correctRow}, and INGEST_ROW_EXPLANATION_INVALID
 */
export async function waiveRow(
  ctx: Context,
  {
    batchId,
    line,
    explanation,
  }: { readonly batchId: string; readonly line: number; readonly explanation: string },
): Promise<QuarantinedRow> {
  const row = await rejectedRow(ctx, batchId, line)
  return transaction(ctx, async (ctx) => {
    const { batch, expired } = await lockWorkable(ctx, batchId)
    const [decision] = await repository.decisions(ctx, batchId, [line])
    const by = { decidedBy: ctx.actor.id, decidedAt: ctx.now() }
    const result = waived({ batchId, line, decision }, expired, explanation, by)
    await repository.save(ctx, result)
    await emit(ctx, 'ingest.row.waived', { batchId, line, explanation: result.explanation ?? '' })
    const [shown] = await withDecisions(ctx, batch, [row])
    return shown as QuarantinedRow
  })
}

/** Read before the transaction: rejected rows are immutable. */
async function rejectedRow(ctx: Context, batchId: string, line: number): Promise<RejectedRow> {
  const batch = await batches.find(ctx, batchId)
  if (!batch || !(await maySee(ctx, batch))) throw batchErrors.BATCH_NOT_FOUND({ id: batchId })
  const [row] = await rejectedRows(ctx, batch, [{ column: 'line', operator: '=', values: [line] }], 1)
  if (!row) throw errors.ROW_NOT_FOUND({ line })
  return row
}

async function lockWorkable(
  ctx: TransactionContext,
  batchId: string,
): Promise<{ batch: Batch; expired: boolean }> {
  const batch = await lockOwn(ctx, batchId)
  const expired = await repository.isExpired(ctx, batch)
  await authorize(ctx, can.settleRow, batch)
  requireAllowed('settle', batch)
  if (await repository.isBeingReplayed(ctx, batchId)) throw errors.BATCH_REPLAY_PENDING()
  return { batch, expired }
}

/**
 * Loads the batch's rows again with their corrected cells under the schema in force, as a batch of its own: what
 * it accepts becomes the next version, what it rejects stays in quarantine there.
 *
 * @throws INGEST_BATCH_NOT_FOUND, POLICY_FORBIDDEN, INGEST_BATCH_STATUS_UNFIT, INGEST_BATCH_REPLAY_PENDING,
 * INGEST_ROW_ALREADY_SETTLED, INGEST_BATCH_REPLAY_UNCHANGED, STANDARDS_SCHEMA_UNPUBLISHED
 */
export async function replayBatch(ctx: Context, batchId: string): Promise<Batch> {
  return transaction(ctx, async (ctx) => {
    const { batch, expired } = await lockWorkable(ctx, batchId)
    const { version } = await schemaOf(ctx, batch)
    const { length: corrections } = await repository.corrections(ctx, batchId)
    const result = await batches.insert(
      ctx,
      replayed(batch, { expired, corrections, schemaVersion: version, at: ctx.now(), by: ctx.actor.id }),
    )
    await queue(ctx, result)
    const { id, datasetId } = result
    await emit(ctx, 'ingest.batch.replayed', { batchId: id, replayOf: batchId, datasetId, corrections })
    return result
  })
}

/** Whether the actor may correct, explain and replay the batch's rows now. */
export async function maySettle(ctx: Context, batch: Batch): Promise<boolean> {
  if (!['published', 'stopped'].includes(batch.status) || batch.staged === null) return false
  return (await ctx.policy.allows(ctx, can.settleRow, batch)) && !(await repository.isExpired(ctx, batch))
}

const CHUNK = 1_000

/** The corrected rows of a batch in full, in the order of the file's columns, for the plane. */
export async function correctedRows(
  ctx: Context,
  batch: Batch,
): Promise<{ line: number; cells: (string | null)[] }[]> {
  const corrections = await repository.corrections(ctx, batch.id)
  const rows: { line: number; cells: (string | null)[] }[] = []
  for (let at = 0; at < corrections.length; at += CHUNK) {
    const part = new Map(corrections.slice(at, at + CHUNK).map(({ line, cells }) => [line, cells]))
    const found = await rejectedRows(
      ctx,
      batch,
      [{ column: 'line', operator: 'in', values: [...part.keys()] }],
      CHUNK,
    )
    for (const { line, cells } of found) {
      const all = { ...cells, ...part.get(line) }
      rows.push({ line, cells: batch.layout.header.map((name) => all[name] ?? null) })
    }
  }
  return rows
}

/** Which of the rows decided about in `from` its replay `to` rejected again. */
export async function rejectedAgain(ctx: Context, from: string, to: Batch): Promise<number[]> {
  const lines = await repository.decidedLines(ctx, from)
  const again: number[] = []
  for (let at = 0; at < lines.length; at += CHUNK) {
    const values = lines.slice(at, at + CHUNK)
    const rows = await rejectedRows(ctx, to, [{ column: 'line', operator: 'in', values }], CHUNK)
    again.push(...rows.map(({ line }) => line))
  }
  return again
}
