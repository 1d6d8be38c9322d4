import type { Context, TransactionContext } from '../../core/context.ts'
import type { Texts } from '../../core/errors.ts'
import { errors, type Membership, type Organisation, type Person } from './organisation.ts'
import './organisation.table.ts'

const ORGANISATION = ['id', 'name', 'kind', 'parentId', 'creditCode', 'regionCode', 'personId'] as const
const MEMBERSHIP = ['personId', 'organisationId', 'roles', 'employedAt', 'dismissedAt'] as const
/** A county has some tens of bodies under it; more is a mistake of the tree. */
const MAX_CHILDREN = 500

export async function find(ctx: Context, id: string): Promise<Organisation | undefined> {
  return ctx.db
    .selectFrom('organisation.organisation')
    .select(ORGANISATION)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function findByCreditCode(ctx: Context, creditCode: string): Promise<Organisation | undefined> {
  return ctx.db
    .selectFrom('organisation.organisation')
    .select(ORGANISATION)
    .where('creditCode', '=', creditCode)
    .executeTakeFirst()
}

/** In the order of `ids`, for loaders. @throws ORGANISATION_NOT_FOUND for the first id that is unknown */
export async function organisationsByIds(ctx: Context, ids: readonly string[]): Promise<Organisation[]> {
  const rows = await ctx.db
    .selectFrom('organisation.organisation')
    .select(ORGANISATION)
    .where('id', 'in', [...new Set(ids)])
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => {
    const found = byId.get(id)
    if (!found) throw errors.NOT_FOUND({ id })
    return found
  })
}

/** The organisations directly under `parentId`, by id. */
export async function childrenOf(ctx: Context, parentId: string): Promise<Organisation[]> {
  return ctx.db
    .selectFrom('organisation.organisation')
    .select(ORGANISATION)
    .where('parentId', '=', parentId)
    .orderBy('id')
    .limit(MAX_CHILDREN)
    .execute()
}

/** Answers whether it was written; false when the id, credit code or sibling name is taken. */
export async function insert(ctx: TransactionContext, organisation: Organisation): Promise<boolean> {
  const row = await ctx.db
    .insertInto('organisation.organisation')
    .values({ ...organisation, name: JSON.stringify(organisation.name), establishedAt: ctx.now() })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** In the order of `ids`; null for a person that is unknown. */
export async function personsByIds(ctx: Context, ids: readonly string[]): Promise<(Person | null)[]> {
  const rows = await ctx.db
    .selectFrom('organisation.person')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id) ?? null)
}

export async function insertPerson(
  ctx: TransactionContext,
  person: { readonly id?: string; readonly name: Texts },
): Promise<Person> {
  return ctx.db
    .insertInto('organisation.person')
    .values({ ...person, name: JSON.stringify(person.name), registeredAt: ctx.now() })
    .returning(['id', 'name'])
    .executeTakeFirstOrThrow()
}

/** The posts the person holds now, the oldest first. */
export async function membershipsOf(ctx: Context, personId: string): Promise<Membership[]> {
  return ctx.db
    .selectFrom('organisation.membership')
    .select(MEMBERSHIP)
    .where('personId', '=', personId)
    .where('dismissedAt', 'is', null)
    .orderBy('employedAt')
    .orderBy('organisationId')
    .limit(100)
    .execute()
}

export async function lockMembership(
  ctx: TransactionContext,
  personId: string,
  organisationId: string,
): Promise<Membership | undefined> {
  return ctx.db
    .selectFrom('organisation.membership')
    .select(MEMBERSHIP)
    .where('personId', '=', personId)
    .where('organisationId', '=', organisationId)
    .forUpdate()
    .executeTakeFirst()
}

export async function saveMembership(ctx: TransactionContext, membership: Membership): Promise<void> {
  const { roles, employedAt, dismissedAt } = membership
  const set = { roles: [...roles], employedAt, dismissedAt }
  await ctx.db
    .insertInto('organisation.membership')
    .values({ ...membership, ...set })
    .onConflict((conflict) => conflict.columns(['personId', 'organisationId']).doUpdateSet(set))
    .execute()
}
