import type { LocalText } from '../../i18n.ts'
import type { RecordSchema } from './schema.ts'

/** A column of a record schema while it is written. */
export interface Column {
  readonly name: string
  readonly elementCode: string
  readonly elementName: LocalText
  /** The newest version of the element; what a range is chosen by. */
  readonly elementVersion: string
  /** Which versions of the element the column takes; null of a new one, which takes the major in force. */
  readonly elementRange: string | null
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
  schema?.columns.map(
    ({ name, element, elementRange, required, role, calendar, severity, synonyms, label }) => ({
      name,
      elementCode: element.code,
      elementName: element.name,
      elementVersion: element.version,
      elementRange,
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
    }),
  ) ?? []

/** The ranges to choose from: what is bound, every version of the newest major, the newest version alone. */
export function rangesOf({ elementVersion, elementRange }: Column): readonly string[] {
  const [major = '1'] = elementVersion.split('.')
  return [...new Set([...(elementRange === null ? [] : [elementRange]), `^${major}.0.0`, elementVersion])]
}

/** As the column is sent; what is left out the server chooses. `company` is the column of the company's number. */
export const inputOf = (
  { name, elementCode, elementRange, required, calendar, role, severity, synonyms, label }: Column,
  company: string | undefined,
) => ({
  name,
  elementCode,
  required,
  ...(elementRange ? { elementRange } : {}),
  ...(calendar ? { calendar } : {}),
  ...(name === company ? { role: 'foreign-key' } : role ? { role } : {}),
  ...(severity ? { severity } : {}),
  ...(synonyms.length ? { synonyms: [...synonyms] } : {}),
  ...(label ? { label } : {}),
})
