import type { CompiledColumn, NormaliserName } from '../../text/column.ts'
import { commonDay } from './dates.ts'
import { isWord, text } from './literal.ts'

// Most cells are plain: ASCII and common ideographs, on which each normaliser has a short SQL form that does
// just what core/text does. The others, distinct ones only, are judged by core/text itself and joined, so that
// the two forms cannot disagree on Unicode.

/** Printable ASCII but the blank, and unified ideographs: NFKC leaves them alone, and none is a blank. */
export const NARROW = String.raw`\x21-\x7E\x{4E00}-\x{9FFF}`
/** Also the marks and full-width forms of Chinese text, for columns that neither fold nor cut by them. */
export const WIDE = String.raw`${NARROW}\x{3001}-\x{3030}\x{FF01}-\x{FF40}`

/** Whether SQL may judge the cell `x` of this column, as an SQL condition; false for nothing but odd columns. */
export function isPlain(column: CompiledColumn, x: string): string {
  const { normalisers } = column
  if (hasNoShortForm(column)) return 'false'
  const narrow = column.dataType !== 'text' || normalisers.some((name) => NARROWING.has(name))
  const conditions = [`regexp_full_match(${x}, '[ ${narrow ? NARROW : WIDE}]*')`]
  for (const name of normalisers) {
    const odd = ODD_CHARACTERS[name]
    if (odd !== undefined) conditions.push(`not regexp_matches(${x}, ${text(odd)})`)
  }
  return conditions.join(' and ')
}

function hasNoShortForm({ normalisers, check, dataType, currency }: CompiledColumn): boolean {
  if (check === 'iban' || check === 'luhn' || dataType === 'datetime' || dataType === 'boolean') return true
  // The yen has no smaller unit; its amounts are written otherwise.
  if ((dataType === 'money' || normalisers.includes('money')) && currency === 'JPY') return true
  return normalisers.includes('simplify') || (normalisers.includes('date') && dataType !== 'date')
}

/** Those that change or part by full-width marks. */
export const NARROWING: ReadonlySet<NormaliserName> = new Set([
  'nfkc',
  'digits',
  'list',
  'null-words',
  'upper',
  'date',
])

/** Cells with one of these are for core/text. */
const ODD_CHARACTERS: Partial<Record<NormaliserName, string>> = {
  'fold-variant': '[槺頴塩峯舘]',
  'chinese-number': '[〇○零一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟貳兩两參陸萬億]',
  list: '[;；，]',
  digits: '[‐-―−－·，()（）]',
  money: '[^0-9. ]|^ *$|^ *0[0-9]|[0-9]{13}|[.][0-9]{3}|[.].*[.]|[.] *$|^ *[.]|[0-9] +[0-9]',
}

/** What a plain cell `x` becomes by the column's normalisers; null when nothing is left. */
export function normalised(column: CompiledColumn, x: string): string {
  const value = column.normalisers.reduce((inner, name) => (SQL[name] ?? same)(inner, column), x)
  return `nullif(${value}, '')`
}

type Normaliser = (x: string, column: CompiledColumn) => string
const same: Normaliser = (x) => x

const SQL: Partial<Record<NormaliserName, Normaliser>> = {
  trim: (x) => `trim(${x}, ' ')`,
  upper: (x) => `upper(${x})`,
  digits: (x) => `regexp_replace(${x}, '[ ./,+-]', '', 'g')`,
  'fold-variant': (x) => `replace(${x}, '台', '臺')`,
  list: (x) => `trim(${x}, ' ')`,
  money: (x) => `cast(try_cast(trim(${x}, ' ') as decimal(18, 2)) as varchar)`,
  date: (x, { calendar }) => `coalesce(cast(${commonDay(x, calendar ?? 'gregorian')} as varchar), ${x})`,
  'null-words': (x, { nullWords }) => {
    const words = nullWords.map((word) => word.toUpperCase())
    return words.length === 0 ? x : `case when not ${isWord(`upper(trim(${x}, ' '))`, words)} then ${x} end`
  },
}
