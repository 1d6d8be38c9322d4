import { type Context, transaction } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import { authorize } from '../../core/policy.ts'
import * as certificates from '../certificate/index.ts'
import * as clocks from '../clock/index.ts'
import { organisationById } from '../organisation/index.ts'
import * as applications from './application.repository.ts'
import type { ItemCase, Outcome } from './case.ts'
import { factOf } from './case.events.ts'
import { keep, prepareNotice } from './case.keeping.ts'
import { moved, requireAllowed, requireDecidable, requireReasons } from './case.transitions.ts'
import { certificateClaims } from './certificate.claims.ts'
import { can } from './policy.ts'
import * as review from './review.repository.ts'
import { openCase } from './settle.service.ts'

export interface DecisionInput {
  readonly outcome: Extract<Outcome, 'granted' | 'refused'>
  readonly reason: string | null
  readonly clause: string | null
}

/**
 * T22, once for a case. A refusal closes the parts of the review that are still open.
 *
 * @throws SERVICE_CASE_NOT_FOUND, POLICY_FORBIDDEN, SERVICE_CASE_TRANSITION_INVALID,
 * SERVICE_CASE_DUTIES_NOT_SEPARATED, SERVICE_CASE_DECISION_BLOCKED, SERVICE_CASE_BRANCH_OPEN,
 * SERVICE_CASE_REASON_MISSING
 */
export async function decide(ctx: Context, caseId: string, input: DecisionInput): Promise<ItemCase> {
  return transaction(ctx, async (ctx) => {
    const { file: before, item } = await openCase(ctx, caseId)
    await authorize(ctx, can.decideCase, before)
    // Whoever stands in for the signer signs for her: neither may have accepted the case.
    const { id, onBehalfOf = id } = ctx.actor
    for (const by of [id, onBehalfOf])
      requireDecidable(before, { ...input, by }, item.content.separationOfDuties)

    const today = dayOf(ctx.now())
    const { organisationId, regionCode: region } = before
    await clocks.stop(ctx, { caseId, kind: ['legal', 'promised'], effectiveOn: today })
    const limit = item.content.deliveryLimit
    await clocks.start(ctx, { caseId, organisationId, kind: 'delivery', limit, effectiveOn: today, region })
    const at = ctx.now().toISOString()
    const file = await keep(
      ctx,
      moved(before, 'decide', 'decided', {
        outcome: input.outcome,
        outcomeReason: input.reason,
        outcomeClause: input.clause,
        decidedBy: ctx.actor.id,
        decidedOn: today,
        branches: before.branches.map((branch) =>
          branch.endedAt === null ? { ...branch, endedAt: at, result: 'closed' } : branch,
        ),
      }),
    )
    await emit(ctx, 'service.case.decided', { ...factOf(file, input.reason), outcome: input.outcome })
    return file
  })
}

/**
 * The certificate of a granted case, issued once however often it is asked for.
 *
 * @throws SERVICE_CASE_TRANSITION_INVALID, and what the certificate module throws
 */
export async function issueCertificate(
  ctx: Context,
  caseId: string,
): Promise<certificates.Certificate | undefined> {
  return transaction(ctx, async (ctx) => {
    const { file, item } = await openCase(ctx, caseId)
    await authorize(ctx, can.runProcess)
    if (file.outcome !== 'granted' && file.outcome !== 'granted-tolerant') requireAllowed(file, 'decide')
    const result = item.content.results.find(({ kind }) => kind === 'certificate')
    if (!result?.certificateType || !result.numberPrefix) return undefined
    const [application] = await applications.byIds(ctx, [file.applicationId])
    const holder = await organisationById(ctx, file.applicantId)
    const certificate = await certificates.issue(ctx, {
      caseId,
      organisationId: file.organisationId,
      holderOrganisationId: file.applicantId,
      type: result.certificateType,
      title: result.name,
      holder: holder.name.zh,
      holderCode: holder.creditCode,
      claims: certificateClaims(item.content, result, application?.answers ?? {}),
      issuedOn: file.decidedOn ?? dayOf(ctx.now()),
      validMonths: result.validMonths,
      numberPrefix: result.numberPrefix,
    })
    await prepareNotice(ctx, file, 'grant')
    return certificate
  })
}

/** The document of a refusal, with its reasons, clause and the way to appeal. */
export async function writeRefusal(ctx: Context, caseId: string): Promise<ItemCase> {
  return transaction(ctx, async (ctx) => {
    const { file } = await openCase(ctx, caseId)
    await authorize(ctx, can.runProcess)
    const { outcomeReason: reason, outcomeClause: clause } = file
    if (file.outcome !== 'refused') requireAllowed(file, 'decide')
    requireReasons({ reason, clause })
    await prepareNotice(ctx, file, 'refusal', { reason, clause })
    return file
  })
}

/** Puts every prepared notice before the applicant; one that is served is not served again. */
export async function serveNotices(ctx: Context, caseId: string): Promise<readonly string[]> {
  return transaction(ctx, async (ctx) => {
    const { file } = await openCase(ctx, caseId)
    await authorize(ctx, can.runProcess)
    const served = await review.serveNotices(ctx, caseId)
    const numbers = served.map(({ number }) => number).sort()
    if (numbers.length > 0)
      await emit(ctx, 'service.notice.served', { ...factOf(file, numbers.join('、')), numbers })
    return numbers
  })
}

/** What shows that the holder has the result. */
export type DeliveryProof = 'download' | 'signature' | 'electronic-notice'

/**
 * T23. A case that is delivered stays so, whoever brings the next proof.
 *
 * @throws SERVICE_CASE_NOT_FOUND, POLICY_FORBIDDEN, SERVICE_CASE_VERSION_STALE, SERVICE_CASE_TRANSITION_INVALID
 */
export async function handOver(
  ctx: Context,
  caseId: string,
  proof: DeliveryProof,
  expectedVersion?: number,
): Promise<ItemCase> {
  return transaction(ctx, async (ctx) => {
    const { file: before } = await openCase(ctx, caseId, expectedVersion)
    if (!(await ctx.policy.allows(ctx, can.runProcess))) await authorize(ctx, can.handOverCase, before)
    if (before.status === 'delivered') return before

    const deliveredOn = dayOf(ctx.now())
    requireAllowed(before, 'hand-over')
    await clocks.stop(ctx, { caseId, kind: 'delivery', effectiveOn: deliveredOn })
    const file = await keep(ctx, moved(before, 'hand-over', 'delivered', { deliveredOn }))
    await emit(ctx, 'service.case.delivered', { ...factOf(file), proof })
    return file
  })
}
