import type { Texts } from '../../core/errors.ts'
import { defineErrors } from '../../core/errors.ts'
import { type CaseStatus, ENDED } from './case.ts'
import type { Answers } from './form.ts'
import type { QuestionAnswers } from './scenario.ts'

export type ApplicationStatus = 'draft' | 'submitted' | 'in-progress' | 'completed' | 'withdrawn' | 'expired'

/** What one person signs once (申请). */
export interface Application {
  readonly id: string
  /** Null before it is sent. */
  readonly number: string | null
  readonly itemId: string
  readonly itemVersionId: string
  readonly applicantId: string
  readonly draftedBy: string
  /** What is set by hand; the rest follows from the cases. */
  readonly status: 'draft' | 'submitted' | 'expired'
  /** Grows by one with every change of answers or files. */
  readonly version: number
  readonly questions: QuestionAnswers
  readonly scenarioId: string
  readonly answers: Answers
  /** Why nothing, or not everything, was filled in; null when all was. */
  readonly prefillNotice: Texts | null
  readonly receipt: Receipt | null
  readonly createdAt: Date
  readonly editedAt: Date
  /** When the draft is given up unless it is edited again. */
  readonly expiresAt: Date
  readonly submittedAt: Date | null
  readonly submittedBy: string | null
}

/** Proof of what was received and when (回执); signed over its canonical JSON. */
export interface Receipt {
  readonly number: string
  readonly issuedAt: string
  readonly itemCode: string
  readonly itemVersion: number
  readonly answersSha256: string
  readonly files: readonly { readonly name: string; readonly sha256: string }[]
  readonly signature: string
  readonly keyId: string
}

export const errors = defineErrors('SERVICE', {
  APPLICATION_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到申请“{id}”',
    en: 'There is no application “{id}”',
  },
  APPLICATION_AUDIENCE_MISMATCH: {
    kind: 'invalid',
    zh: '该事项不面向您这类申请人',
    en: 'This service is not for applicants of your kind',
  },
  APPLICATION_NOT_DRAFT: {
    kind: 'conflict',
    zh: '申请已提交或已失效，不能再修改',
    en: 'The application was sent or has expired; it cannot be changed any more',
  },
  APPLICATION_DUPLICATE: {
    kind: 'conflict',
    zh: '您已有同一事项的在办申请（{number}）',
    en: 'You already have an open application for this service ({number})',
  },
  APPLICATION_VERSION_SUPERSEDED: {
    kind: 'conflict',
    zh: '事项要求已变更，请重新开始申请；您填写的内容仍保留在草稿中',
    en: 'What this service asks has changed; please begin again. Your answers stay in the draft',
  },
})

/** A pure function of the cases, but for what no case knows (4). */
export function statusOf(
  { status }: Pick<Application, 'status'>,
  cases: readonly { readonly status: CaseStatus }[],
): ApplicationStatus {
  if (status !== 'submitted' || cases.length === 0) return status
  const ended: readonly CaseStatus[] = [...ENDED, 'not-required', 'not-accepted', 'delivered']
  if (cases.every((each) => each.status === 'withdrawn')) return 'withdrawn'
  if (cases.every((each) => ended.includes(each.status))) return 'completed'
  const before: readonly CaseStatus[] = [
    'waiting',
    'submitted',
    'correction-requested',
    'correction-submitted',
  ]
  return cases.some((each) => !before.includes(each.status)) ? 'in-progress' : 'submitted'
}

const DAY_MS = 86_400_000

export const expiryOf = (editedAt: Date, draftDays: number) =>
  new Date(editedAt.getTime() + draftDays * DAY_MS)
