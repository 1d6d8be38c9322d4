import { defineErrors, type Texts } from '../core/errors.ts'
import type { Calendar, CheckAlgorithm, ColumnRole } from '../core/text/column.ts'
import type { ListedCode } from './compile.ts'
import type { DataElement, ElementContent } from './element.ts'
import { type StandardOf } from './standard.ts'
import { FIRST_VERSION, largest, parseVersion, type Step } from './version.ts'

export interface SchemaColumn {
  readonly name: string
  readonly elementCode: string
  /** `^1.0.0`: the newest published of that major; or one exact version. */
  readonly elementRange: string
  readonly required: boolean
  readonly role: ColumnRole
  readonly calendar?: Calendar
  /** `reject` unless said. */
  readonly severity?: 'reject' | 'warn'
  /** Instead of the element's name. */
  readonly label?: Texts
  /** Names a department's file uses, beside the element's. */
  readonly synonyms: readonly string[]
  /** Tighter than the element's, never looser. */
  readonly minLength?: number
  readonly maxLength?: number
  readonly codes?: readonly string[]
}

export interface SchemaContent {
  readonly name: Texts
  readonly columns: readonly SchemaColumn[]
  /** Names of columns; empty where rows have no key. */
  readonly primaryKey: readonly string[]
  /** Share of rejected rows above which a batch stops, 0 to 1. */
  readonly maxRejectedRate: number
  /**
   * `establishment` (分支机构、场所): a row is a factory or branch with a number of its own, its key, part of the company
   * whose business number its foreign key gives; without one, of the company that a crosswalk gives. A crosswalk
   * has no key: one foreign key is the number of the establishment, the other that of the company. Else a row is
   * what its key names.
   */
  readonly entity?: 'establishment'
}

export type RecordSchema = StandardOf<SchemaContent>

export const DEFAULT_MAX_REJECTED_RATE = 0.05

export const errors = defineErrors('STANDARDS', {
  SCHEMA_INVALID: {
    kind: 'invalid',
    zh: '数据集模式“{code}”无效：{reason}',
    en: 'The record schema “{code}” is not valid: {reason}',
  },
  SCHEMA_COLUMN_LOOSENED: {
    kind: 'invalid',
    zh: '列“{column}”放宽了数据元“{element}”的{field}，只能收紧',
    en: 'The column “{column}” loosens the {field} of the data element “{element}”; it may only tighten',
  },
})

const CODE = /^[a-z][a-z0-9-]{1,62}$/
const NAME = /^[a-z][a-z0-9_]{0,62}$/
const RANGE = /^\^?\d+\.\d+\.\d+$/
const CALENDARS: readonly string[] = [
  'gregorian',
  'roc',
  'japanese',
  'day-first',
  'auto',
] satisfies Calendar[]
const ROLES: readonly string[] = ['key', 'foreign-key', 'attribute', 'event-time'] satisfies ColumnRole[]
const MAX_COLUMNS = 200

/** @throws STANDARDS_SCHEMA_INVALID */
export function checkSchema(code: string, content: SchemaContent): void {
  const reason = faultOf(code, content)
  if (reason !== undefined) throw errors.SCHEMA_INVALID({ code, reason })
}

function faultOf(
  code: string,
  { name, columns, primaryKey, maxRejectedRate, entity }: SchemaContent,
): string | undefined {
  if (!CODE.test(code)) return 'code'
  if (name.zh.trim() === '' || name.en.trim() === '') return 'name'
  if (columns.length === 0 || columns.length > MAX_COLUMNS) return 'columns'
  const names = columns.map((column) => column.name)
  const twice = names.find((each, index) => names.indexOf(each) !== index)
  if (twice !== undefined) return `columns: ${twice}`
  const column = columns.find(
    (each) =>
      !NAME.test(each.name) ||
      !RANGE.test(each.elementRange) ||
      !ROLES.includes(each.role) ||
      (each.calendar !== undefined && !CALENDARS.includes(each.calendar)) ||
      (each.severity !== undefined && each.severity !== 'reject' && each.severity !== 'warn'),
  )
  if (column) return `column ${column.name}`
  const key = primaryKey.find((each) => !names.includes(each))
  if (key !== undefined) return `primaryKey: ${key}`
  if (entity !== undefined && !isEstablishment({ columns, primaryKey, entity })) return 'entity'
  return maxRejectedRate >= 0 && maxRejectedRate <= 1 ? undefined : 'maxRejectedRate'
}

/** Algorithms of the numbers that companies are registered by. */
export const COMPANY_NUMBERS: readonly CheckAlgorithm[] = ['gb32100', 'tw-ubn']

/** Whether the column of an establishment gives the company it is part of. */
export function isPartOf({ role, check }: { role: ColumnRole; check?: CheckAlgorithm | undefined }): boolean {
  return role === 'foreign-key' && check !== undefined && COMPANY_NUMBERS.includes(check)
}

/** One number of its own; of a crosswalk, which has no key, beside the number of the company. */
function isEstablishment({
  columns,
  primaryKey,
  entity,
}: Pick<SchemaContent, 'columns' | 'primaryKey' | 'entity'>): boolean {
  const foreign = columns.filter(({ role }) => role === 'foreign-key')
  return (
    entity === 'establishment' &&
    (primaryKey.length === 1 || (primaryKey.length === 0 && foreign.length === 2))
  )
}

/** Which columns of an establishment's schema give its own number and its company; null where a crosswalk gives that. */
export function establishmentIn<
  Column extends {
    readonly name: string
    readonly role: ColumnRole
    readonly check?: CheckAlgorithm | undefined
  },
>({
  columns,
  primaryKey,
}: {
  readonly columns: readonly Column[]
  readonly primaryKey: readonly string[]
}): { readonly number: Column; readonly company: Column | null } | undefined {
  const [own] = primaryKey
  const others = columns.filter(({ name, role }) => role === 'foreign-key' && name !== own)
  const companies = others.filter(isPartOf)
  const number =
    own === undefined ? others.find((each) => !isPartOf(each)) : columns.find(({ name }) => name === own)
  // A foreign key that is no number of a company was meant to be one.
  if (number === undefined || companies.length > 1 || (others.length > 0 && companies.length === 0))
    return undefined
  return { number, company: companies[0] ?? null }
}

/**
 * A column inherits everything from its element; it may tighten and never loosen (2.3).
 *
 * @throws STANDARDS_SCHEMA_COLUMN_LOOSENED
 */
export function checkTightened(
  column: SchemaColumn,
  element: ElementContent,
  codes?: readonly ListedCode[],
): void {
  const loosened = (field: string) =>
    errors.SCHEMA_COLUMN_LOOSENED({ column: column.name, element: element.name.zh, field })
  if (column.maxLength !== undefined && column.maxLength > (element.maxLength ?? Infinity))
    throw loosened('maxLength')
  if (column.minLength !== undefined && column.minLength < (element.minLength ?? 0))
    throw loosened('minLength')
  if (
    column.codes !== undefined &&
    !column.codes.every((code) => codes?.some((known) => known.code === code))
  )
    throw loosened('codes')
  if (column.calendar !== undefined && element.dataType !== 'date') throw loosened('calendar')
}

/** The smallest version step a change needs (2.5). */
export function schemaStep(before: SchemaContent, after: SchemaContent): Step {
  const kept = new Map(after.columns.map((column) => [column.name, column]))
  const known = new Set(before.columns.map(({ name }) => name))
  return largest([
    ...before.columns.map((column): Step => {
      const next = kept.get(column.name)
      return next ? columnStep(column, next) : 'major'
    }),
    ...after.columns
      .filter(({ name }) => !known.has(name))
      .map(({ required }): Step => (required ? 'major' : 'minor')),
    before.primaryKey.join('\n') === after.primaryKey.join('\n') ? 'patch' : 'major',
    before.maxRejectedRate === after.maxRejectedRate ? 'patch' : 'minor',
    before.entity === after.entity ? 'patch' : 'minor',
  ])
}

function columnStep(before: SchemaColumn, after: SchemaColumn): Step {
  const changed =
    before.elementCode !== after.elementCode ||
    majorOf(before.elementRange) !== majorOf(after.elementRange) ||
    before.role !== after.role ||
    before.calendar !== after.calendar
  const tightened =
    (after.required && !before.required) ||
    (before.severity === 'warn' && after.severity !== 'warn') ||
    (after.maxLength ?? Infinity) < (before.maxLength ?? Infinity) ||
    (after.minLength ?? 0) > (before.minLength ?? 0) ||
    (after.codes?.join('\n') ?? '') !== (before.codes?.join('\n') ?? '')
  if (changed || tightened) return 'major'
  const same = JSON.stringify([before.required, before.synonyms, before.severity, before.maxLength])
  return same === JSON.stringify([after.required, after.synonyms, after.severity, after.maxLength])
    ? 'patch'
    : 'minor'
}

const majorOf = (range: string) => parseVersion(range.replace('^', ''))[0]

type Absent<T> = T | null | undefined

export interface SchemaColumnInput {
  readonly name: string
  readonly elementCode: string
  /** Absent keeps what is bound already; a new column takes the major in force. */
  readonly elementRange?: Absent<string>
  readonly required: boolean
  readonly role?: Absent<string>
  readonly calendar?: Absent<string>
  readonly severity?: Absent<string>
  readonly label?: Absent<Texts>
  readonly synonyms?: Absent<readonly string[]>
  readonly maxLength?: Absent<number>
}

/** A schema as a person writes it; {@link checkSchema} judges what it becomes. */
export interface SchemaInput {
  readonly name: Texts
  readonly columns: readonly SchemaColumnInput[]
  readonly primaryKey: readonly string[]
  readonly maxRejectedRate?: Absent<number>
  readonly entity?: Absent<string>
}

/**
 * Fills what was left out; columns of the key are required. A column binds its element by the range it says, else by
 * the one that `latest` has for it, else by the major of the version that `elementOf` answers.
 */
export function contentOf(
  input: SchemaInput,
  elementOf: (code: string) => Pick<DataElement, 'version'> | undefined,
  latest?: Pick<SchemaContent, 'columns'>,
): SchemaContent {
  const rangeFor = ({ name, elementCode, elementRange }: SchemaColumnInput) => {
    const before = latest?.columns.filter((column) => column.elementCode === elementCode) ?? []
    const kept = before.find((column) => column.name === name) ?? before[0]
    return elementRange ?? kept?.elementRange ?? rangeOf(elementOf(elementCode) ?? { version: FIRST_VERSION })
  }
  return {
    name: input.name,
    columns: input.columns.map((column) => columnOf(column, input.primaryKey, rangeFor(column))),
    primaryKey: input.primaryKey,
    maxRejectedRate: input.maxRejectedRate ?? DEFAULT_MAX_REJECTED_RATE,
    ...(input.entity ? { entity: input.entity as 'establishment' } : {}),
  }
}

function columnOf(
  column: SchemaColumnInput,
  primaryKey: readonly string[],
  elementRange: string,
): SchemaColumn {
  const isKey = primaryKey.includes(column.name)
  return {
    name: column.name,
    elementCode: column.elementCode,
    elementRange,
    required: column.required || isKey,
    // Words from outside; checkSchema refuses those that are none of the type's.
    role: (column.role ?? (isKey ? 'key' : 'attribute')) as ColumnRole,
    ...(column.calendar ? { calendar: column.calendar as Calendar } : {}),
    ...(column.severity ? { severity: column.severity as 'reject' | 'warn' } : {}),
    ...(column.label ? { label: { zh: column.label.zh, en: column.label.en } } : {}),
    synonyms: column.synonyms ?? [],
    ...(column.maxLength == null ? {} : { maxLength: column.maxLength }),
  }
}

/** The range a new column binds an element by: the major of this version. */
export function rangeOf({ version }: Pick<DataElement, 'version'>): string {
  return `^${parseVersion(version)[0]}.0.0`
}
