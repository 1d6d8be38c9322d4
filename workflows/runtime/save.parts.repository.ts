import type { Part } from '../../core/statement.repository.ts'
import { rowsOf, type Saving } from './saving.ts'
import { type Effect, valuesAt } from './step/index.ts'

/** A cycle without end, in the column of what is left of one. */
export const ENDLESS = -1

/** How often a job is tried before it becomes an incident. */
export const JOB_RETRIES = 5

function of<Kind extends Effect['kind']>({ effects }: Saving, kind: Kind): Extract<Effect, { kind: Kind }>[] {
  return effects.filter((effect): effect is Extract<Effect, { kind: Kind }> => effect.kind === kind)
}

export function jobParts(savings: readonly Saving[]): Part[] {
  const parts: Part[] = []
  const dropped = rowsOf(savings, (saving) =>
    of(saving, 'job-dropped').map(({ token }) => ({
      token,
      job: saving.done.job?.id ?? null,
      result: saving.done.job?.result ?? null,
    })),
  )
  if (dropped.length > 0)
    parts.push({
      rows: dropped,
      text: `dropped as (
      update workflow.job as job
      set status = case when job.id = gone.job then 'done' else 'dropped' end,
        result = case when job.id = gone.job then gone.result end
      from held join jsonb_to_recordset($rows) as gone (instance uuid, token int, job text,
        result jsonb) on gone.instance = held.id
      where job.instance_id = held.id and job.token = gone.token and job.status = 'waiting'
    )`,
    })
  const queued = rowsOf(savings, (saving) =>
    of(saving, 'job-queued').map(({ token, node, task }, index) => ({
      id: `${saving.instance.id}:${saving.instance.version + 1}:${index + 1}`,
      token,
      node,
      task: task ?? '',
      input: valuesAt(saving.state, token),
    })),
  )
  if (queued.length > 0)
    parts.push({
      rows: queued,
      text: `queued as (
      insert into workflow.job (id, instance_id, token, node, task, input, status, retries_left, run_after)
      select job.id, held.id, job.token, job.node, job.task, job.input, 'waiting', ${JOB_RETRIES}, held.at
      from held join jsonb_to_recordset($rows) as job (instance uuid, id text, token int, node text, task text,
        input jsonb) on job.instance = held.id
    )`,
    })
  return parts
}

export function timerParts(savings: readonly Saving[]): Part[] {
  const parts: Part[] = []
  const disarmed = rowsOf(savings, (saving) =>
    of(saving, 'timer-disarmed').map(({ token, node }) => ({ token, node })),
  )
  if (disarmed.length > 0)
    parts.push({
      rows: disarmed,
      text: `disarmed as (
      update workflow.timer as timer
      set status = case when locked_until is null then 'disarmed' else 'fired' end
      from held join jsonb_to_recordset($rows) as gone (instance uuid, token int, node text)
        on gone.instance = held.id
      where timer.instance_id = held.id and timer.token = gone.token and timer.node = gone.node
        and timer.status = 'armed'
    )`,
    })
  const armed = rowsOf(savings, (saving) =>
    of(saving, 'timer-armed').map(({ token, node, dueAt, left }) => ({
      ...{ token, node, dueAt },
      repeatLeft: left === null ? ENDLESS : (left ?? null),
    })),
  )
  if (armed.length > 0)
    parts.push({
      rows: armed,
      text: `armed as (
      insert into workflow.timer (instance_id, token, node, due_at, repeat_left, status)
      select held.id, token, node, "dueAt", "repeatLeft", 'armed'
      from held join jsonb_to_recordset($rows) as timer (instance uuid, token int, node text,
        "dueAt" timestamptz, "repeatLeft" int) on timer.instance = held.id
    )`,
    })
  return parts
}

export function subscriptionParts(savings: readonly Saving[]): Part[] {
  const parts: Part[] = []
  const gone = rowsOf(savings, (saving) =>
    of(saving, 'unsubscribed').map(({ token, node }) => ({ token, node })),
  )
  if (gone.length > 0)
    parts.push({
      rows: gone,
      text: `unsubscribed as (
      delete from workflow.subscription as subscription
      using held join jsonb_to_recordset($rows) as gone (instance uuid, token int, node text)
        on gone.instance = held.id
      where subscription.instance_id = held.id and subscription.token = gone.token
        and subscription.node = gone.node
    )`,
    })
  const made = rowsOf(savings, (saving) =>
    of(saving, 'subscribed').map(({ to, token, node, message, key }) => ({ to, token, node, message, key })),
  )
  if (made.length > 0)
    parts.push({
      rows: made,
      text: `subscribed as (
      insert into workflow.subscription (kind, message, correlation_key, instance_id, token, node)
      select made."to", made.message, made.key, held.id, made.token, made.node
      from held join jsonb_to_recordset($rows) as made (instance uuid, "to" text, token int, node text,
        message text, key text) on made.instance = held.id
    )`,
    })
  return parts
}

export function incidentParts(savings: readonly Saving[]): Part[] {
  const parts: Part[] = []
  const resolved = rowsOf(savings, (saving) =>
    of(saving, 'incident-resolved').map(({ token }) => ({ token })),
  )
  if (resolved.length > 0)
    parts.push({
      rows: resolved,
      text: `resolved as (
      update workflow.incident as incident
      set resolved_at = held.at, resolved_by = held.actor, resolution = 'moved-on'
      from held join jsonb_to_recordset($rows) as gone (instance uuid, token int) on gone.instance = held.id
      where incident.instance_id = held.id and incident.token = gone.token and incident.resolved_at is null
    )`,
    })
  const raised = rowsOf(savings, (saving) =>
    of(saving, 'incident-raised').map(({ token, node, trouble: { kind, code, messages } }) => ({
      token,
      node,
      kind,
      error: { code, messages },
    })),
  )
  if (raised.length > 0)
    parts.push({
      rows: raised,
      text: `raised as (
      insert into workflow.incident (instance_id, token, node, kind, error, created_at)
      select held.id, raised.token, raised.node, raised.kind, raised.error, held.at
      from held join jsonb_to_recordset($rows) as raised (instance uuid, token int, node text, kind text,
        error jsonb) on raised.instance = held.id
    )`,
    })
  return parts
}
