import type { Context, TransactionContext } from '../../core/context.ts'
import { type Day, dayOf, startOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import { authorize } from '../../core/policy.ts'
import * as definitions from '../definition.repository.ts'
import { can as ofWorkflows } from '../policy.ts'
import { errors as refusals } from '../refusals.ts'
import type { Instance } from '../runtime/instance.ts'
import { type ArchivedInstance, errors } from './archive.ts'
import * as repository from './archive.repository.ts'
import { can } from './policy.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'workflow.instance.archived': {
      instanceId: string
      businessKey: string
      organisationId: string
      reason: string
    }
  }
}

export interface Aged {
  readonly key: string
  /** What ended before the beginning of this day. */
  readonly endedBefore: Day
}

/**
 * Which ended instances the actor may put away.
 *
 * @throws POLICY_FORBIDDEN, WORKFLOW_PROCESS_NOT_FOUND, WORKFLOW_ARCHIVE_DAY_INVALID
 */
export async function endedOf(ctx: Context, { key, endedBefore }: Aged): Promise<repository.Ended> {
  const latest = await definitions.latest(ctx, key)
  const mayAll =
    latest !== undefined && (await ctx.policy.allows(ctx, can.archiveInstancesOfOwnProcess, latest))
  if (!mayAll) await authorize(ctx, can.archiveOwnInstances, ctx.actor)
  if (!latest) throw refusals.PROCESS_NOT_FOUND({ key })
  if (endedBefore > dayOf(ctx.now())) throw errors.ARCHIVE_DAY_INVALID()
  return { key, before: startOf(endedBefore), organisationId: mayAll ? null : ctx.actor.organisationId }
}

/** How many there are. @throws like {@link endedOf} */
export const archivable = async (ctx: Context, aged: Aged): Promise<number> =>
  repository.countEnded(ctx, await endedOf(ctx, aged))

/** Puts one away whose right was asked for when it was chosen. @throws WORKFLOW_ARCHIVE_UNFIT */
export async function putAway(
  ctx: TransactionContext,
  { id, businessKey, organisationId }: Instance,
  reason: string,
): Promise<void> {
  if (!(await repository.putAway(ctx, id))) throw errors.ARCHIVE_UNFIT()
  await emit(ctx, 'workflow.instance.archived', { instanceId: id, businessKey, organisationId, reason })
}

/** By the rights that a running one is read by. @throws WORKFLOW_ARCHIVED_NOT_FOUND */
export async function archived(ctx: Context, id: string): Promise<ArchivedInstance> {
  const found = await repository.find(ctx, id)
  if (!found) throw errors.ARCHIVED_NOT_FOUND({ id })
  const { policy, actor } = ctx
  if (await mayReadAll(ctx, found.definitionKey)) return found
  const isOf = [found.organisationId, ...found.bodies].includes(actor.organisationId)
  if (isOf && (await policy.allows(ctx, ofWorkflows.readOwnInstance, actor))) return found
  throw errors.ARCHIVED_NOT_FOUND({ id })
}

async function mayReadAll(ctx: Context, key: string): Promise<boolean> {
  if (await ctx.policy.allows(ctx, ofWorkflows.readAnyInstance)) return true
  const latest = await definitions.latest(ctx, key)
  return latest !== undefined && ctx.policy.allows(ctx, ofWorkflows.readInstanceOfOwnProcess, latest)
}

/** Those of a process that the actor may see, the one ended last first. @throws POLICY_FORBIDDEN */
export async function archive(ctx: Context, page: repository.ArchivePage): Promise<ArchivedInstance[]> {
  if (await mayReadAll(ctx, page.key)) return repository.page(ctx, page, null)
  await authorize(ctx, ofWorkflows.readOwnInstance, ctx.actor)
  return repository.page(ctx, page, ctx.actor.organisationId)
}
