import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import { loadThrough } from '../../core/loader.ts'
import { authorize } from '../../core/policy.ts'
import * as clocks from '../clock/index.ts'
import * as applications from './application.repository.ts'
import { type Correction, type CorrectionTarget, errors, type ItemCase } from './case.ts'
import { factOf } from './case.events.ts'
import { keep, prepareNotice } from './case.keeping.ts'
import { moved, requireAllowed, requireWithdrawable } from './case.transitions.ts'
import * as corrections from './correction.repository.ts'
import { elementChecks } from './form.service.ts'
import { requireComplete, typed } from './form.ts'
import type { MaterialInstance } from './material.ts'
import * as materials from './material.repository.ts'
import { can } from './policy.ts'
import { openCase, stopAll } from './settle.service.ts'

/** The notice that the applicant last got; through the request's loader. */
export function correctionOf(ctx: Context, { id }: ItemCase): Promise<Correction | undefined> {
  return loadThrough(ctx, corrections.latest, id)
}

/** Whether a material named in the notice has been given anew. */
export function isGivenAnew(
  { issuedAt }: Pick<Correction, 'issuedAt'>,
  code: string,
  given: readonly MaterialInstance[],
): boolean {
  return given.some((each) => each.code === code && each.verdict === null && each.createdAt >= issuedAt)
}

/**
 * T06: the applicant's answer to every point of the notice. Intake counts anew from the day of receipt.
 *
 * @throws SERVICE_CASE_NOT_FOUND, POLICY_FORBIDDEN, SERVICE_CASE_VERSION_STALE,
 * SERVICE_CASE_TRANSITION_INVALID, SERVICE_APPLICATION_FIELD_UNKNOWN, SERVICE_APPLICATION_ANSWER_INVALID,
 * SERVICE_CASE_CORRECTION_UNANSWERED
 */
export async function resubmit(
  ctx: Context,
  id: string,
  expectedVersion: number,
  input: unknown,
): Promise<ItemCase> {
  return transaction(ctx, async (ctx) => {
    const { file: before, item } = await openCase(ctx, id, expectedVersion)
    await authorize(ctx, can.submitApplication, { organisationId: before.applicantId })
    requireAllowed(before, 'resubmit')
    const [notice] = await corrections.latest(ctx, [id])
    if (!notice) throw new Error(`case ${id} waits for a correction nobody asked for`)

    await answer(ctx, before, notice, item.content.form, input)
    await corrections.markAnswered(ctx, notice.id)
    const receivedOn = dayOf(ctx.now())
    const { organisationId, regionCode: region } = before
    await clocks.stop(ctx, { caseId: id, kind: 'correction', effectiveOn: receivedOn })
    const limit = item.content.intakeLimit
    await clocks.start(ctx, {
      caseId: id,
      organisationId,
      kind: 'intake',
      limit,
      effectiveOn: receivedOn,
      region,
    })
    const file = await keep(ctx, moved(before, 'resubmit', 'correction-submitted', { receivedOn }))
    await emit(ctx, 'service.case.corrected', { ...factOf(file), receivedOn })
    return file
  })
}

type Form = Parameters<typeof requireComplete>[0]

async function answer(
  ctx: TransactionContext,
  file: ItemCase,
  { points, issuedAt }: Correction,
  form: Form,
  input: unknown,
): Promise<void> {
  const application = await applications.lock(ctx, file.applicationId)
  if (!application) throw new Error(`application ${file.applicationId} is gone`)
  const asked = points.filter(({ kind }) => kind === 'field').map(({ target }) => target)
  const answers = typed(
    form.filter(({ name }) => asked.includes(name)),
    application.answers,
    input,
  )
  const [given = []] = await materials.byApplications(ctx, [application.id])
  const answered = Object.keys(input as object)
  const open = points.filter((point) => !isAnswered(point, answered, { issuedAt }, given))
  if (open.length > 0)
    throw errors.CASE_CORRECTION_UNANSWERED({ points: open.map(({ target }) => target).join(', ') })
  requireComplete(form, answers, await elementChecks(ctx, form))

  for (const { kind, target } of points)
    if (kind === 'material')
      for (const old of given)
        if (old.code === target && old.verdict !== null && old.verdict !== 'ok')
          await materials.remove(ctx, old.id)
  await applications.save(ctx, { ...application, answers })
}

function isAnswered(
  { kind, target }: CorrectionTarget,
  answered: readonly string[],
  notice: Pick<Correction, 'issuedAt'>,
  given: readonly MaterialInstance[],
): boolean {
  return kind === 'field' ? answered.includes(target) : isGivenAnew(notice, target, given)
}

/**
 * T19: before acceptance the applicant may take the application back.
 *
 * @throws SERVICE_CASE_NOT_FOUND, POLICY_FORBIDDEN, SERVICE_CASE_VERSION_STALE,
 * SERVICE_CASE_WITHDRAWAL_LATE, SERVICE_CASE_TRANSITION_INVALID
 */
export async function withdraw(ctx: Context, id: string, expectedVersion: number): Promise<ItemCase> {
  return transaction(ctx, async (ctx) => {
    const { file: before } = await openCase(ctx, id, expectedVersion)
    await authorize(ctx, can.submitApplication, { organisationId: before.applicantId })
    requireWithdrawable(before)

    await stopAll(ctx, id, dayOf(ctx.now()))
    const file = await keep(ctx, moved(before, 'withdraw', 'withdrawn'))
    await prepareNotice(ctx, file, 'withdrawal')
    await emit(ctx, 'service.case.withdrawn', factOf(file))
    return file
  })
}
