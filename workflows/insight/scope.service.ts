import type { Context } from '../../core/context.ts'
import { authorize } from '../../core/policy.ts'
import * as definitions from '../definition.repository.ts'
import type { Deployed } from '../deployed.ts'
import { errors as ofWorkflows } from '../refusals.ts'
import * as repository from './figures.repository.ts'
import { can } from './policy.ts'

/** The cases an actor may have figures of: versions of one process, and whose cases. */
export interface Scope {
  readonly latest: Deployed
  /** Ids of the versions by their number. */
  readonly versions: ReadonlyMap<number, string>
  /** Only this body's cases; null for all. */
  readonly organisationId: string | null
}

/**
 * What the actor may see of a process: see `policy.ts`. A leader of another body sees that body's cases only.
 *
 * @throws POLICY_FORBIDDEN, WORKFLOW_PROCESS_NOT_FOUND
 */
export async function scopeOf(ctx: Context, key: string): Promise<Scope> {
  const latest = await definitions.latest(ctx, key)
  const mayAll =
    (await ctx.policy.allows(ctx, can.readInsight)) ||
    (latest !== undefined && (await ctx.policy.allows(ctx, can.readInsightOfOwnProcess, latest)))
  if (!mayAll) await authorize(ctx, can.readInsightOfOwnCases, ctx.actor)
  if (!latest) throw ofWorkflows.PROCESS_NOT_FOUND({ key })
  return {
    latest,
    versions: await repository.versionsOf(ctx, key),
    organisationId: mayAll ? null : ctx.actor.organisationId,
  }
}

/** One version of the process. @throws WORKFLOW_VERSION_NOT_FOUND */
export async function versionIn(ctx: Context, scope: Scope, version: number): Promise<Deployed> {
  const id = scope.versions.get(version)
  if (id === undefined) throw ofWorkflows.VERSION_NOT_FOUND({ key: scope.latest.key, version })
  return definitions.deployedById(ctx, id)
}
