import { defineErrors, type Texts } from '../core/errors.ts'
import type { StandardOf } from './standard.ts'

export type Relation = 'exact' | 'broader' | 'narrower' | 'related'

export interface CrosswalkRow {
  readonly fromCode: string
  readonly toCode: string
  readonly relation: Relation
  /** Share of the old code that goes to the new one, 0 to 1. */
  readonly weight: number
  readonly note: string | null
}

/** A crosswalk (对照表) between two code lists, each named `number@edition`. */
export interface CrosswalkContent {
  readonly name: Texts
  readonly from: string
  readonly to: string
  readonly authority: string
  readonly rows: readonly CrosswalkRow[]
}

export type Crosswalk = StandardOf<CrosswalkContent>

export const errors = defineErrors('STANDARDS', {
  CROSSWALK_INVALID: {
    kind: 'invalid',
    zh: '对照表“{code}”无效：{reason}',
    en: 'The crosswalk “{code}” is not valid: {reason}',
  },
  CROSSWALK_NOT_FOUND: {
    kind: 'not-found',
    zh: '没有从“{from}”到“{to}”的已发布对照表',
    en: 'There is no published crosswalk from “{from}” to “{to}”',
  },
})

const RELATIONS: readonly string[] = ['exact', 'broader', 'narrower', 'related'] satisfies Relation[]

export function crosswalkCode({ from, to }: Pick<CrosswalkContent, 'from' | 'to'>): string {
  return `${from} > ${to}`
}

/** @throws STANDARDS_CROSSWALK_INVALID */
export function checkCrosswalk(content: CrosswalkContent): void {
  const code = crosswalkCode(content)
  const fault = faultOf(content)
  if (fault !== undefined) throw errors.CROSSWALK_INVALID({ code, reason: fault })
}

function faultOf({ name, from, to, authority, rows }: CrosswalkContent): string | undefined {
  if (name.zh.trim() === '' || name.en.trim() === '') return 'name'
  if (from === to) return 'to'
  if (authority.trim() === '') return 'authority'
  if (rows.length === 0) return 'rows'
  const seen = new Set<string>()
  for (const { fromCode, toCode, relation, weight } of rows) {
    const key = `${fromCode} ${toCode}`
    if (!RELATIONS.includes(relation) || !(weight > 0 && weight <= 1) || seen.has(key)) return key
    seen.add(key)
  }
  return undefined
}

export interface Translation {
  /** The one code it is, by a row that says `exact`; null sends the value to a person. */
  readonly code: string | null
  readonly candidates: readonly CrosswalkRow[]
}

/** What a code is in the other list: one code for `exact`, never a silent choice among several. */
export function translate(rows: readonly CrosswalkRow[], fromCode: string): Translation {
  const candidates = rows.filter((row) => row.fromCode === fromCode)
  const [only] = candidates
  const exact = candidates.length === 1 && only?.relation === 'exact' ? only.toCode : null
  return { code: exact, candidates }
}
