import type { Texts } from '../../core/errors.ts'
import type { CheckAlgorithm, CompiledColumn } from '../../core/text/column.ts'
import { present } from '../present.ts'

/** What an export needs of a compiled schema. */
export interface Described {
  readonly code: string
  readonly version: string
  readonly name: Texts
  readonly columns: readonly CompiledColumn[]
  readonly primaryKey: readonly string[]
}

/** What a stored value of a column keeps to, beside its type. */
export interface Constraints {
  readonly required: boolean
  /** Unicode code points; only of texts. */
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  /** Found anywhere in the value unless anchored; of a number with a check digit its shape. */
  readonly pattern?: string
  readonly check?: CheckAlgorithm
  readonly codes?: readonly string[]
  /** Never stored: they mean unknown. */
  readonly placeholders?: readonly string[]
}

/** Shapes that a pattern can say of a number with a check digit; the digit itself it cannot. */
const SHAPES: Record<CheckAlgorithm, string> = {
  gb11643: '^[1-9][0-9]{16}[0-9X]$',
  gb32100: '^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$',
  gb11714: '^[0-9A-Z]{8}[0-9X]$',
  'tw-ubn': '^[0-9]{8}$',
  iban: '^[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}$',
  luhn: '^[0-9]{2,}$',
}

/** Whether values are stored as text that length and pattern speak of. */
export const isText = ({ dataType }: CompiledColumn) =>
  dataType === 'text' || dataType === 'long-text' || dataType === 'code'

/** A column that only warns keeps failing values in its rows, so nothing but the type holds there. */
export function constraintsOf(column: CompiledColumn): Constraints {
  const { severity, required, codes, check, placeholders, minimum, maximum, minLength, maxLength } = column
  if (severity === 'warn') return { required: false }
  if (codes !== undefined) return { required, codes }
  if (!isText(column)) return present({ required, minimum, maximum })
  const pattern = column.pattern ?? (check === undefined ? undefined : SHAPES[check])
  return present({
    required,
    minLength: minLength === 0 ? undefined : minLength,
    maxLength,
    pattern,
    check,
    placeholders: placeholders.length === 0 ? undefined : placeholders,
  })
}
