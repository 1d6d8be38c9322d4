import type { Texts } from '../errors.ts'
import type { CodeSpan } from './code-validity.ts'

export type DataType =
  'text' | 'number' | 'money' | 'date' | 'datetime' | 'boolean' | 'code' | 'long-text' | 'binary' | 'integer'

export type CheckAlgorithm = 'gb11643' | 'gb32100' | 'gb11714' | 'tw-ubn' | 'iban' | 'luhn'

export type NormaliserName =
  | 'trim'
  | 'nfkc'
  | 'upper'
  | 'digits'
  | 'fold-variant'
  | 'simplify'
  | 'null-words'
  | 'money'
  | 'chinese-number'
  | 'list'
  | 'date'

/** How a column writes its dates; `day-first` is 31/12/2017; `auto` is allowed only where one reading fits 99.5 % of the cells. */
export type Calendar = 'gregorian' | 'roc' | 'japanese' | 'day-first' | 'auto'

export type ColumnRole = 'key' | 'foreign-key' | 'attribute' | 'event-time'

/**
 * How a value can fail its column, one reason a value, decided in this order: `placeholder` (the value becomes
 * null, a finding and no rejection), `missing`, those of the check algorithm (`shape`, `date`, `check-digit`),
 * `unreadable` for dates, `type` and `range` for numbers, `length`, `pattern`, `code` for what the list does not know at
 * any day, `expired` for a code that is not in force on the row's day.
 */
export type FailureReason =
  | 'placeholder'
  | 'missing'
  | 'shape'
  | 'date'
  | 'check-digit'
  | 'unreadable'
  | 'type'
  | 'range'
  | 'length'
  | 'pattern'
  | 'code'
  | 'expired'

/**
 * A column of a published record schema as its consumers need it: SQL, TypeScript, forms.
 * {@link validate} of validate.ts says what each member means; the SQL of core/plane/emitter agrees with it.
 */
export interface CompiledColumn {
  readonly name: string
  readonly elementCode: string
  readonly elementVersion: string
  readonly label: Texts
  /** Other names a department's file may use for the column. */
  readonly synonyms: readonly string[]
  readonly dataType: DataType
  readonly required: boolean
  readonly role: ColumnRole
  /** What a failing value does to its row. */
  readonly severity: 'reject' | 'warn'
  /** Only for dates. */
  readonly calendar?: Calendar
  /** In order; each idempotent. */
  readonly normalisers: readonly NormaliserName[]
  /** Unicode code points. */
  readonly minLength?: number
  readonly maxLength?: number
  readonly scale?: number
  readonly minimum?: number
  readonly maximum?: number
  /** Found anywhere in the value unless anchored. Linear-time subset: RE2 and JavaScript agree. */
  readonly pattern?: string
  readonly check?: CheckAlgorithm
  /** Values that mean unknown though they pass the check; they become null with a finding. */
  readonly placeholders: readonly string[]
  /** Words that mean no value in this column. */
  readonly nullWords: readonly string[]
  readonly codeListId?: string
  /** The codes of the list, where the column has one. */
  readonly codes?: readonly string[]
  /** When those codes hold that do not always hold; absent where all do. */
  readonly spans?: readonly CodeSpan[]
  /** Of money: what an amount without a word is in, ISO 4217; CNY when absent. Stored as integer minor units. */
  readonly currency?: string
  /** Type of the stored value in PostgreSQL and DuckDB. */
  readonly sqlType: string
}
