import { arabic } from './chinese-number.ts'
import type { Calendar, NormaliserName } from './column.ts'
import { readDate } from './dates.ts'
import { readMoney, writeMoney } from './money.ts'
import { simplify } from './simplify.ts'

export interface NormaliseOptions {
  /** For `null-words`: what means no value in this column. */
  readonly nullWords?: readonly string[]
  /** For `date`. */
  readonly calendar?: Calendar | undefined
  /** For `money`: what an amount without a word is in. */
  readonly currency?: string
}

type Normaliser = (text: string, options: NormaliseOptions) => string | null

/** Blanks of every kind, and what shows as nothing: zero-width marks and the byte order mark. */
const EDGES = /^[\s\u200b-\u200f\u2060\ufeff]+|[\s\u200b-\u200f\u2060\ufeff]+$/gu
/** What parts the groups of a number: blanks, hyphens and dashes, dots, slashes, commas, brackets, plus. */
const SEPARATORS = /[\s\-‐-―−－.·/,，()（）+]/gu

/** Pairs that two departments write for one place name; nothing is turned that is not listed. */
const VARIANTS: Readonly<Record<string, string>> = {
  台: '臺',
  槺: '糠',
  頴: '潁',
  塩: '鹽',
  峯: '峰',
  舘: '館',
}
const VARIANT = new RegExp(`[${Object.keys(VARIANTS).join('')}]`, 'gu')

export const NULL_WORDS: readonly string[] = [
  'N/A',
  'NULL',
  '－',
  '-',
  '—',
  '無',
  '无',
  '不详',
  '不詳',
  '***',
]

const NORMALISERS: Record<NormaliserName, Normaliser> = {
  trim: (text) => text.replace(EDGES, ''),
  nfkc: (text) => text.normalize('NFKC'),
  // Letter by letter, as SQL does it: ß stays, so that a code keeps its length.
  upper: (text) => text.replace(/\p{Ll}/gu, (letter) => oneFor(letter, letter.toUpperCase())),
  digits: (text) => text.replace(SEPARATORS, ''),
  'fold-variant': (text) => text.replace(VARIANT, (character) => VARIANTS[character] ?? character),
  simplify,
  'null-words': (text, { nullWords = NULL_WORDS }) => {
    const word = text.replace(EDGES, '')
    return word === '' || nullWords.some((each) => each.toUpperCase() === word.toUpperCase()) ? null : text
  },
  money: (text, { currency = 'CNY' }) => {
    const money = readMoney(text, currency)
    if (!money) return text
    const amount = writeMoney(money.minor, money.currency === 'JPY' ? 0 : 2)
    return money.currency === currency ? amount : `${money.currency}${amount}`
  },
  'chinese-number': (text) => arabic(text),
  list: (text) => listItems(text).join(';'),
  date: (text, { calendar }) => {
    const reading = readDate(text, calendar)
    return 'day' in reading ? reading.day : text
  },
}

function oneFor(letter: string, upper: string): string {
  return [...upper].length === 1 ? upper : letter
}

/** The items of a cell that holds several, parted by `;` or `，` and their twins; no empty ones. */
export function listItems(text: string): string[] {
  return text
    .split(/[;；，]/u)
    .map((item) => item.replace(EDGES, ''))
    .filter((item) => item !== '')
}

/**
 * The value of a cell after its column's normalisers, in their order; null when nothing is left or a word
 * says so. Running it on its own result changes nothing.
 */
export function normalise(
  names: readonly NormaliserName[],
  text: string,
  options: NormaliseOptions = {},
): string | null {
  let value = text
  for (const name of names) {
    const next = NORMALISERS[name](value, options)
    if (next === null) return null
    value = next
  }
  return value === '' ? null : value
}

export function isNormaliser(name: string): name is NormaliserName {
  return name in NORMALISERS
}
