import type { Context } from '../core/context.ts'
import { type Connection, connection, type PageRequest } from '../core/page.ts'
import { authorize } from '../core/policy.ts'
import { INSTANCE_LIST, type InstanceFilter, page, type Reach } from './instance.list.repository.ts'
import { can } from './policy.ts'
import type { Instance } from './runtime/instance.ts'

/**
 * The instances the actor may see, by the same rights as a single one: everybody's for auditors, those of its own
 * processes for designers, those of its own body, and those it has a task in, for the people of the offices.
 *
 * @throws POLICY_FORBIDDEN, GRAPHQL_PAGE_INVALID, GRAPHQL_CURSOR_INVALID
 */
export async function instances(
  ctx: Context,
  filter: InstanceFilter,
  request: PageRequest,
): Promise<Connection<Instance>> {
  const rows = await page(ctx, filter, await reachOf(ctx), request)
  return connection(INSTANCE_LIST, rows, request, ({ startedAt, id }) => [startedAt.toISOString(), id])
}

/** Whose instances the actor may see. @throws POLICY_FORBIDDEN when nobody's */
export async function reachOf(ctx: Context): Promise<Reach> {
  const { policy, actor } = ctx
  if (await policy.allows(ctx, can.readAnyInstance)) return 'all'
  const { organisationId } = actor
  const ofOwnProcess = await policy.allows(ctx, can.readInstanceOfOwnProcess, actor)
  const ofOwnBody = await policy.allows(ctx, can.readOwnInstance, actor)
  if (!ofOwnProcess && !ofOwnBody) await authorize(ctx, can.readOwnInstance, actor)
  return { organisationId, ofOwnProcess, ofOwnBody }
}
