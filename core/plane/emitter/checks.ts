import type { CheckAlgorithm, FailureReason } from '../../text/column.ts'
import { text, textList } from './literal.ts'

export type Reason = 'ok' | FailureReason

/** The numbers a judged row stores, 0 for a value that passes. */
export const REASONS: readonly Reason[] = [
  'ok',
  'placeholder',
  'missing',
  'shape',
  'date',
  'check-digit',
  'unreadable',
  'type',
  'range',
  'length',
  'pattern',
  'code',
  'expired',
]

export function reasonNumber(reason: Reason): number {
  return REASONS.indexOf(reason)
}

/** A condition with the reason it stands for; conditions are tried in order. */
export type Failing = readonly [condition: string, reason: Reason]

/** Algorithms with a fast SQL form; the others are judged by core/text on distinct values (see plain.ts). */
export type FastCheck = Exclude<CheckAlgorithm, 'iban' | 'luhn'>

/**
 * How `x`, a normalised text that is not null, can fail an algorithm of section 2.8. Later conditions may
 * rely on the earlier ones being false. `today` is an SQL day.
 */
export function failuresOf(
  algorithm: FastCheck,
  x: string,
  today: string,
  number = numberIn(algorithm, x),
): readonly Failing[] {
  return FAILURES[algorithm](x, today, number)
}

/**
 * The number an algorithm looks up its tables by, null where there is none. Used many times: give it a column
 * of its own where that pays.
 */
export function numberIn(algorithm: FastCheck, x: string): string {
  return NUMBERS[algorithm](x)
}

const NUMBERS: Record<FastCheck, (x: string) => string> = {
  gb11643: (x) => `try_cast(substr(${x}, 1, 17) as bigint)`,
  gb32100: (x) => `try_cast(substr(${x}, 3, 6) as integer)`,
  gb11714: () => 'null::integer',
  'tw-ubn': (x) => `try_cast(${x} as integer)`,
}

const FAILURES: Record<FastCheck, (x: string, today: string, number: string) => readonly Failing[]> = {
  // GB 11643-1999. The sum of 17 weighted digits by six tables of three digits over the 17-digit number:
  // a third of the time of 17 substrings (design/scale.md).
  gb11643: (x, today, number) => {
    const sum = digitGroups(GB11643_WEIGHTS, (digit, weight) => digit * weight, 11)
      .map(({ divisor, table }) => `${table}[(${number} // ${divisor}) % 1000 + 1]`)
      .join(' + ')
    return [
      [`not regexp_full_match(${x}, '[1-9][0-9]{16}[0-9X]')`, 'shape'],
      [`not ${isBirthday(`(${number} // 1000) % 100000000`, today)}`, 'date'],
      [`not ends_with(${x}, ${characters('10X98765432')}[(${sum}) % 11 + 1])`, 'check-digit'],
    ]
  },
  // GB 32100-2015. Characters 3 to 8 are digits and go by two tables; the other eleven by their place in the alphabet.
  gb32100: (x, _today, number) => {
    const letters = [0, 1, 8, 9, 10, 11, 12, 13, 14, 15, 16].map(
      (at) => `(strpos(${text(GB32100_ALPHABET)}, substr(${x}, ${at + 1}, 1)) - 1) * ${GB32100_WEIGHTS[at]}`,
    )
    const digits = digitGroups(GB32100_WEIGHTS.slice(2, 8), (digit, weight) => digit * weight, 31).map(
      ({ divisor, table }) => `${table}[(${number} // ${divisor}) % 1000 + 1]`,
    )
    const sum = [...letters, ...digits].join(' + ')
    return [
      [`not regexp_full_match(${x}, '[${GB32100_ALPHABET}]{2}[0-9]{6}[${GB32100_ALPHABET}]{10}')`, 'shape'],
      [`not ends_with(${x}, ${characters(GB32100_ALPHABET)}[(31 - (${sum}) % 31) % 31 + 1])`, 'check-digit'],
    ]
  },
  gb11714: (x) => {
    const sum = [3, 7, 9, 10, 5, 8, 4, 2]
      .map(
        (weight, at) => `(strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', ${x}[${at + 1}]) - 1) * ${weight}`,
      )
      .join(' + ')
    return [
      [`not regexp_full_match(${x}, '[0-9A-Z]{8}[0-9X]')`, 'shape'],
      [`not ends_with(${x}, ${characters('0X987654321')}[(${sum}) % 11 + 1])`, 'check-digit'],
    ]
  },
  // Rule since 2023: the sum is divisible by 5, or the seventh digit is 7 and the sum plus one is.
  'tw-ubn': (x, _today, number) => {
    const sum = digitGroups([1, 2, 1, 2, 1, 2, 4, 1], (digit, weight) => digitSum(digit * weight), 5)
      .map(({ divisor, table }) => `${table}[(${number} // ${divisor}) % 1000 + 1]`)
      .join(' + ')
    return [
      [`not regexp_full_match(${x}, '[0-9]{8}')`, 'shape'],
      [`${x} = '00000000'`, 'placeholder'],
      [`(${sum}) % 5 <> 0 and not (${x}[7] = '7' and (${sum} + 1) % 5 = 0)`, 'check-digit'],
    ]
  },
}

/** As a list, of which DuckDB takes an entry in a third of the time it takes a character of a text. */
const characters = (of: string) => textList([...of])

const GB11643_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const GB32100_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const GB32100_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

/** Whether `ymd`, a whole number, is a day from 1850 to `today`; by a table over month and day, without a date. */
function isBirthday(ymd: string, today: string): string {
  const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  const kinds = Array.from({ length: 1_300 }, (_, at) => {
    if (at === 229) return 2
    const last = days[Math.floor(at / 100) - 1] ?? 0
    return at % 100 >= 1 && at % 100 <= last ? 1 : 0
  })
  const kind = `${smallNumbers(kinds)}[(${ymd}) % 10000 + 1]`
  const year = `((${ymd}) // 10000)`
  const leap = `((${year} % 4 = 0 and ${year} % 100 <> 0) or ${year} % 400 = 0)`
  const isDay = `coalesce(case ${kind} when 1 then true when 2 then ${leap} end, false)`
  return `((${ymd}) between 18500101 and cast(strftime(${today}, '%Y%m%d') as bigint) and ${isDay})`
}

/** An SQL list, as a text that is cast once: planned element by element, the tables of one column take 10 ms a statement. */
const smallNumbers = (numbers: readonly number[]) => `('[${numbers.join(',')}]'::tinyint[])`

interface DigitGroup {
  /** What to divide the number by so that the group is its last three digits. */
  readonly divisor: string
  /** An SQL list: what each of the 1,000 groups adds to the sum, reduced by the modulus. */
  readonly table: string
}

/** Parts a weighted digit sum into tables over three digits each, from the right. */
function digitGroups(
  weights: readonly number[],
  product: (digit: number, weight: number) => number,
  modulus: number,
): DigitGroup[] {
  const groups: DigitGroup[] = []
  for (let end = weights.length; end > 0; end -= 3) {
    const part = weights.slice(Math.max(0, end - 3), end)
    const entries = Array.from({ length: 1000 }, (_, number) => {
      const digits = String(number).padStart(3, '0').slice(-part.length)
      return part.reduce((sum, weight, at) => sum + product(Number(digits[at]), weight), 0) % modulus
    })
    const divisor = `1${'0'.repeat(weights.length - end)}`
    groups.push({ divisor, table: smallNumbers(entries) })
  }
  return groups
}

function digitSum(number: number): number {
  return Math.floor(number / 10) + (number % 10)
}
