import type { Context, TransactionContext } from '../../core/context.ts'
import type { NameChange } from './former-name.ts'
import './former-name.table.ts'

const COLUMNS = [
  'datasetId',
  'organisationId',
  'version',
  'laterVersion',
  'rowId',
  'line',
  'key',
  'name',
  'eventOn',
  'asOfAt',
  'validTo',
] as const

const BATCH = 1000
/** Renames are rare: one of a hundred companies in a year. */
const MAX = 5_000_000

/** The version up to which the names of each dataset have been compared. */
export async function through(ctx: Context, datasetIds: readonly string[]): Promise<Map<string, number>> {
  if (datasetIds.length === 0) return new Map()
  const rows = await ctx.db
    .selectFrom('golden.nameHistory')
    .select(['datasetId', 'throughVersion'])
    .where('datasetId', 'in', datasetIds)
    .execute()
  return new Map(rows.map(({ datasetId, throughVersion }) => [datasetId, throughVersion]))
}

/** What a version changed, once: repeating it changes nothing. */
export async function note(
  ctx: TransactionContext,
  { datasetId, version }: { readonly datasetId: string; readonly version: number },
  changes: readonly NameChange[],
): Promise<void> {
  await ctx.db
    .insertInto('golden.nameHistory')
    .values({ datasetId, throughVersion: version })
    .onConflict((conflict) => conflict.column('datasetId').doUpdateSet({ throughVersion: version }))
    .execute()
  for (let at = 0; at < changes.length; at += BATCH)
    await ctx.db
      .insertInto('golden.nameChange')
      .values(changes.slice(at, at + BATCH))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
}

/** What was renamed up to the versions named, by version. */
export async function upTo(
  ctx: Context,
  inputs: readonly { readonly datasetId: string; readonly version: number }[],
): Promise<NameChange[]> {
  if (inputs.length === 0) return []
  return ctx.db
    .selectFrom('golden.nameChange')
    .select(COLUMNS)
    .where((where) =>
      where.or(
        inputs.map(({ datasetId, version }) =>
          where.and([where('datasetId', '=', datasetId), where('laterVersion', '<=', version)]),
        ),
      ),
    )
    .orderBy('datasetId')
    .orderBy('version')
    .orderBy('rowId')
    .orderBy('name')
    .limit(MAX)
    .execute()
}
