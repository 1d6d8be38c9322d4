import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import type { Day } from '../../core/day.ts'
import { type Connection, connection, type PageRequest, readCursor, rowsToRead } from '../../core/page.ts'
import type { Absence, AbsenceDays, Colleague } from './absence.ts'
import './absence.table.ts'

const ABSENCE = [
  ...(['id', 'organisationId', 'personId', 'substituteId', 'fromOn', 'untilOn'] as const),
  ...(['recordedBy', 'recordedAt', 'endedAt'] as const),
] as const

/** Whom a person stands in for in a body on a day: those away who still serve, at most 100. */
export async function absentFor(
  ctx: Context,
  { substituteId, organisationId, on }: { substituteId: string; organisationId: string; on: Day },
): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('organisation.absence')
    .innerJoin('organisation.membership as membership', (join) =>
      join
        .onRef('membership.personId', '=', 'organisation.absence.personId')
        .onRef('membership.organisationId', '=', 'organisation.absence.organisationId'),
    )
    .select('organisation.absence.personId')
    .distinct()
    .where('substituteId', '=', substituteId)
    .where('organisation.absence.organisationId', '=', organisationId)
    .where('fromOn', '<=', on)
    .where('untilOn', '>=', on)
    .where('endedAt', 'is', null)
    .where('membership.dismissedAt', 'is', null)
    .orderBy('organisation.absence.personId')
    .limit(100)
    .execute()
  return rows.map(({ personId }) => personId)
}

/** The first absence of a person in a body that shares a day with `days` and was not ended before. */
export async function overlapping(
  ctx: Context,
  { personId, organisationId }: { personId: string; organisationId: string },
  { fromOn, untilOn }: AbsenceDays,
): Promise<Absence | undefined> {
  return ctx.db
    .selectFrom('organisation.absence')
    .select(ABSENCE)
    .where('personId', '=', personId)
    .where('organisationId', '=', organisationId)
    .where('fromOn', '<=', untilOn)
    .where('untilOn', '>=', fromOn)
    .where('endedAt', 'is', null)
    .orderBy('fromOn')
    .limit(1)
    .executeTakeFirst()
}

export async function insertAbsence(
  ctx: TransactionContext,
  absence: Omit<Absence, 'id' | 'endedAt'>,
): Promise<Absence> {
  return ctx.db
    .insertInto('organisation.absence')
    .values({ ...absence, endedAt: null, endedBy: null })
    .returning(ABSENCE)
    .executeTakeFirstOrThrow()
}

export async function lockAbsence(ctx: TransactionContext, id: string): Promise<Absence | undefined> {
  return ctx.db
    .selectFrom('organisation.absence')
    .select(ABSENCE)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

export async function endAbsence(ctx: TransactionContext, id: string): Promise<Absence> {
  return ctx.db
    .updateTable('organisation.absence')
    .set({ endedAt: ctx.now(), endedBy: ctx.actor.id })
    .where('id', '=', id)
    .returning(ABSENCE)
    .executeTakeFirstOrThrow()
}

/**
 * Absences of the actor's body that are not over, the earliest end first; without `all` only those of the
 * actor and those in which it stands in.
 */
export async function absencesOf(
  ctx: Context,
  { all, today }: { all: boolean; today: Day },
  page: PageRequest,
): Promise<Connection<Absence>> {
  const after = readCursor('absences', ['text', 'uuid'], page)
  const { id, organisationId } = ctx.actor
  let query = ctx.db
    .selectFrom('organisation.absence')
    .select(ABSENCE)
    .where('organisationId', '=', organisationId)
    .where('untilOn', '>=', today)
    .where('endedAt', 'is', null)
    .orderBy('untilOn')
    .orderBy('id')
    .limit(rowsToRead(page))
  if (!all) query = query.where(sql<boolean>`(person_id::text = ${id} or substitute_id::text = ${id})`)
  if (after) query = query.where(sql<boolean>`(until_on, id) > (${after[0]}::date, ${after[1]}::uuid)`)
  return connection('absences', await query.execute(), page, ({ untilOn, id }) => [untilOn, id])
}

/** Who serves in a body, by name; `role` narrows to those who hold it. */
export async function membersOf(
  ctx: Context,
  { organisationId, role }: { organisationId: string; role?: string | undefined },
  page: PageRequest,
): Promise<Connection<Colleague>> {
  const after = readCursor('colleagues', ['text', 'uuid'], page)
  const name = sql<string>`person.name ->> 'zh'`
  let query = ctx.db
    .selectFrom('organisation.membership as membership')
    .innerJoin('organisation.person as person', 'person.id', 'membership.personId')
    .select(['membership.personId', 'membership.roles', 'person.name'])
    .where('membership.organisationId', '=', organisationId)
    .where('membership.dismissedAt', 'is', null)
    .orderBy(name)
    .orderBy('membership.personId')
    .limit(rowsToRead(page))
  if (role !== undefined) query = query.where(sql<boolean>`${role} = any(membership.roles)`)
  if (after)
    query = query.where(sql<boolean>`(${name}, membership.person_id) > (${after[0]}, ${after[1]}::uuid)`)
  return connection('colleagues', await query.execute(), page, (row) => [row.name.zh, row.personId])
}

/** A member who serves now. */
export async function member(
  ctx: Context,
  personId: string,
  organisationId: string,
): Promise<Colleague | undefined> {
  return ctx.db
    .selectFrom('organisation.membership as membership')
    .innerJoin('organisation.person as person', 'person.id', 'membership.personId')
    .select(['membership.personId', 'membership.roles', 'person.name'])
    .where('membership.personId', '=', personId)
    .where('membership.organisationId', '=', organisationId)
    .where('membership.dismissedAt', 'is', null)
    .executeTakeFirst()
}
