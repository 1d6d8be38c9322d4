import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../core/context.ts'
import { PREPARED } from '../../core/database.ts'
import { recording } from '../../core/events.repository.ts'
import { storedState } from './instance.ts'
import { incidentParts, jobParts, subscriptionParts, timerParts } from './save.parts.repository.ts'
import { json, rowsOf, type SaveResult, type Saving } from './saving.ts'

/**
 * Writes steps of different instances in one statement, which is a transaction by itself where none is open:
 * each instance whose version, and task whose version, is still the one read, and from the rows returned
 * everything that hangs on them. An instance or task that is not there any more as it was read leaves its
 * step unwritten, whole, and the others as they are. Rows are taken in the order of the instances' ids and
 * an instance before its task, as everywhere.
 */
export async function save(ctx: Context, savings: readonly Saving[]): Promise<SaveResult[]> {
  const steps = savings.map(({ instance, state, visited, done, at }) => ({
    id: instance.id,
    version: instance.version,
    status: state.status,
    state: storedState(state),
    variables: state.variables,
    visited,
    ended: state.status === 'running' ? null : at,
    task: done.task?.id ?? null,
    taskVersion: done.task?.version ?? null,
  }))
  const facts = savings.flatMap(({ facts, instance: { id } }) => facts.map((fact) => ({ ...fact, of: id })))
  const parts = [
    sql`step as (
      select * from jsonb_to_recordset(${json(steps)}::jsonb) as step (id uuid, version int, status text,
        state jsonb, variables jsonb, visited text[], ended timestamptz, task uuid, "taskVersion" int)
    )`,
    sql`held as materialized (
      select instance.id from workflow.instance as instance
      join step on step.id = instance.id and step.version = instance.version
      order by instance.id
      for no key update of instance
    )`,
    sql`ready as materialized (
      select task.id, task.instance_id from held
      join step on step.id = held.id
      join workflow.task as task on task.id = step.task and task.version = step."taskVersion"
      where task.status in ('open', 'claimed')
      for no key update of task
    )`,
    sql`saved as (
      update workflow.instance as instance
      set version = instance.version + 1, status = step.status, state = step.state, variables = step.variables,
        visited = step.visited, ended_at = step.ended
      from step join held on held.id = step.id
      where instance.id = step.id and instance.version = step.version
        and (step.task is null or exists (select from ready where ready.instance_id = step.id))
      returning instance.id
    )`,
    ...taskParts(savings),
    ...jobParts(savings),
    ...timerParts(savings),
    ...subscriptionParts(savings),
    ...incidentParts(savings),
    ...commandParts(savings),
    ...forgetMessages(savings),
    ...recording(ctx.subscribers, facts, sql`join saved on saved.id = fact.of`),
  ]
  const { rows } = await sql<{ id: string; isSaved: boolean }>`${sql.raw(PREPARED)} with ${sql.join(parts)}
    select held.id, saved.id is not null as is_saved from held left join saved on saved.id = held.id`.execute(
    ctx.db,
  )
  const results = new Map(rows.map(({ id, isSaved }) => [id, isSaved]))
  return savings.map(({ instance: { id } }) => {
    const isSaved = results.get(id)
    return isSaved === undefined ? 'instance-stale' : isSaved ? 'saved' : 'task-stale'
  })
}

function taskParts(savings: readonly Saving[]): RawBuilder<unknown>[] {
  const parts: RawBuilder<unknown>[] = []
  const done = rowsOf(savings, ({ done: { task }, actorId, onBehalfOf, at }) =>
    task ? [{ id: task.id, output: task.output, actor: actorId, behalf: onBehalfOf, at }] : [],
  )
  if (done.length > 0)
    parts.push(sql`closed as (
      update workflow.task as task
      set status = 'completed', version = task.version + 1, output = done.output, assignee = done.actor,
        completed_at = done.at, completed_by = done.actor, on_behalf_of = done.behalf, draft = null,
        draft_by = null, drafted_at = null
      from saved join jsonb_to_recordset(${json(done)}::jsonb) as done (instance uuid, id uuid, output jsonb,
        actor text, behalf text, at timestamptz) on done.instance = saved.id
      where task.id = done.id
    )`)
  const cancelled = rowsOf(savings, ({ effects }) =>
    effects.flatMap((effect) =>
      effect.kind === 'task-closed' && effect.outcome === 'cancelled' ? [{ token: effect.token }] : [],
    ),
  )
  if (cancelled.length > 0)
    parts.push(sql`cancelled as (
      update workflow.task as task
      set status = 'cancelled', version = task.version + 1, draft = null, draft_by = null, drafted_at = null
      from saved join jsonb_to_recordset(${json(cancelled)}::jsonb) as gone (instance uuid, token int)
        on gone.instance = saved.id
      where task.instance_id = saved.id and task.token = gone.token and task.status in ('open', 'claimed')
    )`)
  const opened = rowsOf(savings, ({ openings, instance: { onBehalfOf }, at }) =>
    openings.map((opening) => ({ ...opening, behalf: onBehalfOf, at })),
  )
  if (opened.length > 0)
    parts.push(sql`opened as (
      insert into workflow.task (instance_id, token, node, form_key, candidate_role, organisation_id,
        candidate_groups, status, created_at, due_at, on_behalf_of)
      select saved.id, token, node, "formKey", "candidateRole", "organisationId", "candidateGroups", 'open',
        at, "dueAt", behalf
      from saved join jsonb_to_recordset(${json(opened)}::jsonb) as task (instance uuid, token int, node text,
        "formKey" text, "candidateRole" text, "organisationId" text, "candidateGroups" text[],
        "dueAt" timestamptz, behalf text, at timestamptz) on task.instance = saved.id
    )`)
  return parts
}

function commandParts(savings: readonly Saving[]): RawBuilder<unknown>[] {
  const commands = rowsOf(savings, ({ done: { command, task }, actorId, at }) =>
    command ? [{ ...command, answer: { taskId: task?.id ?? null }, actor: actorId, at }] : [],
  )
  if (commands.length === 0) return []
  return [
    sql`commanded as (
      insert into workflow.command (instance_id, actor_id, kind, idempotency_key, payload_sha256, answer,
        created_at)
      select saved.id, actor, kind, key, "payloadSha256", answer, at
      from saved join jsonb_to_recordset(${json(commands)}::jsonb) as command (instance uuid, actor text,
        kind text, key uuid, "payloadSha256" text, answer jsonb, at timestamptz) on command.instance = saved.id
    )`,
  ]
}

/** Nobody will wait for what is kept for an instance that has ended. */
function forgetMessages(savings: readonly Saving[]): RawBuilder<unknown>[] {
  const ended = rowsOf(savings, ({ state, instance: { businessKey, parentId } }) =>
    state.status === 'running' || parentId !== null ? [] : [{ businessKey }],
  )
  if (ended.length === 0) return []
  return [
    sql`forgotten as (
      update workflow.message as message set status = 'consumed', consumed_by = saved.id
      from saved join jsonb_to_recordset(${json(ended)}::jsonb) as ended (instance uuid, "businessKey" text)
        on ended.instance = saved.id
      where message.correlation_key = ended."businessKey" and message.status = 'kept'
    )`,
  ]
}
