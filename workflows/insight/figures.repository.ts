import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../core/context.ts'
import type { CaseFigures, FlowFigures, NodeFigures, Population, VariantFigures } from './figures.ts'
import './insight.table.ts'
import '../workflow.table.ts'

/** Ids of the versions of a process, by number. */
export async function versionsOf(ctx: Context, key: string): Promise<Map<number, string>> {
  const rows = await ctx.db
    .selectFrom('workflow.definition')
    .select(['version', 'id'])
    .where('key', '=', key)
    .orderBy('version')
    .limit(10_000)
    .execute()
  return new Map(rows.map(({ version, id }) => [version, id]))
}

/**
 * Which traces count; the same test for every figure. A case is of the version it is on; what it did before it was
 * taken there is of the version that it did it on.
 */
const counts = (
  { definitionId, organisationId, since, before }: Population,
  of: 'trace' | 'visit' | 'passage' = 'trace',
) => sql<boolean>`
  ${sql.ref(`${of}.definitionId`)} = ${definitionId}::uuid
  and (${organisationId}::text is null or trace.organisation_id = ${organisationId}::text)
  and (${since}::timestamptz is null or trace.started_at >= ${since}::timestamptz)
  and (${before}::timestamptz is null or trace.started_at < ${before}::timestamptz)`

/** Seconds between two columns. */
const between = (from: string, to: string) => sql`extract(epoch from ${sql.ref(to)} - ${sql.ref(from)})`

const spread = (seconds: RawBuilder<unknown>, where: RawBuilder<unknown>) => sql`
  percentile_cont(0.5) within group (order by ${seconds}) filter (where ${where}) as p50,
  percentile_cont(0.9) within group (order by ${seconds}) filter (where ${where}) as p90,
  (avg(${seconds}) filter (where ${where}))::float8 as mean`

export async function cases(ctx: Context, population: Population): Promise<CaseFigures> {
  const seconds = between('trace.startedAt', 'trace.endedAt')
  const done = sql`trace.status = 'completed'`
  const { rows } = await sql<CaseFigures>`
    select count(*) filter (where trace.status = 'running')::int as running,
      count(*) filter (where ${done})::int as completed,
      count(*) filter (where trace.status = 'terminated')::int as terminated,
      (avg(cardinality(trace.path)) filter (where ${done}))::float8 as steps,
      (avg(trace.touches) filter (where ${done}))::float8 as touches,
      (avg(coalesce(trace.people, work.people)) filter (where ${done}))::float8 as people,
      (avg(work.waiting) filter (where ${done}))::float8 as waiting,
      ${spread(seconds, done)}
    from workflow.trace as trace
    cross join lateral (
      select coalesce(sum(extract(epoch from visit.left_at - visit.entered_at)), 0) as waiting,
        count(distinct task.completed_by) as people
      from workflow.visit as visit left join workflow.task as task on task.id = visit.task_id
      where visit.instance_id = trace.instance_id
    ) as work
    where ${counts(population)}`.execute(ctx.db)
  const [figures] = rows
  if (!figures) throw new Error('an aggregate answered no row')
  return figures
}

/** By node id. */
export async function nodes(ctx: Context, population: Population): Promise<NodeFigures[]> {
  const seconds = between('visit.enteredAt', 'visit.leftAt')
  const left = sql`visit.left_at is not null`
  const { rows } = await sql<NodeFigures>`
    select visit.node, count(*)::int as visits,
      count(*) filter (where visit.outcome = 'cancelled')::int as cancelled,
      count(*) filter (where visit.left_at is null)::int as now,
      count(*) filter (where visit.nth > 1)::int as repeats,
      coalesce(sum(${seconds}), 0)::float8 as total,
      avg(extract(epoch from coalesce(visit.claimed_at, task.claimed_at) - visit.entered_at))::float8 as "untilClaimed",
      ${spread(seconds, left)}
    from workflow.visit as visit
    join workflow.trace as trace on trace.instance_id = visit.instance_id
    left join workflow.task as task on task.id = visit.task_id
    where ${counts(population, 'visit')}
    group by visit.node order by visit.node limit 1000`.execute(ctx.db)
  return rows
}

/** By flow id. */
export async function flows(ctx: Context, population: Population): Promise<FlowFigures[]> {
  const seconds = between('passage.setOutAt', 'passage.arrivedAt')
  const { rows } = await sql<FlowFigures>`
    select passage.flow, count(*)::int as passages, coalesce(sum(${seconds}), 0)::float8 as total,
      ${spread(seconds, sql`true`)}
    from workflow.passage as passage
    join workflow.trace as trace on trace.instance_id = passage.instance_id
    where ${counts(population, 'passage')}
    group by passage.flow order by passage.flow limit 1000`.execute(ctx.db)
  return rows
}

/** Of cases that have ended, the most frequent first. */
export async function variants(
  ctx: Context,
  population: Population,
  limit: number,
): Promise<{ count: number; top: VariantFigures[] }> {
  const seconds = between('trace.startedAt', 'trace.endedAt')
  const { rows } = await sql<VariantFigures & { all: number }>`
    select trace.variant, min(trace.path) as path, count(*)::int as cases,
      (count(*) over ())::int as all, ${spread(seconds, sql`true`)}
    from workflow.trace as trace
    where trace.status <> 'running' and ${counts(population)}
    group by trace.variant order by count(*) desc, trace.variant limit ${limit}`.execute(ctx.db)
  return { count: rows[0]?.all ?? 0, top: rows.map(({ all: _, ...variant }) => variant) }
}
