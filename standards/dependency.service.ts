import type { Context, TransactionContext } from '../core/context.ts'
import { authorize } from '../core/policy.ts'
import { requireBindable } from './binding.service.ts'
import { hasCode } from './codelist.repository.ts'
import { type Dependency, errors, isHidden, MAX_DEPENDENCIES, type StandardUser } from './dependency.ts'
import * as repository from './dependency.repository.ts'
import { can } from './policy.ts'
import type { Binding, StandardKind } from './standard.ts'
import { PLATFORM_ORGANISATION } from './standard.service.ts'
import { settledVersions } from './standard.repository.ts'

/**
 * A reference of a dataset, form or process to any version of a standard.
 *
 * @param values the codes that it names of the list; left out where it takes whatever the list holds
 */
export const bindingTo = (
  kind: Binding['kind'],
  code: string,
  place: string,
  values?: readonly string[],
): Binding => ({ kind, code, range: null, place, historical: false, ...(values && { values }) })

/**
 * Records what a user of standards right of here refers to, in the transaction that makes it so; its earlier versions
 * are then followed. The same again changes nothing. Without bindings, it refers to nothing any more: so ends a
 * grant that is revoked, an entry that is withdrawn.
 *
 * @throws STANDARDS_REFERENCE_UNPUBLISHED, STANDARDS_REFERENCE_DEPRECATED for what it did not refer to before
 */
export async function registerUser(
  ctx: TransactionContext,
  user: StandardUser,
  bindings: readonly Binding[],
): Promise<void> {
  const before = await repository.usedBy(ctx, user.kind, user.code)
  await requireBindable(ctx, { code: user.code, before: () => Promise.resolve(before) }, bindings)
  await repository.replace(ctx, user, bindings)
}

/** A field of the GraphQL schema, `Type.field`, and the data element whose values it gives. */
export interface BoundField {
  readonly field: string
  readonly elementCode: string
}

/** Puts the fields of this program's GraphQL schema in place of those of the program before it. */
export async function registerFields(ctx: TransactionContext, fields: readonly BoundField[]): Promise<void> {
  const gone = await repository.fieldsBut(
    ctx,
    fields.map(({ field }) => field),
  )
  for (const field of gone) await repository.replace(ctx, fieldUser(field), [])
  for (const { field, elementCode } of fields)
    await registerUser(ctx, fieldUser(field), [bindingTo('element', elementCode, field)])
}

const fieldUser = (field: string): StandardUser => ({
  kind: 'field',
  id: field,
  code: field,
  version: '',
  name: { zh: field, en: field },
  organisationId: PLATFORM_ORGANISATION,
})

export interface Impact {
  readonly kind: StandardKind
  readonly code: string
  /** One published code of a list; null for the whole standard. */
  readonly value: string | null
  /** The nearest first. */
  readonly dependencies: readonly Dependency[]
  /** False when there are more than are listed. */
  readonly complete: boolean
}

/**
 * Who would feel a change of a standard, themselves or through others (2.6), as far as the actor may see them. Another
 * value than a code would tell whether a person stands in a register.
 *
 * @throws POLICY_FORBIDDEN, STANDARDS_IMPACT_VALUE_UNFIT
 */
export async function impact(
  ctx: Context,
  { kind, code, value }: { kind: StandardKind; code: string; value?: string | null | undefined },
): Promise<Impact> {
  await authorize(ctx, can.readImpact)
  if (value != null) await requirePublishedCode(ctx, kind, code, value)
  const all = await repository.dependentsOf(ctx, kind, code, value ?? null)
  const complete = all.length < MAX_DEPENDENCIES
  const dependencies = all.filter((each) => !isHidden(each, ctx.actor.organisationId))
  return { kind, code, value: value ?? null, dependencies, complete }
}

/** A code that a version of the list had and a later one dropped may still stand in rows. */
async function requirePublishedCode(ctx: Context, kind: StandardKind, list: string, code: string) {
  const versions = kind === 'code-list' ? await settledVersions(ctx, kind, [list]) : []
  const ids = versions.map(({ id }) => id)
  if (!(await hasCode(ctx, ids, code))) throw errors.IMPACT_VALUE_UNFIT()
}

/** The datasets among what depends on a standard: live ones, each once, by id. */
export function datasetsOf(dependencies: readonly Dependency[]): StandardUser[] {
  const datasets = dependencies.filter(({ user, live }) => user.kind === 'dataset' && live)
  return [...new Map(datasets.map(({ user }) => [user.id, user])).values()].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  )
}

/** Live datasets that rest on a standard, themselves or through others. For what the platform does by itself: it asks nobody. */
export async function datasetsUsing(ctx: Context, kind: StandardKind, code: string): Promise<StandardUser[]> {
  return datasetsOf(await repository.dependentsOf(ctx, kind, code))
}
