import { addDays, addMonths, type Day, isDay } from '../core/day.ts'
import { defineErrors, type DomainError, type Texts } from '../core/errors.ts'
import { patternFault } from './pattern.ts'
import { insertApart, type Span } from './span.ts'
import { type StandardOf } from './standard.ts'
import { largest, type Step } from './version.ts'

/** A code list (代码集); its code is `number@edition`, its values lie in a table of their own. */
export interface CodeListContent {
  readonly name: Texts
  readonly standardNumber: string
  readonly edition: string
  readonly issuer: string
  readonly levels: readonly Texts[]
  readonly sourceUrl?: string
  readonly licence: string
  /** Who may add codes of its own beside the standard's. */
  readonly extensible: 'no' | 'organisation' | 'region'
  /** What a code of an extension looks like. */
  readonly extensionPattern?: string
  /** What a code of the standard looks like. */
  readonly codePattern?: string
  /** The edition is in force on days `[effectiveFrom, effectiveTo)`. */
  readonly effectiveFrom?: Day
  readonly effectiveTo?: Day
  /** `number@edition` of the list that this one follows. */
  readonly previousEdition?: string
}

export type CodeList = StandardOf<CodeListContent>

export interface CodeValue {
  readonly code: string
  readonly parent: string | null
  /** From 1. */
  readonly level: number
  readonly name: Texts
  /** For matching, never exported. */
  readonly spellings: readonly string[]
  /** The organisation whose local extension it is; null for a code of the standard. */
  readonly owner: string | null
  /** In force on days `[validFrom, validTo)`; null is open. */
  readonly validFrom: Day | null
  readonly validTo: Day | null
  /** How exactly the source states the validity. */
  readonly precision: Precision
  readonly definition: string | null
  readonly includes: string | null
  readonly excludes: string | null
  readonly successors: readonly Successor[]
}

export const PRECISIONS = ['year', 'month', 'day'] as const
export type Precision = (typeof PRECISIONS)[number]

export type SuccessorKind = 'same' | 'renamed' | 'split' | 'merged' | 'partly'

/** What takes the place of a code that ends. The weights of one code sum to 1. */
export interface Successor {
  readonly code: string
  readonly kind: SuccessorKind
  readonly weight: number
}

/** Which codes a reader asks for: the standard's alone, with those of the own organisation, or with all local ones. */
export type Scope = 'standard' | 'standard-own' | 'standard-region'

type Needed = Pick<CodeValue, 'code' | 'name'>

/** A value of the first level, in force without end, unless said otherwise. */
export function codeValue(value: Needed & Partial<CodeValue>): CodeValue {
  return {
    parent: null,
    level: 1,
    spellings: [],
    owner: null,
    validFrom: null,
    validTo: null,
    precision: 'day',
    definition: null,
    includes: null,
    excludes: null,
    successors: [],
    ...value,
  }
}

export const errors = defineErrors('STANDARDS', {
  CODE_LIST_INVALID: {
    kind: 'invalid',
    zh: '代码集“{code}”无效：{reason}',
    en: 'The code list “{code}” is not valid: {reason}',
  },
  CODE_PARENT_UNKNOWN: {
    kind: 'invalid',
    zh: '代码“{code}”的上级“{parent}”不存在，或不在上一层级',
    en: 'The parent “{parent}” of the code “{code}” is not there one level up',
  },
  CODE_EXTENSION_CLASH: {
    kind: 'conflict',
    zh: '本地扩展代码“{code}”与标准代码相同，或不符合扩展规则',
    en: 'The local code “{code}” equals a code of the standard or does not fit the extension rule',
  },
  CODE_VALIDITY_OVERLAPS: {
    kind: 'invalid',
    zh: '代码“{code}”的有效期有重叠或先止后起',
    en: 'The validity of the code “{code}” overlaps another or ends before it begins',
  },
  CODE_SUCCESSOR_INVALID: {
    kind: 'invalid',
    zh: '代码“{code}”的替代代码无效：权重之和须为1，且不能是其自身',
    en: 'The successors of the code “{code}” are not valid: their weights sum to 1 and none is the code itself',
  },
})

const EXTENSIBLE: readonly CodeListContent['extensible'][] = ['no', 'organisation', 'region']
const MAX_LEVEL = 9
/** Number and edition are the list's id, parted by `@`. */
const ID_PART = /^[^\s@](?:[^@]{0,98}[^\s@])?$/

const isNameless = ({ zh, en }: Texts) => zh.trim() === '' || en.trim() === ''

/** A list up to this long travels whole: in enumerations and selects. */
export const MAX_LISTED = 500

export function codeListId(list: Pick<CodeListContent, 'standardNumber' | 'edition'>): string {
  return `${list.standardNumber}@${list.edition}`
}

/**
 * @throws STANDARDS_CODE_LIST_INVALID, STANDARDS_CODE_PARENT_UNKNOWN, STANDARDS_CODE_EXTENSION_CLASH,
 * STANDARDS_CODE_VALIDITY_OVERLAPS, STANDARDS_CODE_SUCCESSOR_INVALID
 */
export function checkCodeList(list: CodeListContent, values: readonly CodeValue[]): void {
  checkHead(list, values)
  for (const { refusal } of codeFaults(list, values)) throw refusal
}

/** Of the list alone, but that it has values. @throws STANDARDS_CODE_LIST_INVALID */
export function checkHead(list: CodeListContent, values: readonly CodeValue[]): void {
  const reason = headFault(list, values)
  if (reason !== undefined) throw errors.CODE_LIST_INVALID({ code: codeListId(list), reason })
}

function headFault(list: CodeListContent, values: readonly CodeValue[]): string | undefined {
  const { effectiveFrom, effectiveTo, codePattern, extensionPattern, previousEdition } = list
  const nameless = (['standardNumber', 'edition'] as const).find((part) => !ID_PART.test(list[part]))
  if (nameless) return nameless
  if (list.issuer.trim() === '') return 'issuer'
  if (list.licence.trim() === '') return 'licence'
  if (list.levels.length === 0 || list.levels.length > MAX_LEVEL || list.levels.some(isNameless))
    return 'levels'
  if (values.length === 0) return 'values'
  if (effectiveFrom !== undefined && !isDay(effectiveFrom)) return 'effectiveFrom'
  if (effectiveTo !== undefined && !(isDay(effectiveTo) && effectiveTo > (effectiveFrom ?? '')))
    return 'effectiveTo'
  if (previousEdition === codeListId(list)) return 'previousEdition'
  if (!EXTENSIBLE.includes(list.extensible)) return 'extensible'
  if (isNameless(list.name)) return 'name'
  if (codePattern !== undefined && patternFault(codePattern) !== undefined) return 'codePattern'
  if (extensionPattern !== undefined && patternFault(extensionPattern) !== undefined)
    return 'extensionPattern'
  return undefined
}

/** What is wrong with one value of a list. */
export interface CodeFault {
  /** Its place among the values, from 0. */
  readonly at: number
  readonly field: keyof CodeValue
  readonly refusal: DomainError
}

/** Everything wrong with the values of a list whose head is sound. */
export function* codeFaults(list: CodeListContent, values: readonly CodeValue[]): Generator<CodeFault> {
  const standard = new Set(values.filter(({ owner }) => owner === null).map(({ code }) => code))
  const levels = new Map(values.map(({ code, level }) => [code, level]))
  const pattern = list.codePattern === undefined ? undefined : new RegExp(list.codePattern, 'u')
  const keys = new Set<string>()
  const spans = new Map<string, Span[]>()
  const odd = (reason: string) => errors.CODE_LIST_INVALID({ code: codeListId(list), reason })
  for (const [at, value] of values.entries()) {
    const { code, owner, parent, level } = value
    if (owner !== null && (standard.has(code) || !fitsExtension(list, code)))
      yield { at, field: 'code', refusal: errors.CODE_EXTENSION_CLASH({ code }) }
    if (!(Number.isInteger(level) && level >= 1 && level <= MAX_LEVEL))
      yield { at, field: 'level', refusal: odd('level') }
    if (code === '' || code !== code.trim() || (owner === null && pattern?.test(code) === false))
      yield { at, field: 'code', refusal: odd(`“${code}”`) }
    if (keys.size === keys.add(keyOf(value)).size) yield { at, field: 'code', refusal: odd(`“${code}” × 2`) }
    else {
      const others = spans.get(code) ?? []
      spans.set(code, others)
      if (!isValidity(value, others))
        yield { at, field: 'validTo', refusal: errors.CODE_VALIDITY_OVERLAPS({ code }) }
    }
    // One level up each time, so that no circle can be.
    if ((parent === null ? 0 : levels.get(parent)) !== level - 1)
      yield { at, field: 'parent', refusal: errors.CODE_PARENT_UNKNOWN({ code, parent: parent ?? '' }) }
    if (!areSuccessors(value))
      yield { at, field: 'successors', refusal: errors.CODE_SUCCESSOR_INVALID({ code }) }
  }
}

/** Whether the days are days, in order, and overlap none of the others, among which they are put. */
function isValidity({ validFrom, validTo }: CodeValue, others: Span[]): boolean {
  if (![validFrom, validTo].every((day) => day === null || isDay(day))) return false
  const span = { from: validFrom ?? '', to: validTo ?? FOREVER }
  return span.from < span.to && insertApart(others, span)
}

const FOREVER = '9999-12-31'

function areSuccessors({ code, successors }: CodeValue): boolean {
  if (successors.length === 0) return true
  const sum = successors.reduce((total, { weight }) => total + weight, 0)
  return (
    Math.abs(sum - 1) <= 1e-6 &&
    successors.every((each) => each.code !== code && each.code !== '' && each.weight > 0)
  )
}

/** Whether a local code looks as the list wants its local codes. */
export function fitsExtension({ extensible, extensionPattern }: CodeListContent, code: string): boolean {
  return extensible !== 'no' && extensionPattern !== undefined && new RegExp(extensionPattern, 'u').test(code)
}

export function inForce(
  { validFrom, ...end }: Pick<CodeValue, 'validFrom' | 'validTo' | 'precision'>,
  day: Day,
): boolean {
  return (validFrom ?? '') <= day && day < (endOfValidity(end) ?? FOREVER)
}

/** The day after the last on which a code holds: of an imprecise date the end of its span; null is open. */
export function endOfValidity({ validTo, precision }: Pick<CodeValue, 'validTo' | 'precision'>): Day | null {
  if (validTo === null || precision === 'day') return validTo
  const start = `${validTo.slice(0, precision === 'year' ? 4 : 7)}${precision === 'year' ? '-01' : ''}-01`
  return start === validTo ? validTo : addMonths(start, precision === 'year' ? 12 : 1)
}

/** The values a reader of this scope gets. */
export function inScope(
  { extensible }: CodeListContent,
  values: readonly CodeValue[],
  scope: Scope,
  organisationId: string,
): CodeValue[] {
  return values.filter(
    ({ owner }) =>
      owner === null ||
      (scope === 'standard-own' && owner === organisationId) ||
      (scope === 'standard-region' && extensible === 'region'),
  )
}

/**
 * The smallest version step from one set of values to the next (2.5): a code that goes, ends sooner or gets another
 * parent is major, one more code or a longer validity minor, other words patch.
 */
export function codesStep(before: readonly CodeValue[], after: readonly CodeValue[]): Step {
  const old = new Map(before.map((value) => [keyOf(value), value]))
  const next = new Map(after.map((value) => [keyOf(value), value]))
  return largest([
    ...[...old].map(([key, value]): Step => {
      const now = next.get(key)
      if (!now || now.parent !== value.parent) return 'major'
      const [ended, ends] = [value.validTo ?? FOREVER, now.validTo ?? FOREVER]
      return ends < ended ? 'major' : ends > ended ? 'minor' : 'patch'
    }),
    ...[...next.keys()].map((key): Step => (old.has(key) ? 'patch' : 'minor')),
  ])
}

const keyOf = ({ code, validFrom }: CodeValue) => `${code} ${validFrom ?? ''}`

export interface Validity {
  /** The day after the last on which it holds. */
  readonly validTo: Day
  readonly precision: Precision
}

/**
 * The end that a source states: `2002-03`, `1989`, `1989 to 1990`, `1990-07 to 1990-09` or a day; the end of an imprecise span counts.
 * Undefined for what is no such date.
 */
export function validityEnd(text: string): Validity | undefined {
  const [from, to = from, ...more] = text.split(/ to |(?<=^\d{4})-(?=\d{4}$)/)
  if (to === undefined || more.length > 0 || to.startsWith('9999')) return undefined
  if (from !== undefined && from !== to && !(END.test(from) && from < to)) return undefined
  if (from === to && / to |^\d{4}-\d{4}$/.test(text)) return undefined
  if (/^\d{4}$/.test(to)) return { validTo: `${Number(to) + 1}-01-01`, precision: 'year' }
  if (/^\d{4}-\d{2}$/.test(to) && isDay(`${to}-01`))
    return { validTo: addMonths(`${to}-01`, 1), precision: 'month' }
  return isDay(to) ? { validTo: addDays(to, 1), precision: 'day' } : undefined
}

const END = /^\d{4}(?:-\d{2}){0,2}$/
