import type { LocalText } from '../../i18n.ts'
import type { RecordSchema } from './schema.ts'

/** A column of a record schema while it is written. */
export interface Column {
  readonly name: string
  readonly elementCode: string
  readonly elementName: LocalText
  readonly required: boolean
  readonly calendar: string | null
  readonly role: string
  readonly key: boolean
  /** It has the number of the company whose establishment a row is. */
  readonly isCompany: boolean
  readonly severity: string | null
  readonly synonyms: readonly string[]
  readonly label: LocalText | null
}

/** Algorithms of the numbers companies are registered by. */
const COMPANY_NUMBERS = ['gb32100', 'tw-ubn']

/** Of a draft begun, or none. */
export const columnsOf = (schema: RecordSchema | undefined): readonly Column[] =>
  schema?.columns.map(({ name, element, required, role, calendar, severity, synonyms, label }) => ({
    name,
    elementCode: element.code,
    elementName: element.name,
    required,
    role,
    calendar: calendar ?? null,
    key: schema.primaryKey.includes(name),
    isCompany:
      schema.entity === 'establishment' &&
      role === 'foreign-key' &&
      !schema.primaryKey.includes(name) &&
      COMPANY_NUMBERS.includes(element.check ?? ''),
    severity: severity ?? null,
    synonyms,
    label: label ?? null,
  })) ?? []
