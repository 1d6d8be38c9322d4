import { type Context, transaction } from '../core/context.ts'
import { type Day, dayOf } from '../core/day.ts'
import { emit } from '../core/events.ts'
import { authorize } from '../core/policy.ts'
import { heldBy, veiled } from './dependency.ts'
import * as dependencies from './dependency.repository.ts'
import { can } from './policy.ts'
import {
  deprecated,
  type Effect,
  type Ending,
  isStranger,
  requireRevision,
  requireStatus,
  retired,
  scheduled,
  type Standard,
  type StandardKind,
  type StandardOf,
} from './standard.ts'
import * as repository from './standard.repository.ts'
import { factOf, type Kind, type Named, own, type StandardFact } from './standard.service.ts'
import { compareVersions } from './version.ts'

declare module '../core/events.ts' {
  interface EventMap {
    'standards.scheduled': StandardFact & { readonly inForceFrom: Day | null; readonly inForceTo: Day | null }
    'standards.deprecated': StandardFact & { readonly replacedBy: string | null }
    'standards.retired': StandardFact
  }
}

/**
 * Sets the days on which a draft is to be in force, apart from its publication.
 *
 * @throws the kind's not-found refusal, POLICY_FORBIDDEN, STANDARDS_DRAFT_STALE, and what {@link scheduled} throws
 */
export async function schedule<Content extends Named>(
  ctx: Context,
  kind: Kind<Content>,
  code: string,
  version: string,
  { expectedRevision, ...effect }: Effect & { readonly expectedRevision?: number | null },
): Promise<StandardOf<Content>> {
  return transaction(ctx, async (ctx) => {
    const standard = await own(ctx, kind, code, version)

    await authorize(ctx, can.draftStandard, standard)
    requireStatus(standard, 'draft')
    requireRevision(standard, expectedRevision)
    const editedBy = [...new Set([...standard.editedBy, ctx.actor.id])]
    const result = { ...scheduled(standard, effect, dayOf(ctx.now())), editedBy }
    await repository.update(ctx, result)
    const { inForceFrom, inForceTo } = result
    await emit(ctx, 'standards.scheduled', { ...factOf(result), inForceFrom, inForceTo })
    return result
  })
}

/**
 * Takes a published version out of new use, and those before it, which would be the newest again: who uses them goes
 * on with a warning, new bindings are refused (2.4).
 *
 * @throws the kind's not-found refusal (also for the replacement), POLICY_FORBIDDEN, STANDARDS_STATUS_UNFIT,
 * STANDARDS_END_REASON_MISSING
 */
export async function deprecate<Content extends Named>(
  ctx: Context,
  kind: Kind<Content>,
  code: string,
  version: string,
  ending: Ending,
): Promise<StandardOf<Content>> {
  return transaction(ctx, async (ctx) => {
    const standard = await own(ctx, kind, code, version)
    const { replacedBy } = ending
    const earlier = await withEarlier(ctx, standard, 'published')

    await authorize(ctx, can.deprecateStandard, standard)
    if (replacedBy !== null && !(await isPublished(ctx, kind.kind, replacedBy)))
      throw kind.notFound(replacedBy)
    const result = deprecated(standard, ending, ctx.now())
    await repository.update(ctx, result)
    for (const each of earlier) await repository.update(ctx, deprecated(each, ending, ctx.now()))
    await emit(ctx, 'standards.deprecated', { ...factOf(result), replacedBy })
    return result
  })
}

/**
 * Ends a deprecated version, and the deprecated ones before it, once nothing uses them.
 *
 * @throws the kind's not-found refusal, POLICY_FORBIDDEN, STANDARDS_STATUS_UNFIT, STANDARDS_ELEMENT_STILL_BOUND
 */
export async function retire<Content extends Named>(
  ctx: Context,
  kind: Kind<Content>,
  code: string,
  version: string,
): Promise<StandardOf<Content>> {
  return transaction(ctx, async (ctx) => {
    const standard = await own(ctx, kind, code, version)
    const earlier = await withEarlier(ctx, standard, 'deprecated')

    await authorize(ctx, can.retireStandard, standard)
    const result = retired(standard, await holders(ctx, standard, earlier), ctx.now())
    await repository.update(ctx, result)
    for (const each of earlier) await repository.update(ctx, retired(each, [], ctx.now()))
    await emit(ctx, 'standards.retired', factOf(result))
    return result
  })
}

/** Whom these versions hold: a later one takes over only where it is in force today, not before and not after. */
async function holders(ctx: Context, standard: Standard, earlier: readonly Standard[]) {
  const { kind, code } = standard
  const going = [standard, ...earlier].map(({ version }) => version)
  const inForce = await repository.versionsInForce<object>(ctx, kind, [code], dayOf(ctx.now()))
  const staying = inForce.filter(({ version }) => compareVersions(version, standard.version) > 0)
  const found = await dependencies.dependentsOf(ctx, kind, code)
  return heldBy(
    found.map((each) => veiled(each, ctx.actor.organisationId)),
    going,
    staying.map(({ version }) => version),
  )
}

async function withEarlier(
  ctx: Context,
  { kind, code, version }: Standard,
  status: Standard['status'],
): Promise<Standard[]> {
  const settled = await repository.settledVersions<object>(ctx, kind, [code])
  return settled.filter((each) => each.status === status && compareVersions(each.version, version) < 0)
}

async function isPublished(ctx: Context, kind: StandardKind, code: string): Promise<boolean> {
  return (await repository.publishedVersions<object>(ctx, kind, [code])).length > 0
}

/** What the actor may do with a version now, for the page that shows it. */
export async function mayDo(ctx: Context, standard: Standard) {
  const { status } = standard
  const may = (permission: keyof typeof can) => ctx.policy.allows(ctx, can[permission], standard)
  const stranger = isStranger(standard, ctx.actor.id)
  return {
    edit: status === 'draft' && (await may('draftStandard')),
    submit: status === 'draft' && (await may('submitStandard')),
    publish: status === 'review' && stranger && (await may('publishStandard')),
    deprecate: status === 'published' && (await may('deprecateStandard')),
    try: standard.publishedAt === null && (await may('dryRunStandard')),
    retire: status === 'deprecated' && (await may('retireStandard')),
  }
}
