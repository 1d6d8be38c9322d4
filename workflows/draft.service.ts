import { type Context, transaction, type TransactionContext } from '../core/context.ts'
import { emit } from '../core/events.ts'
import { authorize } from '../core/policy.ts'
import { type Check, check } from './check.ts'
import { gdbos } from './compile/extension.ts'
import type { Known } from './compile/gate.ts'
import { type Rehearsal, rehearse } from './compile/rehearsal.ts'
import * as definitions from './definition.repository.ts'
import { deploy as deployVersion } from './definition.service.ts'
import type { Deployed } from './deployed.ts'
import { emptyPack, renamed } from './draft.start.ts'
import { changed, checkKey, type Draft, errors, type FileChange } from './draft.ts'
import * as repository from './draft.repository.ts'
import { filesOf } from './pack.files.ts'
import { can } from './policy.ts'
import { refusalOf } from './refusals.ts'
import { runSimulation, type SimulationCommand, type SimulationStep } from './simulator.ts'

/** Drafts of the actor's organisation, the one changed last first. @throws POLICY_FORBIDDEN */
export async function drafts(ctx: Context): Promise<Draft[]> {
  await authorize(ctx, can.editDraft, ctx.actor)
  return repository.ofOrganisation(ctx, ctx.actor.organisationId)
}

/** @throws WORKFLOW_DRAFT_NOT_FOUND, POLICY_FORBIDDEN */
export async function draft(ctx: Context, id: string): Promise<Draft> {
  const found = await repository.find(ctx, id)
  if (!found) throw errors.DRAFT_NOT_FOUND({ id })
  await authorize(ctx, can.editDraft, found)
  return found
}

export interface Beginning {
  /** The id of the process. */
  readonly key: string
  /** The version to begin from; absent for an empty process. */
  readonly definitionId?: string | null
}

/**
 * Begins a draft of a process of the actor's organisation, or of a new one. A version of another process, whosever
 * it is, may serve as a pattern: it then takes the new key.
 *
 * @throws WORKFLOW_DRAFT_KEY_INVALID, WORKFLOW_DEFINITION_NOT_FOUND, WORKFLOW_DRAFT_EXISTS, POLICY_FORBIDDEN
 */
export async function create(ctx: Context, { key, definitionId = null }: Beginning): Promise<Draft> {
  checkKey(key)
  return transaction(ctx, async (ctx) => {
    const current = await definitions.latest(ctx, key)
    await authorize(ctx, can.editDraft, current ?? ctx.actor)
    const base = definitionId === null ? undefined : await definitions.find(ctx, definitionId)
    if (definitionId !== null && !base) throw errors.DEFINITION_NOT_FOUND({ id: definitionId })
    const { id: actorId, organisationId } = ctx.actor
    const [createdAt, changedAt] = [ctx.now(), ctx.now()]
    const made = await repository.insert(ctx, {
      key,
      organisationId,
      definitionId: base?.key === key ? base.id : null,
      files: base ? renamed(filesOf(base), base.key, key) : emptyPack(key),
      version: 1,
      ...{ createdBy: actorId, createdAt, changedBy: actorId, changedAt },
    })
    if (!made) throw errors.DRAFT_EXISTS({ key })
    await emit(ctx, 'workflow.draft.created', { draftId: made.id, key, organisationId })
    return made
  })
}

export interface Saving {
  readonly id: string
  /** The version the person saw. */
  readonly expectedVersion: number
  readonly changes: readonly FileChange[]
}

/** @throws WORKFLOW_DRAFT_NOT_FOUND, WORKFLOW_DRAFT_VERSION_STALE, POLICY_FORBIDDEN, and what {@link changed} throws */
export async function save(ctx: Context, { id, expectedVersion, changes }: Saving): Promise<Draft> {
  return transaction(ctx, async (ctx) => {
    const before = await held(ctx, id, expectedVersion)
    const files = changed(before.files, changes)
    const { key, version } = before
    const next = { ...before, files, version: version + 1, changedBy: ctx.actor.id, changedAt: ctx.now() }
    await repository.update(ctx, next)
    const paths = changes.map(({ path }) => path)
    await emit(ctx, 'workflow.draft.saved', { draftId: id, key, version: next.version, paths })
    return next
  })
}

/** @throws WORKFLOW_DRAFT_NOT_FOUND, WORKFLOW_DRAFT_VERSION_STALE, POLICY_FORBIDDEN */
export async function discard(
  ctx: Context,
  { id, expectedVersion }: Omit<Saving, 'changes'>,
  deployed: string | null = null,
): Promise<void> {
  await transaction(ctx, async (ctx) => {
    const { key } = await held(ctx, id, expectedVersion)
    await repository.remove(ctx, id)
    await emit(ctx, 'workflow.draft.discarded', { draftId: id, key, deployed })
  })
}

async function held(ctx: TransactionContext, id: string, expectedVersion: number): Promise<Draft> {
  const found = await repository.lock(ctx, id)
  if (!found) throw errors.DRAFT_NOT_FOUND({ id })
  await authorize(ctx, can.editDraft, found)
  if (found.version !== expectedVersion) throw errors.DRAFT_VERSION_STALE({ version: found.version })
  return found
}

export interface Look {
  readonly id: string
  /** Over what is saved; nothing of it is stored. */
  readonly changes?: readonly FileChange[]
}

/** What the gate and bpmnlint say of the draft as it stands on the screen. @throws like {@link save} */
export async function checkDraft(ctx: Context, { id, changes = [] }: Look, known: Known): Promise<Check> {
  const { key, files } = await draft(ctx, id)
  return check(key, changed(files, changes), { known })
}

/**
 * Plays the draft as it stands on the screen by the step function that runs live cases.
 *
 * @throws WORKFLOW_MODEL_INVALID when it does not compile, and what `runSimulation` and {@link save} throw
 */
export async function simulate(
  ctx: Context,
  { id, changes = [], commands }: Look & { readonly commands: readonly SimulationCommand[] },
  known: Known,
): Promise<SimulationStep[]> {
  const { key, files } = await draft(ctx, id)
  const { definition, findings } = await check(key, changed(files, changes), { known, inMemory: true })
  if (!definition) throw refusalOf({ findings: findings.filter(({ severity }) => severity === 'error') })
  return runSimulation(definition, commands, ctx.now())
}

/** Less than the gateway waits for an answer. */
const REHEARSAL_MS = 8_000

/** What a rehearsal at deployment would show. @throws WORKFLOW_MODEL_INVALID, and what {@link draft} throws */
export async function rehearseDraft(ctx: Context, id: string, known: Known): Promise<Rehearsal> {
  const { key, files } = await draft(ctx, id)
  const { definition, findings } = await check(key, files, { known })
  if (!definition) throw refusalOf({ findings: findings.filter(({ severity }) => severity === 'error') })
  return rehearse(definition, REHEARSAL_MS)
}

export interface DraftDeployment extends Omit<Saving, 'changes'> {
  /** The version the person compared with; 0 when none was deployed. */
  readonly overVersion: number
}

/**
 * Deploys the draft as the next version of its process, by the way every pack goes; the draft is then done with.
 *
 * @throws WORKFLOW_DRAFT_NOT_FOUND, WORKFLOW_DRAFT_VERSION_STALE, WORKFLOW_DEPLOYED_SINCE, and what `deploy` throws
 */
export async function deployDraft(
  ctx: Context,
  { id, expectedVersion, overVersion }: DraftDeployment,
  known: Known,
): Promise<Deployed> {
  const { key, files, version } = await draft(ctx, id)
  if (version !== expectedVersion) throw errors.DRAFT_VERSION_STALE({ version })
  const current = await definitions.latest(ctx, key)
  if (current && current.version !== overVersion) throw errors.DEPLOYED_SINCE({ version: current.version })
  const { deployment, findings } = await check(key, files, { known })
  const wrong = findings.filter(({ severity }) => severity === 'error')
  if (!deployment || wrong.length > 0) throw refusalOf({ findings: wrong })
  const deployed = await deployVersion(ctx, deployment, known)
  await discard(ctx, { id, expectedVersion }, deployed.id)
  return deployed
}

/** What a model may name: our BPMN attributes, and the tasks and commands of the modules. @throws POLICY_FORBIDDEN */
export async function vocabulary(ctx: Context, { tasks, commands }: Known) {
  await authorize(ctx, can.editDraft, ctx.actor)
  return { extension: gdbos, tasks: [...tasks].sort(), commands: [...commands].sort() }
}
