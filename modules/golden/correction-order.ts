import { defineErrors } from '../../core/errors.ts'
import type { OrganisationRecord } from './record.ts'

export type OrderAnswer = 'will-correct' | 'declined'

/** Asks the legal source of an overridden value to look at its register (6.5). */
export interface CorrectionOrder {
  readonly id: string
  readonly overrideId: string
  readonly organisationId: string
  readonly openedAt: Date
  readonly answer: OrderAnswer | null
  readonly answerText: string | null
  readonly answeredAt: Date | null
}

export const errors = defineErrors('GOLDEN', {
  ORDER_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到更正工单 {id}',
    en: 'There is no correction order {id}',
  },
  ORDER_ANSWERED: {
    kind: 'conflict',
    zh: '该更正工单已答复',
    en: 'The correction order has been answered',
  },
  ORDER_ANSWER_MISSING: {
    kind: 'invalid',
    zh: '答复须写明情况（1至500个字）',
    en: 'An answer needs 1 to 500 characters',
  },
})

const LONGEST = 500

/** @throws GOLDEN_ORDER_ANSWERED, GOLDEN_ORDER_ANSWER_MISSING */
export function answered(
  order: CorrectionOrder,
  answer: OrderAnswer,
  text: string,
  at: Date,
): CorrectionOrder {
  if (order.answer !== null) throw errors.ORDER_ANSWERED()
  const answerText = text.trim()
  if (answerText === '' || [...answerText].length > LONGEST) throw errors.ORDER_ANSWER_MISSING()
  return { ...order, answer, answerText, answeredAt: at }
}

/**
 * Who is asked: the element's legal source; where none is named, whose value stood before; else who speaks of
 * the entity first.
 */
export function askedOf(
  { fields }: OrganisationRecord,
  field: string,
  legalSource: string | undefined,
): string | undefined {
  const own = fields.find(({ name }) => name === field)
  const speaking = fields.flatMap(({ source, runnersUp }) => source ?? runnersUp[0] ?? [])
  return legalSource ?? (own?.source ?? own?.runnersUp[0] ?? speaking[0])?.organisationId
}
