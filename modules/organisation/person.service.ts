import { type Context, transaction } from '../../core/context.ts'
import type { Texts } from '../../core/errors.ts'
import { emit } from '../../core/events.ts'
import { findAccountOfPerson } from '../../core/identity/index.ts'
import { loadThrough } from '../../core/loader.ts'
import { authorize } from '../../core/policy.ts'
import {
  checkedRoles,
  checkName,
  citizenId,
  citizenParty,
  errors,
  type Membership,
  type Organisation,
  type Person,
} from './organisation.ts'
import * as repository from './organisation.repository.ts'
import { can } from './policy.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'organisation.person.registered': { personId: string }
    'organisation.person.employed': { personId: string; organisationId: string; roles: readonly string[] }
    'organisation.person.dismissed': { personId: string; organisationId: string }
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Reads through the request's loader. @throws ORGANISATION_PERSON_NOT_FOUND */
export async function personById(ctx: Context, id: string): Promise<Person> {
  const person = await findPerson(ctx, id)
  if (!person) throw errors.PERSON_NOT_FOUND({ id })
  return person
}

/** Null also for actors that are no person: processes, jobs, the platform. */
export async function findPerson(ctx: Context, id: string): Promise<Person | null> {
  return UUID.test(id) ? loadThrough(ctx, repository.personsByIds, id) : null
}

/**
 * Registers a person and the party as which she deals with the window for herself.
 *
 * @throws POLICY_FORBIDDEN, ORGANISATION_NAME_INVALID
 */
export async function registerPerson(
  ctx: Context,
  input: { readonly id?: string; readonly name: Texts },
): Promise<Person> {
  return transaction(ctx, async (ctx) => {
    await authorize(ctx, can.registerPerson)
    checkName(input.name)
    const person = await repository.insertPerson(ctx, input)
    await repository.insert(ctx, citizenParty(person))
    await emit(ctx, 'organisation.person.registered', { personId: person.id })
    return person
  })
}

/**
 * Gives a person exactly these roles in an organisation; the same roles again change nothing.
 *
 * @throws ORGANISATION_NOT_FOUND, ORGANISATION_PERSON_NOT_FOUND, ORGANISATION_ROLE_INVALID, POLICY_FORBIDDEN
 */
export async function employ(
  ctx: Context,
  input: { readonly personId: string; readonly organisationId: string; readonly roles: readonly string[] },
): Promise<Membership> {
  return transaction(ctx, async (ctx) => {
    const { personId, organisationId } = input
    const { kind } = await authorizeStaffing(ctx, organisationId)
    await personById(ctx, personId)

    const roles = checkedRoles(kind, input.roles)
    const before = await repository.lockMembership(ctx, personId, organisationId)
    const serves = before !== undefined && before.dismissedAt === null
    if (serves && sameRoles(before.roles, roles)) return before

    const employedAt = serves ? before.employedAt : ctx.now()
    const membership = { personId, organisationId, roles, employedAt, dismissedAt: null }
    await repository.saveMembership(ctx, membership)
    await emit(ctx, 'organisation.person.employed', { personId, organisationId, roles })
    return membership
  })
}

const sameRoles = (a: readonly string[], b: readonly string[]) => a.join(' ') === b.join(' ')

/**
 * Ends a person's post; the row stays as a record.
 *
 * @throws ORGANISATION_NOT_FOUND, ORGANISATION_MEMBERSHIP_MISSING, POLICY_FORBIDDEN
 */
export async function dismiss(
  ctx: Context,
  { personId, organisationId }: { readonly personId: string; readonly organisationId: string },
): Promise<void> {
  await transaction(ctx, async (ctx) => {
    await authorizeStaffing(ctx, organisationId)
    const membership = await repository.lockMembership(ctx, personId, organisationId)
    if (!membership || membership.dismissedAt !== null)
      throw errors.MEMBERSHIP_MISSING({ organisation: organisationId })

    await repository.saveMembership(ctx, { ...membership, dismissedAt: ctx.now() })
    await emit(ctx, 'organisation.person.dismissed', { personId, organisationId })
  })
}

async function authorizeStaffing(ctx: Context, organisationId: string): Promise<Organisation> {
  const organisation = await repository.find(ctx, organisationId)
  if (!organisation || organisation.kind === 'person') throw errors.NOT_FOUND({ id: organisationId })
  if (!(await ctx.policy.allows(ctx, can.employAnywhere)))
    await authorize(ctx, can.employ, { organisationId })
  return organisation
}

/** The signed-in person as the portal greets her. */
export interface Viewer {
  readonly personId: string
  readonly login: string
  readonly name: Texts
  readonly organisationId: string
  readonly roles: readonly string[]
}

/** Null for anonymous visitors and for actors that are no person with an account. */
export async function viewer(ctx: Context): Promise<Viewer | null> {
  const { id, organisationId, roles } = ctx.actor
  const person = await findPerson(ctx, id)
  const account = person && (await findAccountOfPerson(ctx, person.id))
  if (!person || !account) return null
  return { personId: person.id, login: account.login, name: person.name, organisationId, roles }
}

/** The organisations the viewer may act for, herself last. */
export async function organisationsOf(ctx: Context, personId: string): Promise<Organisation[]> {
  const posts = await repository.membershipsOf(ctx, personId)
  return repository.organisationsByIds(ctx, [
    ...posts.map((post) => post.organisationId),
    citizenId(personId),
  ])
}
