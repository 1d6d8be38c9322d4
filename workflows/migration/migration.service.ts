import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { cancelJob, enqueue } from '../../core/jobs.ts'
import { authorize } from '../../core/policy.ts'
import * as definitions from '../definition.repository.ts'
import type { Deployed } from '../deployed.ts'
import { checkReason } from '../reason.ts'
import { errors as ofWorkflows } from '../refusals.ts'
import type { NodeMapping } from '../runtime/step/migration.ts'
import { checkMapping, type MappingFinding, suggest, type Suggestion } from './mapping.ts'
import { type Act, may, type Migration } from './migration.ts'
import { EXECUTE, REHEARSE } from './migration.jobs.ts'
import * as repository from './migration.repository.ts'
import { can } from './policy.ts'
import { errors, mappingRefused, statusWrong } from './refusals.ts'
import * as work from './work.repository.ts'
import './events.ts'

/** A process whose instances the actor may take over. */
export interface Scope {
  readonly latest: Deployed
  /** Only this body's; null for all. */
  readonly organisationId: string | null
}

/** See `policy.ts`. @throws POLICY_FORBIDDEN, WORKFLOW_PROCESS_NOT_FOUND */
export async function scopeOf(ctx: Context, key: string): Promise<Scope> {
  const latest = await definitions.latest(ctx, key)
  const mayAll = await mayMigrateAll(ctx, latest)
  if (!mayAll) await authorize(ctx, can.migrateOwnCases, ctx.actor)
  if (!latest) throw ofWorkflows.PROCESS_NOT_FOUND({ key })
  return { latest, organisationId: mayAll ? null : ctx.actor.organisationId }
}

const mayMigrateAll = async (ctx: Context, latest: Deployed | undefined): Promise<boolean> =>
  (await ctx.policy.allows(ctx, can.migrateAnyProcess)) ||
  (latest !== undefined && (await ctx.policy.allows(ctx, can.migrateProcess, latest)))

/** @throws WORKFLOW_VERSION_NOT_FOUND */
export async function versionOf(ctx: Context, key: string, version: number): Promise<Deployed> {
  const found = await definitions.version(ctx, key, version)
  if (!found) throw ofWorkflows.VERSION_NOT_FOUND({ key, version })
  return found
}

export interface Versions {
  readonly key: string
  readonly from: number
  readonly to: number
}

export interface Suggested {
  readonly from: Deployed
  readonly to: Deployed
  readonly running: number
  readonly nodes: readonly (Suggestion & { readonly instances: number })[]
}

/** What the ids and names of two versions suggest, for the nodes where most stand first. @throws like {@link propose} */
export async function suggestion(ctx: Context, versions: Versions): Promise<Suggested> {
  const { organisationId } = await scopeOf(ctx, versions.key)
  const { from, to } = await both(ctx, versions)
  const standing = await work.standing(ctx, from.id, organisationId)
  return {
    ...{ from, to, running: await work.countRunning(ctx, from.id, organisationId) },
    nodes: suggest(from.compiled, to.compiled)
      .map((one) => ({ ...one, instances: standing.get(one.node.id) ?? 0 }))
      .sort((a, b) => b.instances - a.instances || (a.node.id < b.node.id ? -1 : 1)),
  }
}

async function both(ctx: Context, { key, from, to }: Versions) {
  if (from === to) throw errors.MIGRATION_VERSIONS_SAME()
  return { from: await versionOf(ctx, key, from), to: await versionOf(ctx, key, to) }
}

export interface Proposal extends Versions {
  readonly mapping: NodeMapping
  readonly reason: string
}

/**
 * Plans to take running instances from one version of a process to another; nothing is touched yet.
 *
 * @throws POLICY_FORBIDDEN, WORKFLOW_PROCESS_NOT_FOUND, WORKFLOW_VERSION_NOT_FOUND, WORKFLOW_MIGRATION_VERSIONS_SAME,
 *   WORKFLOW_MIGRATION_MAPPING_INVALID, WORKFLOW_REASON_MISSING, WORKFLOW_VERSION_RETIRED
 */
export function propose(ctx: Context, { mapping, reason, ...versions }: Proposal): Promise<Migration> {
  return transaction(ctx, async (ctx) => {
    const { organisationId } = await scopeOf(ctx, versions.key)
    const { from, to } = await both(ctx, versions)
    checkReason(reason)
    await checkInUse(ctx, to.id)
    checkErrors(checkMapping(from.compiled, to.compiled, mapping))
    const plan = await repository.insert(ctx, {
      ...{ definitionKey: versions.key, fromDefinition: from.id, toDefinition: to.id },
      ...{ mapping, organisationId, reason },
    })
    await emit(ctx, 'workflow.migration.proposed', {
      ...factOf(plan),
      ...{ from: from.version, to: to.version, reason },
    })
    return plan
  })
}

/** @throws WORKFLOW_MIGRATION_NOT_FOUND, also for one over instances the actor may not take over */
export async function migration(ctx: Context, id: string): Promise<Migration> {
  return seen(ctx, id, await repository.find(ctx, id))
}

async function seen(ctx: Context, id: string, plan: Migration | undefined): Promise<Migration> {
  if (!plan) throw errors.MIGRATION_NOT_FOUND({ id })
  const { organisationId } = await scopeOf(ctx, plan.definitionKey)
  if (organisationId !== null && organisationId !== plan.organisationId)
    throw errors.MIGRATION_NOT_FOUND({ id })
  return plan
}

/** The last plans of a process, the newest first. @throws POLICY_FORBIDDEN, WORKFLOW_PROCESS_NOT_FOUND */
export async function migrations(ctx: Context, key: string, archived: boolean): Promise<Migration[]> {
  const { organisationId } = await scopeOf(ctx, key)
  return repository.ofProcess(ctx, key, { organisationId, archived })
}

/** How many instances run on a version, of those the actor may take over; 0 for who may take over none. */
export async function running(ctx: Context, key: string, definitionId: string): Promise<number> {
  const { policy, actor } = ctx
  if (await mayMigrateAll(ctx, await definitions.latest(ctx, key)))
    return work.countRunning(ctx, definitionId, null)
  if (!(await policy.allows(ctx, can.migrateOwnCases, actor))) return 0
  return work.countRunning(ctx, definitionId, actor.organisationId)
}

/** What is to be known of a plan's mapping. */
export async function findings(ctx: Context, plan: Migration): Promise<MappingFinding[]> {
  const [from, to] = [
    await definitions.deployedById(ctx, plan.fromDefinition),
    await definitions.deployedById(ctx, plan.toDefinition),
  ]
  return checkMapping(from.compiled, to.compiled, plan.mapping)
}

/** Maps anew; what was rehearsed counts no more. @throws like {@link propose}, WORKFLOW_MIGRATION_STATUS_WRONG */
export function remap(ctx: Context, id: string, mapping: NodeMapping): Promise<Migration> {
  return told(ctx, id, 'remap', async (ctx, plan) => {
    checkErrors(await findings(ctx, { ...plan, mapping }))
    await work.clear(ctx, id)
    await emit(ctx, 'workflow.migration.remapped', factOf(plan))
    return repository.change(ctx, id, { status: 'proposed', mapping, rehearsedAt: null })
  })
}

/** Has a job work out every running instance; none is touched. @throws like {@link cancel} */
export function rehearse(ctx: Context, id: string): Promise<Migration> {
  return told(ctx, id, 'rehearse', async (ctx, plan) => {
    await work.clear(ctx, id)
    await give(ctx, id, REHEARSE, plan.reason)
    return repository.change(ctx, id, { ...BEGUN, status: 'rehearsing', rehearsedAt: null })
  })
}

/** Has a job take over what runs, and what an execution before has left. @throws like {@link cancel}, WORKFLOW_VERSION_RETIRED */
export function execute(ctx: Context, id: string, reason: string): Promise<Migration> {
  return told(ctx, id, 'execute', async (ctx, plan) => {
    checkReason(reason)
    await checkInUse(ctx, plan.toDefinition)
    await work.listToMove(ctx, plan)
    await give(ctx, id, EXECUTE, reason)
    await emit(ctx, 'workflow.migration.begun', { ...factOf(plan), act: 'execute', reason })
    return repository.change(ctx, id, { ...BEGUN, status: 'executing', begunAt: ctx.now() })
  })
}

/** Has a job take back every instance that has not gone on since. @throws like {@link execute} */
export function undo(ctx: Context, id: string, reason: string): Promise<Migration> {
  return told(ctx, id, 'undo', async (ctx, plan) => {
    checkReason(reason)
    await checkInUse(ctx, plan.fromDefinition)
    await work.listToUndo(ctx, plan)
    await give(ctx, id, EXECUTE, reason)
    await emit(ctx, 'workflow.migration.begun', { ...factOf(plan), act: 'undo', reason })
    return repository.change(ctx, id, { ...BEGUN, status: 'undoing', begunAt: ctx.now() })
  })
}

/**
 * Stops the job of a plan before its next batch; what is done stays done.
 *
 * @throws POLICY_FORBIDDEN, WORKFLOW_MIGRATION_NOT_FOUND, WORKFLOW_MIGRATION_STATUS_WRONG, WORKFLOW_REASON_MISSING
 */
export function cancel(ctx: Context, id: string, reason: string): Promise<Migration> {
  return told(ctx, id, 'cancel', async (ctx, plan) => {
    checkReason(reason)
    const kind = plan.status === 'rehearsing' ? REHEARSE : EXECUTE
    await cancelJob(ctx, kind, `${id}:${await repository.ordersOf(ctx, id)}`)
    await emit(ctx, 'workflow.migration.cancelled', { ...factOf(plan), reason })
    return repository.change(ctx, id, { status: 'cancelled', endedAt: ctx.now() })
  })
}

/** Puts a plan that is over away; what undoing needs is let go. @throws like {@link cancel} */
export function archive(ctx: Context, id: string, reason: string): Promise<Migration> {
  return told(ctx, id, 'archive', async (ctx, plan) => {
    checkReason(reason)
    await work.forget(ctx, id)
    await emit(ctx, 'workflow.migration.archived', { ...factOf(plan), reason })
    return repository.change(ctx, id, { status: 'archived' })
  })
}

const BEGUN = { endedAt: null, failure: null } as const

async function give(ctx: TransactionContext, id: string, kind: string, reason: string): Promise<void> {
  const orders = await repository.order(ctx, id, reason)
  await enqueue(ctx, kind, `${id}:${orders}`, { migrationId: id })
}

function told(
  ctx: Context,
  id: string,
  act: Act,
  work: (ctx: TransactionContext, plan: Migration) => Promise<Migration>,
): Promise<Migration> {
  return transaction(ctx, async (ctx) => {
    const plan = await seen(ctx, id, await repository.hold(ctx, id))
    if (!may(act, plan)) throw statusWrong(plan.status, act)
    return work(ctx, plan)
  })
}

const factOf = ({ id, definitionKey }: Migration) => ({ migrationId: id, key: definitionKey })

/** No instance comes to a version that is retired, which would never be empty again. Held: see `isRetired`. */
async function checkInUse(ctx: TransactionContext, id: string): Promise<void> {
  const { key, version } = await definitions.deployedById(ctx, id)
  if (await definitions.isRetired(ctx, id)) throw ofWorkflows.VERSION_RETIRED({ key, version })
}

function checkErrors(findings: readonly MappingFinding[]): void {
  const wrong = findings.filter(({ severity }) => severity === 'error')
  if (wrong.length > 0) throw mappingRefused(wrong)
}
