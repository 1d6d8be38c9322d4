import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import type { DomainEvent } from '../../core/events.ts'
import { type Part, run } from '../../core/statement.repository.ts'
import { type Advance, type Fact, type Trace, variantOf, type Visit } from './projection.ts'
import './insight.table.ts'
import '../workflow.table.ts'

export const VISIT = [
  ...(['seq', 'node', 'nth', 'enteredAt', 'enteredVersion', 'leftAt', 'leftVersion'] as const),
  ...(['outcome', 'leftBy', 'taskId'] as const),
] as const

const TRACE = [
  ...(['instanceId', 'definitionId', 'organisationId', 'version', 'status', 'path', 'variant'] as const),
  ...(['touches', 'visits', 'startedAt', 'endedAt'] as const),
] as const

/** The version an instance began on; its steps tell of every other it was taken to. */
const firstDefinition = sql<string>`coalesce((
  select plan.from_definition from workflow.migration_instance as taken
  join workflow.migration as plan on plan.id = taken.migration_id
  where taken.instance_id = workflow.instance.id and taken.moved_at is not null
  order by taken.moved_at limit 1), workflow.instance.definition_id)`

/**
 * The traces of instances, each made when there is none, held until the transaction ends; in the order of their ids,
 * so that two who count never wait for each other in a circle.
 */
export async function hold(ctx: TransactionContext, instanceIds: readonly string[]): Promise<Trace[]> {
  await ctx.db
    .insertInto('workflow.trace')
    .columns([...TRACE])
    .expression((query) =>
      query
        .selectFrom('workflow.instance')
        .select([
          'id',
          firstDefinition.as('definitionId'),
          'organisationId',
          sql<number>`0`.as('version'),
          sql<'running'>`'running'`.as('status'),
          sql<string[]>`'{}'::text[]`.as('path'),
          sql<string>`${variantOf([])}::text`.as('variant'),
          sql<number>`0`.as('touches'),
          sql<number>`0`.as('visits'),
          'startedAt',
          sql<null>`null::timestamptz`.as('endedAt'),
        ])
        .where('id', 'in', instanceIds)
        .orderBy('id'),
    )
    .onConflict((conflict) => conflict.column('instanceId').doNothing())
    .execute()
  const traces = await ctx.db
    .selectFrom('workflow.trace')
    .select(TRACE)
    .where('instanceId', 'in', instanceIds)
    .orderBy('instanceId')
    .forUpdate()
    .execute()
  if (traces.length < instanceIds.length) throw new Error('an instance that has stepped is gone')
  return traces
}

/** Of each instance the open visits and the last of each node, in the order entered. */
export async function knownVisits(
  ctx: Context,
  instanceIds: readonly string[],
): Promise<Map<string, readonly Visit[]>> {
  const rows = await ctx.db
    .selectFrom('workflow.visit as visit')
    .select('instanceId')
    .select(VISIT)
    .where('instanceId', 'in', instanceIds)
    .where((is) =>
      is.or([
        is('leftAt', 'is', null),
        is.not(
          is.exists((query) =>
            query
              .selectFrom('workflow.visit as later')
              .select('later.seq')
              .whereRef('later.instanceId', '=', 'visit.instanceId')
              .whereRef('later.node', '=', 'visit.node')
              .whereRef('later.seq', '>', 'visit.seq'),
          ),
        ),
      ]),
    )
    .orderBy('seq')
    .execute()
  return byInstance(rows)
}

/** In the order given. */
export function byInstance<Row extends { readonly instanceId: string }>(
  rows: readonly Row[],
): Map<string, Row[]> {
  const grouped = new Map<string, Row[]>()
  for (const row of rows) {
    const of = grouped.get(row.instanceId)
    if (of) of.push(row)
    else grouped.set(row.instanceId, [row])
  }
  return grouped
}

/** A step told before the one before it was. */
export interface Ahead {
  readonly instanceId: string
  readonly fact: Fact
}

/** The steps of each instance that wait for the one before them. */
export async function keptAhead(
  ctx: Context,
  instanceIds: readonly string[],
): Promise<Map<string, readonly Fact[]>> {
  const rows = await ctx.db
    .selectFrom('workflow.stepAhead')
    .select(['instanceId', 'fact'])
    .where('instanceId', 'in', instanceIds)
    .execute()
  return new Map([...byInstance(rows)].map(([id, of]) => [id, of.map(({ fact }) => fact)]))
}

/** Saves what was counted of instances that the transaction holds, in the order counted, and keeps what is ahead. */
export async function save(
  ctx: TransactionContext,
  advances: readonly Advance[],
  ahead: readonly Ahead[],
): Promise<void> {
  const traces = new Map(advances.map(({ trace }) => [trace.instanceId, trace]))
  // Of stays that last, and only those change, the version is the trace's.
  const visits = new Map(
    advances.flatMap(({ trace, changed }) =>
      changed.map((visit) => [`${trace.instanceId} ${visit.seq}`, { ...visit, ...ownerOf(trace) }]),
    ),
  )
  const passages = advances.flatMap(({ trace, passages }) =>
    passages.map((passage) => ({ ...passage, ...ownerOf(trace) })),
  )
  const parts: Part[] = []
  if (traces.size > 0) parts.push({ text: ADVANCED, rows: [...traces.values()] }, CAUGHT_UP)
  if (visits.size > 0) parts.push({ text: VISITED, rows: [...visits.values()] })
  if (passages.length > 0) parts.push({ text: PASSED, rows: passages })
  if (ahead.length > 0) parts.push({ text: KEPT, rows: ahead })
  if (parts.length > 0) await run(ctx.db, parts, 'select')
}

const ownerOf = ({ instanceId, definitionId, organisationId }: Trace) => ({
  instanceId,
  definitionId,
  organisationId,
})

/** The range, which every version is in, tells the server to expect few rows and to find them by their keys. */
const ADVANCED = `advanced as (
    update workflow.trace as trace
    set definition_id = counted."definitionId", version = counted.version, status = counted.status,
      path = counted.path, variant = counted.variant, touches = counted.touches, visits = counted.visits,
      ended_at = counted."endedAt"
    from jsonb_to_recordset($rows) as counted ("instanceId" uuid, "definitionId" uuid, version int, status text,
      path text[], variant text, touches int, visits int, "endedAt" timestamptz)
    where trace.instance_id = counted."instanceId" and counted.version between 0 and 2147483646
    returning trace.instance_id, trace.version
  )`

const CAUGHT_UP: Part = {
  text: `caught_up as (
    delete from workflow.step_ahead as ahead using advanced
    where ahead.instance_id = advanced.instance_id and ahead.version <= advanced.version
  )`,
}

const VISITED = `visited as (
    insert into workflow.visit (instance_id, seq, definition_id, organisation_id, node, nth, entered_at,
      entered_version, left_at, left_version, outcome, left_by, task_id)
    select "instanceId", seq, "definitionId", "organisationId", node, nth, "enteredAt", "enteredVersion", "leftAt",
      "leftVersion", outcome, "leftBy", "taskId"
    from jsonb_to_recordset($rows) as visit ("instanceId" uuid, seq int, "definitionId" uuid, "organisationId" text,
      node text, nth int, "enteredAt" timestamptz, "enteredVersion" int, "leftAt" timestamptz, "leftVersion" int,
      outcome text, "leftBy" text, "taskId" uuid)
    on conflict (instance_id, seq) do update set node = excluded.node, definition_id = excluded.definition_id,
      left_at = excluded.left_at, left_version = excluded.left_version, outcome = excluded.outcome,
      left_by = excluded.left_by, task_id = excluded.task_id
  )`

const PASSED = `passed as (
    insert into workflow.passage (instance_id, seq, flow, definition_id, organisation_id, set_out_at, arrived_at)
    select "instanceId", seq, flow, "definitionId", "organisationId", "setOutAt", "arrivedAt"
    from jsonb_to_recordset($rows) as passage ("instanceId" uuid, seq int, flow text, "definitionId" uuid,
      "organisationId" text, "setOutAt" timestamptz, "arrivedAt" timestamptz)
    on conflict (instance_id, seq, flow) do nothing
  )`

const KEPT = `kept as (
    insert into workflow.step_ahead (instance_id, version, fact)
    select "instanceId", (fact ->> 'version')::int, fact
    from jsonb_to_recordset($rows) as ahead ("instanceId" uuid, fact jsonb)
    on conflict (instance_id, version) do nothing
  )`

type Stepped = DomainEvent<'workflow.instance.stepped'>

/** Steps recorded after the event `after`, in order; `after` is null for the first. */
export async function stepsRecorded(
  ctx: Context,
  after: string | null,
  limit: number,
): Promise<Pick<Stepped, 'id' | 'payload' | 'occurredAt'>[]> {
  let query = ctx.db
    .selectFrom('core.event')
    .select(['id', 'payload', 'occurredAt'])
    .where('name', '=', 'workflow.instance.stepped')
    .orderBy('id')
    .limit(limit)
  if (after !== null) query = query.where('id', '>', after)
  // Written by emit, which types name and payload together.
  return query.$castTo<Pick<Stepped, 'id' | 'payload' | 'occurredAt'>>().execute()
}
