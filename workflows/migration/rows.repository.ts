import { sql } from 'kysely'
import type { TransactionContext } from '../../core/context.ts'
import type { SubscriptionRow, TaskRow, TimerRow } from './waits.ts'
import '../workflow.table.ts'

const json = (value: unknown) => JSON.stringify(value)

export interface Placed {
  readonly id: string
  readonly node: string
}

/** What a task is to be, and whose, should it be offered to others than now. */
export type TaskChange = Omit<TaskRow, 'token' | 'createdAt'>

/** Instances that the transaction holds run on another definition from now on. */
export async function setDefinition(
  ctx: TransactionContext,
  ids: readonly string[],
  definitionId: string,
): Promise<void> {
  await ctx.db.updateTable('workflow.instance').set({ definitionId }).where('id', 'in', ids).execute()
}

/**
 * Changes open tasks. Who has taken one keeps it as long as it is offered to the same; an unsent answer stays
 * as long as the form does.
 */
export async function changeTasks(ctx: TransactionContext, tasks: readonly TaskChange[]): Promise<void> {
  if (tasks.length === 0) return
  const others = sql`(task.organisation_id, task.candidate_groups) is distinct from
    (now."organisationId", now.groups)`
  const answerless = sql`(${others} or task.form_key is distinct from now."formKey")`
  await sql`
    with now as (
      select id, node, "formKey", "candidateRole", "organisationId", "dueAt", status, assignee, owner, "claimedAt",
        array(select jsonb_array_elements_text("candidateGroups")) as groups
      from jsonb_to_recordset(${json(tasks)}::jsonb) as now (id uuid, node text, "formKey" text,
        "candidateRole" text, "organisationId" text, "candidateGroups" jsonb, "dueAt" timestamptz, status text,
        assignee text, owner text, "claimedAt" timestamptz)
    )
    update workflow.task as task
    set node = now.node, form_key = now."formKey", candidate_role = now."candidateRole", due_at = now."dueAt",
      organisation_id = now."organisationId", candidate_groups = now.groups, version = task.version + 1,
      status = case when ${others} then now.status else task.status end,
      assignee = case when ${others} then now.assignee else task.assignee end,
      owner = case when ${others} then now.owner else task.owner end,
      claimed_at = case when ${others} then now."claimedAt" else task.claimed_at end,
      draft = case when ${answerless} then null else task.draft end,
      draft_by = case when ${answerless} then null else task.draft_by end,
      drafted_at = case when ${answerless} then null else task.drafted_at end
    from now
    where task.id = now.id and task.status in ('open', 'claimed')
      and (task.node, task.form_key, task.candidate_role, task.due_at, task.organisation_id, task.candidate_groups)
        is distinct from (now.node, now."formKey", now."candidateRole", now."dueAt", now."organisationId",
          now.groups)`.execute(ctx.db)
}

/** Waits that go on under another node. */
export async function place(
  ctx: TransactionContext,
  table: 'timer' | 'subscription' | 'job' | 'incident',
  rows: readonly Placed[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update ${sql.table(`workflow.${table}`)} as held set node = now.node
    from jsonb_to_recordset(${json(rows)}::jsonb) as now (id text, node text)
    where held.id::text = now.id and held.node <> now.node`.execute(ctx.db)
}

/** The instance's timers are again those that were armed, with the dates they had. */
export async function restoreTimers(
  ctx: TransactionContext,
  ids: readonly string[],
  timers: readonly TimerRow[],
): Promise<void> {
  await sql`
    with was as (
      select * from jsonb_to_recordset(${json(timers)}::jsonb) as was (id text, node text, "dueAt" timestamptz,
        "repeatLeft" int)
    )
    update workflow.timer as timer
    set status = case when was.id is null then 'disarmed' else 'armed' end, locked_until = null,
      node = coalesce(was.node, timer.node), due_at = coalesce(was."dueAt", timer.due_at),
      repeat_left = case when was.id is null then timer.repeat_left else was."repeatLeft" end
    from workflow.timer as same left join was on was.id = same.id::text
    where same.id = timer.id and timer.instance_id = any(${[...ids]}::uuid[])
      and (timer.status = 'armed' or was.id is not null)`.execute(ctx.db)
}

export interface OfInstance<Row> {
  readonly instanceId: string
  readonly row: Row
}

/** The instances wait again for what they waited for. */
export async function restoreSubscriptions(
  ctx: TransactionContext,
  ids: readonly string[],
  subscriptions: readonly OfInstance<SubscriptionRow>[],
): Promise<void> {
  await sql`delete from workflow.subscription where instance_id = any(${[...ids]}::uuid[])`.execute(ctx.db)
  if (subscriptions.length === 0) return
  await ctx.db
    .insertInto('workflow.subscription')
    .values(subscriptions.map(({ instanceId, row: { id: _, ...row } }) => ({ ...row, instanceId })))
    .execute()
}

/** Jobs that the taking over dropped wait again; those it made are dropped. */
export async function restoreJobs(
  ctx: TransactionContext,
  ids: readonly string[],
  jobs: readonly Placed[],
): Promise<void> {
  await sql`
    with was as (select * from jsonb_to_recordset(${json(jobs)}::jsonb) as was (id text, node text))
    update workflow.job as job
    set status = case when was.id is null then 'dropped' else 'waiting' end, node = coalesce(was.node, job.node)
    from workflow.job as same left join was on was.id = same.id
    where same.id = job.id and job.instance_id = any(${[...ids]}::uuid[])
      and (job.status = 'waiting' or (was.id is not null and job.status = 'dropped'))`.execute(ctx.db)
}

/** Of these jobs, which no worker has ever taken. */
export async function untouched(ctx: TransactionContext, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from workflow.job where id = any(${[...ids]}::text[]) and attempts = 0`.execute(ctx.db)
  return new Set(rows.map(({ id }) => id))
}
