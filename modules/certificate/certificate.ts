import { addDays, addMonths, type Day } from '../../core/day.ts'
import { defineErrors, type Texts } from '../../core/errors.ts'

/** One statement of a certificate: premises, form, items. */
export interface Claim {
  readonly name: string
  readonly label: Texts
  readonly value: string | Texts
}

export type CertificateState = 'active' | 'suspended' | 'revoked'

export interface Certificate {
  readonly id: string
  readonly caseId: string
  /** The body that issued it. */
  readonly organisationId: string
  /** The party it was issued to; it and the issuer may have the PDF. */
  readonly holderOrganisationId: string
  readonly type: string
  readonly title: Texts
  readonly number: string
  /** The issuer's name on the day of issue. */
  readonly issuer: Texts
  readonly holder: string
  /** Credit code; null for a person, whose number never appears. */
  readonly holderCode: string | null
  readonly claims: readonly Claim[]
  readonly issuedOn: Day
  /** The last day it is valid; null without an end. */
  readonly validUntil: Day | null
  /** What the QR code carries. */
  readonly token: string
  readonly state: CertificateState
  readonly stateReason: string | null
  readonly stateOn: Day | null
  /** Null until the PDF has been rendered. */
  readonly pdfSha256: string | null
}

export interface Issue {
  readonly caseId: string
  readonly organisationId: string
  readonly holderOrganisationId: string
  readonly type: string
  readonly title: Texts
  readonly holder: string
  readonly holderCode: string | null
  readonly claims: readonly Claim[]
  readonly issuedOn: Day
  /** Null for a certificate without an end. */
  readonly validMonths: number | null
  /** Two capital letters before the 14 digits, such as `JY`. */
  readonly numberPrefix: string
}

export const errors = defineErrors('CERTIFICATE', {
  NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到该证照',
    en: 'There is no such certificate',
  },
  NOT_READY: {
    kind: 'unavailable',
    zh: '证照文件正在生成，请稍后再试',
    en: 'The file of the certificate is being made; try again in a moment',
  },
  REVOCATION_REPEATED: {
    kind: 'conflict',
    zh: '该证照已于 {revokedOn} 被撤销，原因：{reason}',
    en: 'The certificate was revoked on {revokedOn} already: {reason}',
  },
  STATE_UNFIT: {
    kind: 'conflict',
    zh: '证照当前状态为“{state}”，不能执行此操作',
    en: 'The certificate is {state}; this cannot be done to it',
  },
  REASON_MISSING: {
    kind: 'invalid',
    zh: '请写明理由（1至500字）',
    en: 'Give a reason of 1 to 500 characters',
  },
  CONTENT_INVALID: {
    kind: 'invalid',
    zh: '证照内容无效：{field}',
    en: 'The content of the certificate is not valid: {field}',
  },
  CLAIMS_TOO_LARGE: {
    kind: 'invalid',
    zh: '证照内容过长，二维码最多容纳{most}字节',
    en: 'The content is too long; the QR code holds at most {most} bytes',
  },
  NUMBERS_EXHAUSTED: {
    kind: 'conflict',
    zh: '前缀“{prefix}”的证照编号已用完',
    en: 'The numbers of the prefix “{prefix}” are used up',
  },
  SIGNATURE_INVALID: {
    kind: 'invalid',
    zh: '签名无效，内容可能被改动',
    en: 'The signature is not valid; the content may have been altered',
  },
})

export type Status = 'valid' | 'suspended' | 'revoked' | 'expired'

/** What a certificate is worth on a day. A revoked one stays revoked after its end. */
export function statusOn(
  { state, validUntil }: Pick<Certificate, 'state' | 'validUntil'>,
  today: Day,
): Status {
  if (state === 'revoked') return 'revoked'
  if (validUntil !== null && validUntil < today) return 'expired'
  return state === 'suspended' ? 'suspended' : 'valid'
}

/** A term of months ends the day before its anniversary. */
export function lastDay(issuedOn: Day, validMonths: number | null): Day | null {
  return validMonths === null ? null : addDays(addMonths(issuedOn, validMonths), -1)
}

/**
 * Refuses what could not be printed or signed. A person's number never goes on paper or into a QR code: only
 * an organisation has a code there.
 *
 * @throws CERTIFICATE_CONTENT_INVALID
 */
export function checkContent(
  input: Issue,
  holderIsPerson: boolean,
  isCreditCode: (code: string) => boolean,
): void {
  const { holder, holderCode, claims, validMonths, numberPrefix, type } = input
  const fields: Record<string, boolean> = {
    type: /^[a-z][a-z0-9-]{1,62}$/.test(type),
    holder: holder.trim().length > 0 && holder.length <= 200,
    holderCode: holderCode === null || (!holderIsPerson && isCreditCode(holderCode)),
    claims: claims.length <= 20 && claims.every(({ name }) => /^[a-zA-Z][a-zA-Z0-9-]{0,40}$/.test(name)),
    validMonths:
      validMonths === null || (Number.isInteger(validMonths) && validMonths > 0 && validMonths <= 1200),
    numberPrefix: /^[A-Z]{2}$/.test(numberPrefix),
  }
  const bad = Object.keys(fields).find((field) => fields[field] === false)
  if (bad !== undefined) throw errors.CONTENT_INVALID({ field: bad })
}

export interface SeriesNumber {
  readonly prefix: string
  /** Division of the issuer, 6 digits. */
  readonly region: string
  /** Tells issuers of one prefix in one division apart, 1 to 9. */
  readonly series: number
  readonly lastNumber: number
}

/** Prefix and 14 digits: series, division, running number and check digit, as food licences are numbered. */
export function numberOf({ prefix, region, series, lastNumber }: SeriesNumber): string {
  const digits = `${series}${region}${String(lastNumber).padStart(6, '0')}`
  return `${prefix}${digits}${checkDigit(digits)}`
}

/** ISO/IEC 7064 MOD 11,10 (GB/T 17710). */
export function checkDigit(digits: string): number {
  let product = 10
  for (const digit of digits) {
    const sum = (product + Number(digit)) % 10
    product = ((sum === 0 ? 10 : sum) * 2) % 11
  }
  return (11 - product) % 10
}

/** @throws CERTIFICATE_REVOCATION_REPEATED, CERTIFICATE_REASON_MISSING */
export function revoked(certificate: Certificate, reason: string, on: Day): Certificate {
  checkReason(reason)
  if (certificate.state === 'revoked')
    throw errors.REVOCATION_REPEATED({
      revokedOn: certificate.stateOn ?? '',
      reason: certificate.stateReason ?? '',
    })
  return { ...certificate, state: 'revoked', stateReason: reason, stateOn: on }
}

/** @throws CERTIFICATE_STATE_UNFIT, CERTIFICATE_REASON_MISSING */
export function suspended(certificate: Certificate, reason: string, on: Day): Certificate {
  checkReason(reason)
  if (certificate.state !== 'active') throw errors.STATE_UNFIT({ state: certificate.state })
  return { ...certificate, state: 'suspended', stateReason: reason, stateOn: on }
}

/** @throws CERTIFICATE_STATE_UNFIT */
export function reinstated(certificate: Certificate): Certificate {
  if (certificate.state !== 'suspended') throw errors.STATE_UNFIT({ state: certificate.state })
  return { ...certificate, state: 'active', stateReason: null, stateOn: null }
}

function checkReason(reason: string): void {
  if (reason.trim() === '' || reason.length > 500) throw errors.REASON_MISSING()
}
