import type { Context } from '../../core/context.ts'
import type { Day } from '../../core/day.ts'
import type { Deployed } from '../deployed.ts'
import { type CaseFigures, type Change, changeOf, periodOf, type Population } from './figures.ts'
import * as repository from './figures.repository.ts'
import { type Scope, scopeOf, versionIn } from './scope.service.ts'

/** What figures are asked of; each is read when it is asked for. */
export interface Insight {
  readonly deployed: Deployed
  readonly versions: readonly number[]
  /** The body whose cases alone are counted; null for all. */
  readonly organisationId: string | null
  readonly population: Population
}

export interface Question {
  readonly key: string
  /** The latest unless said. */
  readonly version?: number | null
  /** Cases begun in this period, both days included. */
  readonly since?: Day | null
  readonly until?: Day | null
}

/**
 * One version of a process for analysis, within what the actor may see.
 *
 * @throws POLICY_FORBIDDEN, WORKFLOW_PROCESS_NOT_FOUND, WORKFLOW_VERSION_NOT_FOUND, WORKFLOW_PERIOD_INVALID
 */
export async function insight(ctx: Context, { key, version, since, until }: Question): Promise<Insight> {
  const scope = await scopeOf(ctx, key)
  const deployed = await versionIn(ctx, scope, version ?? scope.latest.version)
  const { organisationId } = scope
  return {
    deployed,
    versions: [...scope.versions.keys()],
    organisationId,
    population: { definitionId: deployed.id, organisationId, ...periodOf(since, until) },
  }
}

export interface Comparison {
  readonly from: CaseFigures
  readonly to: CaseFigures
  readonly change: Change | undefined
}

/**
 * Two versions side by side, over all their cases the actor may see.
 *
 * @throws POLICY_FORBIDDEN, WORKFLOW_PROCESS_NOT_FOUND, WORKFLOW_VERSION_NOT_FOUND
 */
export async function compare(
  ctx: Context,
  { key, from, to }: { readonly key: string; readonly from: number; readonly to: number },
): Promise<Comparison> {
  const scope = await scopeOf(ctx, key)
  const [before, after] = [await casesOf(ctx, scope, from), await casesOf(ctx, scope, to)]
  return { from: before, to: after, change: changeOf(before, after) }
}

async function casesOf(ctx: Context, scope: Scope, version: number): Promise<CaseFigures> {
  const { id } = await versionIn(ctx, scope, version)
  return repository.cases(ctx, {
    definitionId: id,
    organisationId: scope.organisationId,
    since: null,
    before: null,
  })
}
