import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { addDays, type Day, dayOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import * as clocks from '../clock/index.ts'
import { errors, type ItemCase } from './case.ts'
import { reachOf } from './case.access.ts'
import { factOf } from './case.events.ts'
import { asClock, keep, prepareNotice } from './case.keeping.ts'
import * as repository from './case.repository.ts'
import { allowedFrom, moved } from './case.transitions.ts'
import type { Item } from './item.ts'
import { itemOfVersion } from './item.service.ts'
import { endSuspension, suspensionsOf } from './review.repository.ts'

/**
 * Holds a case and brings it up to today before anything else is done to it, so that a stopped server gives
 * nobody extra days (4, settle first).
 *
 * @throws SERVICE_CASE_NOT_FOUND, SERVICE_CASE_VERSION_STALE
 */
export async function openCase(
  ctx: TransactionContext,
  id: string,
  expectedVersion?: number,
): Promise<{ file: ItemCase; item: Item }> {
  const file = await repository.lock(ctx, id)
  if (!file || !(await reachOf(ctx, file))) throw errors.CASE_NOT_FOUND({ id })
  if (expectedVersion !== undefined && expectedVersion !== file.version) throw errors.CASE_VERSION_STALE()
  const item = await itemOfVersion(ctx, file.itemVersionId)
  return { file: await settled(ctx, file, item), item }
}

/** What the clock brings about, in a transaction of its own: the poller's way into {@link openCase}. */
export async function settle(ctx: Context, caseId: string): Promise<void> {
  await transaction(ctx, async (ctx) => {
    const file = await repository.lock(ctx, caseId)
    if (file) await settled(ctx, file, await itemOfVersion(ctx, file.itemVersionId))
  })
}

async function settled(ctx: TransactionContext, before: ItemCase, item: Item): Promise<ItemCase> {
  const asked = asClock(ctx, before)
  const today = dayOf(ctx.now())
  // Also ends the clocks' pauses whose planned end has come.
  const due = await clocks.overdue(asked, before.id, today)
  let file = await endedSuspensions(asked, before, today)
  for (const { kind, dueOn } of due) {
    if (dueOn === null) continue
    if (kind === 'intake' && allowedFrom(file.status).includes('accept-deemed'))
      file = await acceptedBySilence(asked, file, item, addDays(dueOn, 1))
    const ends = item.content.terminateOnCorrectionTimeout && allowedFrom(file.status).includes('terminate')
    if (kind === 'correction' && ends) file = await terminated(asked, file)
  }
  return file
}

/** T15 by the clock: the day after the planned end counts again (R1.5). */
async function endedSuspensions(ctx: TransactionContext, before: ItemCase, today: Day): Promise<ItemCase> {
  if (before.flags.length === 0) return before
  let file = before
  for (const { id, reason, plannedUntil, endedOn } of await suspensionsOf(ctx, before.id)) {
    if (endedOn !== null || plannedUntil >= today) continue
    const on = addDays(plannedUntil, 1)
    await endSuspension(ctx, id, on)
    file = await withoutSpan(ctx, file, { id, reason, on })
  }
  return file
}

/** The case after one pause has ended; the clock itself has been told. */
export async function withoutSpan(
  ctx: TransactionContext,
  before: ItemCase,
  { id, reason, on }: { readonly id: string; readonly reason: string; readonly on: Day },
): Promise<ItemCase> {
  const flags = before.flags.filter((flag) => flag.name !== 'suspended' || flag.spanId !== id)
  const file = await keep(ctx, { ...before, flags })
  await prepareNotice(ctx, file, 'resumption', { cause: id, from: on })
  await emit(ctx, 'service.case.resumed', { ...factOf(file), spanId: id, reason, on })
  return file
}

/** T11 (AL 32): nobody answered within the intake limit, so the case counts as accepted since its receipt. */
async function acceptedBySilence(
  ctx: TransactionContext,
  before: ItemCase,
  item: Item,
  on: Day,
): Promise<ItemCase> {
  const { receivedOn } = before
  const since = ctx.now().toISOString()
  const flag = { name: 'deemed', kind: 'acceptance', since, by: ctx.actor.id, reason: 'AL 32' } as const
  const file = moved(before, 'accept-deemed', 'accepted', {
    acceptedOn: receivedOn,
    acceptedBy: null,
    flags: [...before.flags, flag],
  })
  return enterAcceptance(ctx, file, item, on)
}

/** The clocks, notice and fact of an acceptance, T10 and T11 alike. */
export async function enterAcceptance(
  ctx: TransactionContext,
  before: ItemCase,
  { content }: Item,
  intakeEndsOn: Day,
): Promise<ItemCase> {
  const acceptedOn = before.acceptedOn ?? intakeEndsOn
  const { id: caseId, organisationId, regionCode: region } = before
  await clocks.stop(ctx, { caseId, kind: 'intake', effectiveOn: intakeEndsOn })
  for (const [kind, limit] of [
    ['legal', content.legalLimit],
    ['promised', content.promisedLimit],
  ] as const)
    await clocks.start(ctx, { caseId, organisationId, kind, limit, effectiveOn: acceptedOn, region })
  const file = await keep(ctx, before)
  const deemed = file.flags.some(({ name }) => name === 'deemed')
  await prepareNotice(ctx, file, deemed ? 'deemed-acceptance' : 'acceptance')
  await emit(ctx, 'service.case.accepted', { ...factOf(file), deemed, acceptedOn })
  return file
}

/** T07: the correction did not come in time. */
async function terminated(ctx: TransactionContext, before: ItemCase): Promise<ItemCase> {
  await stopAll(ctx, before.id, dayOf(ctx.now()))
  const file = await keep(ctx, moved(before, 'terminate', 'terminated'))
  await prepareNotice(ctx, file, 'termination')
  await emit(ctx, 'service.case.terminated', factOf(file))
  return file
}

export async function stopAll(ctx: TransactionContext, caseId: string, effectiveOn: Day): Promise<void> {
  await clocks.stop(ctx, {
    caseId,
    kind: ['intake', 'correction', 'legal', 'promised', 'delivery'],
    effectiveOn,
  })
}
