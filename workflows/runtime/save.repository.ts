import { type RawBuilder, sql } from 'kysely'
import type { TransactionContext } from '../../core/context.ts'
import { type Instance, storedState } from './instance.ts'
import type { Effect, State } from './step/index.ts'

/** A task to open, with what the model and the instance say of it. */
export interface TaskOpening {
  readonly token: number
  readonly node: string
  readonly formKey: string | null
  readonly candidateRole: string | null
  readonly organisationId: string
  readonly candidateGroups: readonly string[]
  readonly dueAt: Date | null
}

/** What a step leaves behind beside the effects: who did what to which task, job or command. */
export interface Done {
  readonly task?: { readonly id: string; readonly version: number; readonly output: object }
  readonly job?: { readonly id: string; readonly result: object }
  readonly command?: {
    readonly key: string
    readonly kind: string
    readonly payloadSha256: string
  }
}

export interface Saving {
  readonly instance: Instance
  readonly state: State
  readonly effects: readonly Effect[]
  readonly visited: readonly string[]
  readonly openings: readonly TaskOpening[]
  readonly done: Done
}

/** How often a job is tried before it becomes an incident. */
export const JOB_RETRIES = 5

export type SaveResult = 'saved' | 'instance-stale' | 'task-stale'

/**
 * Writes a step in one statement: the instance where its version is still the one read, and from the row
 * returned everything that hangs on it. No row means that somebody was first.
 */
export async function save(ctx: TransactionContext, saving: Saving): Promise<SaveResult> {
  const { instance, state, visited, done } = saving
  const ended = state.status === 'running' ? null : ctx.now()
  const parts = [
    sql`saved as (
      update workflow.instance
      set version = version + 1, status = ${state.status}, state = ${json(storedState(state))}::jsonb,
        variables = ${json(state.variables)}::jsonb, visited = ${[...visited]}::text[], ended_at = ${ended}
      where id = ${instance.id} and version = ${instance.version}
      returning id
    )`,
    ...taskParts(ctx, saving),
    ...jobParts(ctx, saving),
    ...timerParts(saving),
    ...subscriptionParts(saving),
    ...incidentParts(ctx, saving),
    ...(ended ? [forgetMessages(instance)] : []),
  ]
  const closed = done.task ? sql`(select count(*)::int from closed)` : sql`1`
  const { rows } = await sql<{ saved: number; closed: number }>`
    with ${sql.join(parts)}
    select (select count(*)::int from saved) as saved, ${closed} as closed`.execute(ctx.db)
  if (rows[0]?.saved !== 1) return 'instance-stale'
  return rows[0].closed === 1 ? 'saved' : 'task-stale'
}

const json = (value: unknown) => JSON.stringify(value)

function of<Kind extends Effect['kind']>({ effects }: Saving, kind: Kind): Extract<Effect, { kind: Kind }>[] {
  return effects.filter((effect): effect is Extract<Effect, { kind: Kind }> => effect.kind === kind)
}

function taskParts(ctx: TransactionContext, saving: Saving): RawBuilder<unknown>[] {
  const { openings, done, instance } = saving
  const parts: RawBuilder<unknown>[] = []
  if (done.task) {
    const { id, version, output } = done.task
    parts.push(sql`closed as (
      update workflow.task
      set status = 'completed', version = workflow.task.version + 1, output = ${json(output)}::jsonb,
        assignee = ${ctx.actor.id}, completed_at = ${ctx.now()}, completed_by = ${ctx.actor.id},
        on_behalf_of = ${ctx.actor.onBehalfOf ?? null}, draft = null, draft_by = null, drafted_at = null
      from saved
      where workflow.task.id = ${id} and workflow.task.version = ${version}
        and workflow.task.status in ('open', 'claimed')
      returning workflow.task.id
    )`)
  }
  const cancelled = of(saving, 'task-closed')
    .filter(({ outcome }) => outcome === 'cancelled')
    .map(({ token }) => token)
  if (cancelled.length > 0)
    parts.push(sql`cancelled as (
      update workflow.task set status = 'cancelled', version = workflow.task.version + 1, draft = null,
        draft_by = null, drafted_at = null
      from saved
      where instance_id = saved.id and token = any(${cancelled}::int[])
        and workflow.task.status in ('open', 'claimed')
    )`)
  if (openings.length > 0)
    parts.push(sql`opened as (
      insert into workflow.task (instance_id, token, node, form_key, candidate_role, organisation_id,
        candidate_groups, status, created_at, due_at, on_behalf_of)
      select saved.id, token, node, "formKey", "candidateRole", "organisationId", "candidateGroups", 'open',
        ${ctx.now()}::timestamptz, "dueAt", ${instance.onBehalfOf}::text
      from saved, jsonb_to_recordset(${json(openings)}::jsonb) as task (token int, node text, "formKey" text,
        "candidateRole" text, "organisationId" text, "candidateGroups" text[], "dueAt" timestamptz)
    )`)
  return parts
}

function jobParts(ctx: TransactionContext, saving: Saving): RawBuilder<unknown>[] {
  const { instance, state, done } = saving
  const parts: RawBuilder<unknown>[] = []
  const dropped = of(saving, 'job-dropped').map(({ token }) => token)
  if (dropped.length > 0)
    parts.push(sql`dropped as (
      update workflow.job
      set status = case when workflow.job.id = ${done.job?.id ?? null}::text then 'done' else 'dropped' end,
        result = case when workflow.job.id = ${done.job?.id ?? null}::text
          then ${json(done.job?.result ?? null)}::jsonb end
      from saved
      where instance_id = saved.id and token = any(${dropped}::int[]) and workflow.job.status = 'waiting'
    )`)
  const queued = of(saving, 'job-queued').map(({ token, node, task }, index) => ({
    id: `${instance.id}:${instance.version + 1}:${index + 1}`,
    token,
    node,
    task: task ?? '',
  }))
  if (queued.length > 0)
    parts.push(sql`queued as (
      insert into workflow.job (id, instance_id, token, node, task, input, status, retries_left, run_after)
      select job.id, saved.id, token, node, task, ${json(state.variables)}::jsonb, 'waiting',
        ${JOB_RETRIES}::int, ${ctx.now()}::timestamptz
      from saved, jsonb_to_recordset(${json(queued)}::jsonb) as job (id text, token int, node text, task text)
    )`)
  if (done.command) {
    const { key, kind, payloadSha256 } = done.command
    parts.push(sql`commanded as (
      insert into workflow.command (instance_id, actor_id, kind, idempotency_key, payload_sha256, answer,
        created_at)
      select saved.id, ${ctx.actor.id}::text, ${kind}::text, ${key}::uuid, ${payloadSha256}::text,
        ${json({ taskId: done.task?.id ?? null })}::jsonb, ${ctx.now()}::timestamptz
      from saved
    )`)
  }
  return parts
}

function timerParts(saving: Saving): RawBuilder<unknown>[] {
  const parts: RawBuilder<unknown>[] = []
  const disarmed = of(saving, 'timer-disarmed').map(({ token, node }) => ({ token, node }))
  if (disarmed.length > 0)
    parts.push(sql`disarmed as (
      update workflow.timer as timer
      set status = case when locked_until is null then 'disarmed' else 'fired' end
      from saved, jsonb_to_recordset(${json(disarmed)}::jsonb) as gone (token int, node text)
      where timer.instance_id = saved.id and timer.token = gone.token and timer.node = gone.node
        and timer.status = 'armed'
    )`)
  const armed = of(saving, 'timer-armed').map(({ token, node, dueAt }) => ({ token, node, dueAt }))
  if (armed.length > 0)
    parts.push(sql`armed as (
      insert into workflow.timer (instance_id, token, node, due_at, status)
      select saved.id, token, node, "dueAt", 'armed'
      from saved, jsonb_to_recordset(${json(armed)}::jsonb) as timer (token int, node text, "dueAt" timestamptz)
    )`)
  return parts
}

function subscriptionParts(saving: Saving): RawBuilder<unknown>[] {
  const parts: RawBuilder<unknown>[] = []
  const gone = of(saving, 'unsubscribed').map(({ token, node }) => ({ token, node }))
  if (gone.length > 0)
    parts.push(sql`unsubscribed as (
      delete from workflow.subscription as subscription
      using saved, jsonb_to_recordset(${json(gone)}::jsonb) as gone (token int, node text)
      where subscription.instance_id = saved.id and subscription.token = gone.token
        and subscription.node = gone.node
    )`)
  const made = of(saving, 'subscribed').map(({ token, node, message, key }) => ({
    token,
    node,
    message,
    key,
  }))
  if (made.length > 0)
    parts.push(sql`subscribed as (
      insert into workflow.subscription (message, correlation_key, instance_id, token, node)
      select message, key, saved.id, token, node
      from saved, jsonb_to_recordset(${json(made)}::jsonb) as made (token int, node text, message text, key text)
    )`)
  return parts
}

function incidentParts(ctx: TransactionContext, saving: Saving): RawBuilder<unknown>[] {
  const parts: RawBuilder<unknown>[] = []
  const resolved = of(saving, 'incident-resolved').map(({ token }) => token)
  if (resolved.length > 0)
    parts.push(sql`resolved as (
      update workflow.incident set resolved_at = ${ctx.now()}, resolved_by = ${ctx.actor.id}, resolution = 'moved-on'
      from saved
      where instance_id = saved.id and token = any(${resolved}::int[]) and resolved_at is null
    )`)
  const raised = of(saving, 'incident-raised').map(({ token, node, trouble }) => ({
    token,
    node,
    kind: trouble.kind,
    error: { code: trouble.code, message: trouble.message },
  }))
  if (raised.length > 0)
    parts.push(sql`raised as (
      insert into workflow.incident (instance_id, token, node, kind, error, created_at)
      select saved.id, token, node, kind, error, ${ctx.now()}::timestamptz
      from saved, jsonb_to_recordset(${json(raised)}::jsonb)
        as raised (token int, node text, kind text, error jsonb)
    )`)
  return parts
}

/** Nobody will wait for what is kept for an instance that has ended. */
function forgetMessages({ businessKey }: Instance): RawBuilder<unknown> {
  return sql`forgotten as (
    update workflow.message set status = 'consumed', consumed_by = saved.id
    from saved
    where correlation_key = ${businessKey} and workflow.message.status = 'kept'
  )`
}
