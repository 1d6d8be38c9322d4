import { defineErrors, type Texts } from '../core/errors.ts'
import type { Binding, StandardKind, StandardStatus } from './standard.ts'
import { inRange } from './version.ts'

export type UserKind = StandardKind | 'dataset' | 'item' | 'process' | 'legal-source'

/** Whoever refers to a standard: one version of another standard, a dataset, an item, a process. */
export interface StandardUser {
  readonly kind: UserKind
  /** Names the version that refers. */
  readonly id: string
  /** Names the user whatever its version. */
  readonly code: string
  readonly version: string
  readonly name: Texts
  readonly organisationId: string
}

/** One reference, read from the table. */
export interface Dependency {
  readonly user: StandardUser
  readonly place: string
  readonly used: Pick<Binding, 'kind' | 'code' | 'range'>
  readonly historical: boolean
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
export const isHidden = ({ user: { kind, version, organisationId } }: Dependency, seer: string) =>
  kind === 'dataset' && version === '0' && organisationId !== seer

/** Beyond these, an answer says that it is cut. */
export const MAX_DEPENDENCIES = 2_000
export const MAX_DEPTH = 6

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
