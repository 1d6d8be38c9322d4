import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import type { ArchivedInstance, ArchivedRecord } from './archive.ts'
import './archive.table.ts'
import '../insight/insight.table.ts'
import '../workflow.table.ts'

export interface Ended {
  readonly key: string
  /** Ended before this instant. */
  readonly before: Date
  /** Of this body alone; null for all. */
  readonly organisationId: string | null
}

/** Ended, its caller too if it has one, and counted to its end. */
const fits = sql<boolean>`instance.ended_at is not null
  and not exists (select from workflow.instance as caller
    where caller.id = instance.parent_id and caller.ended_at is null)
  and exists (select from workflow.trace as trace
    where trace.instance_id = instance.id and trace.version = instance.version)`

const ended = ({ key, before, organisationId }: Ended) => sql`
  from workflow.instance as instance
  where instance.definition_key = ${key} and instance.ended_at < ${before}::timestamptz and ${fits}
    and (${organisationId}::text is null or instance.organisation_id = ${organisationId}::text)`

export async function countEnded(ctx: Context, of: Ended): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count ${ended(of)}`.execute(ctx.db)
  return rows[0]?.count ?? 0
}

/** The oldest first. */
export async function chosenEnded(ctx: Context, of: Ended, limit: number) {
  const { rows } = await sql<{ incidentId: null; instanceId: string; businessKey: string }>`
    select null::uuid as incident_id, instance.id as instance_id, instance.business_key
    ${ended(of)} order by instance.ended_at, instance.id limit ${limit}`.execute(ctx.db)
  return rows
}

/**
 * Puts an instance that the transaction holds away with all its rows; false when it does not fit. Analysis keeps
 * its traces, with what it read of the tasks.
 */
export async function putAway(ctx: TransactionContext, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into workflow.archived_instance (id, definition_id, definition_key, business_key, parent_id,
      organisation_id, bodies, status, record, started_at, ended_at, archived_at, archived_by)
    select instance.id, instance.definition_id, definition_key, business_key, instance.parent_id,
      instance.organisation_id, array(select distinct organisation_id from workflow.task where instance_id = instance.id order by 1),
      instance.status,
      jsonb_build_object('instance', to_jsonb(instance),
        'tasks', (select coalesce(jsonb_agg(to_jsonb(task) order by task.created_at, task.id), '[]')
          from workflow.task as task where instance_id = instance.id),
        'jobs', (select coalesce(jsonb_agg(to_jsonb(job) order by job.id), '[]')
          from workflow.job as job where instance_id = instance.id),
        'incidents', (select coalesce(jsonb_agg(to_jsonb(incident) order by incident.created_at), '[]')
          from workflow.incident as incident where instance_id = instance.id)),
      instance.started_at, instance.ended_at, ${ctx.now()}::timestamptz, ${ctx.actor.id}
    from workflow.instance as instance where instance.id = ${id}::uuid and ${fits}`.execute(ctx.db)
  if (numAffectedRows !== 1n) return false
  await sql`
    update workflow.trace set people = (
      select count(distinct task.completed_by) from workflow.visit
      join workflow.task as task on task.id = visit.task_id where visit.instance_id = ${id}::uuid)
    where instance_id = ${id}::uuid`.execute(ctx.db)
  await sql`
    update workflow.visit set claimed_at = task.claimed_at, task_organisation_id = task.organisation_id,
      candidate_role = task.candidate_role
    from workflow.task as task
    where visit.instance_id = ${id}::uuid and task.id = visit.task_id`.execute(ctx.db)
  for (const table of ['command', 'incident', 'job', 'subscription', 'timer', 'task'] as const)
    await ctx.db.deleteFrom(`workflow.${table}`).where('instanceId', '=', id).execute()
  await ctx.db.deleteFrom('workflow.instance').where('id', '=', id).execute()
  return true
}

const ARCHIVED = [
  ...(['id', 'definitionId', 'definitionKey', 'businessKey', 'organisationId', 'bodies'] as const),
  ...(['status', 'startedAt', 'endedAt', 'archivedAt'] as const),
] as const

export async function find(ctx: Context, id: string): Promise<ArchivedInstance | undefined> {
  return ctx.db
    .selectFrom('workflow.archivedInstance')
    .select(ARCHIVED)
    .where('id', '=', id)
    .executeTakeFirst()
}

export interface ArchivePage {
  readonly key: string
  readonly businessKey?: string | null
  readonly first: number
  readonly after?: string | null
}

/** Those of one body or that it had a task in, or all; the one ended last first. */
export async function page(
  ctx: Context,
  { key, businessKey, first, after }: ArchivePage,
  organisationId: string | null,
): Promise<ArchivedInstance[]> {
  let query = ctx.db
    .selectFrom('workflow.archivedInstance')
    .select(ARCHIVED)
    .where('definitionKey', '=', key)
    .orderBy('endedAt', 'desc')
    .orderBy('id')
    .limit(Math.max(1, Math.min(first, 100)))
  if (businessKey) query = query.where('businessKey', 'like', `${businessKey.replaceAll(/[\\%_]/g, '\\$&')}%`)
  if (organisationId !== null)
    query = query.where(
      sql<boolean>`(organisation_id = ${organisationId} or ${organisationId} = any(bodies))`,
    )
  if (after)
    query = query.where(sql<boolean>`exists (select from workflow.archived_instance as last
      where last.id = ${after}::uuid and (last.ended_at > workflow.archived_instance.ended_at
        or (last.ended_at = workflow.archived_instance.ended_at and last.id < workflow.archived_instance.id)))`)
  return query.execute()
}

export async function tasksOf(ctx: Context, id: string): Promise<ArchivedRecord['tasks']> {
  const row = await ctx.db
    .selectFrom('workflow.archivedInstance')
    .select(sql<ArchivedRecord['tasks']>`record -> 'tasks'`.as('tasks'))
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.tasks ?? []
}

export async function pathOf(ctx: Context, id: string): Promise<readonly string[]> {
  const row = await ctx.db
    .selectFrom('workflow.trace')
    .select('path')
    .where('instanceId', '=', id)
    .executeTakeFirst()
  return row?.path ?? []
}

export async function visitsOf(ctx: Context, id: string) {
  return ctx.db
    .selectFrom('workflow.visit')
    .select(['node', 'enteredAt', 'leftAt', 'outcome'])
    .where('instanceId', '=', id)
    .orderBy('seq')
    .limit(10_000)
    .execute()
}
