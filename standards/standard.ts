import { defineErrors } from '../core/errors.ts'

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
}

export type StandardOf<Content> = Standard & Content

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
  REFERENCE_UNPUBLISHED: {
    kind: 'conflict',
    zh: '“{code}”引用的标准尚未发布：{references}',
    en: '“{code}” refers to standards that are not published: {references}',
  },
})

/** The life of a version without its content. */
export function lifeOf(standard: Standard): Standard {
  const { id, kind, code, version, status, organisationId, draftedBy, submittedBy, approvedBy } = standard
  const { editedBy, draftedAt, publishedAt, remark } = standard
  return {
    id,
    kind,
    code,
    version,
    status,
    organisationId,
    draftedBy,
    editedBy,
    submittedBy,
    approvedBy,
    draftedAt,
    publishedAt,
    remark,
  }
}

export type Version = readonly [major: number, minor: number, patch: number]

export function parseVersion(version: string): Version {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return [major, minor, patch]
}

export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)]
  const at = left.findIndex((part, index) => part !== right[index])
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0)
}

/** Effect of a change on data that was valid before (2.5). */
export type Step = 'patch' | 'minor' | 'major'

const STEPS: readonly Step[] = ['patch', 'minor', 'major']

export function largest(steps: readonly Step[]): Step {
  return STEPS[Math.max(0, ...steps.map((step) => STEPS.indexOf(step)))] ?? 'patch'
}

export const FIRST_VERSION = '1.0.0'

export function nextVersion(version: string, step: Step): string {
  const [major, minor, patch] = parseVersion(version)
  if (step === 'major') return `${major + 1}.0.0`
  return step === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`
}

/** Whether a version lies in a range: an exact version, or `^1.2.0` for every later one of the same major. */
export function inRange(version: string, range: string): boolean {
  if (!range.startsWith('^')) return version === range
  const least = range.slice(1)
  return parseVersion(version)[0] === parseVersion(least)[0] && compareVersions(version, least) >= 0
}

/** @throws STANDARDS_VERSION_IMMUTABLE, STANDARDS_STATUS_UNFIT */
export function requireStatus(standard: Standard, status: StandardStatus): void {
  const { code, version } = standard
  if (standard.status === status) return
  if (standard.publishedAt !== null) throw errors.VERSION_IMMUTABLE({ code, version })
  throw errors.STATUS_UNFIT({ code, version, status: standard.status })
}

/** @throws STANDARDS_VERSION_IMMUTABLE, STANDARDS_STATUS_UNFIT */
export function submitted<T extends Standard>(standard: T, by: string): T {
  requireStatus(standard, 'draft')
  return { ...standard, status: 'review', submittedBy: by, remark: null }
}

/** Whether a person had no hand in a version, and so may approve it. */
export const isStranger = ({ submittedBy, draftedBy, editedBy }: Standard, person: string) =>
  submittedBy !== person && draftedBy !== person && !editedBy.includes(person)

/** @throws STANDARDS_VERSION_IMMUTABLE, STANDARDS_STATUS_UNFIT, STANDARDS_REVIEW_SELF_APPROVED */
export function published<T extends Standard>(standard: T, by: string, at: Date): T {
  requireStatus(standard, 'review')
  if (!isStranger(standard, by)) throw errors.REVIEW_SELF_APPROVED({ code: standard.code })
  return { ...standard, status: 'published', approvedBy: by, publishedAt: at }
}

/** @throws STANDARDS_VERSION_IMMUTABLE, STANDARDS_STATUS_UNFIT, STANDARDS_REVIEW_REMARK_MISSING */
export function returned<T extends Standard>(standard: T, remark: string): T {
  requireStatus(standard, 'review')
  const text = remark.trim()
  if (text.length === 0 || text.length > 1000) throw errors.REVIEW_REMARK_MISSING()
  return { ...standard, status: 'draft', submittedBy: null, remark: text }
}
