import { type Day, dayOf, isDay } from '../core/day.ts'
import { defineErrors, type Texts } from '../core/errors.ts'

export type StandardKind = 'element' | 'code-list' | 'schema' | 'crosswalk'
export type StandardStatus = 'draft' | 'review' | 'published' | 'deprecated' | 'retired'

/** One version of a standard; its content lies beside these in the same object. */
export interface Standard {
  readonly id: string
  readonly kind: StandardKind
  readonly code: string
  /** Semantic version by effect on valid data (2.5). */
  readonly version: string
  readonly status: StandardStatus
  readonly organisationId: string
  readonly draftedBy: string
  /** Everybody who changed the draft, each once; none of them may approve it. */
  readonly editedBy: readonly string[]
  readonly submittedBy: string | null
  readonly approvedBy: string | null
  readonly draftedAt: Date
  readonly publishedAt: Date | null
  /** Why a reviewer sent it back. */
  readonly remark: string | null
  /**
   * In force on days `[inForceFrom, inForceTo)`, whatever the day of publication. A draft's null begins with its
   * publication, a published one's has no beginning; null has no end.
   */
  readonly inForceFrom: Day | null
  readonly inForceTo: Day | null
  /** What allows it to be in force on days before its publication; null when nothing does. */
  readonly retroactiveBasis: string | null
  /** Code of the standard that takes its place, once it is deprecated. */
  readonly replacedBy: string | null
  /** Why it is deprecated without another in its place. */
  readonly endedBecause: string | null
  readonly deprecatedAt: Date | null
  readonly retiredAt: Date | null
  /** From 1, one more with each change of the draft. */
  readonly revision: number
  /** Names the last submission to review; null before the first. */
  readonly reviewId: string | null
}

export type StandardOf<Content> = Standard & Content

/** Members of the life of a version, apart from its content. */
export const LIFE = [
  ...(['id', 'kind', 'code', 'version', 'status', 'organisationId', 'revision', 'reviewId'] as const),
  ...(['draftedBy', 'editedBy', 'submittedBy', 'approvedBy', 'draftedAt', 'publishedAt', 'remark'] as const),
  ...(['inForceFrom', 'inForceTo', 'retroactiveBasis'] as const),
  ...(['replacedBy', 'endedBecause', 'deprecatedAt', 'retiredAt'] as const),
] as const satisfies readonly (keyof Standard)[]

/** What a standard refers to, and where. */
export interface Binding {
  readonly kind: 'element' | 'code-list' | 'schema'
  readonly code: string
  /** Null for any version. */
  readonly range: string | null
  /** Column, form field or member that holds the reference. */
  readonly place: string
  /** Only names what was: an earlier edition, the sides of a crosswalk. A deprecated or retired one will do. */
  readonly historical: boolean
  /** Codes of the list that it names; absent where it takes whatever the list holds. */
  readonly values?: readonly string[]
}

export const errors = defineErrors('STANDARDS', {
  ELEMENT_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到数据元“{code}”',
    en: 'There is no data element “{code}”',
  },
  CODE_LIST_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到代码集“{code}”',
    en: 'There is no code list “{code}”',
  },
  SCHEMA_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到数据集模式“{code}”',
    en: 'There is no record schema “{code}”',
  },
  SCHEMA_UNPUBLISHED: {
    kind: 'conflict',
    zh: '数据集模式“{code}”尚未发布，不能使用',
    en: 'The record schema “{code}” is not published and cannot be used',
  },
  CODE_TAKEN: {
    kind: 'conflict',
    zh: '编码“{code}”已被其他单位使用',
    en: 'The code “{code}” is used by another organisation',
  },
  DRAFT_EXISTS: {
    kind: 'conflict',
    zh: '“{code}”已有未发布的版本，请继续修改该版本',
    en: '“{code}” already has an unpublished version; go on with that one',
  },
  STATUS_UNFIT: {
    kind: 'conflict',
    zh: '“{code}”{version}版当前状态为{status}，不能执行此操作',
    en: '“{code}” {version} is {status}; this cannot be done now',
  },
  VERSION_IMMUTABLE: {
    kind: 'conflict',
    zh: '“{code}”{version}版已发布，内容不可更改，请起草新版本',
    en: '“{code}” {version} is published and cannot change; draft a new version',
  },
  REVIEW_SELF_APPROVED: {
    kind: 'forbidden',
    zh: '提交人不能批准自己提交的标准“{code}”',
    en: 'Whoever submitted “{code}” may not approve it',
  },
  REVIEW_REMARK_MISSING: {
    kind: 'invalid',
    zh: '退回时须填写意见（1至1000字）',
    en: 'Sending back needs a remark (1 to 1000 characters)',
  },
  VERSION_EFFECT_RETROACTIVE: {
    kind: 'invalid',
    zh: '“{code}”自 {from} 起实施，早于发布之日；溯及既往须写明依据',
    en: '“{code}” would be in force from {from}, before it is published; that needs a basis',
  },
  VERSION_EFFECT_INVALID: {
    kind: 'invalid',
    zh: '“{code}”的实施日期或废止日期无效：{field}',
    en: 'The days on which “{code}” is in force are not valid: {field}',
  },
  DRAFT_STALE: {
    kind: 'conflict',
    zh: '“{code}”已被修改或重新送审（现为修订或送审 {found}，您依据的是 {expected}），请重新载入',
    en: '“{code}” has been changed or submitted anew meanwhile (now {found}, yours was {expected}); load it again',
  },
  END_REASON_MISSING: {
    kind: 'invalid',
    zh: '停用“{code}”须指明代替它的标准，或写明理由（1至1000字）',
    en: 'Deprecating “{code}” needs what replaces it, or a reason (1 to 1000 characters)',
  },
  ELEMENT_STILL_BOUND: {
    kind: 'conflict',
    zh: '“{code}”仍被引用，不能废止：{users}',
    en: '“{code}” is still used and cannot be retired: {users}',
  },
  REFERENCE_DEPRECATED: {
    kind: 'conflict',
    zh: '“{code}”新引用了已停用的标准：{references}',
    en: '“{code}” newly refers to standards that are deprecated: {references}',
  },
  REFERENCE_UNPUBLISHED: {
    kind: 'conflict',
    zh: '“{code}”引用的标准尚未发布：{references}',
    en: '“{code}” refers to standards that are not published: {references}',
  },
})

/** The life of a version without its content. */
export function lifeOf(standard: Standard): Standard {
  // fromEntries forgets the names; the rows selected by LIFE are typed as Standard, so none is missing there.
  return Object.fromEntries(LIFE.map((member) => [member, standard[member]])) as unknown as Standard
}

type Begun = Pick<Standard, 'kind' | 'code' | 'version' | 'organisationId' | 'draftedBy' | 'draftedAt'>

/** A version nobody has changed, sent or judged yet. */
export function begun(start: Begun): Omit<Standard, 'id'> {
  return {
    ...start,
    status: 'draft',
    editedBy: [],
    submittedBy: null,
    approvedBy: null,
    publishedAt: null,
    remark: null,
    inForceFrom: null,
    inForceTo: null,
    retroactiveBasis: null,
    replacedBy: null,
    endedBecause: null,
    deprecatedAt: null,
    retiredAt: null,
    revision: 1,
    reviewId: null,
  }
}

/** @throws STANDARDS_VERSION_IMMUTABLE, STANDARDS_STATUS_UNFIT */
export function requireStatus(standard: Standard, status: StandardStatus): void {
  const { code, version } = standard
  if (standard.status === status) return
  if (standard.publishedAt !== null) throw errors.VERSION_IMMUTABLE({ code, version })
  throw errors.STATUS_UNFIT({ code, version, status: standard.status })
}

/** Null and absent look at nothing. @throws STANDARDS_DRAFT_STALE */
export function requireRevision({ code, revision }: Standard, expected: number | null | undefined): void {
  if (expected != null && expected !== revision) throw errors.DRAFT_STALE({ code, found: revision, expected })
}

/** @throws STANDARDS_VERSION_IMMUTABLE, STANDARDS_STATUS_UNFIT */
export function submitted<T extends Standard>(standard: T, by: string, reviewId: string): T {
  requireStatus(standard, 'draft')
  return { ...standard, status: 'review', submittedBy: by, remark: null, reviewId }
}

/** Whether a person had no hand in a version, and so may approve it. */
export const isStranger = ({ submittedBy, draftedBy, editedBy }: Standard, person: string) =>
  submittedBy !== person && draftedBy !== person && !editedBy.includes(person)

/**
 * Published, in force from its own day or from today.
 *
 * @throws STANDARDS_VERSION_IMMUTABLE, STANDARDS_STATUS_UNFIT, STANDARDS_REVIEW_SELF_APPROVED,
 * STANDARDS_VERSION_EFFECT_RETROACTIVE
 */
export function published<T extends Standard>(standard: T, by: string, at: Date): T {
  requireStatus(standard, 'review')
  if (!isStranger(standard, by)) throw errors.REVIEW_SELF_APPROVED({ code: standard.code })
  const inForceFrom = standard.inForceFrom ?? dayOf(at)
  checkEffect({ ...standard, inForceFrom }, dayOf(at))
  return { ...standard, status: 'published', approvedBy: by, publishedAt: at, inForceFrom }
}

/** @throws STANDARDS_VERSION_IMMUTABLE, STANDARDS_STATUS_UNFIT, STANDARDS_REVIEW_REMARK_MISSING */
export function returned<T extends Standard>(standard: T, remark: string): T {
  requireStatus(standard, 'review')
  const text = remark.trim()
  if (text.length === 0 || text.length > 1000) throw errors.REVIEW_REMARK_MISSING()
  return { ...standard, status: 'draft', submittedBy: null, remark: text }
}

export interface Effect {
  readonly inForceFrom: Day | null
  readonly inForceTo: Day | null
  /** Text and clause that allow effect before publication. */
  readonly retroactiveBasis: string | null
}

/**
 * A draft with the days on which it is to be in force; publication ahead of effect is normal (2.4).
 *
 * @throws STANDARDS_VERSION_IMMUTABLE, STANDARDS_STATUS_UNFIT, STANDARDS_VERSION_EFFECT_INVALID,
 * STANDARDS_VERSION_EFFECT_RETROACTIVE
 */
export function scheduled<T extends Standard>(standard: T, effect: Effect, today: Day): T {
  requireStatus(standard, 'draft')
  const basis = effect.retroactiveBasis?.trim() ?? ''
  const result = { ...standard, ...effect, retroactiveBasis: basis === '' ? null : basis }
  checkEffect(result, today)
  return { ...result, revision: standard.revision + 1 }
}

function checkEffect(standard: Standard, today: Day): void {
  const { code, inForceFrom: from, inForceTo: to, retroactiveBasis } = standard
  const invalid = (field: string) => errors.VERSION_EFFECT_INVALID({ code, field })
  if (from !== null && !isDay(from)) throw invalid('inForceFrom')
  if (to !== null && !(isDay(to) && to > (from ?? today))) throw invalid('inForceTo')
  if ((retroactiveBasis ?? '').length > MAX_TEXT) throw invalid('retroactiveBasis')
  if (from !== null && from < today && retroactiveBasis === null)
    throw errors.VERSION_EFFECT_RETROACTIVE({ code, from })
}

const MAX_TEXT = 1000

/** Published and `inForceFrom <= day < inForceTo`; a deprecated one still holds for who uses it (2.4). */
export function isInForce({ status, inForceFrom, inForceTo }: Standard, day: Day): boolean {
  const settled = status === 'published' || status === 'deprecated'
  return settled && (inForceFrom ?? day) <= day && (inForceTo === null || day < inForceTo)
}

export interface Ending {
  readonly replacedBy: string | null
  readonly reason: string | null
}

/** @throws STANDARDS_STATUS_UNFIT, STANDARDS_END_REASON_MISSING */
export function deprecated<T extends Standard>(standard: T, { replacedBy, reason }: Ending, at: Date): T {
  const { code, version, status } = standard
  if (status !== 'published') throw errors.STATUS_UNFIT({ code, version, status })
  const text = reason?.trim() ?? ''
  if ((replacedBy === null && text === '') || text.length > MAX_TEXT || replacedBy === code)
    throw errors.END_REASON_MISSING({ code })
  const endedBecause = text === '' ? null : text
  return { ...standard, status: 'deprecated', replacedBy, endedBecause, deprecatedAt: at }
}

/** Who binds a standard, as a refusal names it. */
export interface User {
  readonly code: string
  readonly name: Texts
}

/** Nothing may use it any more. @throws STANDARDS_STATUS_UNFIT, STANDARDS_ELEMENT_STILL_BOUND */
export function retired<T extends Standard>(standard: T, users: readonly User[], at: Date): T {
  const { code, version, status } = standard
  if (status !== 'deprecated') throw errors.STATUS_UNFIT({ code, version, status })
  const names = [...new Set(users.map((user) => `${user.name.zh}（${user.code}）`))].join('、')
  if (names !== '') throw errors.ELEMENT_STILL_BOUND({ code, users: names })
  return { ...standard, status: 'retired', retiredAt: at }
}
