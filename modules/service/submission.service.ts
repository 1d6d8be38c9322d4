import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import { authorize } from '../../core/policy.ts'
import * as clocks from '../clock/index.ts'
import { type Application, errors, type Receipt } from './application.ts'
import * as repository from './application.repository.ts'
import { factOf, lockOwn, requireOpen } from './application.service.ts'
import { type Branch, errors as caseErrors, type ItemCase } from './case.ts'
import { factOf as caseFact } from './case.events.ts'
import { materialsAsked, queue } from './case.keeping.ts'
import * as cases from './case.repository.ts'
import { elementChecks } from './form.service.ts'
import { requireComplete } from './form.ts'
import { differsOnlyInText, type Item, type ScenarioDefinition } from './item.ts'
import * as items from './item.service.ts'
import { errors as materialErrors, type MaterialInstance, missingOf } from './material.ts'
import * as materials from './material.repository.ts'
import { can } from './policy.ts'
import { receiptOf } from './receipt.ts'
import { branchesOf, decide } from './scenario.ts'

/**
 * T03, once for each draft: a second submission, from a double click or a retry, gets the first answer. The
 * case, its receipt, its intake clock and the facts are made together or not at all.
 *
 * @throws SERVICE_APPLICATION_NOT_FOUND, POLICY_FORBIDDEN, SERVICE_CASE_VERSION_STALE,
 * SERVICE_APPLICATION_NOT_DRAFT, SERVICE_ITEM_NOT_OPEN, SERVICE_APPLICATION_AUDIENCE_MISMATCH,
 * SERVICE_APPLICATION_VERSION_SUPERSEDED, SERVICE_APPLICATION_DUPLICATE, SERVICE_MATERIAL_MISSING,
 * CLOCK_CALENDAR_MISSING, and what {@link requireComplete} throws
 */
export async function submit(ctx: Context, id: string, expectedVersion: number): Promise<Application> {
  return transaction(ctx, async (ctx) => {
    const draft = await lockOwn(ctx, id)
    await authorize(ctx, can.submitApplication, { organisationId: draft.applicantId })
    if (draft.status === 'submitted') return draft
    if (draft.status !== 'draft') throw errors.APPLICATION_NOT_DRAFT()
    if (draft.version !== expectedVersion) throw caseErrors.CASE_VERSION_STALE()

    const { item, scenario } = await requireSubmittable(ctx, draft)
    const [given = []] = await materials.byApplications(ctx, [id])
    requireComplete(item.content.form, draft.answers, await elementChecks(ctx, item.content.form))
    const missing = missingOf(item.content.materials, scenario.materials, given)
    if (missing.length > 0) throw materialErrors.MATERIAL_MISSING({ materials: missing.join(', ') })

    const openPlace = await placeFor(ctx, item, draft.applicantId)
    const application = await markSubmitted(ctx, draft, item, given)
    const file = await release(ctx, application, item, scenario, openPlace)
    const { number, receipt } = application
    await emit(ctx, 'service.application.submitted', {
      ...factOf(application, item),
      caseId: file.id,
      number: number ?? '',
      answersSha256: receipt?.answersSha256 ?? '',
    })
    await emit(ctx, 'service.case.released', {
      ...caseFact(file),
      processPack: item.content.processPack,
      variables: variablesOf(application, file, item, scenario),
    })
    return application
  })
}

/** Under the version in force: a draft made before it goes on only when nothing but text has changed (2.3). */
async function requireSubmittable(ctx: TransactionContext, draft: Application) {
  const item = await items.read(ctx, draft.itemId)
  await requireOpen(ctx, item)
  const begun = await items.itemOfVersion(ctx, draft.itemVersionId)
  if (!differsOnlyInText(begun.content, item.content)) throw errors.APPLICATION_VERSION_SUPERSEDED()
  return { item, scenario: decide(item.content, draft.questions) }
}

/** The place this application takes in the item's quota; null without one. @throws SERVICE_APPLICATION_DUPLICATE */
async function placeFor(
  ctx: TransactionContext,
  { id, content }: Item,
  applicantId: string,
): Promise<number | null> {
  if (content.quota === null) return null
  const taken = await cases.openPlaces(ctx, id, applicantId)
  for (let place = 1; place <= content.quota; place++)
    if (!taken.some(({ openPlace }) => openPlace === place)) return place
  throw errors.APPLICATION_DUPLICATE({ number: taken[0]?.number ?? '' })
}

async function markSubmitted(
  ctx: TransactionContext,
  draft: Application,
  item: Item,
  given: readonly MaterialInstance[],
): Promise<Application> {
  const number = await repository.nextNumber(ctx, 'application')
  const issuedAt = ctx.now()
  const receipt: Receipt = receiptOf(ctx.crypto, {
    number: number.replace(/^SQ/, 'HZ'),
    issuedAt: issuedAt.toISOString(),
    itemCode: item.itemCode,
    itemVersion: item.version,
    questions: draft.questions,
    answers: draft.answers,
    files: given.map(({ fileName, sha256 }) => ({ name: fileName, sha256 })),
  })
  return repository.save(ctx, {
    ...draft,
    itemVersionId: item.versionId,
    number,
    receipt,
    status: 'submitted',
    submittedAt: issuedAt,
    submittedBy: ctx.actor.id,
  })
}

async function release(
  ctx: TransactionContext,
  application: Application,
  item: Item,
  scenario: ScenarioDefinition,
  openPlace: number | null,
): Promise<ItemCase> {
  const { organisationId } = item
  const { regionCode, jointBodies, intakeLimit } = item.content
  const receivedOn = dayOf(ctx.now())
  const branches = branchesOf(scenario, application.questions).map(({ name, body }): Branch => ({
    name,
    organisationId: body === 'own' ? organisationId : (jointBodies[body] ?? organisationId),
    endedAt: null,
    result: null,
    note: null,
  }))
  const made = await cases.insert(ctx, {
    openPlace,
    jointBodies: [...new Set(branches.map((each) => each.organisationId))].filter(
      (id) => id !== organisationId,
    ),
    file: {
      number: await repository.nextNumber(ctx, 'case'),
      applicationId: application.id,
      itemId: item.id,
      itemVersionId: item.versionId,
      applicantId: application.applicantId,
      organisationId,
      regionCode,
      status: 'submitted',
      flags: [],
      branches,
      submittedAt: ctx.now(),
      receivedOn,
      intakeCheck: null,
      acceptedOn: null,
      acceptedBy: null,
      outcome: null,
      outcomeReason: null,
      outcomeClause: null,
      decidedBy: null,
      decidedOn: null,
      competentBody: null,
      deliveredOn: null,
    },
  })
  if (!made) throw errors.APPLICATION_DUPLICATE({ number: '' })
  await clocks.start(ctx, {
    caseId: made.id,
    organisationId,
    kind: 'intake',
    limit: intakeLimit,
    effectiveOn: receivedOn,
    region: regionCode,
  })
  await queue(ctx, made)
  return made
}

/** What the process is told: choices and bodies, never what the applicant wrote about persons. */
function variablesOf(application: Application, file: ItemCase, item: Item, scenario: ScenarioDefinition) {
  const joint = file.branches.find(({ organisationId }) => organisationId !== file.organisationId)
  return {
    ...scenario.variables,
    applicationId: application.id,
    caseNumber: file.number,
    itemCode: item.itemCode,
    scenario: scenario.id,
    answers: application.questions,
    applicantId: file.applicantId,
    organisationId: file.organisationId,
    jointOrganisationId: joint?.organisationId ?? null,
    branches: file.branches.map(({ name }) => name),
  }
}

/** Codes of required materials the application lacks. */
export async function missingMaterials(ctx: Context, application: Application): Promise<string[]> {
  const item = await items.itemOfVersion(ctx, application.itemVersionId)
  const [given = []] = await materials.byApplications(ctx, [application.id])
  return missingOf(item.content.materials, materialsAsked(item, application.scenarioId), given)
}
