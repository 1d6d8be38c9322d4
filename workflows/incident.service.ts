import type { Context } from '../core/context.ts'
import { type Connection, connection, type PageRequest } from '../core/page.ts'
import {
  groups,
  INCIDENT_LIST,
  type IncidentFilter,
  type IncidentGroup,
  page,
} from './incident.repository.ts'
import { reachOf } from './instance.list.service.ts'
import type { Incident } from './runtime/instance.ts'

/**
 * What stands still and waits for an operator, the oldest first, of the instances the actor may see.
 *
 * @throws POLICY_FORBIDDEN, GRAPHQL_PAGE_INVALID, GRAPHQL_CURSOR_INVALID
 */
export async function incidents(
  ctx: Context,
  filter: IncidentFilter,
  request: PageRequest,
): Promise<Connection<Incident>> {
  const rows = await page(ctx, filter, await reachOf(ctx), request)
  return connection(INCIDENT_LIST, rows, request, ({ createdAt, id }) => [createdAt.toISOString(), id])
}

/** The same, counted by where and why they stand. @throws POLICY_FORBIDDEN */
export const incidentGroups = async (ctx: Context, filter: IncidentFilter): Promise<IncidentGroup[]> =>
  groups(ctx, filter, await reachOf(ctx))
