import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../core/context.ts'
import type { IncidentChoice, InstanceChoice, InstanceOperation } from './batch.ts'
import '../workflow.table.ts'

export interface Chosen {
  readonly incidentId: string | null
  readonly instanceId: string
  readonly businessKey: string
}

export interface Place {
  readonly key: string
  readonly version: number
  readonly node: string | null
  readonly kind: string | null
  readonly code: string | null
  readonly count: number
}

const given = <Value>(value: Value | null | undefined, test: (value: Value) => RawBuilder<boolean>) =>
  value === null || value === undefined ? sql<boolean>`true` : test(value)

/** Open incidents of the actor's body that fit. */
const incidents = (ctx: Context, { ids, key, version, node, kind, code }: IncidentChoice) => sql`
  from workflow.incident as incident
  join workflow.instance as instance on instance.id = incident.instance_id
  join workflow.definition as definition on definition.id = instance.definition_id
  where incident.resolved_at is null and instance.organisation_id = ${ctx.actor.organisationId}
    and ${given(ids, (ids) => sql<boolean>`incident.id = any(${[...ids]}::uuid[])`)}
    and ${given(key, (key) => sql<boolean>`instance.definition_key = ${key}`)}
    and ${given(version, (version) => sql<boolean>`definition.version = ${version}`)}
    and ${given(node, (node) => sql<boolean>`incident.node = ${node}`)}
    and ${given(kind, (kind) => sql<boolean>`incident.kind = ${kind}`)}
    and ${given(code, (code) => sql<boolean>`incident.error ->> 'code' = ${code}`)}`

/** Running instances of the actor's body that fit; those that a call has made are ended with their caller. */
const instances = (
  ctx: Context,
  { ids, key, version, node, suspended }: InstanceChoice,
  operation?: InstanceOperation | null,
) => sql`
  from workflow.instance as instance
  join workflow.definition as definition on definition.id = instance.definition_id
  where instance.status = 'running' and instance.organisation_id = ${ctx.actor.organisationId}
    and (${operation !== 'terminate'} or instance.parent_id is null)
    and ${given(ids, (ids) => sql<boolean>`instance.id = any(${[...ids]}::uuid[])`)}
    and ${given(key, (key) => sql<boolean>`instance.definition_key = ${key}`)}
    and ${given(version, (version) => sql<boolean>`definition.version = ${version}`)}
    and ${given(suspended, (held) => sql<boolean>`(instance.suspended_at is not null) = ${held}`)}
    and ${given(node, (node) => sql<boolean>`instance.state -> 'tokens' @> ${JSON.stringify([{ node }])}::jsonb`)}`

export async function chosenIncidents(
  ctx: Context,
  choice: IncidentChoice,
  limit: number,
): Promise<Chosen[]> {
  const { rows } = await sql<Chosen>`
    select incident.id as incident_id, instance.id as instance_id, instance.business_key
    ${incidents(ctx, choice)} order by incident.created_at, incident.id limit ${limit}`.execute(ctx.db)
  return rows
}

export async function chosenInstances(
  ctx: Context,
  choice: InstanceChoice,
  operation: InstanceOperation,
  limit: number,
): Promise<Chosen[]> {
  const { rows } = await sql<Chosen>`
    select null::uuid as incident_id, instance.id as instance_id, instance.business_key
    ${instances(ctx, choice, operation)} order by instance.started_at, instance.id limit ${limit}`.execute(
    ctx.db,
  )
  return rows
}

/** The most frequent first. */
export async function incidentPlaces(ctx: Context, choice: IncidentChoice): Promise<Place[]> {
  const { rows } = await sql<Place>`
    select instance.definition_key as key, definition.version, incident.node, incident.kind,
      incident.error ->> 'code' as code, count(*)::int as count
    ${incidents(ctx, choice)} group by 1, 2, 3, 4, 5 order by 6 desc, 1, 2, 3 limit 10000`.execute(ctx.db)
  return rows
}

export async function instancePlaces(
  ctx: Context,
  choice: InstanceChoice,
  operation?: InstanceOperation | null,
): Promise<Place[]> {
  const { rows } = await sql<Place>`
    select instance.definition_key as key, definition.version, null as node, null as kind, null as code,
      count(*)::int as count
    ${instances(ctx, choice, operation)} group by 1, 2 order by 6 desc, 1, 2 limit 10000`.execute(ctx.db)
  return rows
}
