import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import { type Instance } from '../runtime/instance.ts'
import { INSTANCE, instanceOf, type InstanceRow } from '../runtime/instance.repository.ts'
import type { Migration, MigrationInstance, Outcome } from './migration.ts'
import type { Before } from './waits.ts'
import './migration.table.ts'
import '../workflow.table.ts'

type Plan = Pick<Migration, 'id' | 'fromDefinition' | 'organisationId'>

/** Instances of a version that run; of one body, or all. */
const running = (ctx: Context, definitionId: string, organisationId: string | null) => {
  const query = ctx.db
    .selectFrom('workflow.instance')
    .where('definitionId', '=', definitionId)
    .where('status', '=', 'running')
  return organisationId === null ? query : query.where('organisationId', '=', organisationId)
}

export async function countRunning(
  ctx: Context,
  definitionId: string,
  organisationId: string | null,
): Promise<number> {
  const { count } = await running(ctx, definitionId, organisationId)
    .select(sql<number>`count(*)::int`.as('count'))
    .executeTakeFirstOrThrow()
  return count
}

/** How many running instances have a token at each node. */
export async function standing(
  ctx: Context,
  definitionId: string,
  organisationId: string | null,
): Promise<Map<string, number>> {
  const { rows } = await sql<{ node: string; count: number }>`
    select token ->> 'node' as node, count(distinct instance.id)::int as count
    from workflow.instance, jsonb_array_elements(instance.state -> 'tokens') as token
    where definition_id = ${definitionId}::uuid and status = 'running'
      and (${organisationId}::text is null or organisation_id = ${organisationId}::text)
    group by 1 limit 10000`.execute(ctx.db)
  return new Map(rows.map(({ node, count }) => [node, count]))
}

/** The next running instances of the plan after the instance `after`, in the order of their ids. */
export async function nextRunning(
  ctx: Context,
  { fromDefinition, organisationId }: Plan,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<Instance[]> {
  let query = running(ctx, fromDefinition, organisationId).select(INSTANCE).orderBy('id').limit(limit)
  if (after !== null) query = query.where('id', '>', after)
  return (await query.execute()).map(instanceOf)
}

/** The last instance that a rehearsal has come to. */
export async function lastOf(ctx: Context, migrationId: string): Promise<string | null> {
  const row = await ctx.db
    .selectFrom('workflow.migrationInstance')
    .select('instanceId')
    .where('migrationId', '=', migrationId)
    .orderBy('instanceId', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.instanceId ?? null
}

export async function clear(ctx: TransactionContext, migrationId: string): Promise<void> {
  await ctx.db.deleteFrom('workflow.migrationInstance').where('migrationId', '=', migrationId).execute()
}

export interface Verdict extends MigrationInstance {
  readonly outcome: 'movable' | 'blocked' | 'failed'
}

export async function addVerdicts(
  ctx: TransactionContext,
  migrationId: string,
  verdicts: readonly Verdict[],
): Promise<void> {
  if (verdicts.length === 0) return
  await ctx.db
    .insertInto('workflow.migrationInstance')
    .values(
      verdicts.map(({ instanceId, outcome, nodes, obstacles, waits }) => ({
        ...{ migrationId, instanceId, outcome, nodes: [...nodes], waiting: false },
        verdict: outcome === 'movable' ? outcome : ('blocked' as const),
        obstacles: JSON.stringify(obstacles),
        waits: JSON.stringify(waits),
        ...{ versionAfter: null, before: null, movedAt: null },
      })),
    )
    .execute()
}

/** Lists what an execution is to take over: every instance that runs, those left by one before included. */
export async function listToMove(ctx: TransactionContext, { id, fromDefinition, organisationId }: Plan) {
  await sql`
    insert into workflow.migration_instance (migration_id, instance_id, outcome, waiting, nodes, obstacles, waits)
    select ${id}::uuid, instance.id, 'movable', true, '{}', '[]',
      '{"kept": 0, "renewed": 0, "added": 0, "removed": 0}'
    from workflow.instance
    where definition_id = ${fromDefinition}::uuid and status = 'running'
      and (${organisationId}::text is null or organisation_id = ${organisationId}::text)
    on conflict do nothing`.execute(ctx.db)
  await wait(ctx, id, ['movable', 'blocked', 'stale', 'failed'])
}

/** Lists what is to be taken back. */
export const listToUndo = (ctx: TransactionContext, { id }: Plan) => wait(ctx, id, ['moved'])

async function wait(ctx: TransactionContext, id: string, outcomes: readonly Outcome[]): Promise<void> {
  await ctx.db
    .updateTable('workflow.migrationInstance')
    .set({ waiting: sql<boolean>`outcome = any(${[...outcomes]}::text[])`, attempts: 0 })
    .where('migrationId', '=', id)
    .execute()
}

export interface Listed {
  readonly instanceId: string
  readonly attempts: number
  readonly versionAfter: number | null
  readonly before: Before | null
}

/** The next that wait, those tried less often first. */
export async function nextWaiting(ctx: Context, migrationId: string, limit: number): Promise<Listed[]> {
  return ctx.db
    .selectFrom('workflow.migrationInstance')
    .select(['instanceId', 'attempts', 'versionAfter', 'before'])
    .where('migrationId', '=', migrationId)
    .where('waiting', '=', true)
    .orderBy('attempts')
    .orderBy('instanceId')
    .limit(limit)
    .execute()
}

/**
 * Holds instances in the order of their ids, but for those that somebody is at: they are moving, and are
 * looked at again.
 */
export async function holdFree(ctx: TransactionContext, ids: readonly string[]): Promise<Instance[]> {
  const { rows } = await sql<InstanceRow>`
    select ${sql.join(INSTANCE.map((column) => sql.ref(`instance.${column}`)))} from workflow.instance as instance
    where id = any(${[...ids]}::uuid[]) order by id for no key update skip locked`.execute(ctx.db)
  return rows.map(instanceOf)
}

/** Which of them there are, held by somebody or not. */
export async function existing(ctx: Context, ids: readonly string[]): Promise<Set<string>> {
  const rows = await ctx.db
    .selectFrom('workflow.instance')
    .select('id')
    .where('id', 'in', [...ids, '00000000-0000-0000-0000-000000000000'])
    .execute()
  return new Set(rows.map(({ id }) => id))
}

export interface Result {
  readonly instanceId: string
  readonly outcome: Outcome
  /** To be tried again. */
  readonly waiting: boolean
  readonly verdict?: 'movable' | 'blocked'
  readonly nodes?: readonly string[]
  readonly obstacles?: MigrationInstance['obstacles']
  readonly waits?: MigrationInstance['waits']
  readonly versionAfter?: number
  readonly before?: Before
}

/** Writes what became of instances; what a result does not say stays. */
export async function saveResults(
  ctx: TransactionContext,
  migrationId: string,
  results: readonly Result[],
): Promise<void> {
  await sql`
    update workflow.migration_instance as each
    set outcome = result.outcome, waiting = result.waiting, attempts = each.attempts + 1,
      verdict = coalesce(result.verdict, each.verdict),
      nodes = case when result.nodes is null then each.nodes else array(select jsonb_array_elements_text(result.nodes)) end,
      obstacles = coalesce(result.obstacles, each.obstacles),
      waits = coalesce(result.waits, each.waits),
      version_after = coalesce(result."versionAfter", each.version_after),
      before = coalesce(result.before, each.before),
      moved_at = case when result."versionAfter" is not null then ${ctx.now()}::timestamptz else each.moved_at end
    from jsonb_to_recordset(${JSON.stringify(results)}::jsonb) as result ("instanceId" uuid, outcome text,
      waiting boolean, verdict text, nodes jsonb, obstacles jsonb, waits jsonb, "versionAfter" int, before jsonb)
    where each.migration_id = ${migrationId}::uuid and each.instance_id = result."instanceId"`.execute(ctx.db)
}

/** What undoing needed is let go. */
export async function forget(ctx: TransactionContext, migrationId: string): Promise<void> {
  await ctx.db
    .updateTable('workflow.migrationInstance')
    .set({ before: null })
    .where('migrationId', '=', migrationId)
    .execute()
}
