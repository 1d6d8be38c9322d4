import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { emit, recordAccess } from '../../core/events.ts'
import type { Poller } from '../../core/jobs.ts'
import { loadThrough } from '../../core/loader.ts'
import { type Connection, connection, type PageRequest } from '../../core/page.ts'
import { authorize } from '../../core/policy.ts'
import { type Application, errors, expiryOf } from './application.ts'
import * as repository from './application.repository.ts'
import { reachOf } from './case.access.ts'
import type { ApplicationFact } from './case.events.ts'
import { errors as caseErrors } from './case.ts'
import * as cases from './case.repository.ts'
import { type Answers, typed } from './form.ts'
import { errors as itemErrors, type Item } from './item.ts'
import * as items from './item.service.ts'
import { can } from './policy.ts'
import { prefill } from './prefill.service.ts'
import { decide, errors as scenarioErrors, readAnswers } from './scenario.ts'

/**
 * An application as its applicant sees it, or those who see its case.
 *
 * @throws SERVICE_APPLICATION_NOT_FOUND
 */
export async function read(ctx: Context, id: string): Promise<Application> {
  const application = await repository.find(ctx, id)
  if (!application || !(await maySee(ctx, application))) throw errors.APPLICATION_NOT_FOUND({ id })
  return application
}

/** The answers of an application that the actor sees. An office's reading is recorded, once a request. */
export async function answersOf(ctx: Context, { id, applicantId, answers }: Application): Promise<Answers> {
  if (applicantId !== ctx.actor.organisationId) await loadThrough(ctx, recordReading, id)
  return answers
}

async function recordReading(ctx: Context, ids: readonly string[]): Promise<readonly true[]> {
  for (const id of ids)
    await recordAccess(ctx, {
      kind: 'read',
      subject: `service.application:${id}`,
      purpose: 'case-handling',
      fields: ['answers'],
    })
  return ids.map(() => true)
}

/** Of the applicant, and of the offices that have a part in one of its cases. */
export async function maySee(ctx: Context, { id, applicantId }: Application): Promise<boolean> {
  if (await ctx.policy.allows(ctx, can.readApplication, { organisationId: applicantId })) return true
  const [files = []] = await cases.byApplications(ctx, [id])
  for (const file of files) if (await reachOf(ctx, file)) return true
  return false
}

/** The applications of the party the actor acts for, the latest first. @throws POLICY_FORBIDDEN */
export async function listMine(ctx: Context, page: PageRequest): Promise<Connection<Application>> {
  await authorize(ctx, can.readApplication, ctx.actor)
  const rows = await repository.list(ctx, ctx.actor.organisationId, page)
  return connection(repository.LIST, rows, page, ({ createdAt, id }) => [createdAt.toISOString(), id])
}

/**
 * T01: begins an application in the scenario that the answers lead to, with what the registers know of the
 * applicant filled in.
 *
 * @throws SERVICE_ITEM_NOT_FOUND, POLICY_FORBIDDEN, SERVICE_ITEM_NOT_OPEN, SERVICE_APPLICATION_AUDIENCE_MISMATCH,
 * SERVICE_SCENARIO_UNDECIDED, SERVICE_SCENARIO_NOT_APPLICABLE
 */
export async function startDraft(ctx: Context, itemId: string, input: unknown): Promise<Application> {
  return transaction(ctx, async (ctx) => {
    const item = await items.read(ctx, itemId)
    const { organisationId: applicantId } = ctx.actor
    await authorize(ctx, can.draftApplication, { organisationId: applicantId })
    await requireOpen(ctx, item)
    const questions = readAnswers(item.content, input)
    const scenario = decide(item.content, questions)
    if (scenario.outcome !== 'apply')
      throw scenarioErrors.SCENARIO_NOT_APPLICABLE({
        reason: `${scenario.explanation.zh} ${scenario.explanation.en}`,
      })

    const { answers, notice } = await prefill(ctx, item)
    const now = ctx.now()
    const application = await repository.insert(ctx, {
      number: null,
      itemId,
      itemVersionId: item.versionId,
      applicantId,
      draftedBy: ctx.actor.id,
      status: 'draft',
      version: 1,
      questions,
      scenarioId: scenario.id,
      answers,
      prefillNotice: notice,
      receipt: null,
      createdAt: now,
      editedAt: now,
      expiresAt: expiryOf(now, item.content.draftDays),
      submittedAt: null,
      submittedBy: null,
    })
    const fact = factOf(application, item)
    await emit(ctx, 'service.application.drafted', { ...fact, itemId, scenarioId: scenario.id })
    return application
  })
}

/** @throws SERVICE_ITEM_NOT_OPEN, SERVICE_APPLICATION_AUDIENCE_MISMATCH */
export async function requireOpen(ctx: Context, item: Item): Promise<void> {
  if (item.state !== 'in-use') throw itemErrors.ITEM_NOT_OPEN({ name: item.content.name.zh })
  const audience = await items.audienceOf(ctx)
  if (audience === undefined || !item.content.audience.includes(audience))
    throw errors.APPLICATION_AUDIENCE_MISMATCH()
}

/**
 * Keeps what was typed; a value left as it was keeps its origin.
 *
 * @throws SERVICE_APPLICATION_NOT_FOUND, POLICY_FORBIDDEN, SERVICE_APPLICATION_NOT_DRAFT,
 * SERVICE_CASE_VERSION_STALE, SERVICE_APPLICATION_FIELD_UNKNOWN, SERVICE_APPLICATION_ANSWER_INVALID
 */
export async function saveDraft(
  ctx: Context,
  id: string,
  expectedVersion: number,
  input: unknown,
): Promise<Application> {
  return transaction(ctx, async (ctx) => {
    const before = await lockDraft(ctx, id, expectedVersion)
    const item = await items.itemOfVersion(ctx, before.itemVersionId)
    const answers = typed(item.content.form, before.answers, input)

    const application = await repository.save(ctx, { ...edited(ctx, before, item), answers })
    const fields = Object.keys(input as object)
    await emit(ctx, 'service.application.saved', { ...factOf(application, item), fields })
    return application
  })
}

/** The draft as edited now: it is kept for its full time again. */
export function edited(ctx: Context, before: Application, { content }: Item): Application {
  return { ...before, editedAt: ctx.now(), expiresAt: expiryOf(ctx.now(), content.draftDays) }
}

/** Holds an application of the actor's own party. */
export async function lockOwn(ctx: TransactionContext, id: string): Promise<Application> {
  const application = await repository.lock(ctx, id)
  if (!application || !(await maySee(ctx, application))) throw errors.APPLICATION_NOT_FOUND({ id })
  await authorize(ctx, can.draftApplication, { organisationId: application.applicantId })
  return application
}

async function lockDraft(ctx: TransactionContext, id: string, expectedVersion: number): Promise<Application> {
  const application = await lockOwn(ctx, id)
  if (application.status !== 'draft') throw errors.APPLICATION_NOT_DRAFT()
  if (application.version !== expectedVersion) throw caseErrors.CASE_VERSION_STALE()
  return application
}

export function factOf({ id, applicantId }: Application, item: Item): ApplicationFact {
  return { applicationId: id, applicantId, organisationId: item.organisationId }
}

/** T02: drafts nobody has touched for the item's `draftDays` are given up; their files are linked no more. */
export const draftExpiry: Poller = {
  name: 'service.draft-expiry',
  poll: (ctx) =>
    transaction(ctx, async (ctx) => {
      const draft = await repository.lockExpired(ctx)
      if (!draft) return 0
      const item = await items.itemOfVersion(ctx, draft.itemVersionId)
      const application = await repository.save(ctx, { ...draft, status: 'expired' })
      await emit(ctx, 'service.application.expired', factOf(application, item))
      return 1
    }),
}
