import type { Day } from '../core/day.ts'
import { defineErrors, type Texts } from '../core/errors.ts'
import type { CheckAlgorithm, DataType, NormaliserName } from '../core/text/column.ts'
import { isNormaliser } from '../core/text/normalise.ts'
import { isCheckAlgorithm } from '../core/text/check.ts'
import { validate } from '../core/text/validate.ts'
import { compileElement, type ListedCode } from './compile.ts'
import { patternFault } from './pattern.ts'
import { present } from './present.ts'
import { type StandardOf } from './standard.ts'
import { largest, type Step } from './version.ts'

export interface ElementExample {
  readonly value: string
  readonly good: boolean
}

/** What a data element (数据元, GB/T 19488.1) says. */
export interface ElementContent {
  readonly name: Texts
  /** Column name, unique among elements. */
  readonly shortName: string
  readonly synonyms: readonly string[]
  readonly definition: string
  readonly objectClass: string
  readonly property: string
  readonly representation: string
  readonly dataType: DataType
  /** Representation format, e.g. `an18`, `n..18,2`, `YYYYMMDD`. */
  readonly format: string
  /** Unicode code points. */
  readonly minLength?: number
  readonly maxLength?: number
  readonly scale?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly unit?: string
  readonly pattern?: string
  /** `number@edition`; only for `code`. */
  readonly codeListId?: string
  readonly check?: CheckAlgorithm
  readonly placeholders: readonly string[]
  /** Beside the empty cell; needs the normaliser `null-words`. */
  readonly nullWords: readonly string[]
  readonly normalisers: readonly NormaliserName[]
  /** 1 public to 4 most protected. */
  readonly level: number
  readonly personal: boolean
  readonly sensitive: boolean
  readonly mask?: string
  readonly examples: readonly ElementExample[]
  /** Numbers of the texts it rests on, with clause. */
  readonly basis: readonly string[]
}

type Absent<T> = T | null | undefined

/** An element as a person writes it; {@link checkElement} judges what it becomes. */
export interface ElementInput {
  readonly name: Texts
  readonly shortName: string
  readonly synonyms?: Absent<readonly string[]>
  readonly definition: string
  readonly objectClass: string
  readonly property: string
  readonly representation: string
  readonly dataType: string
  readonly format: string
  readonly minLength?: Absent<number>
  readonly maxLength?: Absent<number>
  readonly minimum?: Absent<number>
  readonly maximum?: Absent<number>
  readonly unit?: Absent<string>
  readonly pattern?: Absent<string>
  readonly codeListId?: Absent<string>
  readonly check?: Absent<string>
  readonly placeholders?: Absent<readonly string[]>
  readonly nullWords?: Absent<readonly string[]>
  readonly normalisers?: Absent<readonly string[]>
  readonly level?: Absent<number>
  readonly personal?: Absent<boolean>
  readonly sensitive?: Absent<boolean>
  readonly mask?: Absent<string>
  readonly examples?: Absent<readonly ElementExample[]>
  readonly basis?: Absent<readonly string[]>
}

const PLAIN: readonly NormaliserName[] = ['nfkc', 'trim', 'null-words']

/** Fills what was left out. */
export function elementOf(input: ElementInput): ElementContent {
  return {
    synonyms: [],
    placeholders: [],
    nullWords: [],
    normalisers: PLAIN,
    level: 1,
    personal: false,
    sensitive: false,
    basis: [],
    ...present(input),
    name: { zh: input.name.zh, en: input.name.en },
    examples: (input.examples ?? []).map(({ value, good }) => ({ value, good })),
    // Words from outside; checkElement refuses those that are none of the types'.
  } as ElementContent
}

export type DataElement = StandardOf<ElementContent>

export const errors = defineErrors('STANDARDS', {
  ELEMENT_INVALID: {
    kind: 'invalid',
    zh: '数据元“{name}”的{field}无效',
    en: 'The {field} of the data element “{name}” is not valid',
  },
  ELEMENT_EXAMPLE_FAILED: {
    kind: 'invalid',
    zh: '数据元“{name}”的示例“{value}”与其规则不符：{reason}',
    en: 'The example “{value}” of the data element “{name}” contradicts its rules: {reason}',
  },
  ELEMENT_PATTERN_UNSAFE: {
    kind: 'invalid',
    zh: '数据元“{name}”的正则表达式不在允许的范围内：{reason}',
    en: 'The pattern of the data element “{name}” lies outside the safe subset: {reason}',
  },
  ELEMENT_SHORT_NAME_TAKEN: {
    kind: 'conflict',
    zh: '短名“{shortName}”已被数据元 {code} 使用',
    en: 'The short name “{shortName}” is used by the data element {code}',
  },
})

export const ELEMENT_CODE = /^DE\d{8}$/
const SHORT_NAME = /^[a-z][a-z0-9_]{0,62}$/
const FORMAT = /^(?:(?:a|n|an)(?:\.\.)?\d+(?:,\d+)?|YYYYMMDD(?:hhmmss)?|ul)$/
const DATA_TYPES: readonly DataType[] = [
  'text',
  'number',
  'money',
  'date',
  'datetime',
  'boolean',
  'code',
  'long-text',
  'binary',
  'integer',
]

/** @throws STANDARDS_ELEMENT_INVALID, STANDARDS_ELEMENT_PATTERN_UNSAFE */
export function checkElement(element: ElementContent): void {
  const fault = faultOf(element)
  if (fault !== undefined) throw errors.ELEMENT_INVALID({ name: element.name.zh, field: fault })
  const unsafe = element.pattern === undefined ? undefined : patternFault(element.pattern)
  if (unsafe !== undefined) throw errors.ELEMENT_PATTERN_UNSAFE({ name: element.name.zh, reason: unsafe })
}

/** The first member at fault. */
function faultOf(element: ElementContent): keyof ElementContent | undefined {
  const { minLength = 0, maxLength = Infinity, minimum = -Infinity, maximum = Infinity } = element
  if (element.name.zh.trim() === '' || element.name.en.trim() === '') return 'name'
  if (!SHORT_NAME.test(element.shortName)) return 'shortName'
  if (element.definition.trim() === '') return 'definition'
  if (!DATA_TYPES.includes(element.dataType)) return 'dataType'
  if (!FORMAT.test(element.format)) return 'format'
  if (minLength < 0 || maxLength < minLength) return 'maxLength'
  if (maximum < minimum) return 'maximum'
  if ((element.dataType === 'code') !== (element.codeListId !== undefined)) return 'codeListId'
  if (element.check !== undefined && !isCheckAlgorithm(element.check)) return 'check'
  if (!element.normalisers.every(isNormaliser)) return 'normalisers'
  if (element.nullWords.length > 0 && !element.normalisers.includes('null-words')) return 'nullWords'
  if (element.sensitive && !element.personal) return 'personal'
  if (![1, 2, 3, 4].includes(element.level)) return 'level'
  return undefined
}

/**
 * Runs the examples: each good one must pass and each bad one fail (2.1).
 *
 * @throws STANDARDS_ELEMENT_EXAMPLE_FAILED
 */
export function runExamples(
  element: ElementContent & { readonly code: string; readonly version: string },
  codes: readonly ListedCode[] | undefined,
  today: Day,
): void {
  const column = compileElement(element, codes)
  for (const { value, good } of element.examples) {
    const { failures } = validate(column, value, today)
    if ((failures.length === 0) === good) continue
    const reason = failures[0]?.reason ?? 'ok'
    throw errors.ELEMENT_EXAMPLE_FAILED({ name: element.name.zh, value, reason })
  }
}

/** The smallest version step a change needs (2.5): narrower is major, wider minor, words patch. */
export function elementStep(before: ElementContent, after: ElementContent): Step {
  return largest([
    ...(['dataType', 'check', 'codeListId', 'pattern', 'unit', 'scale'] as const).map((field): Step =>
      before[field] === after[field] ? 'patch' : after[field] === undefined ? 'minor' : 'major',
    ),
    boundStep(after.minLength ?? 0, before.minLength ?? 0),
    boundStep(before.maxLength ?? Infinity, after.maxLength ?? Infinity),
    boundStep(after.minimum ?? -Infinity, before.minimum ?? -Infinity),
    boundStep(before.maximum ?? Infinity, after.maximum ?? Infinity),
    ...(['normalisers', 'placeholders', 'nullWords'] as const).map((field): Step =>
      before[field].join('\n') === after[field].join('\n') ? 'patch' : 'major',
    ),
    before.shortName === after.shortName ? 'patch' : 'major',
    before.synonyms.join('\n') === after.synonyms.join('\n') ? 'patch' : 'minor',
  ])
}

/** `inner` within `outer` widens nothing; more is wider, less is narrower. */
function boundStep(before: number, after: number): Step {
  if (before === after) return 'patch'
  return after > before ? 'minor' : 'major'
}
