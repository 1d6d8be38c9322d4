import { type ColumnType, type Generated, type JSONColumnType, sql } from 'kysely'
import type { Context, TransactionContext } from '../core/context.ts'
import type { DryRun, DryRunDataset, FailingKeys, FailingRow, RemovedRows, RowMigration } from './dry-run.ts'

declare module '../core/database.ts' {
  interface Database {
    'standards.dryRun': Omit<DryRun, 'id'> & { id: Generated<string>; number: Generated<string> }
    'standards.dryRunDataset': Omit<DryRunDataset, 'failing' | 'keys' | 'removed'> & {
      runId: string
      failing: JSONColumnType<FailingRow[]>
      keys: ColumnType<FailingKeys | null, string | null, string | null>
      removed: JSONColumnType<RemovedRows[]>
    }
    'standards.rowMigration': RowMigration & { standardId: string }
  }
}

const RUN = ['id', 'standardId', 'revision', 'status', 'askedBy', 'askedAt', 'total', 'refusal'] as const

export async function insert(ctx: TransactionContext, run: Omit<DryRun, 'id'>): Promise<DryRun> {
  return ctx.db.insertInto('standards.dryRun').values(run).returning(RUN).executeTakeFirstOrThrow()
}

export async function lock(ctx: TransactionContext, id: string): Promise<DryRun | undefined> {
  return ctx.db.selectFrom('standards.dryRun').select(RUN).where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function update(ctx: TransactionContext, { id, status, total, refusal }: DryRun): Promise<void> {
  await ctx.db.updateTable('standards.dryRun').set({ status, total, refusal }).where('id', '=', id).execute()
}

/** The one asked for last. */
export async function latest(ctx: Context, standardId: string): Promise<DryRun | undefined> {
  return ctx.db
    .selectFrom('standards.dryRun')
    .select(RUN)
    .where('standardId', '=', standardId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** What is tried by a run: the version's kind, code and number, whatever its status. */
export async function triedBy(ctx: Context, { standardId }: DryRun) {
  return ctx.db
    .selectFrom('standards.standard')
    .select(['kind', 'code', 'version'])
    .where('id', '=', standardId)
    .executeTakeFirst()
}

/** By title. */
export async function datasetsOf(ctx: Context, runId: string): Promise<DryRunDataset[]> {
  const rows = await ctx.db
    .selectFrom('standards.dryRunDataset')
    .select(['datasetId', 'datasetVersion', 'title', 'organisationId', 'failing', 'keys', 'removed'])
    .select(['newlyFailing', 'newlyPassing', 'unchanged'])
    .where('runId', '=', runId)
    .orderBy('title')
    .limit(1_000)
    .execute()
  // int8 arrives as text.
  return rows.map((row) => ({
    ...row,
    newlyFailing: Number(row.newlyFailing),
    newlyPassing: Number(row.newlyPassing),
    unchanged: Number(row.unchanged),
  }))
}

/** Idempotent by run and dataset. */
export async function saveDataset(
  ctx: TransactionContext,
  runId: string,
  result: DryRunDataset,
): Promise<void> {
  const row = {
    ...result,
    failing: JSON.stringify(result.failing),
    keys: result.keys && JSON.stringify(result.keys),
    removed: JSON.stringify(result.removed),
  }
  await ctx.db
    .insertInto('standards.dryRunDataset')
    .values({ runId, ...row })
    .onConflict((conflict) => conflict.columns(['runId', 'datasetId']).doUpdateSet(row))
    .execute()
}

/** Lets go of the keys in the runs of a standard before this one; answers those files that no run keeps any more. */
export async function releaseKeys(ctx: TransactionContext, { id, standardId }: DryRun): Promise<string[]> {
  const kept = (row: string) => sql<string>`${sql.ref(`${row}.keys`)} ->> 'sha256'`
  const before = ctx.db.selectFrom('standards.dryRun').select('id').where('standardId', '=', standardId)
  const gone = await ctx.db
    .selectFrom('standards.dryRunDataset as old')
    .select(kept('old').as('sha256'))
    .distinct()
    .where('runId', 'in', before.where('id', '<>', id))
    .where('old.keys', 'is not', null)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('standards.dryRunDataset as other')
            .select('other.runId')
            .where(kept('other'), '=', kept('old'))
            .where('other.runId', 'not in', before.where('id', '<>', id)),
        ),
      ),
    )
    .execute()
  await ctx.db
    .updateTable('standards.dryRunDataset')
    .set({ keys: null })
    .where('runId', 'in', before.where('id', '<>', id))
    .execute()
  return gone.map(({ sha256 }) => sha256)
}

export async function migrationsOf(ctx: Context, standardId: string): Promise<RowMigration[]> {
  return ctx.db
    .selectFrom('standards.rowMigration')
    .select(['code', 'successor', 'waiver', 'proposedBy', 'proposedAt'])
    .where('standardId', '=', standardId)
    .orderBy('code')
    .limit(10_000)
    .execute()
}

export async function saveMigration(
  ctx: TransactionContext,
  standardId: string,
  migration: RowMigration,
): Promise<void> {
  await ctx.db
    .insertInto('standards.rowMigration')
    .values({ standardId, ...migration })
    .onConflict((conflict) => conflict.columns(['standardId', 'code']).doUpdateSet(migration))
    .execute()
}
