import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import type { Batch } from './batch.ts'
import type { Cells, RowDecision } from './quarantine.ts'
import './batch.table.ts'

const COLUMNS = ['batchId', 'line', 'status', 'cells', 'explanation', 'decidedBy', 'decidedAt'] as const

const read = <Row extends { line: string }>(row: Row) => ({ ...row, line: Number(row.line) })

/** Those of the lines somebody decided about. */
export async function decisions(
  ctx: Context,
  batchId: string,
  lines: readonly number[],
): Promise<RowDecision[]> {
  if (lines.length === 0) return []
  const rows = await ctx.db
    .selectFrom('ingest.quarantineRow')
    .select(COLUMNS)
    .where('batchId', '=', batchId)
    .where(sql<boolean>`line = any (${sql.val([...lines])}::bigint[])`)
    .execute()
  return rows.map(read)
}

export async function save(ctx: TransactionContext, decision: RowDecision): Promise<void> {
  const { batchId, line, cells, ...rest } = decision
  const values = { ...rest, cells: cells && JSON.stringify(cells) }
  await ctx.db
    .insertInto('ingest.quarantineRow')
    .values({ batchId, line, ...values })
    .onConflict((conflict) => conflict.columns(['batchId', 'line']).doUpdateSet(values))
    .execute()
}

/** Cells that wait for a replay, by line. */
export async function corrections(ctx: Context, batchId: string): Promise<{ line: number; cells: Cells }[]> {
  const rows = await ctx.db
    .selectFrom('ingest.quarantineRow')
    .select(['line', 'cells'])
    .where('batchId', '=', batchId)
    .where('status', '=', 'open')
    .where('cells', 'is not', null)
    .orderBy('line')
    .execute()
  return rows.map(({ line, cells }) => ({ line: Number(line), cells: cells ?? {} }))
}

/** Lines of corrected and of waived rows. */
export async function decidedLines(ctx: Context, batchId: string): Promise<number[]> {
  const rows = await ctx.db
    .selectFrom('ingest.quarantineRow')
    .select('line')
    .where('batchId', '=', batchId)
    .where('status', 'in', ['open', 'waived'])
    .execute()
  return rows.map(({ line }) => Number(line))
}

/** How many rows somebody decided about, by state; corrected ones that wait count as `open`. */
export async function countByStatus(
  ctx: Context,
  batchId: string,
): Promise<Readonly<Record<RowDecision['status'], number>>> {
  const rows = await ctx.db
    .selectFrom('ingest.quarantineRow')
    .select(['status', (count) => count.fn.countAll<string>().as('rows')])
    .where('batchId', '=', batchId)
    .groupBy('status')
    .execute()
  const of = (status: string) => Number(rows.find((row) => row.status === status)?.rows ?? 0)
  return { open: of('open'), fixed: of('fixed'), waived: of('waived') }
}

/** Corrected rows the replay took are fixed; waivers of rows it rejects again go on with it. */
export async function settleReplayed(
  ctx: TransactionContext,
  from: string,
  to: string,
  stillRejected: readonly number[],
): Promise<void> {
  const rejected = sql`${sql.val([...stillRejected])}::bigint[]`
  await ctx.db
    .updateTable('ingest.quarantineRow')
    .set({ status: 'fixed' })
    .where('batchId', '=', from)
    .where('status', '=', 'open')
    .where('cells', 'is not', null)
    .where(sql<boolean>`not (line = any (${rejected}))`)
    .execute()
  await ctx.db
    .insertInto('ingest.quarantineRow')
    .columns(['batchId', 'line', 'status', 'explanation', 'decidedBy', 'decidedAt'])
    .expression((from_) =>
      from_
        .selectFrom('ingest.quarantineRow')
        .select([
          sql<string>`${to}::uuid`.as('batchId'),
          'line',
          'status',
          'explanation',
          'decidedBy',
          'decidedAt',
        ])
        .where('batchId', '=', from)
        .where('status', '=', 'waived')
        .where(sql<boolean>`line = any (${rejected})`),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Whether a version from another file, or from a replay of this one, was published after it. */
export async function isExpired(
  ctx: Context,
  batch: Pick<Batch, 'id' | 'datasetId' | 'publishedVersion' | 'createdAt'>,
): Promise<boolean> {
  const { id, datasetId, publishedVersion, createdAt } = batch
  const row = await ctx.db
    .selectFrom('ingest.batch')
    .select('id')
    .where('datasetId', '=', datasetId)
    .where('id', '<>', id)
    .where('status', '=', 'published')
    .where((where) =>
      publishedVersion === null
        ? where.or([where('createdAt', '>', createdAt), where('replayOf', '=', id)])
        : where('publishedVersion', '>', publishedVersion),
    )
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Whether a replay of the batch waits or runs. */
export async function isBeingReplayed(ctx: Context, batchId: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('ingest.batch')
    .select('id')
    .where('replayOf', '=', batchId)
    .where('status', 'in', ['mapped', 'running'])
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
