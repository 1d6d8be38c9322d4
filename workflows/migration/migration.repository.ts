import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import type { NodeMapping } from '../runtime/step/migration.ts'
import type { Counts, Migration, MigrationInstance, MigrationStatus, Outcome } from './migration.ts'
import { OUTCOMES } from './migration.ts'
import './migration.table.ts'
import '../workflow.table.ts'

const MIGRATION = [
  ...(['id', 'definitionKey', 'fromDefinition', 'toDefinition', 'mapping', 'organisationId'] as const),
  ...(['status', 'reason', 'proposedBy', 'orderedBy', 'orderedFor', 'orderReason', 'createdAt'] as const),
  ...(['rehearsedAt', 'begunAt', 'endedAt', 'failure'] as const),
] as const

export async function insert(
  ctx: TransactionContext,
  plan: Pick<
    Migration,
    'definitionKey' | 'fromDefinition' | 'toDefinition' | 'mapping' | 'organisationId' | 'reason'
  >,
): Promise<Migration> {
  const { id: proposedBy, organisationId: orderedFor } = ctx.actor
  return ctx.db
    .insertInto('workflow.migration')
    .values({
      ...plan,
      mapping: JSON.stringify(plan.mapping),
      status: 'proposed',
      ...{ proposedBy, orderedBy: proposedBy, orderedFor, orderReason: plan.reason },
      createdAt: ctx.now(),
      ...{ rehearsedAt: null, begunAt: null, endedAt: null, failure: null },
    })
    .returning(MIGRATION)
    .executeTakeFirstOrThrow()
}

export async function find(ctx: Context, id: string): Promise<Migration | undefined> {
  return ctx.db.selectFrom('workflow.migration').select(MIGRATION).where('id', '=', id).executeTakeFirst()
}

/** Held until the transaction ends: one batch of a plan at a time. */
export async function hold(ctx: TransactionContext, id: string): Promise<Migration | undefined> {
  return ctx.db
    .selectFrom('workflow.migration')
    .select(MIGRATION)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** The newest first; of one body's instances, or all. */
export async function ofProcess(
  ctx: Context,
  key: string,
  { organisationId, archived }: { readonly organisationId: string | null; readonly archived: boolean },
): Promise<Migration[]> {
  let query = ctx.db
    .selectFrom('workflow.migration')
    .select(MIGRATION)
    .where('definitionKey', '=', key)
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .limit(50)
  if (organisationId !== null) query = query.where('organisationId', '=', organisationId)
  if (!archived) query = query.where('status', '<>', 'archived')
  return query.execute()
}

/** Whether a job takes instances to a version at this time, over or back. */
export async function isTarget(ctx: Context, definitionId: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('workflow.migration')
    .select('id')
    .where(({ and, eb, or }) =>
      or([
        and([eb('status', '=', 'executing'), eb('toDefinition', '=', definitionId)]),
        and([eb('status', '=', 'undoing'), eb('fromDefinition', '=', definitionId)]),
      ]),
    )
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export interface Change {
  readonly status: MigrationStatus
  readonly mapping?: NodeMapping
  readonly rehearsedAt?: Date | null
  readonly begunAt?: Date
  readonly endedAt?: Date | null
  readonly failure?: string | null
}

export async function change(
  ctx: TransactionContext,
  id: string,
  { mapping, ...columns }: Change,
): Promise<Migration> {
  return ctx.db
    .updateTable('workflow.migration')
    .set({ ...columns, ...(mapping && { mapping: JSON.stringify(mapping) }) })
    .where('id', '=', id)
    .returning(MIGRATION)
    .executeTakeFirstOrThrow()
}

/** Notes who orders a job and why; answers how many times one was ordered, which names the job. */
export async function order(ctx: TransactionContext, id: string, reason: string): Promise<number> {
  const { id: orderedBy, organisationId: orderedFor } = ctx.actor
  const { orders } = await ctx.db
    .updateTable('workflow.migration')
    .set(({ eb }) => ({ orderedBy, orderedFor, orderReason: reason, orders: eb('orders', '+', 1) }))
    .where('id', '=', id)
    .returning('orders')
    .executeTakeFirstOrThrow()
  return orders
}

export async function ordersOf(ctx: Context, id: string): Promise<number> {
  const { orders } = await ctx.db
    .selectFrom('workflow.migration')
    .select('orders')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return orders
}

/** Ends the job of a plan that has this status still; false when somebody was first. */
export async function end(
  ctx: TransactionContext,
  id: string,
  was: readonly MigrationStatus[],
  change: Pick<Change, 'status' | 'failure' | 'rehearsedAt'>,
): Promise<boolean> {
  const row = await ctx.db
    .updateTable('workflow.migration')
    .set({ ...change, endedAt: ctx.now() })
    .where('id', '=', id)
    .where('status', 'in', was)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export const counts = async (ctx: Context, id: string): Promise<Counts> => {
  const [counts] = await countsOf(ctx, [id])
  if (!counts) throw new Error('a plan without counts')
  return counts
}

/** In the order of `ids`, for loaders. */
export async function countsOf(ctx: Context, ids: readonly string[]): Promise<Counts[]> {
  const rows = await ctx.db
    .selectFrom('workflow.migrationInstance')
    .select(['migrationId', 'outcome', sql<number>`count(*)::int`.as('all')])
    .select(sql<number>`(count(*) filter (where not waiting))::int`.as('done'))
    .where('migrationId', 'in', [...new Set(ids)])
    .groupBy(['migrationId', 'outcome'])
    .execute()
  return ids.map((id) => {
    const own = rows.filter(({ migrationId }) => migrationId === id)
    const of = (outcome: Outcome) => own.find((row) => row.outcome === outcome)?.all ?? 0
    const each = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, of(outcome)]))
    return {
      ...(each as Record<Outcome, number>),
      total: own.reduce((sum, { all }) => sum + all, 0),
      done: own.reduce((sum, { done }) => sum + done, 0),
    }
  })
}

export interface PlaceCount {
  readonly node: string
  readonly movable: number
  readonly blocked: number
}

/** By the nodes where instances stood when it was last worked out. */
export async function places(ctx: Context, id: string): Promise<PlaceCount[]> {
  const { rows } = await sql<PlaceCount>`
    select node, (count(*) filter (where verdict = 'movable'))::int as movable,
      (count(*) filter (where verdict = 'blocked'))::int as blocked
    from workflow.migration_instance, unnest(nodes) as node
    where migration_id = ${id}::uuid and verdict is not null
    group by node order by count(*) desc, node limit 1000`.execute(ctx.db)
  return rows
}

export interface InstancePage {
  readonly outcome?: Outcome | null
  readonly first: number
  /** The instance before the page. */
  readonly after?: string | null
}

/** In the order of their ids, with their business keys; an archived instance has none here. */
export async function instances(
  ctx: Context,
  id: string,
  { outcome, first, after }: InstancePage,
): Promise<(MigrationInstance & { readonly businessKey: string })[]> {
  let query = ctx.db
    .selectFrom('workflow.migrationInstance as each')
    .leftJoin('workflow.instance as instance', 'instance.id', 'each.instanceId')
    .select(['each.instanceId', 'outcome', 'nodes', 'obstacles', 'waits'])
    .select(sql<string>`coalesce(instance.business_key, '')`.as('businessKey'))
    .where('migrationId', '=', id)
    .orderBy('each.instanceId')
    .limit(Math.max(1, Math.min(first, 100)))
  if (outcome) query = query.where('outcome', '=', outcome)
  if (after) query = query.where('each.instanceId', '>', after)
  return query.execute()
}
