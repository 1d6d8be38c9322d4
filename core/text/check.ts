import type { Day } from '../day.ts'
import { isDay } from '../day.ts'
import type { CheckAlgorithm } from './column.ts'

/** Why a value fails; decided in the order placeholder, shape, date, check digit. */
export type CheckReason = 'shape' | 'check-digit' | 'date' | 'placeholder'

export interface CheckOptions {
  /** A birth date may not lie after it (gb11643). */
  readonly today: Day
  /** Of `tw-ubn`: 5 since 2023, 10 before (the date of change is to be confirmed). */
  readonly modulus?: 5 | 10
}

/** `ok` or the reason. The value is taken as it stands, normalised before (only `iban` drops its own blanks). */
export function check(algorithm: CheckAlgorithm, value: string, options: CheckOptions): 'ok' | CheckReason {
  switch (algorithm) {
    case 'gb11643':
      return gb11643(value, options.today)
    case 'gb32100':
      return gb32100(value)
    case 'gb11714':
      return gb11714(value)
    case 'tw-ubn':
      return twUbn(value, options.modulus ?? 5)
    case 'iban':
      return iban(value)
    case 'luhn':
      return luhn(value)
  }
}

export const CHECK_ALGORITHMS: readonly CheckAlgorithm[] = [
  'gb11643',
  'gb32100',
  'gb11714',
  'tw-ubn',
  'iban',
  'luhn',
]

export function isCheckAlgorithm(name: string): name is CheckAlgorithm {
  return (CHECK_ALGORITHMS as readonly string[]).includes(name)
}

const DIGIT_0 = 48

/** Value of the decimal digit at `index`; the caller has checked the shape. */
const digit = (value: string, index: number) => value.charCodeAt(index) - DIGIT_0

const CITIZEN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CITIZEN_CHECKS = '10X98765432'
const EARLIEST_BIRTH = '1850-01-01'

/** Citizen identification number (公民身份号码), GB 11643-1999; the 15 digits of before 1999 are read as 18. */
function gb11643(value: string, today: Day): 'ok' | CheckReason {
  const number = citizenNumber(value)
  if (!/^[1-9]\d{16}[0-9X]$/.test(number)) return 'shape'
  const born = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  if (!isDay(born) || born < EARLIEST_BIRTH || born > today) return 'date'
  return number[17] === citizenCheck(number) ? 'ok' : 'check-digit'
}

function citizenCheck(number: string): string {
  const sum = CITIZEN_WEIGHTS.reduce((sum, weight, index) => sum + weight * digit(number, index), 0)
  return CITIZEN_CHECKS.charAt(sum % 11)
}

/** The 18 characters of a 15-digit number of before 1999; any other text as it is. */
export function citizenNumber(value: string): string {
  if (!/^[1-9]\d{14}$/.test(value)) return value
  const number = `${value.slice(0, 6)}19${value.slice(6)}`
  return number + citizenCheck(number)
}

const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const CREDIT_VALUES = new Map([...CREDIT_ALPHABET].map((character, value) => [character, value]))
/** 3 to the power of the place, modulo 31. */
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const CREDIT_SHAPE = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/

/** Unified social credit code (统一社会信用代码), GB 32100-2015. Its characters 9 to 17 are judged by gb11714 apart. */
function gb32100(value: string): 'ok' | CheckReason {
  if (!CREDIT_SHAPE.test(value)) return 'shape'
  const sum = CREDIT_WEIGHTS.reduce(
    (sum, weight, index) => sum + weight * (CREDIT_VALUES.get(value.charAt(index)) ?? 0),
    0,
  )
  return value[17] === CREDIT_ALPHABET[(31 - (sum % 31)) % 31] ? 'ok' : 'check-digit'
}

const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

/** Organisation code (组织机构代码), GB 11714-1997, written without its hyphen. */
function gb11714(value: string): 'ok' | CheckReason {
  if (!/^[0-9A-Z]{8}[0-9X]$/.test(value)) return 'shape'
  const sum = ORGANISATION_WEIGHTS.reduce(
    (sum, weight, index) => sum + weight * parseInt(value.charAt(index), 36),
    0,
  )
  const remainder = 11 - (sum % 11)
  const expected = remainder === 10 ? 'X' : String(remainder % 11)
  return value[8] === expected ? 'ok' : 'check-digit'
}

const UBN_WEIGHTS = [1, 2, 1, 2, 1, 2, 4, 1]

/** Taiwan business number (統一編號); a 7 in the seventh place may count as 10 or as 1 + 0. */
function twUbn(value: string, modulus: number): 'ok' | CheckReason {
  if (!/^\d{8}$/.test(value)) return 'shape'
  if (value === '00000000') return 'placeholder'
  const sum = UBN_WEIGHTS.reduce((sum, weight, index) => {
    const product = weight * digit(value, index)
    return sum + Math.floor(product / 10) + (product % 10)
  }, 0)
  const valid = sum % modulus === 0 || (value[6] === '7' && (sum + 1) % modulus === 0)
  return valid ? 'ok' : 'check-digit'
}

/** Length of the number in each country of the ISO 13616 registry. */
export const IBAN_LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 ' +
    'EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 ' +
    'IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 ' +
    'NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 ' +
    'SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

/** International bank account number, ISO 13616. */
function iban(text: string): 'ok' | CheckReason {
  const value = text.replaceAll(' ', '').toUpperCase()
  if (!/^[A-Z]{2}\d{2}[0-9A-Z]+$/.test(value) || value.length !== IBAN_LENGTHS[value.slice(0, 2)])
    return 'shape'
  let remainder = 0
  for (const character of value.slice(4) + value.slice(0, 4))
    for (const each of String(parseInt(character, 36))) remainder = (remainder * 10 + Number(each)) % 97
  return remainder === 1 ? 'ok' : 'check-digit'
}

/** ISO/IEC 7812-1: card numbers and the like. */
function luhn(value: string): 'ok' | CheckReason {
  if (!/^\d{2,}$/.test(value)) return 'shape'
  let sum = 0
  for (let index = value.length - 1, double = false; index >= 0; index--, double = !double) {
    const doubled = digit(value, index) * (double ? 2 : 1)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0 ? 'ok' : 'check-digit'
}
