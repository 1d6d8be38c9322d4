import type { CompiledColumn, NormaliserName } from '../../text/column.ts'
import { normalise } from '../../text/normalise.ts'
import { type FastCheck, failuresOf, numberIn } from './checks.ts'
import { commonDay } from './dates.ts'
import { type JudgedColumn, PLAIN_SHAPES, storedType, valueOf } from './judge.ts'
import { isOneOf, isWord, text } from './literal.ts'
import { NARROW, NARROWING, WIDE } from './plain.ts'

// In a usual register nearly every cell is written just as it is stored and passes. One cheap condition tells:
// rows of such cells alone are settled, only the others are judged cell by cell (judge.ts).

export interface SettledCell {
  /** Columns the condition needs, computed once in a layer before it. */
  readonly prepared: readonly string[]
  /** True only where core/text finds no failure and would store the cell unchanged, or but for its full-width forms; never null. */
  readonly condition: string
  /** The value as stored, of a cell for which the condition holds. */
  readonly value: string
}

export function settledCell(column: JudgedColumn, isKey: boolean, at: number, today: string): SettledCell {
  const nullable = !column.required && !isKey
  if (column.index === null)
    return { prepared: [], condition: String(nullable), value: `cast(null as ${storedType(column)})` }
  const c = `c${column.index}`
  const { prepared, failing } = settlements(column, c, at, today)
  const cases = [`when ${c} is null then ${nullable}`, ...failing.map((each) => `when ${each} then false`)]
  return { prepared, condition: `case ${cases.join(' ')} else true end`, value: settledValue(column, c) }
}

/** The same for a column whose failing values lie in the table `failing<place>`. */
export function knownCell(column: JudgedColumn, at: number): Pick<SettledCell, 'prepared' | 'condition'> {
  const c = `c${column.index}`
  return {
    prepared: [`coalesce(${c} in (select cell from failing${at}), false) as k${at}`],
    condition: `case when ${c} is null then ${!column.required} else not k${at} end`,
  }
}

interface Settlement {
  readonly prepared: readonly string[]
  /** Any of these sends the row to be judged; each may rely on those before it. */
  readonly failing: readonly string[]
}

const UNSETTLED: Settlement = { prepared: [], failing: ['true'] }

function settlements(column: CompiledColumn, c: string, at: number, today: string): Settlement {
  const { check, codes, dataType } = column
  if (!isUnchanging(column)) return UNSETTLED
  const own =
    check !== undefined
      ? checked(check as FastCheck, c, at, today)
      : codes !== undefined
        ? listed(column, codes, c, at)
        : dataType === 'date'
          ? { prepared: [], failing: [`${commonDay(c, column.calendar ?? 'gregorian')} is null`] }
          : PLAIN_SHAPES[dataType] !== undefined
            ? numeric(column, c)
            : { prepared: [], failing: hasOddCharacters(column, c) }
  return { prepared: own.prepared, failing: [...own.failing, ...words(column, c), ...limits(column, c)] }
}

/** Whether the normalisers leave the accepted forms of the column's type alone. */
function isUnchanging({ normalisers, check, codes, dataType, currency, ...limits }: CompiledColumn): boolean {
  const has = (name: NormaliserName) => normalisers.includes(name)
  const isLimited =
    limits.minLength !== undefined || limits.maxLength !== undefined || limits.pattern !== undefined
  if (check === 'iban' || check === 'luhn' || dataType === 'datetime' || dataType === 'boolean') return false
  if (check !== undefined || codes !== undefined)
    return PLAIN_SHAPES[dataType] === undefined && dataType !== 'date' && !has('money') && !has('date')
  if (dataType === 'money' && currency === 'JPY') return false
  if (dataType === 'date')
    return (
      !['digits', 'list', 'money', 'simplify'].some((name) => has(name as NormaliserName)) &&
      !(has('date') && isLimited)
    )
  if (PLAIN_SHAPES[dataType] !== undefined)
    return !has('digits') && !has('date') && !(has('money') && (dataType !== 'money' || isLimited))
  return !has('simplify') && !has('date') && !has('money')
}

function checked(check: FastCheck, c: string, at: number, today: string): Settlement {
  const failures = failuresOf(check, c, `date ${text(today)}`, `k${at}`)
  return { prepared: [`${numberIn(check, c)} as k${at}`], failing: failures.map(([condition]) => condition) }
}

/** Codes that a normaliser would change, or that do not hold on every day, are left to be judged. */
function listed(column: CompiledColumn, codes: readonly string[], c: string, at: number): Settlement {
  const bounded = new Set(column.spans?.map(({ code }) => code))
  const settled = codes.filter(
    (code) => !bounded.has(code) && normalise(column.normalisers, code, column) === code,
  )
  return { prepared: [`coalesce(${isOneOf(c, settled)}, false) as k${at}`], failing: [`not k${at}`] }
}

function numeric(column: CompiledColumn, c: string): Settlement {
  return {
    prepared: [],
    failing: [
      `not regexp_full_match(${c}, '${PLAIN_SHAPES[column.dataType]}')`,
      ...outOfRange(column, valueOf(column, c)),
    ],
  }
}

/** Both bounds in one condition, so that the value is read once. */
function outOfRange({ dataType, minimum, maximum }: CompiledColumn, value: string): string[] {
  // The shape of an amount has no sign.
  const least = dataType === 'money' && minimum !== undefined && minimum <= 0 ? undefined : minimum
  if (least !== undefined && maximum !== undefined) return [`not (${value} between ${least} and ${maximum})`]
  if (least !== undefined) return [`${value} < ${least}`]
  return maximum === undefined ? [] : [`${value} > ${maximum}`]
}

/** Characters that one of the normalisers may change. */
const CHANGED: Partial<Record<NormaliserName, string>> = {
  upper: 'a-z',
  digits: String.raw` ./,+()\-`,
  'fold-variant': '台槺頴塩峯舘',
  'chinese-number': '〇○零一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟貳兩两參陸萬億',
  list: ';；，',
}

function hasOddCharacters(column: CompiledColumn, c: string): string[] {
  const { normalisers, dataType } = column
  const changed = normalisers.flatMap((name) => CHANGED[name] ?? []).join('')
  if (changed === '' && column.pattern !== undefined && isOfPrintedAscii(column.pattern)) return []
  const narrow = dataType !== 'text' || normalisers.some((name) => NARROWING.has(name))
  const even = isFolded(column) ? FOLDED : narrow ? NARROW : WIDE
  const isTrimmed = normalisers.some((name) => ['trim', 'list', 'null-words'].includes(name))
  const allowed = isTrimmed ? `([${even}]([ ${even}]*[${even}])?)?` : `[ ${even}]*`
  return [
    `not regexp_full_match(${c}, ${text(allowed)})`,
    ...(changed === '' ? [] : [`not regexp_full_match(${c}, ${text(`[^${changed}]*`)})`]),
  ]
}

/** Whether all a pattern lets pass is printable ASCII without blanks; only simple ones such as `^1[3-9][0-9]{9}$` are understood. */
const isOfPrintedAscii = (pattern: string) =>
  /^\^(([0-9A-Za-z@_:/-]|\\[d.\-/+()]|\[[!-Z_-~]+\])([*+?]|\{[0-9]+(,[0-9]*)?\})?)+\$$/.test(pattern)

// Remarks and addresses in Chinese hold full-width commas and brackets. NFKC makes of each full-width form the one
// ASCII character it stands for (UAX #15), so that a cell with some settles too, where nothing else looks at it.

const codePoints = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at)).join('')
const FULL_WIDTH = codePoints(0xff01, 0xff5e)
const HALF_WIDTH = codePoints(0x21, 0x7e)
const hasNoFullWidth = (c: string) => String.raw`regexp_full_match(${c}, '[^\x{FF01}-\x{FF5E}]*')`
/** With the marks of Chinese text that have no other form. */
const FOLDED = String.raw`${NARROW}\x{3001}-\x{3011}\x{3014}-\x{301B}\x{FF01}-\x{FF5E}`
const FOLDING: readonly NormaliserName[] = ['nfkc', 'trim', 'null-words']

function isFolded({ dataType, check, codes, normalisers, placeholders, pattern }: CompiledColumn): boolean {
  return (
    dataType === 'text' &&
    [check, codes, pattern].every((rule) => rule === undefined) &&
    placeholders.length === 0 &&
    normalisers.includes('nfkc') &&
    normalisers.every((name) => FOLDING.includes(name))
  )
}

/** Words that mean no value, and placeholders; only those that a cell which passed the rest could be. */
function words(column: CompiledColumn, c: string): string[] {
  const { normalisers, nullWords, placeholders } = column
  const nulls = (normalisers.includes('null-words') ? nullWords : [])
    .map((word) => word.toUpperCase())
    .filter((word) => mayPass(column, word))
  const longest = Math.max(0, ...nullWords.map((word) => Buffer.byteLength(word)))
  // A full-width form takes three bytes, what becomes of it one.
  const [most, folded] = isFolded(column) ? [3 * longest, ` or not ${hasNoFullWidth(c)}`] : [longest, '']
  return [
    ...(nulls.length > 0
      ? [`case when strlen(${c}) > ${most} then false else ${isWord(`upper(${c})`, nulls)}${folded} end`]
      : []),
    ...(placeholders.length > 0 ? [isWord(c, placeholders)] : []),
  ]
}

/** Whether a word has the shape that cells of the column were found to have before. */
function mayPass(
  { check, codes, dataType }: Pick<CompiledColumn, 'check' | 'codes' | 'dataType'>,
  word: string,
) {
  if (check !== undefined) return /^[0-9A-Z]+$/.test(word)
  // A code that is a word for none is not among the settled ones.
  if (codes !== undefined) return false
  if (dataType === 'date') return /^[0-9]/.test(word)
  const shape = PLAIN_SHAPES[dataType]
  return shape === undefined || new RegExp(`^(${shape})$`).test(word)
}

function limits({ minLength, maxLength, pattern }: CompiledColumn, c: string): string[] {
  return [
    ...(minLength === undefined ? [] : [`length(${c}) < ${minLength}`]),
    ...(maxLength === undefined ? [] : [`length(${c}) > ${maxLength}`]),
    ...(pattern === undefined ? [] : [`not regexp_matches(${c}, ${text(pattern)})`]),
  ]
}

function settledValue(column: CompiledColumn, c: string): string {
  if (isFolded(column))
    return `case when ${hasNoFullWidth(c)} then ${c} else translate(${c}, ${text(FULL_WIDTH)}, ${text(HALF_WIDTH)}) end`
  // Of what has settled as a day DuckDB's own reading, much cheaper, knows most.
  if (column.dataType === 'date' && (column.calendar ?? 'gregorian') === 'gregorian')
    return `coalesce(try_cast(${c} as date), ${valueOf(column, c)})`
  return storedType(column) === 'varchar' ? c : valueOf(column, c)
}
