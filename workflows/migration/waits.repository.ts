import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import { NO_ROWS, type Rows } from './waits.ts'
import '../workflow.table.ts'

/** The open tasks, timers, subscriptions, jobs and incidents of instances, by instance; one statement. */
export async function rowsOf(ctx: Context, ids: readonly string[]): Promise<(id: string) => Rows> {
  const { rows } = await sql<{ instanceId: string; rows: Rows }>`
    select wanted.id as instance_id, jsonb_build_object(
      'tasks', (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'token', t.token, 'node', t.node,
          'formKey', t.form_key, 'candidateRole', t.candidate_role, 'organisationId', t.organisation_id,
          'candidateGroups', to_jsonb(t.candidate_groups), 'status', t.status, 'assignee', t.assignee,
          'owner', t.owner, 'claimedAt', t.claimed_at, 'dueAt', t.due_at, 'createdAt', t.created_at)
          order by t.token, t.id), '[]')
        from workflow.task t where t.instance_id = wanted.id and t.status in ('open', 'claimed')),
      'timers', (select coalesce(jsonb_agg(jsonb_build_object('id', t.id::text, 'token', t.token,
          'node', t.node, 'dueAt', t.due_at, 'repeatLeft', t.repeat_left) order by t.id), '[]')
        from workflow.timer t where t.instance_id = wanted.id and t.status = 'armed'),
      'subscriptions', (select coalesce(jsonb_agg(jsonb_build_object('id', s.id::text, 'token', s.token,
          'node', s.node, 'kind', s.kind, 'message', s.message, 'correlationKey', s.correlation_key)
          order by s.id), '[]')
        from workflow.subscription s where s.instance_id = wanted.id),
      'jobs', (select coalesce(jsonb_agg(jsonb_build_object('id', j.id, 'token', j.token, 'node', j.node,
          'task', j.task, 'runAfter', j.run_after, 'lockedUntil', j.locked_until) order by j.id), '[]')
        from workflow.job j where j.instance_id = wanted.id and j.status = 'waiting'),
      'incidents', (select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'token', i.token,
          'node', i.node) order by i.created_at), '[]')
        from workflow.incident i where i.instance_id = wanted.id and i.resolved_at is null)
    ) as rows
    from unnest(${[...ids]}::uuid[]) as wanted (id)`.execute(ctx.db)
  const found = new Map(rows.map(({ instanceId, rows }) => [instanceId, rows]))
  return (id) => found.get(id) ?? NO_ROWS
}

/**
 * Holds the jobs that wait, so that no worker begins one while it is decided what becomes of it: workers pass
 * over what is held. One that a worker has taken is read afterwards as running.
 */
export async function holdJobs(ctx: TransactionContext, ids: readonly string[]): Promise<void> {
  await sql`select id from workflow.job where instance_id = any(${[...ids]}::uuid[]) and status = 'waiting'
    order by id for update`.execute(ctx.db)
}
