import type { Texts } from '../../core/errors.ts'

export type NoticeKind =
  | 'acceptance'
  | 'deemed-acceptance'
  | 'correction'
  | 'not-required'
  | 'not-accepted'
  | 'suspension'
  | 'resumption'
  | 'grant'
  | 'refusal'
  | 'termination'
  | 'withdrawal'

/** A document of the office to the applicant (告知书). */
export interface Notice {
  readonly id: string
  readonly caseId: string
  readonly kind: NoticeKind
  readonly number: string
  readonly body: Texts
  readonly preparedAt: Date
  /** Null until it is served. */
  readonly servedAt: Date | null
}

/** Told with every decision that may be appealed (reconsideration 60 days, litigation 6 months; both to be confirmed). */
const APPEAL: Texts = {
  zh: '如不服，可以自收到本告知之日起六十日内申请行政复议，或者六个月内提起行政诉讼。',
  en: 'You may ask for administrative reconsideration within sixty days of receipt, or bring an action within six months.',
}

interface Facts {
  readonly item: Texts
  readonly caseNumber: string
  readonly reason?: string | null
  readonly clause?: string | null
  readonly competentBody?: string | null
  readonly promisedOn?: string | null
  readonly legalOn?: string | null
  readonly from?: string | null
  readonly until?: string | null
}

/** The text of a notice in both languages; pure. */
export function noticeText(kind: NoticeKind, facts: Facts): Texts {
  const { item, caseNumber } = facts
  const opening = {
    zh: `您申请的“${item.zh}”（${caseNumber}）`,
    en: `Your application “${item.en}” (${caseNumber})`,
  }
  const { zh, en } = bodyOf(kind, facts)
  const appeal = ['not-accepted', 'not-required', 'refusal'].includes(kind) ? APPEAL : { zh: '', en: '' }
  return { zh: `${opening.zh}${zh}。${appeal.zh}`, en: `${opening.en} ${en}. ${appeal.en}`.trim() }
}

function bodyOf(kind: NoticeKind, facts: Facts): Texts {
  const { reason, clause, competentBody, promisedOn, legalOn, from, until } = facts
  const why = {
    zh: `理由：${reason ?? ''}；依据：${clause ?? ''}`,
    en: `reason: ${reason ?? ''}; clause: ${clause ?? ''}`,
  }
  const dates = {
    zh: `承诺于 ${promisedOn ?? '—'} 前办结，法定期限至 ${legalOn ?? '—'}`,
    en: `promised by ${promisedOn ?? '—'}, by law due ${legalOn ?? '—'}`,
  }
  switch (kind) {
    case 'acceptance':
      return { zh: `已受理，${dates.zh}`, en: `has been accepted; ${dates.en}` }
    case 'deemed-acceptance':
      return {
        zh: `逾期未告知，自收到申请之日起视为受理，${dates.zh}`,
        en: `counts as accepted from the day of receipt, since nobody answered in time; ${dates.en}`,
      }
    case 'correction':
      return {
        zh: `需要补正，请一次补齐下列内容${until ? `，期限至 ${until}` : ''}`,
        en: `needs correction${until ? ` by ${until}` : ''}`,
      }
    case 'not-required':
      return { zh: `依法不需要取得行政许可。${why.zh}`, en: `needs no licence; ${why.en}` }
    case 'not-accepted':
      return {
        zh: `不予受理。${why.zh}${competentBody ? `；请向 ${competentBody} 申请` : ''}`,
        en: `is not accepted; ${why.en}${competentBody ? `; please apply to ${competentBody}` : ''}`,
      }
    case 'suspension':
      return {
        zh: `自 ${from ?? ''} 至 ${until ?? ''} 暂停计时（${reason ?? ''}）`,
        en: `is paused from ${from ?? ''} to ${until ?? ''} (${reason ?? ''})`,
      }
    case 'resumption':
      return { zh: `自 ${from ?? ''} 恢复计时，${dates.zh}`, en: `goes on from ${from ?? ''}; ${dates.en}` }
    case 'grant':
      return { zh: '准予许可', en: 'is granted' }
    case 'refusal':
      return { zh: `不予许可。${why.zh}`, en: `is refused; ${why.en}` }
    case 'termination':
      return {
        zh: '逾期未补正，现已终止；您可以重新申请',
        en: 'was ended, since the correction did not come in time; you may apply again',
      }
    case 'withdrawal':
      return { zh: '已按您的要求撤回', en: 'was withdrawn as you asked' }
  }
}
