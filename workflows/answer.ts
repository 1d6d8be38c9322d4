import { type Day, isDay } from '../core/day.ts'
import { DomainError, type Texts } from '../core/errors.ts'
import type { FormField } from './form.ts'
import { errors } from './refusals.ts'

/** What the answers of a task are judged by. */
export interface AnswerRules {
  /** Undefined for a task without a form. */
  readonly fields: readonly FormField[] | undefined
  readonly today: Day
  /** Why a value does not fit its data element, as the standard says it. */
  readonly element: (elementCode: string, value: string) => Texts | undefined
}

/** What the runtime adds to a command's input; nobody may set them through a form. */
const RESERVED = ['caseId', 'taskId', 'completedBy']
export const isReserved = (name: string) => RESERVED.includes(name)

const MAX_TEXT = 5_000
const MAX_POINTS_TEXT = 20_000
const MAX_POINTS = 100
const MAX_DRAFT = 100_000

/**
 * The answers of a form: its fields and no others, the required ones present, each within its limits. All
 * that is wrong comes in one refusal: `fields` names them, `zh.<field>` and `en.<field>` say what is wrong.
 * Without a form anything goes but the reserved names.
 *
 * @throws WORKFLOW_OUTPUT_INVALID
 */
export function checkAnswers(output: object, rules: AnswerRules): void {
  const values = new Map(Object.entries(output))
  const faults = namesAt(values, rules)
  for (const field of rules.fields ?? []) {
    const fault = faults.has(field.name) ? undefined : faultOf(field, values.get(field.name), rules)
    if (fault) faults.set(field.name, fault)
  }
  if (faults.size > 0) throw outputInvalid(faults, rules.fields ?? [])
}

/**
 * A draft may be unfinished: only its names and its size are judged.
 *
 * @throws WORKFLOW_OUTPUT_INVALID
 */
export function checkAnswerNames(output: object, rules: Pick<AnswerRules, 'fields'>): void {
  const faults = namesAt(new Map(Object.entries(output)), rules)
  if (faults.size > 0) throw outputInvalid(faults, rules.fields ?? [])
  const text = JSON.stringify(output)
  // PostgreSQL keeps no U+0000 in a text.
  if (text.length > MAX_DRAFT || text.includes('\\u0000'))
    throw errors.OUTPUT_INVALID({ field: '', reason: `at most ${MAX_DRAFT} 最多${MAX_DRAFT}个字符` })
}

function namesAt(
  values: ReadonlyMap<string, unknown>,
  { fields }: Pick<AnswerRules, 'fields'>,
): Map<string, Texts> {
  const faults = new Map<string, Texts>()
  for (const name of values.keys()) {
    const field = fields?.find((one) => one.name === name)
    if (isReserved(name)) faults.set(name, { zh: '保留字段', en: 'is reserved' })
    else if (fields && !field) faults.set(name, { zh: '表单没有此字段', en: 'is no field of the form' })
    else if (field?.readOnly) faults.set(name, { zh: '只读', en: 'is read only' })
  }
  return faults
}

function outputInvalid(faults: ReadonlyMap<string, Texts>, fields: readonly FormField[]): DomainError {
  const labels = new Map(fields.map(({ name, label }) => [name, label]))
  const shown = (language: 'zh' | 'en') =>
    [...faults]
      .map(([name, fault]) => `${labels.get(name)?.[language] ?? name.slice(0, 100)}: ${fault[language]}`)
      .join('; ')
      .replaceAll('{', '｛')
  return new DomainError(
    'WORKFLOW_OUTPUT_INVALID',
    { kind: 'invalid', zh: `表单内容有误：${shown('zh')}`, en: `The form is not right: ${shown('en')}` },
    Object.fromEntries([
      ['fields', [...faults.keys()].join(',')],
      ...[...faults].flatMap(([name, { zh, en }]) => [
        [`zh.${name}`, zh],
        [`en.${name}`, en],
      ]),
    ]) as Record<string, string>,
  )
}

function faultOf(field: FormField, value: unknown, rules: AnswerRules): Texts | undefined {
  const isMissing =
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  if (isMissing) return field.required && !field.readOnly ? { zh: '必填', en: 'is required' } : undefined
  const fault = faultOfKind(field, value, rules)
  if (fault || field.elementCode === undefined) return fault
  const texts: unknown[] = Array.isArray(value) ? value : [value]
  for (const text of texts) {
    const ofElement = rules.element(field.elementCode, String(text))
    if (ofElement) return ofElement
  }
  return undefined
}

function faultOfKind(field: FormField, value: unknown, { today }: AnswerRules): Texts | undefined {
  switch (field.widget) {
    case 'number':
      return ofNumber(field, value)
    case 'money':
      return Number.isSafeInteger(value)
        ? ofRange(field, Number(value), field.min ?? 0, fenText)
        : { zh: '须是金额（以分为单位的整数）', en: 'must be an amount, a whole number of fen' }
    case 'date':
      return ofDay(field, value, today)
    case 'checkbox':
      if (typeof value !== 'boolean') return { zh: '须是勾选或不勾选', en: 'must be ticked or not' }
      return field.required && !value ? { zh: '须勾选', en: 'must be ticked' } : undefined
    case 'points':
      return isPoints(value) ? undefined : { zh: '须是补正要求的列表', en: 'must be a list of points' }
    case 'multiselect':
      return ofOptions(field, Array.isArray(value) ? value : [value])
    default:
      return field.options.length > 0 ? ofOptions(field, [value]) : ofText(field, value)
  }
}

function ofOptions({ options }: FormField, chosen: readonly unknown[]): Texts | undefined {
  const known = new Set<unknown>(options.map(({ value }) => value))
  if (!chosen.every((one) => known.has(one))) return { zh: '不在选项中', en: 'is not one of the options' }
  return new Set(chosen).size === chosen.length ? undefined : { zh: '选项重复', en: 'is chosen twice' }
}

function ofText({ minLength, maxLength = MAX_TEXT, pattern }: FormField, value: unknown): Texts | undefined {
  if (typeof value !== 'string' || value.includes('\0')) return { zh: '须是文字', en: 'must be a text' }
  const { length } = [...value]
  if (length > maxLength) return { zh: `最多${maxLength}字`, en: `has at most ${maxLength} characters` }
  if (minLength !== undefined && length < minLength)
    return { zh: `至少${minLength}字`, en: `has at least ${minLength} characters` }
  // Deployment lets only patterns through that match in bounded time.
  const matches = pattern === undefined || new RegExp(`^(?:${pattern})$`, 'u').test(value)
  return matches ? undefined : { zh: '格式不符合要求', en: 'does not have the form asked for' }
}

function ofNumber(field: FormField, value: unknown): Texts | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return { zh: '须是数字', en: 'must be a number' }
  const { scale } = field
  const [, fraction = ''] = /^-?\d+(?:\.(\d+))?$/.exec(String(value)) ?? []
  if (scale !== undefined && (String(value).includes('e') || fraction.length > scale))
    return { zh: `最多${scale}位小数`, en: `has at most ${scale} decimal places` }
  return ofRange(field, value, field.min, String)
}

function ofRange(
  { max }: FormField,
  value: number,
  min: number | undefined,
  show: (value: number) => string,
): Texts | undefined {
  if (min !== undefined && value < min) return { zh: `不得小于${show(min)}`, en: `is at least ${show(min)}` }
  if (max !== undefined && value > max) return { zh: `不得大于${show(max)}`, en: `is at most ${show(max)}` }
  return undefined
}

/** In yuan, exact: `1234` fen is `12.34`. */
function fenText(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0')
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

function ofDay({ notBefore, notAfter }: FormField, value: unknown, today: Day): Texts | undefined {
  if (typeof value !== 'string' || !isDay(value)) return { zh: '须是日期', en: 'must be a day' }
  const [first, last] = [notBefore, notAfter].map((day) => (day === 'today' ? today : day))
  if (first !== undefined && value < first) return { zh: `不得早于${first}`, en: `is not before ${first}` }
  if (last !== undefined && value > last) return { zh: `不得晚于${last}`, en: `is not after ${last}` }
  return undefined
}

/** Lines of a text, or a list of points; what a point says is judged by the command that hears it. */
function isPoints(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MAX_POINTS_TEXT && !value.includes('\0')
  if (!Array.isArray(value) || value.length > MAX_POINTS) return false
  return value.every((point) => typeof point === 'object' && point !== null && !Array.isArray(point))
}
