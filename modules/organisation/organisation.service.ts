import { type Actor, type Context, transaction } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { loadThrough } from '../../core/loader.ts'
import { dayOf } from '../../core/day.ts'
import { authorize } from '../../core/policy.ts'
import { check } from '../../core/text/check.ts'
import {
  citizenId,
  errors,
  established,
  isPublic,
  PLATFORM,
  type NewOrganisation,
  type Organisation,
} from './organisation.ts'
import * as repository from './organisation.repository.ts'
import { can } from './policy.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'organisation.established': { organisationId: string; kind: Organisation['kind'] }
  }
}

/** Reads through the request's loader. @throws ORGANISATION_NOT_FOUND */
export function organisationById(ctx: Context, id: string): Promise<Organisation> {
  return loadThrough(ctx, repository.organisationsByIds, id)
}

/** The platform owns what ships with it, though it stands in no tree. @throws ORGANISATION_NOT_FOUND */
export async function organisationOrPlatform(ctx: Context, id: string): Promise<Organisation> {
  return id === PLATFORM.id ? PLATFORM : organisationById(ctx, id)
}

/** The government an organisation stands under, or is; undefined for one in no tree. @throws ORGANISATION_NOT_FOUND */
export async function governmentOf(ctx: Context, id: string): Promise<Organisation | undefined> {
  const organisation = await organisationById(ctx, id)
  if (organisation.kind === 'government') return organisation
  return organisation.parentId === null ? undefined : governmentOf(ctx, organisation.parentId)
}

/**
 * What the actor may look up. A party of others is answered like one that does not exist.
 *
 * @throws ORGANISATION_NOT_FOUND
 */
export async function read(ctx: Context, id: string): Promise<Organisation> {
  const organisation = await organisationById(ctx, id)
  const own = id === ctx.actor.organisationId || id === citizenId(ctx.actor.id)
  if (own || isPublic(organisation) || (await ctx.policy.allows(ctx, can.readParties))) return organisation
  throw errors.NOT_FOUND({ id })
}

/**
 * Registers a government, a body or an enterprise.
 *
 * @throws POLICY_FORBIDDEN, ORGANISATION_NOT_FOUND, ORGANISATION_ID_TAKEN, ORGANISATION_CREDIT_CODE_TAKEN,
 * ORGANISATION_NAME_TAKEN, and what {@link established} throws
 */
export async function establish(ctx: Context, input: NewOrganisation): Promise<Organisation> {
  return transaction(ctx, async (ctx) => {
    const parentId = input.parentId ?? undefined
    const parent = parentId === undefined ? undefined : await repository.find(ctx, parentId)
    if (parentId !== undefined && !parent) throw errors.NOT_FOUND({ id: parentId })

    await authorize(ctx, can.establish)
    const today = dayOf(ctx.now())
    const organisation = established(input, parent, (code) => check('gb32100', code, { today }) === 'ok')
    if (!(await repository.insert(ctx, organisation))) throw await takenBy(ctx, organisation)
    await emit(ctx, 'organisation.established', { organisationId: organisation.id, kind: organisation.kind })
    return organisation
  })
}

async function takenBy(ctx: Context, { id, creditCode, name }: Organisation): Promise<Error> {
  if (await repository.find(ctx, id)) return errors.ID_TAKEN({ id })
  if (creditCode !== null && (await repository.findByCreditCode(ctx, creditCode)))
    return errors.CREDIT_CODE_TAKEN({ value: creditCode })
  return errors.NAME_TAKEN({ name: name.zh })
}

/**
 * The actor a person is: in the organisation asked for, else in its oldest post, else as a citizen.
 *
 * @throws ORGANISATION_PERSON_NOT_FOUND, ORGANISATION_MEMBERSHIP_MISSING
 */
export async function actorFor(ctx: Context, personId: string, organisationId?: string): Promise<Actor> {
  const [person] = await repository.personsByIds(ctx, [personId])
  if (!person) throw errors.PERSON_NOT_FOUND({ id: personId })
  const citizen: Actor = { id: personId, organisationId: citizenId(personId), roles: ['citizen'] }
  if (organisationId === citizen.organisationId) return citizen

  const posts = await repository.membershipsOf(ctx, personId)
  const post =
    organisationId === undefined ? posts[0] : posts.find((each) => each.organisationId === organisationId)
  if (post) return { id: personId, organisationId: post.organisationId, roles: post.roles }
  if (organisationId !== undefined) throw errors.MEMBERSHIP_MISSING({ organisation: organisationId })
  return citizen
}

/** Names of the permissions the actor holds over what belongs to its own organisation. */
export function permissionsOf(ctx: Context): Promise<string[]> {
  return ctx.policy.heldBy(ctx)
}
