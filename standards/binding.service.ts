import type { Context, TransactionContext } from '../core/context.ts'
import { type Day, dayOf } from '../core/day.ts'
import * as dependencies from './dependency.repository.ts'
import { type Binding, errors, isInForce, type Standard, type StandardOf } from './standard.ts'
import * as repository from './standard.repository.ts'
import type { Kind, Named } from './standard.service.ts'
import { inRange } from './version.ts'

interface Binder {
  /** Whom a refusal names. */
  readonly code: string
  /** The day on which it takes effect; today unless said. */
  readonly day?: Day
  /** `kind code` of what it was bound to before. */
  before(): Promise<ReadonlySet<string>>
}

/**
 * Whether something may be bound to what it refers to: published, in force on the day it takes effect, and not
 * deprecated, unless it was bound to that before (2.4).
 *
 * @throws STANDARDS_REFERENCE_UNPUBLISHED, STANDARDS_REFERENCE_DEPRECATED
 */
export async function requireBindable(
  ctx: Context,
  { code, day = dayOf(ctx.now()), before }: Binder,
  bindings: readonly Binding[],
): Promise<void> {
  const known = await settled(ctx, bindings)
  const missing: string[] = []
  const ended: Binding[] = []
  for (const binding of bindings) {
    const fitting = known.filter((each) => isMeant(binding, each))
    const usable = binding.historical ? fitting : fitting.filter((each) => isInForce(each, day))
    if (usable.length === 0) missing.push(binding.code)
    else if (!binding.historical && usable[0]?.status === 'deprecated') ended.push(binding)
  }
  if (missing.length > 0) throw errors.REFERENCE_UNPUBLISHED({ code, references: named(missing) })
  if (ended.length === 0) return
  const bound = await before()
  const fresh = ended.filter((each) => !bound.has(`${each.kind} ${each.code}`)).map((each) => each.code)
  if (fresh.length > 0) throw errors.REFERENCE_DEPRECATED({ code, references: named(fresh) })
}

/** The same of a version of a standard, on the day it takes effect. */
export async function bindable(
  ctx: Context,
  standard: Standard,
  bindings: readonly Binding[],
): Promise<void> {
  const { code, inForceFrom } = standard
  const before = () => boundBefore(ctx, standard)
  await requireBindable(ctx, { code, before, ...(inForceFrom !== null && { day: inForceFrom }) }, bindings)
}

async function settled(ctx: Context, bindings: readonly Binding[]): Promise<Standard[]> {
  const found: Standard[] = []
  for (const kind of ['element', 'code-list', 'schema'] as const) {
    const codes = bindings.filter((each) => each.kind === kind).map(({ code }) => code)
    found.push(...(await repository.settledVersions<object>(ctx, kind, codes)))
  }
  return found
}

const isMeant = ({ kind, code, range }: Binding, standard: Standard) =>
  kind === standard.kind && code === standard.code && (range === null || inRange(standard.version, range))

async function boundBefore(ctx: Context, { kind, code }: Standard): Promise<Set<string>> {
  const [latest] = await repository.settledVersions<object>(ctx, kind, [code])
  const bindings = latest ? await dependencies.bindingsOf(ctx, latest.id) : []
  return new Set(bindings.map((each) => `${each.kind} ${each.code}`))
}

const named = (codes: readonly string[]) => [...new Set(codes)].join(', ')

/** Writes what a version refers to, in the transaction that made it so. */
export async function bind<Content extends Named>(
  ctx: TransactionContext,
  kind: Kind<Content>,
  standard: StandardOf<Content>,
): Promise<void> {
  const { id, code, version, name, organisationId } = standard
  const user = { kind: kind.kind, id, code, version, name, organisationId }
  await dependencies.replace(ctx, user, kind.bindings(standard))
}
