import type { Texts } from '../../core/errors.ts'
import { type CaseStatus, type Flag, flagText, type Outcome } from './case.ts'

const WORDS: Readonly<Record<CaseStatus, Texts>> = {
  waiting: { zh: '等待前序事项', en: 'Waiting for an earlier matter' },
  submitted: { zh: '已提交，等待受理', en: 'Submitted, waiting for acceptance' },
  'correction-requested': { zh: '请您补正', en: 'You are asked to correct the application' },
  'correction-submitted': { zh: '补正已提交，等待受理', en: 'Correction received, waiting for acceptance' },
  'not-required': { zh: '不需要办理', en: 'No licence is needed' },
  'not-accepted': { zh: '不予受理', en: 'Not accepted' },
  accepted: { zh: '已受理', en: 'Accepted' },
  'in-review': { zh: '审查中', en: 'Under review' },
  decided: { zh: '已作出决定', en: 'Decided' },
  delivered: { zh: '已送达', en: 'Delivered' },
  closed: { zh: '已办结', en: 'Closed' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
  terminated: { zh: '已终止', en: 'Terminated' },
}

/** The word shown to the public; status stays small, flags and outcome say the rest (4). */
export function publicStatus(status: CaseStatus, flags: readonly Flag[], outcome: Outcome | null): Texts {
  const word = WORDS[status]
  if (status === 'decided' || status === 'delivered') return decidedAs(word, outcome)
  const shown = flags.filter(({ name }) =>
    name === 'deemed' ? status === 'accepted' : status === 'in-review',
  )
  return shown.reduce(
    (text, flag) => ({ zh: `${text.zh}（${flagText(flag).zh}）`, en: `${text.en} (${flagText(flag).en})` }),
    word,
  )
}

function decidedAs(word: Texts, outcome: Outcome | null): Texts {
  if (outcome === null) return word
  return outcome === 'refused'
    ? { zh: `${word.zh}：不予许可`, en: `${word.en}: refused` }
    : { zh: `${word.zh}：准予许可`, en: `${word.en}: granted` }
}

/** How a fact of the case's record reads in its history; facts that are not here are for the office alone. */
export const STEP_TEXTS: Readonly<Record<string, Texts>> = {
  'service.application.submitted': { zh: '提交申请', en: 'Application submitted' },
  'service.case.released': { zh: '进入受理', en: 'Passed to intake' },
  'service.materials.resolved': { zh: '核对材料', en: 'Documents looked up' },
  'service.case.checked': { zh: '完成受理审查', en: 'Intake check done' },
  'service.case.correction-requested': { zh: '一次性告知补正', en: 'Correction requested' },
  'service.case.corrected': { zh: '提交补正', en: 'Correction submitted' },
  'service.case.accepted': { zh: '受理', en: 'Accepted' },
  'service.case.intake-refused': { zh: '作出不受理决定', en: 'Not taken into procedure' },
  'service.case.review-started': { zh: '开始审查', en: 'Review started' },
  'service.case.branch-ended': { zh: '完成一项审查', en: 'Part of the review ended' },
  'service.case.suspended': { zh: '暂停计时', en: 'Clock paused' },
  'service.visit.booked': { zh: '安排现场核查', en: 'On-site check arranged' },
  'service.visit.recorded': { zh: '完成现场核查', en: 'On-site check recorded' },
  'service.case.resumed': { zh: '恢复计时', en: 'Clock resumed' },
  'service.case.decided': { zh: '作出决定', en: 'Decided' },
  'service.notice.served': { zh: '送达通知', en: 'Notice served' },
  'certificate.issued': { zh: '制发证照', en: 'Certificate issued' },
  'service.case.delivered': { zh: '送达', en: 'Delivered' },
  'service.case.withdrawn': { zh: '撤回申请', en: 'Withdrawn' },
  'service.case.terminated': { zh: '终止办理', en: 'Terminated' },
  'service.case.closed': { zh: '办结', en: 'Closed' },
}
