import { type Context, transaction } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import type { Connection, PageRequest } from '../../core/page.ts'
import { authorize } from '../../core/policy.ts'
import { isUuid } from '../../core/text/uuid.ts'
import { type Absence, checkDays, checkSubstitute, type Colleague, errors } from './absence.ts'
import * as repository from './absence.repository.ts'
import { errors as ofOrganisations } from './organisation.ts'
import { lockMembership } from './organisation.repository.ts'
import { can } from './policy.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'organisation.absence.recorded': AbsenceFact & { fromOn: string; untilOn: string }
    'organisation.absence.ended': AbsenceFact
  }
}

interface AbsenceFact {
  absenceId: string
  organisationId: string
  personId: string
  substituteId: string
}

export interface AbsenceInput {
  /** Of a member of the actor's body. */
  readonly personId: string
  readonly substituteId: string
  readonly fromOn: string
  readonly untilOn: string
}

/**
 * Records when a member is away and who stands in: the member for herself, or the head of the body. A
 * substitute records nothing for the one she stands in for.
 *
 * @throws POLICY_FORBIDDEN, ORGANISATION_MEMBERSHIP_MISSING, ORGANISATION_ABSENCE_DATES_INVALID,
 * ORGANISATION_SUBSTITUTE_UNFIT, ORGANISATION_ABSENCE_OVERLAPS, ORGANISATION_SUBSTITUTE_ABSENT
 */
export async function recordAbsence(ctx: Context, input: AbsenceInput): Promise<Absence> {
  return transaction(ctx, async (ctx) => {
    const { personId, substituteId, fromOn, untilOn } = input
    const { organisationId } = ctx.actor
    await authorizeFor(ctx, personId)
    // Held in the order of their ids: of two absences recorded at once each sees the other.
    for (const id of [personId, substituteId].sort())
      if (isUuid(id)) await lockMembership(ctx, id, organisationId)
    const member = await serving(ctx, personId)
    if (!member) throw ofOrganisations.MEMBERSHIP_MISSING({ organisation: organisationId })

    checkDays(input, dayOf(ctx.now()))
    checkSubstitute(member, await serving(ctx, substituteId))
    const own = await repository.overlapping(ctx, { personId, organisationId }, input)
    if (own) throw errors.ABSENCE_OVERLAPS({ from: own.fromOn, until: own.untilOn })
    const other = await repository.overlapping(ctx, { personId: substituteId, organisationId }, input)
    if (other) throw errors.SUBSTITUTE_ABSENT({ from: other.fromOn, until: other.untilOn })

    const absence = await repository.insertAbsence(ctx, {
      ...{ organisationId, personId, substituteId, fromOn, untilOn },
      recordedBy: ctx.actor.id,
      recordedAt: ctx.now(),
    })
    await emit(ctx, 'organisation.absence.recorded', { ...factOf(absence), fromOn, untilOn })
    return absence
  })
}

/**
 * Ends an absence before its last day is over; ended once, it stays so.
 *
 * @throws ORGANISATION_ABSENCE_NOT_FOUND, also for one of another body, POLICY_FORBIDDEN
 */
export async function endAbsence(ctx: Context, id: string): Promise<Absence> {
  return transaction(ctx, async (ctx) => {
    const absence = await repository.lockAbsence(ctx, id)
    if (absence?.organisationId !== ctx.actor.organisationId) throw errors.ABSENCE_NOT_FOUND({ id })
    await authorizeFor(ctx, absence.personId)
    if (absence.endedAt !== null) return absence
    const ended = await repository.endAbsence(ctx, id)
    await emit(ctx, 'organisation.absence.ended', factOf(ended))
    return ended
  })
}

async function authorizeFor(ctx: Context, personId: string): Promise<void> {
  const { id, organisationId } = ctx.actor
  if (id !== personId) await authorize(ctx, can.recordAbsence, { organisationId })
}

const factOf = ({ id, organisationId, personId, substituteId }: Absence): AbsenceFact => ({
  absenceId: id,
  organisationId,
  personId,
  substituteId,
})

/** Current and coming absences: the head sees all of the body, everybody else where it concerns her. */
export async function absences(ctx: Context, page: PageRequest): Promise<Connection<Absence>> {
  const all = await ctx.policy.allows(ctx, can.recordAbsence, ctx.actor)
  return repository.absencesOf(ctx, { all, today: dayOf(ctx.now()) }, page)
}

/** Ids of the persons whom the actor stands in for today, in the body it acts for. */
export async function standsInFor(ctx: Context): Promise<string[]> {
  const { id, organisationId } = ctx.actor
  if (!isUuid(id)) return []
  return repository.absentFor(ctx, { substituteId: id, organisationId, on: dayOf(ctx.now()) })
}

/** A person who serves in the actor's body now; undefined for anybody else. */
export async function serving(ctx: Context, personId: string): Promise<Colleague | undefined> {
  return isUuid(personId) ? repository.member(ctx, personId, ctx.actor.organisationId) : undefined
}

/** Who serves in the actor's body, for choosing whom to give work to. @throws POLICY_FORBIDDEN */
export async function colleagues(
  ctx: Context,
  page: PageRequest,
  role?: string | null,
): Promise<Connection<Colleague>> {
  const { organisationId } = ctx.actor
  await authorize(ctx, can.readColleagues, { organisationId })
  return repository.membersOf(ctx, { organisationId, role: role ?? undefined }, page)
}
