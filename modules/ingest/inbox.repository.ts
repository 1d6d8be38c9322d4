import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import type { Batch, BatchStatus } from './batch.ts'
import type { KnownFile } from './inbox.ts'
import './batch.table.ts'
import './inbox.table.ts'

const COLUMNS = [
  'sourceId',
  'name',
  'sizeBytes',
  'checksum',
  'placedAt',
  'objectSha256',
  'batchId',
  'refusal',
  'seenAt',
] as const

const MAX_SHOWN = 100

const read = <Row extends { sizeBytes: string }>(row: Row) => ({ ...row, sizeBytes: Number(row.sizeBytes) })

export async function find(ctx: Context, sourceId: string, name: string): Promise<KnownFile | undefined> {
  const row = await ctx.db
    .selectFrom('ingest.placedFile')
    .select(COLUMNS)
    .where('sourceId', '=', sourceId)
    .where('name', '=', name)
    .executeTakeFirst()
  return row && read(row)
}

/** The newest of each source, at most 100, newest first, in the order of `sourceIds`; for loaders. */
export async function recentBySources(ctx: Context, sourceIds: readonly string[]): Promise<KnownFile[][]> {
  const rows = await ctx.db
    .selectFrom((query) =>
      query
        .selectFrom('ingest.placedFile')
        .select(COLUMNS)
        .select(
          sql<string>`row_number() over (partition by source_id order by placed_at desc, name)`.as('place'),
        )
        .where('sourceId', 'in', [...new Set(sourceIds)])
        .as('recent'),
    )
    .select(COLUMNS)
    .where('place', '<=', String(MAX_SHOWN))
    .orderBy('placedAt', 'desc')
    .orderBy('name')
    .execute()
  return sourceIds.map((id) => rows.filter(({ sourceId }) => sourceId === id).map(read))
}

export async function save(ctx: TransactionContext, file: KnownFile): Promise<void> {
  const { sourceId, name, ...values } = file
  const written = { ...values, refusal: values.refusal && JSON.stringify(values.refusal) }
  await ctx.db
    .insertInto('ingest.placedFile')
    .values({ sourceId, name, ...written })
    .onConflict((conflict) => conflict.columns(['sourceId', 'name']).doUpdateSet(written))
    .execute()
}

/** The source whose file became the batch. */
export async function sourceOfBatch(ctx: Context, batchId: string): Promise<string | undefined> {
  const row = await ctx.db
    .selectFrom('ingest.placedFile')
    .select('sourceId')
    .where('batchId', '=', batchId)
    .executeTakeFirst()
  return row?.sourceId
}

/**
 * The first batch of the source's files that has not ended, as the files were placed. Holds the source's first
 * file, so that two who ask take turns.
 */
export async function firstOpen(
  ctx: TransactionContext,
  sourceId: string,
): Promise<Pick<Batch, 'id' | 'status'> | undefined> {
  await ctx.db
    .selectFrom('ingest.placedFile')
    .select('name')
    .where('sourceId', '=', sourceId)
    .orderBy('name')
    .limit(1)
    .forUpdate()
    .execute()
  const open: BatchStatus[] = ['received', 'mapped', 'running']
  return ctx.db
    .selectFrom('ingest.placedFile as file')
    .innerJoin('ingest.batch as batch', 'batch.id', 'file.batchId')
    .select(['batch.id', 'batch.status'])
    .where('file.sourceId', '=', sourceId)
    .where('batch.status', 'in', open)
    .orderBy(sql`batch.status = 'received'`)
    .orderBy('file.placedAt')
    .orderBy('file.name')
    .limit(1)
    .executeTakeFirst()
}
