import type { Context } from '../../core/context.ts'
import { recording } from '../../core/events.repository.ts'
import { type Part, run } from '../../core/statement.repository.ts'
import { storedState } from './instance.ts'
import { incidentParts, jobParts, subscriptionParts, timerParts } from './save.parts.repository.ts'
import { rowsOf, type SaveResult, type Saving } from './saving.ts'

/**
 * Writes steps of different instances in one statement, which is a transaction by itself where none is open:
 * each instance whose version, and task whose version, is still the one read, and from the rows so held
 * everything that hangs on them. An instance or task that is not there any more as it was read leaves its
 * step unwritten, whole, and the others as they are. Rows are taken in the order of the instances' ids and
 * an instance before its task, as everywhere. Either all the steps complete a task or none does.
 */
export async function save(ctx: Context, savings: readonly Saving[]): Promise<SaveResult[]> {
  const facts = savings.flatMap(({ facts, instance: { id } }) => facts.map((fact) => ({ ...fact, of: id })))
  const parts = [
    held(savings),
    MOVED,
    ...taskParts(savings),
    ...jobParts(savings),
    ...timerParts(savings),
    ...subscriptionParts(savings),
    ...incidentParts(savings),
    ...commandParts(savings),
    ...forgetMessages(savings),
    ...recording(ctx.subscribers, facts, 'join held on held.id = fact.of'),
  ]
  const rows = await run<{ id: string }>(ctx.db, parts, 'select id from held')
  const saved = new Set(rows.map(({ id }) => id))
  return savings.map(({ instance: { id } }) => (saved.has(id) ? 'saved' : 'stale'))
}

/**
 * Takes the instances, and with them the tasks that are completed, that are as they were read, one after the other by
 * their keys. The range of versions, which every one is in, tells the server to expect few rows: it takes any JSON for a
 * hundred, and would read a small table whole for each statement, by a plan it keeps while the table grows.
 */
function held(savings: readonly Saving[]): Part {
  const rows = savings.map(({ instance, state, visited, done, actorId, onBehalfOf, at }) => ({
    id: instance.id,
    version: instance.version,
    status: state.status,
    state: storedState(state),
    // Left as they are in the row unless the step has changed them.
    ...(state.variables !== instance.state.variables && { variables: state.variables }),
    ...wayOf(instance.visited, visited),
    at,
    actor: actorId,
    behalf: onBehalfOf,
    ...(done.task && { task: done.task.id, taskVersion: done.task.version, output: done.task.output }),
    ...done.command,
  }))
  const withTasks = savings.some(({ done }) => done.task)
  return {
    rows: rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    text: `held as materialized (
      select step.* from jsonb_to_recordset($rows) as step (id uuid, version int, status text,
        state jsonb, variables jsonb, visited text[], way text[], at timestamptz, actor text, behalf text, task uuid,
        "taskVersion" int, output jsonb, key uuid, kind text, "payloadSha256" text, added jsonb)
      cross join lateral (select instance.id from workflow.instance where instance.id = step.id
        and instance.version = step.version limit 1 for no key update) as instance
      ${withTasks ? HELD_TASKS : ''}
      where step.version between 0 and 2147483646
    )`,
  }
}

/** Nodes to add to the way an instance took; the whole of it where a migration has renamed it. */
const wayOf = (before: readonly string[], visited: readonly string[]) =>
  before.every((node, place) => visited[place] === node)
    ? { visited: visited.slice(before.length) }
    : { way: visited }

const HELD_TASKS = `cross join lateral (select from workflow.task where task.id = step.task
        and task.version = step."taskVersion" and task.instance_id = instance.id and task.status in ('open', 'claimed')
        limit 1 for no key update) as task`

const MOVED: Part = {
  text: `moved as (
      update workflow.instance as instance
      set version = instance.version + 1, status = held.status, state = held.state,
        variables = coalesce(held.variables, instance.variables),
        visited = coalesce(held.way, instance.visited || held.visited),
        ended_at = case when held.status <> 'running' then held.at end
      from held
      where instance.id = held.id
    )`,
}

const CLOSED: Part = {
  text: `closed as (
      update workflow.task as task
      set status = 'completed', version = task.version + 1, output = held.output, assignee = held.actor,
        completed_at = held.at, completed_by = held.actor, on_behalf_of = held.behalf, draft = null,
        draft_by = null, drafted_at = null
      from held
      where task.id = held.task
    )`,
}

function taskParts(savings: readonly Saving[]): Part[] {
  const parts: Part[] = []
  if (savings.some(({ done }) => done.task)) parts.push(CLOSED)
  const cancelled = rowsOf(savings, ({ effects }) =>
    effects.flatMap((effect) =>
      effect.kind === 'task-closed' && effect.outcome === 'cancelled' ? [{ token: effect.token }] : [],
    ),
  )
  if (cancelled.length > 0)
    parts.push({
      rows: cancelled,
      text: `cancelled as (
      update workflow.task as task
      set status = 'cancelled', version = task.version + 1, draft = null, draft_by = null, drafted_at = null
      from held join jsonb_to_recordset($rows) as gone (instance uuid, token int) on gone.instance = held.id
      where task.instance_id = held.id and task.token = gone.token and task.status in ('open', 'claimed')
    )`,
    })
  const opened = rowsOf(savings, ({ openings, instance: { onBehalfOf } }) =>
    openings.map((opening) => ({ ...opening, behalf: onBehalfOf })),
  )
  if (opened.length > 0)
    parts.push({
      rows: opened,
      text: `opened as (
      insert into workflow.task (instance_id, token, node, form_key, candidate_role, organisation_id,
        candidate_groups, status, created_at, due_at, on_behalf_of)
      select held.id, task.token, task.node, "formKey", "candidateRole", "organisationId", "candidateGroups", 'open',
        held.at, "dueAt", task.behalf
      from held join jsonb_to_recordset($rows) as task (instance uuid, token int, node text, "formKey" text,
        "candidateRole" text, "organisationId" text, "candidateGroups" text[], "dueAt" timestamptz, behalf text)
        on task.instance = held.id
    )`,
    })
  return parts
}

function commandParts(savings: readonly Saving[]): Part[] {
  if (!savings.some(({ done }) => done.command)) return []
  return [
    {
      text: `commanded as (
      insert into workflow.command (instance_id, actor_id, kind, idempotency_key, payload_sha256, answer,
        created_at)
      select id, actor, kind, key, "payloadSha256", jsonb_build_object('taskId', task)
        || case when added is null then '{}' else jsonb_build_object('added', added) end, at
      from held where key is not null
    )`,
    },
  ]
}

/** Nobody will wait for what is kept for an instance that has ended. */
function forgetMessages(savings: readonly Saving[]): Part[] {
  const ended = rowsOf(savings, ({ state, instance: { businessKey, parentId } }) =>
    state.status === 'running' || parentId !== null ? [] : [{ businessKey }],
  )
  if (ended.length === 0) return []
  return [
    {
      rows: ended,
      text: `forgotten as (
      update workflow.message as message set status = 'consumed', consumed_by = held.id
      from held join jsonb_to_recordset($rows) as ended (instance uuid, "businessKey" text)
        on ended.instance = held.id
      where message.correlation_key = ended."businessKey" and message.status = 'kept'
    )`,
    },
  ]
}
