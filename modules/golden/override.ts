import type { Day } from '../../core/day.ts'
import { isDay } from '../../core/day.ts'
import { defineErrors, type Texts } from '../../core/errors.ts'
import type { FieldOverride, StoredField } from './record.ts'

export type OverrideStatus = 'proposed' | 'in-force' | 'withdrawn'

/** A value people put above what every register says (人工修正), until a day. */
export interface Override {
  readonly id: string
  /** Unified social credit code of the record. */
  readonly key: string
  /** What the record was called when it was asked for. */
  readonly name: string
  readonly field: string
  readonly elementCode: string
  readonly label: Texts
  readonly personal: boolean
  readonly value: string
  readonly reason: string
  /** Statute, document or decision it rests on. */
  readonly basis: string
  /** What shows it: number of a document, of a case, of a file. */
  readonly evidence: string
  /** The last day it counts. */
  readonly expiresOn: Day
  readonly status: OverrideStatus
  readonly organisationId: string
  readonly requestedBy: string
  readonly requestedAt: Date
  /** The second person; null where one suffices. */
  readonly confirmedBy: string | null
  readonly confirmedAt: Date | null
  /** Who asked to withdraw what two persons decided; it counts until a second person confirms that too. */
  readonly withdrawalAskedBy: string | null
  readonly withdrawalAskedAt: Date | null
  readonly withdrawnAt: Date | null
}

export interface OverrideInput {
  readonly key: string
  readonly field: string
  readonly value: string
  readonly reason: string
  readonly basis: string
  readonly evidence: string
  readonly expiresOn: string | null
}

export const errors = defineErrors('GOLDEN', {
  OVERRIDE_REASON_MISSING: {
    kind: 'invalid',
    zh: '人工修正须写明理由、依据、佐证（各1至500个字）和失效日，缺：{missing}',
    en: 'An override needs a reason, a basis and evidence of 1 to 500 characters each, and an expiry; missing: {missing}',
  },
  OVERRIDE_EXPIRED: {
    kind: 'invalid',
    zh: '失效日{expiresOn}已过，最早为{today}',
    en: 'The expiry {expiresOn} is past; the earliest is {today}',
  },
  OVERRIDE_FIELD_UNKNOWN: {
    kind: 'invalid',
    zh: '数据项“{field}”不能人工修正',
    en: 'The item “{field}” cannot be overridden',
  },
  OVERRIDE_VALUE_REFUSED: {
    kind: 'invalid',
    zh: '修正值“{value}”未通过数据元校验（{reason}）',
    en: 'The value “{value}” fails the check of its element ({reason})',
  },
  OVERRIDE_STANDS: {
    kind: 'conflict',
    zh: '该数据项已有人工修正，请先撤回',
    en: 'An override of this item stands already; withdraw it first',
  },
  OVERRIDE_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到人工修正 {id}',
    en: 'There is no override {id}',
  },
  OVERRIDE_ENDED: {
    kind: 'conflict',
    zh: '该人工修正已撤回、已失效或不待确认',
    en: 'The override has ended, or waits for nobody',
  },
  OVERRIDE_BY_SAME_PERSON: {
    kind: 'forbidden',
    zh: '该主体持有证照，提出修正或撤回的人不能自己确认，须由第二人确认',
    en: 'The entity holds a licence: who asked for the override or its withdrawal may not confirm that; a second person must',
  },
  OVERRIDE_WITHDRAWAL_WAITS: {
    kind: 'conflict',
    zh: '该人工修正的撤回已提出，待第二人确认',
    en: 'The withdrawal of the override was asked for and waits for a second person',
  },
})

const LONGEST = 500

/**
 * What is asked for, its texts trimmed.
 *
 * @throws GOLDEN_OVERRIDE_REASON_MISSING (section 13, row 40), GOLDEN_OVERRIDE_EXPIRED
 */
export function asked(
  input: OverrideInput,
  today: Day,
): Omit<OverrideInput, 'expiresOn'> & { expiresOn: Day } {
  const [reason, basis, evidence] = [input.reason, input.basis, input.evidence].map((text) => text.trim())
  const expiresOn = input.expiresOn?.trim() ?? ''
  const missing = Object.entries({ reason, basis, evidence }).flatMap(([name, text = '']) =>
    text === '' || [...text].length > LONGEST ? [name] : [],
  )
  if (!isDay(expiresOn)) missing.push('expiresOn')
  if (missing.length > 0) throw errors.OVERRIDE_REASON_MISSING({ missing: missing.join(', ') })
  if (expiresOn < today) throw errors.OVERRIDE_EXPIRED({ expiresOn, today })
  const { key, field, value } = input
  return { key, field, value, expiresOn, reason: reason ?? '', basis: basis ?? '', evidence: evidence ?? '' }
}

/** Whether it may still come to count, or counts. */
export function stands({ status, expiresOn }: Pick<Override, 'status' | 'expiresOn'>, today: Day): boolean {
  return status !== 'withdrawn' && expiresOn >= today
}

/**
 * The override in force, or withdrawn where its withdrawal was asked for.
 *
 * @throws GOLDEN_OVERRIDE_ENDED, GOLDEN_OVERRIDE_BY_SAME_PERSON
 */
export function confirmed(override: Override, by: string, at: Date, today: Day): Override {
  if (stands(override, today) && override.withdrawalAskedBy !== null) {
    if (override.withdrawalAskedBy === by) throw errors.OVERRIDE_BY_SAME_PERSON()
    return { ...override, status: 'withdrawn', withdrawnAt: at }
  }
  if (override.status !== 'proposed' || !stands(override, today)) throw errors.OVERRIDE_ENDED()
  if (override.requestedBy === by) throw errors.OVERRIDE_BY_SAME_PERSON()
  return { ...override, status: 'in-force', confirmedBy: by, confirmedAt: at }
}

/** Asks for what one person alone may not withdraw. @throws GOLDEN_OVERRIDE_ENDED, GOLDEN_OVERRIDE_WITHDRAWAL_WAITS */
export function withdrawalAsked(override: Override, by: string, at: Date, today: Day): Override {
  return { ...withdrawable(override, today), withdrawalAskedBy: by, withdrawalAskedAt: at }
}

function withdrawable(override: Override, today: Day): Override {
  if (!stands(override, today)) throw errors.OVERRIDE_ENDED()
  if (override.withdrawalAskedBy !== null) throw errors.OVERRIDE_WITHDRAWAL_WAITS()
  return override
}

/** @throws GOLDEN_OVERRIDE_ENDED, GOLDEN_OVERRIDE_WITHDRAWAL_WAITS */
export function withdrawn(override: Override, at: Date, today: Day): Override {
  return { ...withdrawable(override, today), status: 'withdrawn', withdrawnAt: at }
}

/** The field under an override (6.5): ranked above all sources, which become runners-up in their order. */
export function overridden(name: string, field: StoredField | undefined, by: Override): StoredField {
  const sources = field ? [...(field.source ? [field.source] : []), ...field.runnersUp] : []
  return { name, value: by.value, rule: 'override', source: null, runnersUp: sources, overriddenBy: note(by) }
}

function note({ id, organisationId, reason, basis, evidence, expiresOn, ...by }: Override): FieldOverride {
  const decidedOn = (by.confirmedAt ?? by.requestedAt).toISOString()
  return { id, organisationId, reason, basis, evidence, expiresOn, decidedAt: decidedOn }
}
