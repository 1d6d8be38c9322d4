import type { Day } from '../../core/day.ts'
import { defineErrors, type Texts } from '../../core/errors.ts'

/** L15. */
export type CaseStatus =
  | 'waiting'
  | 'submitted'
  | 'correction-requested'
  | 'correction-submitted'
  | 'not-required'
  | 'not-accepted'
  | 'accepted'
  | 'in-review'
  | 'decided'
  | 'delivered'
  | 'closed'
  | 'withdrawn'
  | 'terminated'

/** L17. */
export type Outcome = 'granted' | 'granted-tolerant' | 'granted-deemed' | 'refused'

/** Whatever holds beside the status; several at a time. */
export type Flag =
  | {
      readonly name: 'deemed'
      readonly kind: 'acceptance'
      readonly since: string
      readonly by: string
      readonly reason: string
    }
  | {
      readonly name: 'suspended'
      readonly spanId: string
      readonly since: string
      readonly by: string
      readonly reason: string
    }

export interface Branch {
  readonly name: string
  /** The body whose opinion it is. */
  readonly organisationId: string
  /** Null while nobody has ended it. */
  readonly endedAt: string | null
  /** The opinion: `agree`, `object` or, closed by a refusal, `closed`. */
  readonly result: 'agree' | 'object' | 'closed' | null
  readonly note: string | null
}

/** What the clerk found at intake; the step of the process after it acts on it. */
export interface IntakeCheck {
  readonly outcome: 'complete' | 'incomplete' | 'not-required' | 'not-competent'
  readonly by: string
  readonly at: string
  readonly reason: string | null
  readonly clause: string | null
  readonly competentBody: string | null
  readonly points: readonly CorrectionTarget[]
}

export interface CorrectionTarget {
  readonly kind: 'field' | 'material'
  /** Name of the field, or code of the material. */
  readonly target: string
  readonly remark: string
}

/** One item inside an application (办件), with its own body, status, clocks and outcome. */
export interface ItemCase {
  readonly id: string
  readonly number: string
  readonly applicationId: string
  readonly itemId: string
  readonly itemVersionId: string
  readonly applicantId: string
  /** The deciding body. */
  readonly organisationId: string
  readonly regionCode: string
  readonly status: CaseStatus
  /** Grows by one with every change. */
  readonly version: number
  readonly flags: readonly Flag[]
  readonly branches: readonly Branch[]
  readonly submittedAt: Date
  /** The day of receipt that a deemed acceptance dates back to (T03, T06). */
  readonly receivedOn: Day
  readonly intakeCheck: IntakeCheck | null
  readonly acceptedOn: Day | null
  /** The person who found it complete; null when silence accepted it. */
  readonly acceptedBy: string | null
  readonly outcome: Outcome | null
  readonly outcomeReason: string | null
  readonly outcomeClause: string | null
  readonly decidedBy: string | null
  readonly decidedOn: Day | null
  readonly competentBody: string | null
  readonly deliveredOn: Day | null
}

/** The one-time correction notice (一次性告知书). */
export interface Correction {
  readonly id: string
  readonly caseId: string
  readonly number: string
  readonly issuedOn: Day
  readonly issuedAt: Date
  readonly dueOn: Day | null
  readonly points: readonly CorrectionTarget[]
  readonly answeredAt: Date | null
}

/** A pause of the case's clocks with its reason. */
export interface Suspension {
  readonly id: string
  readonly caseId: string
  readonly reason: string
  readonly startedOn: Day
  readonly plannedUntil: Day
  readonly endedOn: Day | null
}

export interface SiteVisit {
  readonly id: string
  readonly caseId: string
  /** When it is to be, then when it was recorded. */
  readonly at: Date
  readonly score: number | null
  /** Null while it has not taken place. */
  readonly passed: boolean | null
  readonly note: string | null
  readonly inspectorId: string | null
}

export const errors = defineErrors('SERVICE', {
  CASE_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到办件“{id}”',
    en: 'There is no case “{id}”',
  },
  CASE_VERSION_STALE: {
    kind: 'conflict',
    zh: '内容已被他人更新，请刷新后再操作',
    en: 'This was changed meanwhile; reload and try again',
  },
  CASE_TRANSITION_INVALID: {
    kind: 'conflict',
    zh: '办件状态为“{status}”，不能执行此操作；可执行：{allowed}',
    en: 'The case is “{status}”, which does not allow this; allowed now: {allowed}',
  },
  CASE_CORRECTION_UNSPECIFIC: {
    kind: 'invalid',
    zh: '补正须逐项写明对应的字段或材料及要求：{points}',
    en: 'Each point of a correction names a field or a material and says what is asked: {points}',
  },
  CASE_CORRECTION_REPEATED: {
    kind: 'conflict',
    zh: '补正须一次性告知，再次补正须经督办批准',
    en: 'Corrections are asked once; a second notice needs a supervisor’s approval',
  },
  CASE_CORRECTION_LATE: {
    kind: 'conflict',
    zh: '受理期限已过，该申请已视为受理',
    en: 'The intake limit has passed and the case counts as accepted',
  },
  CASE_CORRECTION_UNANSWERED: {
    kind: 'invalid',
    zh: '以下补正事项尚未答复：{points}',
    en: 'These points of the correction are not answered yet: {points}',
  },
  CASE_COMPETENT_BODY_MISSING: {
    kind: 'invalid',
    zh: '不属于本机关职权的，须告知有权机关',
    en: 'Name the competent body when the matter is not yours',
  },
  CASE_REASON_MISSING: {
    kind: 'invalid',
    zh: '不予受理或不予许可须写明理由和依据条款',
    en: 'A refusal states its reason and the clause',
  },
  CASE_DUTIES_NOT_SEPARATED: {
    kind: 'forbidden',
    zh: '受理人不能签发同一办件',
    en: 'The person who accepted the case may not sign its decision',
  },
  CASE_SUSPENSION_UNFOUNDED: {
    kind: 'invalid',
    zh: '该事项没有“{reason}”这一特别程序',
    en: 'The item knows no suspension for “{reason}”',
  },
  CASE_SUSPENSION_TOO_LONG: {
    kind: 'invalid',
    zh: '暂停最长{maxDays}个工作日',
    en: 'This suspension may last {maxDays} working days at most',
  },
  CASE_SUSPENSION_OPEN: {
    kind: 'conflict',
    zh: '同一原因的暂停尚未结束',
    en: 'A suspension for this reason is still open',
  },
  CASE_BRANCH_ENDED: {
    kind: 'conflict',
    zh: '审查事项“{branch}”已经结束，不能再次提交意见',
    en: 'This part of the review, “{branch}”, has ended and takes no second opinion',
  },
  CASE_BRANCH_OPEN: {
    kind: 'conflict',
    zh: '以下审查尚未结束：{branches}',
    en: 'These parts of the review have not ended: {branches}',
  },
  CASE_DECISION_BLOCKED: {
    kind: 'conflict',
    zh: '办件处于暂停中，恢复后才能决定',
    en: 'The case is suspended; it cannot be decided before it is resumed',
  },
  CASE_WITHDRAWAL_LATE: {
    kind: 'conflict',
    zh: '已受理的办件不能在此撤回',
    en: 'An accepted case cannot be withdrawn here any more',
  },
  CASE_VISIT_MISSING: {
    kind: 'conflict',
    zh: '尚未安排现场核查',
    en: 'No site visit has been booked',
  },
})

/** What became of a case, and no command changes any more. */
export const ENDED: readonly CaseStatus[] = ['closed', 'withdrawn', 'terminated']

/** Which staff queue a case stands in. */
export function queueOf(status: CaseStatus): string {
  switch (status) {
    case 'submitted':
    case 'correction-submitted':
      return 'intake'
    case 'waiting':
    case 'correction-requested':
      return 'waiting'
    case 'accepted':
    case 'in-review':
      return 'review'
    case 'decided':
    case 'not-required':
    case 'not-accepted':
      return 'delivery'
    default:
      return 'ended'
  }
}

/** Whether the case still counts against an item's quota of open applications. */
export const isOpen = ({ status }: ItemCase) => ['intake', 'waiting', 'review'].includes(queueOf(status))

export const isSuspended = ({ flags }: Pick<ItemCase, 'flags'>) =>
  flags.some(({ name }) => name === 'suspended')

export const isDeemed = ({ flags }: Pick<ItemCase, 'flags'>) => flags.some(({ name }) => name === 'deemed')

/** Who has to act now: exactly one organisation at each moment (8.5). */
export function responsibleOf({ status, applicantId, organisationId }: ItemCase): string {
  return status === 'correction-requested' ? applicantId : organisationId
}

export function flagText({ name, reason }: Flag): Texts {
  if (name === 'deemed')
    return { zh: '逾期未答复，视为受理', en: 'deemed accepted, since nobody answered in time' }
  const why = SUSPENDED_FOR[reason]
  return why
    ? { zh: `${why.zh}，暂停计时`, en: `clock paused for ${why.en}` }
    : { zh: '暂停计时', en: 'clock paused' }
}

const SUSPENDED_FOR: Record<string, Texts> = {
  inspection: { zh: '现场核查', en: 'an on-site check' },
  testing: { zh: '检验检测', en: 'testing' },
  hearing: { zh: '听证', en: 'a hearing' },
  appraisal: { zh: '鉴定', en: 'an appraisal' },
  'expert-review': { zh: '专家评审', en: 'an expert review' },
}
