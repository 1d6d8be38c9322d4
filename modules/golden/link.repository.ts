import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import type { Link } from './link.ts'
import type { NumberedPage } from './numbered.ts'
import './link.table.ts'

const COLUMNS = [
  'datasetId',
  'organisationId',
  'rowId',
  'line',
  'key',
  'method',
  'decision',
  'weight',
  'prior',
  'parts',
] as const

const BATCH = 1000

/** The links of a run in place of any it had: a merge that begins again links anew. */
export async function replace(ctx: TransactionContext, runId: string, links: readonly Link[]): Promise<void> {
  await ctx.db.deleteFrom('golden.link').where('runId', '=', runId).execute()
  for (let at = 0; at < links.length; at += BATCH)
    await ctx.db
      .insertInto('golden.link')
      .values(
        links.slice(at, at + BATCH).map((link) => ({ ...link, runId, parts: JSON.stringify(link.parts) })),
      )
      .execute()
}

/** Of a run that is served no more, or never will be. */
export async function remove(ctx: TransactionContext, runId: string): Promise<void> {
  await ctx.db.deleteFrom('golden.link').where('runId', '=', runId).execute()
}

/** Rows merged into records by a run. */
export async function linked(ctx: Context, runId: string): Promise<Link[]> {
  return ctx.db
    .selectFrom('golden.link')
    .select(COLUMNS)
    .where('runId', '=', runId)
    .where('decision', '=', 'link')
    .orderBy('number')
    .execute()
}

export async function find(
  ctx: Context,
  { datasetId, rowId, key }: Pick<Link, 'datasetId' | 'rowId' | 'key'>,
): Promise<Link | undefined> {
  return ctx.db
    .selectFrom('golden.link')
    .innerJoin('golden.served', 'golden.served.runId', 'golden.link.runId')
    .select(COLUMNS)
    .where('datasetId', '=', datasetId)
    .where('rowId', '=', rowId)
    .where('key', '=', key)
    .executeTakeFirst()
}

/** What waits for people in the registers of one body: the surest first, what nobody has ruled on. */
export async function waiting(
  ctx: Context,
  organisationId: string,
  { past, limit }: NumberedPage,
): Promise<(Link & { number: string })[]> {
  return ctx.db
    .selectFrom('golden.link')
    .innerJoin('golden.served', 'golden.served.runId', 'golden.link.runId')
    .select([...COLUMNS, 'number'])
    .where('organisationId', '=', organisationId)
    .where('number', '>', String(past ?? 0))
    .where((where) =>
      where.or([
        where('decision', '=', 'reopened'),
        where.and([
          where('decision', '=', 'review'),
          where.not(
            where.exists(
              where
                .selectFrom('golden.ruling')
                .select(sql<number>`1`.as('one'))
                .whereRef('golden.ruling.datasetId', '=', 'golden.link.datasetId')
                .whereRef('golden.ruling.rowId', '=', 'golden.link.rowId')
                .whereRef('golden.ruling.key', '=', 'golden.link.key')
                .where('golden.ruling.status', '=', 'in-force')
                .where('golden.ruling.answer', '<>', 'unsure'),
            ),
          ),
        ]),
      ]),
    )
    .orderBy('number')
    .limit(limit)
    .execute()
}
