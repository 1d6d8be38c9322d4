import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import { authorize } from '../../core/policy.ts'
import * as clocks from '../clock/index.ts'
import * as applications from './application.repository.ts'
import { type CorrectionTarget, errors, type IntakeCheck, isDeemed, type ItemCase } from './case.ts'
import { factOf, type ResolveStep } from './case.events.ts'
import { keep, materialsAsked, prepareNotice } from './case.keeping.ts'
import { isBlank, moved, requireAllowed, requireFirstCorrection, requireReasons } from './case.transitions.ts'
import * as corrections from './correction.repository.ts'
import { fieldOf, type Item, materialOf } from './item.ts'
import { errors as materialErrors, isUsable, type MaterialVerdict, missingOf } from './material.ts'
import * as materials from './material.repository.ts'
import { can } from './policy.ts'
import { enterAcceptance, openCase } from './settle.service.ts'

async function fileOf(ctx: TransactionContext, { applicationId }: ItemCase) {
  const [application] = await applications.byIds(ctx, [applicationId])
  const [given = []] = await materials.byApplications(ctx, [applicationId])
  if (!application) throw new Error(`application ${applicationId} is gone`)
  return { application, given }
}

/** Looks for each material by the ways the item names, and writes every look down (5). */
export async function resolveMaterials(ctx: Context, caseId: string): Promise<readonly string[]> {
  return transaction(ctx, async (ctx) => {
    const { file, item } = await openCase(ctx, caseId)
    await authorize(ctx, can.runProcess)
    const { application, given } = await fileOf(ctx, file)
    const asked = materialsAsked(item, application.scenarioId)
    const steps = item.content.materials
      .filter(({ code }) => asked.includes(code))
      .flatMap(({ code, obtainBy }) => {
        const held = given.some((each) => each.code === code)
        return obtainBy.map((way): ResolveStep => {
          const looked = way === 'upload' ? (held ? 'found' : 'not-found') : 'skipped'
          return { code, way, outcome: looked }
        })
      })
    const missing = missingOf(item.content.materials, asked, given)
    await emit(ctx, 'service.materials.resolved', { ...factOf(file), steps, missing })
    return missing
  })
}

export interface IntakeFinding {
  readonly outcome: IntakeCheck['outcome']
  readonly points: readonly CorrectionTarget[]
  readonly verdicts: readonly {
    readonly code: string
    readonly verdict: MaterialVerdict
    readonly note: string | null
  }[]
  readonly reason: string | null
  readonly clause: string | null
  readonly competentBody: string | null
}

/**
 * The clerk's finding at intake. What follows from it is done by the steps of the process after this one; what
 * the law forbids is refused here, while the clerk can still change it.
 *
 * @throws SERVICE_CASE_NOT_FOUND, POLICY_FORBIDDEN, SERVICE_CASE_TRANSITION_INVALID,
 * SERVICE_CASE_CORRECTION_LATE, SERVICE_CASE_CORRECTION_REPEATED, SERVICE_CASE_CORRECTION_UNSPECIFIC,
 * SERVICE_CASE_REASON_MISSING, SERVICE_CASE_COMPETENT_BODY_MISSING, SERVICE_MATERIAL_MISSING
 */
export async function checkIntake(ctx: Context, caseId: string, finding: IntakeFinding): Promise<ItemCase> {
  return transaction(ctx, async (ctx) => {
    const { file, item } = await openCase(ctx, caseId)
    await authorize(ctx, can.checkIntake, file)
    // A clerk who comes too late with "complete" only says what silence has said already.
    if (!(isDeemed(file) && finding.outcome === 'complete')) await requireSound(ctx, file, item, finding)
    for (const { code, verdict, note } of finding.verdicts)
      await materials.judge(ctx, { applicationId: file.applicationId, code, verdict, note })
    if (finding.outcome === 'complete') await requireMaterials(ctx, file, item)

    const { verdicts: _, ...rest } = finding
    const intakeCheck = { ...rest, by: ctx.actor.id, at: ctx.now().toISOString() }
    const saved = await keep(ctx, { ...file, intakeCheck })
    await emit(ctx, 'service.case.checked', { ...factOf(saved), outcome: finding.outcome })
    return saved
  })
}

async function requireSound(
  ctx: TransactionContext,
  file: ItemCase,
  item: Item,
  finding: IntakeFinding,
): Promise<void> {
  switch (finding.outcome) {
    case 'complete':
      return requireAllowed(file, 'accept')
    case 'incomplete':
      requireFirstCorrection(file, await corrections.count(ctx, file.id))
      return requireSpecific(item, finding.points)
    case 'not-required':
    case 'not-competent':
      requireAllowed(file, 'refuse-intake')
      requireReasons(finding)
      if (finding.outcome === 'not-competent' && isBlank(finding.competentBody))
        throw errors.CASE_COMPETENT_BODY_MISSING()
  }
}

/** Each point names a field of the form or a material and says what is asked (12). @throws SERVICE_CASE_CORRECTION_UNSPECIFIC */
function requireSpecific({ content }: Item, points: readonly CorrectionTarget[]): void {
  const vague = points.filter(({ kind, target, remark }) => {
    const known = kind === 'field' ? fieldOf(content, target) : materialOf(content, target)
    return known === undefined || isBlank(remark)
  })
  if (points.length > 0 && vague.length === 0) return
  throw errors.CASE_CORRECTION_UNSPECIFIC({ points: vague.map(({ target }) => target).join(', ') || '-' })
}

/** @throws SERVICE_MATERIAL_MISSING */
async function requireMaterials(ctx: TransactionContext, file: ItemCase, item: Item): Promise<void> {
  const { application, given } = await fileOf(ctx, file)
  const missing = missingOf(item.content.materials, materialsAsked(item, application.scenarioId), given)
  if (missing.length > 0) throw materialErrors.MATERIAL_MISSING({ materials: missing.join(', ') })
}

/**
 * T05: the one-time correction notice, of the points the clerk found. Intake stops, the applicant's time starts.
 *
 * @throws SERVICE_CASE_CORRECTION_LATE, SERVICE_CASE_CORRECTION_REPEATED, SERVICE_CASE_CORRECTION_UNSPECIFIC
 */
export async function requestCorrection(ctx: Context, caseId: string): Promise<ItemCase> {
  return transaction(ctx, async (ctx) => {
    const { file: before, item } = await openCase(ctx, caseId)
    await authorize(ctx, can.runProcess)
    requireFirstCorrection(before, await corrections.count(ctx, caseId))
    const points = before.intakeCheck?.outcome === 'incomplete' ? before.intakeCheck.points : []
    requireSpecific(item, points)

    const { organisationId, regionCode: region } = before
    const today = dayOf(ctx.now())
    await judgeNamed(ctx, before, points)
    await clocks.stop(ctx, { caseId, kind: 'intake', effectiveOn: today })
    const limit = item.content.correctionLimit
    const started =
      limit &&
      (await clocks.start(ctx, {
        caseId,
        organisationId,
        kind: 'correction',
        limit,
        effectiveOn: today,
        region,
      }))
    const dueOn = started?.dueOn ?? null
    const number = await applications.nextNumber(ctx, 'notice')
    await corrections.insert(ctx, {
      caseId,
      number,
      issuedOn: today,
      issuedAt: ctx.now(),
      dueOn,
      points,
      answeredAt: null,
    })
    const file = await keep(ctx, moved(before, 'request-correction', 'correction-requested'))
    await prepareNotice(ctx, file, 'correction', { cause: number, until: dueOn })
    const note = points.map(({ target, remark }) => `${labelOf(item, target)}：${remark}`).join('；')
    await emit(ctx, 'service.case.correction-requested', {
      ...factOf(file, note),
      number,
      dueOn,
      points: points.length,
    })
    return file
  })
}

/** Only files that are not right stand in a notice (5); which way, the clerk may have said already. */
async function judgeNamed(
  ctx: TransactionContext,
  { applicationId }: ItemCase,
  points: readonly CorrectionTarget[],
): Promise<void> {
  const [given = []] = await materials.byApplications(ctx, [applicationId])
  for (const { kind, target, remark } of points) {
    const judged = given.some((each) => each.code === target && !isUsable(each))
    if (kind === 'material' && !judged)
      await materials.judge(ctx, { applicationId, code: target, verdict: 'incorrect', note: remark })
  }
}

const labelOf = ({ content }: Item, target: string) =>
  (fieldOf(content, target)?.label ?? materialOf(content, target)?.name)?.zh ?? target

/**
 * T10. A case that silence accepted meanwhile is left as it is.
 *
 * @throws SERVICE_CASE_TRANSITION_INVALID, SERVICE_MATERIAL_MISSING
 */
export async function accept(ctx: Context, caseId: string): Promise<ItemCase> {
  return transaction(ctx, async (ctx) => {
    const { file, item } = await openCase(ctx, caseId)
    await authorize(ctx, can.runProcess)
    if (isDeemed(file)) return file
    requireAllowed(file, 'accept')
    await requireMaterials(ctx, file, item)

    const today = dayOf(ctx.now())
    const change = { acceptedOn: today, acceptedBy: file.intakeCheck?.by ?? null }
    return enterAcceptance(ctx, moved(file, 'accept', 'accepted', change), item, today)
  })
}

/**
 * T08, on what the clerk found.
 *
 * @throws SERVICE_CASE_TRANSITION_INVALID, SERVICE_CASE_REASON_MISSING, SERVICE_CASE_COMPETENT_BODY_MISSING
 */
export async function refuseIntake(ctx: Context, caseId: string): Promise<ItemCase> {
  return transaction(ctx, async (ctx) => {
    const { file: before } = await openCase(ctx, caseId)
    await authorize(ctx, can.runProcess)
    const found = before.intakeCheck
    requireAllowed(before, 'refuse-intake')
    if (!found) throw errors.CASE_REASON_MISSING()
    requireReasons(found)
    const kind = found.outcome === 'not-required' ? 'not-required' : 'not-accepted'
    if (kind === 'not-accepted' && isBlank(found.competentBody)) throw errors.CASE_COMPETENT_BODY_MISSING()

    await clocks.stop(ctx, { caseId, kind: 'intake', effectiveOn: dayOf(ctx.now()) })
    const { reason, clause, competentBody } = found
    const file = await keep(
      ctx,
      moved(before, 'refuse-intake', kind, { outcomeReason: reason, outcomeClause: clause, competentBody }),
    )
    await prepareNotice(ctx, file, kind, { reason, clause, competentBody })
    await emit(ctx, 'service.case.intake-refused', { ...factOf(file, reason), status: kind, competentBody })
    return file
  })
}
