import { sql } from 'kysely'
import type { Context } from '../core/context.ts'
import { type PageRequest, readCursor, rowsToRead } from '../core/page.ts'
import { type Reach, reaches } from './instance.list.repository.ts'
import type { Incident } from './runtime/instance.ts'
import './workflow.table.ts'

export const INCIDENT_LIST = 'workflow.incident'

export interface IncidentFilter {
  /** Key of a process. */
  readonly key?: string | null
  /** Id of an element. */
  readonly node?: string | null
  readonly kind?: string | null
  /** Code of the refusal; empty for a failure without one. */
  readonly code?: string | null
  /** Those that have stood for at least so long. */
  readonly olderThanHours?: number | null
}

/** Open incidents of instances that still run, the oldest first. @throws GRAPHQL_PAGE_INVALID, GRAPHQL_CURSOR_INVALID */
export async function page(
  ctx: Context,
  filter: IncidentFilter,
  reach: Reach,
  request: PageRequest,
): Promise<Incident[]> {
  const after = readCursor(INCIDENT_LIST, ['instant', 'uuid'], request)
  let query = matching(ctx, filter, reach).select([
    ...(['workflow.incident.id', 'instanceId', 'token', 'node', 'kind', 'error'] as const),
    ...(['createdAt', 'resolvedAt'] as const),
  ])
  if (after)
    query = query.where(
      sql<boolean>`(workflow.incident.created_at, workflow.incident.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`,
    )
  return query.orderBy('createdAt').orderBy('workflow.incident.id').limit(rowsToRead(request)).execute()
}

/** How many open incidents there are for each process, node, kind and code; the most frequent first, at most 200. */
export interface IncidentGroup {
  readonly definitionKey: string
  readonly node: string
  readonly kind: string
  readonly code: string
  readonly count: number
  readonly oldestAt: Date
}

export async function groups(ctx: Context, filter: IncidentFilter, reach: Reach): Promise<IncidentGroup[]> {
  const code = sql<string>`coalesce(workflow.incident.error ->> 'code', '')`
  const rows = await matching(ctx, filter, reach)
    .select(['workflow.instance.definitionKey', 'node', 'kind', code.as('code')])
    .select(({ fn }) => [fn.countAll().as('count'), fn.min('createdAt').as('oldestAt')])
    .groupBy(['workflow.instance.definitionKey', 'node', 'kind', code])
    .orderBy('count', 'desc')
    .orderBy('workflow.instance.definitionKey')
    .orderBy('node')
    .limit(200)
    .execute()
  return rows.map(({ count, ...group }) => ({ ...group, count: Number(count) }))
}

function matching(ctx: Context, { key, node, kind, code, olderThanHours }: IncidentFilter, reach: Reach) {
  let query = ctx.db
    .selectFrom('workflow.incident')
    .innerJoin('workflow.instance', 'workflow.instance.id', 'workflow.incident.instanceId')
    .where('resolvedAt', 'is', null)
    .where('workflow.instance.status', '=', 'running')
  if (reach !== 'all') query = query.where(reaches(reach))
  if (key) query = query.where('workflow.instance.definitionKey', '=', key)
  if (node) query = query.where('node', '=', node)
  if (kind) query = query.where('kind', '=', kind)
  if (code != null)
    query = query.where(sql<boolean>`coalesce(workflow.incident.error ->> 'code', '') = ${code}`)
  if (olderThanHours) {
    const before = new Date(ctx.now().getTime() - olderThanHours * 3_600_000)
    query = query.where('createdAt', '<=', before)
  }
  return query
}
