import { type RawBuilder, sql } from 'kysely'
import { json, rowsOf, type Saving } from './saving.ts'
import { type Effect, valuesAt } from './step/index.ts'

/** A cycle without end, in the column of what is left of one. */
export const ENDLESS = -1

/** How often a job is tried before it becomes an incident. */
export const JOB_RETRIES = 5

function of<Kind extends Effect['kind']>({ effects }: Saving, kind: Kind): Extract<Effect, { kind: Kind }>[] {
  return effects.filter((effect): effect is Extract<Effect, { kind: Kind }> => effect.kind === kind)
}

export function jobParts(savings: readonly Saving[]): RawBuilder<unknown>[] {
  const parts: RawBuilder<unknown>[] = []
  const dropped = rowsOf(savings, (saving) =>
    of(saving, 'job-dropped').map(({ token }) => ({
      token,
      job: saving.done.job?.id ?? null,
      result: saving.done.job?.result ?? null,
    })),
  )
  if (dropped.length > 0)
    parts.push(sql`dropped as (
      update workflow.job as job
      set status = case when job.id = gone.job then 'done' else 'dropped' end,
        result = case when job.id = gone.job then gone.result end
      from saved join jsonb_to_recordset(${json(dropped)}::jsonb) as gone (instance uuid, token int, job text,
        result jsonb) on gone.instance = saved.id
      where job.instance_id = saved.id and job.token = gone.token and job.status = 'waiting'
    )`)
  const queued = rowsOf(savings, (saving) =>
    of(saving, 'job-queued').map(({ token, node, task }, index) => ({
      id: `${saving.instance.id}:${saving.instance.version + 1}:${index + 1}`,
      token,
      node,
      task: task ?? '',
      input: valuesAt(saving.state, token),
      at: saving.at,
    })),
  )
  if (queued.length > 0)
    parts.push(sql`queued as (
      insert into workflow.job (id, instance_id, token, node, task, input, status, retries_left, run_after)
      select job.id, saved.id, token, node, task, input, 'waiting', ${JOB_RETRIES}::int, at
      from saved join jsonb_to_recordset(${json(queued)}::jsonb) as job (instance uuid, id text, token int,
        node text, task text, input jsonb, at timestamptz) on job.instance = saved.id
    )`)
  return parts
}

export function timerParts(savings: readonly Saving[]): RawBuilder<unknown>[] {
  const parts: RawBuilder<unknown>[] = []
  const disarmed = rowsOf(savings, (saving) =>
    of(saving, 'timer-disarmed').map(({ token, node }) => ({ token, node })),
  )
  if (disarmed.length > 0)
    parts.push(sql`disarmed as (
      update workflow.timer as timer
      set status = case when locked_until is null then 'disarmed' else 'fired' end
      from saved join jsonb_to_recordset(${json(disarmed)}::jsonb) as gone (instance uuid, token int, node text)
        on gone.instance = saved.id
      where timer.instance_id = saved.id and timer.token = gone.token and timer.node = gone.node
        and timer.status = 'armed'
    )`)
  const armed = rowsOf(savings, (saving) =>
    of(saving, 'timer-armed').map(({ token, node, dueAt, left }) => ({
      ...{ token, node, dueAt },
      repeatLeft: left === null ? ENDLESS : (left ?? null),
    })),
  )
  if (armed.length > 0)
    parts.push(sql`armed as (
      insert into workflow.timer (instance_id, token, node, due_at, repeat_left, status)
      select saved.id, token, node, "dueAt", "repeatLeft", 'armed'
      from saved join jsonb_to_recordset(${json(armed)}::jsonb) as timer (instance uuid, token int, node text,
        "dueAt" timestamptz, "repeatLeft" int) on timer.instance = saved.id
    )`)
  return parts
}

export function subscriptionParts(savings: readonly Saving[]): RawBuilder<unknown>[] {
  const parts: RawBuilder<unknown>[] = []
  const gone = rowsOf(savings, (saving) =>
    of(saving, 'unsubscribed').map(({ token, node }) => ({ token, node })),
  )
  if (gone.length > 0)
    parts.push(sql`unsubscribed as (
      delete from workflow.subscription as subscription
      using saved join jsonb_to_recordset(${json(gone)}::jsonb) as gone (instance uuid, token int, node text)
        on gone.instance = saved.id
      where subscription.instance_id = saved.id and subscription.token = gone.token
        and subscription.node = gone.node
    )`)
  const made = rowsOf(savings, (saving) =>
    of(saving, 'subscribed').map(({ to, token, node, message, key }) => ({ to, token, node, message, key })),
  )
  if (made.length > 0)
    parts.push(sql`subscribed as (
      insert into workflow.subscription (kind, message, correlation_key, instance_id, token, node)
      select "to", message, key, saved.id, token, node
      from saved join jsonb_to_recordset(${json(made)}::jsonb) as made (instance uuid, "to" text, token int, node text,
        message text, key text) on made.instance = saved.id
    )`)
  return parts
}

export function incidentParts(savings: readonly Saving[]): RawBuilder<unknown>[] {
  const parts: RawBuilder<unknown>[] = []
  const resolved = rowsOf(savings, (saving) =>
    of(saving, 'incident-resolved').map(({ token }) => ({ token, actor: saving.actorId, at: saving.at })),
  )
  if (resolved.length > 0)
    parts.push(sql`resolved as (
      update workflow.incident as incident
      set resolved_at = gone.at, resolved_by = gone.actor, resolution = 'moved-on'
      from saved join jsonb_to_recordset(${json(resolved)}::jsonb) as gone (instance uuid, token int,
        actor text, at timestamptz) on gone.instance = saved.id
      where incident.instance_id = saved.id and incident.token = gone.token and incident.resolved_at is null
    )`)
  const raised = rowsOf(savings, (saving) =>
    of(saving, 'incident-raised').map(({ token, node, trouble: { kind, code, message } }) => ({
      token,
      node,
      kind,
      error: { code, message },
      at: saving.at,
    })),
  )
  if (raised.length > 0)
    parts.push(sql`raised as (
      insert into workflow.incident (instance_id, token, node, kind, error, created_at)
      select saved.id, token, node, kind, error, at
      from saved join jsonb_to_recordset(${json(raised)}::jsonb) as raised (instance uuid, token int, node text,
        kind text, error jsonb, at timestamptz) on raised.instance = saved.id
    )`)
  return parts
}
