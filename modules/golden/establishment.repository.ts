import type { Context, TransactionContext } from '../../core/context.ts'
import type { Establishment } from './establishment.ts'
import './establishment.table.ts'
import './record.table.ts'

const COLUMNS = [
  'partOf',
  'number',
  'name',
  'address',
  'viaDatasetId',
  'datasetId',
  'organisationId',
  'version',
  'rowId',
  'line',
  'asOfAt',
] as const

export async function insert(
  ctx: TransactionContext,
  runId: string,
  found: readonly Establishment[],
): Promise<void> {
  if (found.length === 0) return
  await ctx.db
    .insertInto('golden.establishment')
    .values(found.map((each) => ({ ...each, runId })))
    .execute()
}

/** Of a run that is served no more, or never will be, or begins again. */
export async function remove(ctx: TransactionContext, runId: string): Promise<void> {
  await ctx.db.deleteFrom('golden.establishment').where('runId', '=', runId).execute()
}

/** Those served of one company, by number within their registers' order. */
export async function ofCompany(
  ctx: Context,
  { partOf, after, limit }: { partOf: string; after: number | undefined; limit: number },
): Promise<(Establishment & { id: string })[]> {
  return ctx.db
    .selectFrom('golden.establishment')
    .innerJoin('golden.served', 'golden.served.runId', 'golden.establishment.runId')
    .select([...COLUMNS, 'id'])
    .where('partOf', '=', partOf)
    .where('id', '>', String(after ?? 0))
    .orderBy('id')
    .limit(limit)
    .execute()
}
