import { defineErrors, type Texts } from '../core/errors.ts'
import type { Binding, StandardKind, StandardStatus } from './standard.ts'
import { inRange } from './version.ts'

export type UserKind =
  StandardKind | 'dataset' | 'item' | 'process' | 'legal-source' | 'entry' | 'grant' | 'field'

/**
 * Whoever refers to a standard: one version of another standard, a dataset, an item, a process, an entry of the
 * directory, a right to receive data, a field of the GraphQL schema.
 */
export interface StandardUser {
  readonly kind: UserKind
  /** Names the version that refers. */
  readonly id: string
  /** Names the user whatever its version. */
  readonly code: string
  readonly version: string
  readonly name: Texts
  readonly organisationId: string
  /** The organisations that may know of it; absent or null where everybody may. */
  readonly readers?: readonly string[] | null
}

/** One reference, read from the table. */
export interface Dependency {
  readonly user: StandardUser
  readonly place: string
  readonly used: Pick<Binding, 'kind' | 'code' | 'range'>
  readonly historical: boolean
  /** Codes of the list that it names; null where it takes whatever the list holds. */
  readonly values: readonly string[] | null
  /** Whether the user's version is in use, to come, or in the making; not one that a later version has followed. */
  readonly live: boolean
  /** Of a user that is a standard; null of others. */
  readonly status: StandardStatus | null
  /** 1 for what refers to the standard itself, 2 for what refers to that, and so on. */
  readonly depth: number
}

export const errors = defineErrors('STANDARDS', {
  IMPACT_VALUE_UNFIT: {
    kind: 'invalid',
    zh: '只能查询代码集中已发布的代码，不能查询其他取值',
    en: 'Only a published code of a code list can be asked for, no other value',
  },
})

/** A dataset without a version, version 0 here, is its own organisation's alone. */
export function isHidden({ user }: Dependency, seer: string): boolean {
  const { kind, version, organisationId, readers = null } = user
  if (readers !== null && !readers.includes(seer)) return true
  return kind === 'dataset' && version === '0' && organisationId !== seer
}

/** A reference with its user unnamed where the reader may not know of it. */
export function veiled(dependency: Dependency, seer: string): Dependency {
  if (!isHidden(dependency, seer)) return dependency
  const { user } = dependency
  const name = { zh: '其他单位未公开的引用', en: 'a user that another organisation has not published' }
  return { ...dependency, user: { ...user, code: user.kind, name } }
}

/** One reference for each place and standard: what names all codes there outweighs what names some. */
export function merged(bindings: readonly Binding[]): Binding[] {
  const byPlace = new Map<string, Binding[]>()
  for (const binding of bindings) {
    const key = JSON.stringify([binding.place, binding.kind, binding.code])
    byPlace.set(key, [...(byPlace.get(key) ?? []), binding])
  }
  return [...byPlace.values()].flatMap((same) => {
    const [first] = same
    if (!first) return []
    const { values: _, ...whole } = first
    const named = same.map(({ values }) => values)
    if (named.includes(undefined)) return [whole]
    return [{ ...whole, values: [...new Set(named.flatMap((values) => values ?? []))].sort() }]
  })
}

/** Beyond these, an answer says that it is cut. */
export const MAX_DEPENDENCIES = 2_000
export const MAX_DEPTH = 6
/** Codes shown of one reference that names some. */
export const MAX_VALUES = 20

/**
 * The users that nothing would be left to when these versions go: live, not a draft, not merely naming what was,
 * and with none of the versions that stay in their range.
 */
export function heldBy(
  dependencies: readonly Dependency[],
  going: readonly string[],
  staying: readonly string[],
): StandardUser[] {
  const fits = (range: string | null) => (version: string) => range === null || inRange(version, range)
  return dependencies
    .filter(({ depth, live, historical }) => depth === 1 && live && !historical)
    .filter(({ status }) => status !== 'draft' && status !== 'review')
    .filter(({ used: { range } }) => going.some(fits(range)) && !staying.some(fits(range)))
    .map(({ user }) => user)
}
