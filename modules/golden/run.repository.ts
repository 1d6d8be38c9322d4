import type { Context, TransactionContext } from '../../core/context.ts'
import './record.table.ts'
import { errors, type MergeRun, type RunStatus, type Working } from './run.ts'

const COLUMNS = [
  'id',
  'status',
  'inputs',
  'fields',
  'overrides',
  'rulings',
  'nameHistory',
  'findings',
  'records',
  'changed',
  'removed',
  'contentSha256',
  'fingerprint',
  'errorCode',
  'requestedAt',
  'startedAt',
  'endedAt',
] as const

/** What readers are served; holding the row makes requests, starts and switches take turns. */
export async function lockServed(
  ctx: TransactionContext,
): Promise<{ generation: number; runId: string | null }> {
  const row = await ctx.db
    .selectFrom('golden.served')
    .select(['generation', 'runId'])
    .where('entity', '=', 'legal-entity')
    .forUpdate()
    .executeTakeFirstOrThrow()
  return { generation: Number(row.generation), runId: row.runId }
}

export async function find(ctx: Context, id: string): Promise<MergeRun | undefined> {
  return ctx.db.selectFrom('golden.mergeRun').select(COLUMNS).where('id', '=', id).executeTakeFirst()
}

export async function latest(ctx: Context): Promise<MergeRun | undefined> {
  return ctx.db
    .selectFrom('golden.mergeRun')
    .select(COLUMNS)
    .where('entity', '=', 'legal-entity')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The run whose records are served now. */
export async function servedRun(ctx: Context): Promise<MergeRun | undefined> {
  return ctx.db
    .selectFrom('golden.served')
    .innerJoin('golden.mergeRun', 'golden.mergeRun.id', 'golden.served.runId')
    .select(COLUMNS.map((column) => `golden.mergeRun.${column}` as const))
    .where('golden.served.entity', '=', 'legal-entity')
    .executeTakeFirst()
}

/** The run that has been asked for and not begun; there is at most one. */
export async function queued(ctx: TransactionContext): Promise<MergeRun | undefined> {
  return ctx.db
    .selectFrom('golden.mergeRun')
    .select(COLUMNS)
    .where('entity', '=', 'legal-entity')
    .where('status', '=', 'queued')
    .executeTakeFirst()
}

export async function insert(ctx: TransactionContext): Promise<MergeRun> {
  return ctx.db
    .insertInto('golden.mergeRun')
    .values({
      entity: 'legal-entity',
      status: 'queued',
      requestedBy: ctx.actor.id,
      requestedAt: ctx.now(),
      generation: null,
      fingerprint: null,
      records: null,
      changed: null,
      removed: null,
      contentSha256: null,
      errorCode: null,
      startedAt: null,
      heartbeatAt: null,
      endedAt: null,
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
}

/** Whether another run is at work and gave a sign of life since `since`. */
export async function othersAtWork(ctx: TransactionContext, id: string, since: Date): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('golden.mergeRun')
    .select('id')
    .where('status', '=', 'running')
    .where('id', '<>', id)
    .where('heartbeatAt', '>', since)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Marks those dead that gave no sign of life for long: their workers, should they wake, stop. */
export async function abandonOthers(ctx: TransactionContext, id: string): Promise<void> {
  await ctx.db
    .updateTable('golden.mergeRun')
    .set({ status: 'aborted', endedAt: ctx.now() })
    .where('status', '=', 'running')
    .where('id', '<>', id)
    .execute()
}

/** Answers the number of the attempt. */
export async function begin(
  ctx: TransactionContext,
  id: string,
  generation: number,
  plan: Pick<MergeRun, 'inputs' | 'fields' | 'overrides' | 'rulings'> & { readonly fingerprint: string },
): Promise<number> {
  const { attempt } = await ctx.db
    .updateTable('golden.mergeRun')
    .set((row) => ({
      status: 'running',
      attempt: row('attempt', '+', 1),
      generation,
      fingerprint: plan.fingerprint,
      inputs: JSON.stringify(plan.inputs),
      fields: JSON.stringify(plan.fields),
      overrides: JSON.stringify(plan.overrides),
      rulings: JSON.stringify(plan.rulings),
      nameHistory: true,
      errorCode: null,
      startedAt: ctx.now(),
      heartbeatAt: ctx.now(),
      endedAt: null,
    }))
    .where('id', '=', id)
    .returning('attempt')
    .executeTakeFirstOrThrow()
  return attempt
}

/**
 * Holds the run for this transaction and gives a sign of life.
 *
 * @throws GOLDEN_MERGE_SUPERSEDED when another worker took it over
 */
export async function hold(ctx: TransactionContext, { runId, attempt }: Working): Promise<void> {
  const row = await ctx.db
    .updateTable('golden.mergeRun')
    .set({ heartbeatAt: ctx.now() })
    .where('id', '=', runId)
    .where('attempt', '=', attempt)
    .where('status', '=', 'running')
    .returning('id')
    .executeTakeFirst()
  if (!row) throw errors.MERGE_SUPERSEDED()
}

/** The one moment in which readers turn to the new records. */
export async function serve(ctx: TransactionContext, { runId, generation }: Working): Promise<void> {
  await ctx.db
    .updateTable('golden.served')
    .set({ generation, runId })
    .where('entity', '=', 'legal-entity')
    .execute()
}

export async function end(
  ctx: TransactionContext,
  id: string,
  outcome: { readonly status: RunStatus } & Partial<
    Pick<MergeRun, 'records' | 'changed' | 'removed' | 'contentSha256' | 'findings' | 'errorCode'>
  >,
): Promise<void> {
  const { findings, ...columns } = outcome
  await ctx.db
    .updateTable('golden.mergeRun')
    .set({ ...columns, ...(findings && { findings: JSON.stringify(findings) }), endedAt: ctx.now() })
    .where('id', '=', id)
    .execute()
}
