import { randomUUID } from 'node:crypto'
import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { addDays, type Day, dayOf, startOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import { authorize } from '../../core/policy.ts'
import * as clocks from '../clock/index.ts'
import { type Branch, errors, type ItemCase, type SiteVisit } from './case.ts'
import { factOf } from './case.events.ts'
import { keep, prepareNotice } from './case.keeping.ts'
import { moved, requireAllowed } from './case.transitions.ts'
import { can } from './policy.ts'
import * as repository from './review.repository.ts'
import { openCase, withoutSpan } from './settle.service.ts'

/** T13: the process has passed acceptance. A review that has started is left as it is. */
export async function startReview(ctx: Context, caseId: string): Promise<ItemCase> {
  return transaction(ctx, async (ctx) => {
    const { file: before } = await openCase(ctx, caseId)
    await authorize(ctx, can.runProcess)
    if (before.status === 'in-review') return before
    const file = await keep(ctx, moved(before, 'start-review', 'in-review'))
    const branches = file.branches.map(({ name }) => name)
    await emit(ctx, 'service.case.review-started', { ...factOf(file), branches })
    return file
  })
}

export interface Suspend {
  readonly reason: string
  /** Last day of the pause; absent for as long as the item allows. */
  readonly plannedUntil?: Day | undefined
}

/**
 * T14: a special procedure of the item's law stops the clocks from today (AL 45).
 *
 * @throws SERVICE_CASE_TRANSITION_INVALID, SERVICE_CASE_SUSPENSION_UNFOUNDED,
 * SERVICE_CASE_SUSPENSION_TOO_LONG, SERVICE_CASE_SUSPENSION_OPEN, CLOCK_PAUSE_OUT_OF_RANGE
 */
export async function suspend(ctx: Context, caseId: string, input: Suspend): Promise<ItemCase> {
  return transaction(ctx, async (ctx) => {
    const { file: before, item } = await openCase(ctx, caseId)
    await authorize(ctx, can.runProcess)
    requireAllowed(before, 'suspend')
    const { reason } = input
    const allowed = item.content.allowedSuspensions.find((each) => each.reason === reason)
    if (!allowed) throw errors.CASE_SUSPENSION_UNFOUNDED({ reason })
    const open = (await repository.suspensionsOf(ctx, caseId)).some(
      (each) => each.reason === reason && each.endedOn === null,
    )
    if (open) throw errors.CASE_SUSPENSION_OPEN()
    const startedOn = dayOf(ctx.now())
    const last = await lastDayOf(ctx, before.regionCode, startedOn, allowed.maxDays)
    const plannedUntil = input.plannedUntil ?? last
    if (plannedUntil > last) throw errors.CASE_SUSPENSION_TOO_LONG({ maxDays: allowed.maxDays })

    const spanId = randomUUID()
    const span = { caseId, spanId, reason, effectiveOn: startedOn, plannedUntil }
    await clocks.pause(ctx, { ...span, kinds: ['legal', 'promised'] })
    await repository.insertSuspension(ctx, {
      id: spanId,
      caseId,
      reason,
      startedOn,
      plannedUntil,
      endedOn: null,
    })
    const since = ctx.now().toISOString()
    const flag = { name: 'suspended', spanId, since, by: ctx.actor.id, reason } as const
    const file = await keep(ctx, moved(before, 'suspend', 'in-review', { flags: [...before.flags, flag] }))
    await prepareNotice(ctx, file, 'suspension', {
      cause: spanId,
      reason,
      from: startedOn,
      until: plannedUntil,
    })
    await emit(ctx, 'service.case.suspended', {
      ...factOf(file),
      spanId,
      reason,
      from: startedOn,
      plannedUntil,
    })
    return file
  })
}

/** The last day of `days` working days that begin with `from` itself. */
async function lastDayOf(ctx: Context, region: string, from: Day, days: number): Promise<Day> {
  const calendar = await clocks.calendarFor(ctx, region)
  let day = clocks.workingDayFrom(calendar, from)
  for (let left = days - 1; left > 0; left--) day = clocks.workingDayFrom(calendar, addDays(day, 1))
  return day
}

/**
 * T15: the procedure has a result, and today counts again. A pause that ended by itself before stays ended.
 *
 * @throws SERVICE_CASE_TRANSITION_INVALID, CLOCK_RESUME_UNMATCHED
 */
export async function resume(ctx: Context, caseId: string, reason: string): Promise<ItemCase> {
  return transaction(ctx, async (ctx) => {
    const { file } = await openCase(ctx, caseId)
    await authorize(ctx, can.runProcess)
    requireAllowed(file, 'resume')
    const spans = (await repository.suspensionsOf(ctx, caseId)).filter((each) => each.reason === reason)
    const open = spans.find(({ endedOn }) => endedOn === null)
    if (!open && spans.length > 0) return file
    if (!open) throw clocks.errors.RESUME_UNMATCHED({ span: reason })

    const on = dayOf(ctx.now())
    await clocks.resume(ctx, { caseId, spanId: open.id, effectiveOn: on })
    await repository.endSuspension(ctx, open.id, on)
    return withoutSpan(ctx, file, { id: open.id, reason, on })
  })
}

/** Nine in the morning, the hour at which offices open. */
const VISIT_HOUR_MS = 9 * 3_600_000

/** Arranges the on-site check for the next working day; one that is arranged and open is kept. */
export async function bookVisit(ctx: Context, caseId: string): Promise<SiteVisit> {
  return transaction(ctx, async (ctx) => {
    const { file } = await openCase(ctx, caseId)
    await authorize(ctx, can.runProcess)
    requireAllowed(file, 'end-branch')
    const open = await openVisit(ctx, caseId)
    if (open) return open
    const calendar = await clocks.calendarFor(ctx, file.regionCode)
    const day = clocks.workingDayFrom(calendar, addDays(dayOf(ctx.now()), 1))
    const visit = await repository.insertVisit(ctx, caseId, new Date(startOf(day).getTime() + VISIT_HOUR_MS))
    const at = visit.at.toISOString()
    await emit(ctx, 'service.visit.booked', { ...factOf(file, day), visitId: visit.id, at })
    return visit
  })
}

async function openVisit(ctx: Context, caseId: string): Promise<SiteVisit | undefined> {
  const [visits = []] = await repository.visitsByCases(ctx, [caseId])
  return visits.find(({ passed }) => passed === null)
}

export interface VisitReport {
  readonly passed: boolean
  /** 0 to 100. */
  readonly score: number | null
  readonly note: string | null
}

/**
 * What the inspector found on site; ends that part of the review.
 *
 * @throws SERVICE_CASE_NOT_FOUND, POLICY_FORBIDDEN, SERVICE_CASE_TRANSITION_INVALID, SERVICE_CASE_VISIT_MISSING
 */
export async function recordVisit(ctx: Context, caseId: string, report: VisitReport): Promise<ItemCase> {
  return transaction(ctx, async (ctx) => {
    const { file } = await openCase(ctx, caseId)
    await authorize(ctx, can.recordVisit, file)
    requireAllowed(file, 'end-branch')
    const visit = await openVisit(ctx, caseId)
    if (!visit) throw errors.CASE_VISIT_MISSING()

    const { passed, score, note } = report
    await repository.recordVisit(ctx, { ...visit, ...report, at: ctx.now(), inspectorId: ctx.actor.id })
    await emit(ctx, 'service.visit.recorded', { ...factOf(file, note), visitId: visit.id, passed, score })
    return endBranch(ctx, file, 'site-check', passed ? 'agree' : 'object', note)
  })
}

export interface Opinion {
  readonly agrees: boolean
  readonly note: string | null
}

/** The own body's review of the documents. @throws SERVICE_CASE_NOT_FOUND, POLICY_FORBIDDEN, SERVICE_CASE_TRANSITION_INVALID */
export async function reviewDocuments(ctx: Context, caseId: string, opinion: Opinion): Promise<ItemCase> {
  return transaction(ctx, async (ctx) => {
    const { file } = await openCase(ctx, caseId)
    await authorize(ctx, can.reviewDocuments, file)
    return endBranch(ctx, file, 'documents', opinion.agrees ? 'agree' : 'object', opinion.note)
  })
}

/**
 * The opinion of another body; it has one branch, and no other may answer it.
 *
 * @throws SERVICE_CASE_NOT_FOUND, POLICY_FORBIDDEN, SERVICE_CASE_TRANSITION_INVALID, SERVICE_CASE_BRANCH_ENDED
 */
export async function giveOpinion(ctx: Context, caseId: string, opinion: Opinion): Promise<ItemCase> {
  return transaction(ctx, async (ctx) => {
    const { file } = await openCase(ctx, caseId)
    const branch = file.branches.find(
      ({ organisationId }) =>
        organisationId !== file.organisationId && organisationId === ctx.actor.organisationId,
    )
    await authorize(ctx, can.giveOpinion, branch ?? { organisationId: '' })
    return endBranch(ctx, file, branch?.name ?? '', opinion.agrees ? 'agree' : 'object', opinion.note)
  })
}

async function endBranch(
  ctx: TransactionContext,
  before: ItemCase,
  name: string,
  result: NonNullable<Branch['result']>,
  note: string | null,
): Promise<ItemCase> {
  requireAllowed(before, 'end-branch')
  const open = before.branches.some((branch) => branch.name === name && branch.endedAt === null)
  if (!open) throw errors.CASE_BRANCH_ENDED({ branch: name })
  const endedAt = ctx.now().toISOString()
  const branches = before.branches.map((branch) =>
    branch.name === name ? { ...branch, endedAt, result, note } : branch,
  )
  const file = await keep(ctx, moved(before, 'end-branch', 'in-review', { branches }))
  await emit(ctx, 'service.case.branch-ended', { ...factOf(file, note), branch: name, result })
  return file
}
