import { defineErrors } from '../../core/errors.ts'
import type { FormFieldDefinition } from './item.ts'

export type AnswerValue = string | number | boolean | readonly string[] | null

export type AnswerOrigin = 'person' | 'register' | 'e-licence' | 'earlier-application' | 'clerk'

/** A form value with where it came from (7). */
export interface Answer {
  readonly value: AnswerValue
  readonly origin: AnswerOrigin
  /** Title of the register, where one filled it in. */
  readonly sourceTitle: string | null
  readonly sourceOrganisationId: string | null
  readonly asOfAt: string | null
  /** Code of the item it was looked up for. */
  readonly purpose: string | null
}

export type Answers = Readonly<Record<string, Answer>>

/** Why a value does not fit its element, as the standard says it; null when it does. */
export type ElementCheck = (elementCode: string, value: AnswerValue) => ElementFailure | null

export interface ElementFailure {
  /** The element's check algorithm, when that is what failed. */
  readonly check: 'gb11643' | 'gb32100' | null
  readonly zh: string
  readonly en: string
}

export const errors = defineErrors('SERVICE', {
  APPLICATION_ANSWER_INVALID: {
    kind: 'invalid',
    zh: '以下答案缺失或不符合要求：{paths}',
    en: 'These answers are missing or not valid: {paths}',
  },
  APPLICATION_FIELD_UNKNOWN: {
    kind: 'invalid',
    zh: '表单中没有以下字段：{paths}',
    en: 'The form has no such fields: {paths}',
  },
  ENTERPRISE_CODE_INVALID: {
    kind: 'invalid',
    zh: '统一社会信用代码的校验码不正确（GB 32100-2015）：{paths}',
    en: 'The check character of the unified social credit code is wrong (GB 32100-2015): {paths}',
  },
  PERSON_NUMBER_INVALID: {
    kind: 'invalid',
    zh: '公民身份号码的校验码不正确（GB 11643-1999）：{paths}',
    en: 'The check digit of the citizen number is wrong (GB 11643-1999): {paths}',
  },
})

const MAX_TEXT = 5_000
const MAX_LIST = 200

/** What a person typed, as answers of origin `person`; a value left as it was keeps its origin. */
export function typed(form: readonly FormFieldDefinition[], before: Answers, input: unknown): Answers {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw errors.APPLICATION_ANSWER_INVALID({ paths: '/' })
  const entries = Object.entries(input) as [string, unknown][]
  const known = new Map(form.map((field) => [field.name, field]))
  const unknown = entries.filter(([name]) => !known.has(name)).map(([name]) => name.slice(0, 100))
  if (unknown.length > 0) throw errors.APPLICATION_FIELD_UNKNOWN({ paths: unknown.join(', ') })
  const wrong = entries.filter(([name, value]) => !isShaped(known.get(name), value)).map(([name]) => name)
  if (wrong.length > 0) throw errors.APPLICATION_ANSWER_INVALID({ paths: wrong.join(', ') })

  const answers: Record<string, Answer> = { ...before }
  for (const [name, value] of entries as [string, AnswerValue][]) {
    const old = before[name]
    if (old && JSON.stringify(old.value) === JSON.stringify(value)) continue
    answers[name] = byPerson(value)
  }
  return answers
}

export function byPerson(value: AnswerValue): Answer {
  return {
    value,
    origin: 'person',
    sourceTitle: null,
    sourceOrganisationId: null,
    asOfAt: null,
    purpose: null,
  }
}

/** A draft may hold what is not right yet, but only of the kind its field asks for. */
function isShaped(field: FormFieldDefinition | undefined, value: unknown): boolean {
  if (value === null) return true
  switch (field?.widget) {
    case 'number':
      return typeof value === 'number'
        ? Number.isFinite(value)
        : typeof value === 'string' && value.length <= 40
    case 'checkbox':
      return typeof value === 'boolean'
    case 'multiselect':
      return (
        Array.isArray(value) &&
        value.length <= MAX_LIST &&
        value.every((each) => typeof each === 'string' && each.length <= MAX_TEXT)
      )
    default:
      return typeof value === 'string' && value.length <= MAX_TEXT
  }
}

/**
 * The whole form, as it must be before it is sent.
 *
 * @throws SERVICE_ENTERPRISE_CODE_INVALID, SERVICE_PERSON_NUMBER_INVALID when nothing but check characters is
 * wrong, else SERVICE_APPLICATION_ANSWER_INVALID naming every path
 */
export function requireComplete(
  form: readonly FormFieldDefinition[],
  answers: Answers,
  check: ElementCheck,
): void {
  const failing = form.flatMap((field) => {
    const failure = failureOf(field, answers[field.name]?.value ?? null, check)
    return failure === null ? [] : [{ name: field.name, failure }]
  })
  if (failing.length === 0) return
  const paths = failing.map(({ name }) => name).join(', ')
  const kinds = new Set(failing.map(({ failure }) => failure.check))
  if (kinds.size === 1 && kinds.has('gb32100')) throw errors.ENTERPRISE_CODE_INVALID({ paths })
  if (kinds.size === 1 && kinds.has('gb11643')) throw errors.PERSON_NUMBER_INVALID({ paths })
  throw errors.APPLICATION_ANSWER_INVALID({ paths })
}

const MISSING: ElementFailure = { check: null, zh: '必填', en: 'required' }
const OUTSIDE: ElementFailure = { check: null, zh: '超出范围', en: 'outside the range' }

function failureOf(
  field: FormFieldDefinition,
  value: AnswerValue,
  check: ElementCheck,
): ElementFailure | null {
  const { required, widget, options, minimum, elementCode } = field
  if (isBlank(value)) return required ? MISSING : null
  if (required && widget === 'checkbox' && value !== true) return MISSING
  if (options.length > 0) {
    const given = Array.isArray(value) ? value : [String(value)]
    return given.every((each) => options.some((option) => option.value === each)) ? null : OUTSIDE
  }
  if (minimum !== null && !(Number(value) > minimum)) return OUTSIDE
  return check(elementCode, value)
}

const isBlank = (value: AnswerValue) =>
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0)

/** A value as one text, for a certificate or a comparison. */
export function asText(answer: Answer | undefined): string {
  const value = answer?.value ?? ''
  return Array.isArray(value) ? value.join('、') : String(value)
}
