import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import type { Encoding } from '../../core/text/encoding.ts'
import type { Batch, Progress } from './batch.ts'
import './batch.table.ts'

const COLUMNS = [
  'id',
  'datasetId',
  'organisationId',
  'fileName',
  'objectSha256',
  'sizeBytes',
  'status',
  'encoding',
  'encodingGuesses',
  'layout',
  'mapping',
  'attempt',
  'schemaVersion',
  'staged',
  'outcome',
  'refusal',
  'progress',
  'publishedVersion',
  'replayOf',
  'drift',
  'confirmedBy',
  'override',
  'createdAt',
] as const

const read = <Row extends { sizeBytes: string }>(row: Row) => ({ ...row, sizeBytes: Number(row.sizeBytes) })

export async function find(ctx: Context, id: string): Promise<Batch | undefined> {
  const row = await ctx.db.selectFrom('ingest.batch').select(COLUMNS).where('id', '=', id).executeTakeFirst()
  return row && read(row)
}

export interface BatchFilter {
  readonly datasetId: string
  /** Time and id of the batch before the page. */
  readonly after?: readonly [createdAt: string, id: string] | undefined
  readonly limit: number
}

/** Newest first. */
export async function list(ctx: Context, { datasetId, after, limit }: BatchFilter): Promise<Batch[]> {
  let query = ctx.db.selectFrom('ingest.batch').select(COLUMNS).where('datasetId', '=', datasetId)
  if (after) {
    const [createdAt, id] = after
    query = query.where(sql<boolean>`(created_at, id) < (${createdAt}::timestamptz, ${id}::uuid)`)
  }
  const rows = await query.orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return rows.map(read)
}

/** Reads the row and holds it, so that a steward and the job take turns. */
export async function lock(ctx: TransactionContext, id: string): Promise<Batch | undefined> {
  const row = await ctx.db
    .selectFrom('ingest.batch')
    .select(COLUMNS)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row && read(row)
}

export async function insert(ctx: TransactionContext, batch: Omit<Batch, 'id'>): Promise<Batch> {
  const row = await ctx.db
    .insertInto('ingest.batch')
    .values({ ...batch, ...written(batch) })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
  return read(row)
}

export async function update(ctx: TransactionContext, { id, ...batch }: Batch): Promise<void> {
  await ctx.db
    .updateTable('ingest.batch')
    .set({ ...batch, ...written(batch) })
    .where('id', '=', id)
    .execute()
}

/** Shown while the job runs; written outside its transactions. */
export async function saveProgress(ctx: Context, id: string, progress: Progress): Promise<void> {
  await ctx.db
    .updateTable('ingest.batch')
    .set({ progress: JSON.stringify(progress) })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .execute()
}

function written({
  encodingGuesses,
  layout,
  mapping,
  staged,
  outcome,
  refusal,
  progress,
  drift,
  override,
}: Omit<Batch, 'id'>) {
  const json = (value: object | null) => (value === null ? null : JSON.stringify(value))
  return {
    encodingGuesses: JSON.stringify(encodingGuesses),
    layout: JSON.stringify(layout),
    mapping: json(mapping),
    staged: json(staged),
    outcome: json(outcome),
    refusal: json(refusal),
    progress: json(progress),
    drift: json(drift),
    override: json(override),
  }
}

/** Whether another batch keeps the file `sha256`: equal files are stored once. */
export async function isKept(ctx: Context, sha256: string, exceptBatch: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('ingest.batch')
    .select('id')
    .where('id', '<>', exceptBatch)
    .where(
      sql<boolean>`${sha256} in (staged ->> 'sha256', outcome -> 'snapshot' ->> 'sha256', outcome -> 'quarantine' ->> 'sha256')`,
    )
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export interface QuarantineFilter {
  readonly organisationId: string
  /** Time and id of the batch before the page. */
  readonly after?: readonly [createdAt: string, id: string] | undefined
  readonly limit: number
}

/** Batches of an organisation that rejected rows, newest first. */
export async function listQuarantined(ctx: Context, filter: QuarantineFilter): Promise<Batch[]> {
  const { organisationId, after, limit } = filter
  let query = ctx.db
    .selectFrom('ingest.batch')
    .select(COLUMNS)
    .where('organisationId', '=', organisationId)
    .where('status', 'in', ['published', 'stopped'])
    .where(sql<boolean>`outcome -> 'quarantine' ->> 'sha256' is not null`)
  if (after) {
    const [createdAt, id] = after
    query = query.where(sql<boolean>`(created_at, id) < (${createdAt}::timestamptz, ${id}::uuid)`)
  }
  const rows = await query.orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return rows.map(read)
}

export interface Confirmation {
  readonly encoding: Encoding
  /** Name of a file's column → name of the schema's. */
  readonly columns: Readonly<Record<string, string>>
}

/** What a steward confirmed last for files of the dataset. */
export async function confirmation(ctx: Context, datasetId: string): Promise<Confirmation | undefined> {
  return ctx.db
    .selectFrom('ingest.confirmation')
    .select(['encoding', 'columns'])
    .where('datasetId', '=', datasetId)
    .executeTakeFirst()
}

const MAX_CONFIRMATIONS = 1_000

/** The columns confirmed last for each dataset of a department, newest first. */
export async function confirmationsOf(
  ctx: Context,
  organisationId: string,
): Promise<Confirmation['columns'][]> {
  const rows = await ctx.db
    .selectFrom('ingest.confirmation')
    .select('columns')
    .where('datasetId', 'in', (query) =>
      query.selectFrom('ingest.batch').select('datasetId').where('organisationId', '=', organisationId),
    )
    .orderBy('confirmedAt', 'desc')
    .limit(MAX_CONFIRMATIONS)
    .execute()
  return rows.map(({ columns }) => columns)
}

export async function confirm(
  ctx: TransactionContext,
  datasetId: string,
  confirmed: Confirmation,
): Promise<void> {
  const values = {
    encoding: confirmed.encoding,
    columns: JSON.stringify(confirmed.columns),
    confirmedBy: ctx.actor.id,
    confirmedAt: ctx.now(),
  }
  await ctx.db
    .insertInto('ingest.confirmation')
    .values({ datasetId, ...values })
    .onConflict((conflict) => conflict.column('datasetId').doUpdateSet(values))
    .execute()
}

/** Keeps the sample of the batch's file instead of an earlier one. */
export async function keepSample(
  ctx: TransactionContext,
  batchId: string,
  sample: readonly (readonly string[])[],
): Promise<void> {
  const rows = JSON.stringify(sample)
  await ctx.db
    .insertInto('ingest.batchSample')
    .values({ batchId, rows })
    .onConflict((conflict) => conflict.column('batchId').doUpdateSet({ rows }))
    .execute()
}

/** Undefined for a batch whose file was not sampled. */
export async function sampleOf(ctx: Context, batchId: string): Promise<string[][] | undefined> {
  const row = await ctx.db
    .selectFrom('ingest.batchSample')
    .select('rows')
    .where('batchId', '=', batchId)
    .executeTakeFirst()
  return row?.rows
}
