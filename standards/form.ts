import type { Texts } from '../core/errors.ts'
import type { CompiledColumn } from '../core/text/column.ts'
import type { CodeValue } from './codelist.ts'

export interface FormOption {
  readonly value: string
  readonly text: Texts
}

/** A field of a form, as the portal draws it. */
export interface FormField {
  readonly name: string
  readonly label: Texts
  readonly widget: 'text' | 'number' | 'date' | 'select' | 'textarea' | 'checkbox'
  readonly required: boolean
  readonly readOnly: boolean
  readonly options: readonly FormOption[]
  readonly hint: Texts | null
  readonly section: Texts
  /** Title of the source a value came from; filled by who prefills. */
  readonly prefilledFrom: string | null
}

const SECTION: Texts = { zh: '基本信息', en: 'Basic data' }

/** The field of a column; `values` are those of its code list where it is short enough to choose from. */
export function fieldOf(
  column: CompiledColumn,
  values: readonly CodeValue[] = [],
  section: Texts = SECTION,
): FormField {
  const options = values.map(({ code, name }) => ({ value: code, text: name }))
  return {
    name: column.name,
    label: column.label,
    widget: options.length > 0 ? 'select' : widgetOf(column),
    required: column.required,
    readOnly: false,
    options,
    hint: hintOf(column),
    section,
    prefilledFrom: null,
  }
}

function widgetOf({ dataType }: CompiledColumn): FormField['widget'] {
  switch (dataType) {
    case 'number':
    case 'integer':
      return 'number'
    case 'date':
      return 'date'
    case 'long-text':
      return 'textarea'
    case 'boolean':
      return 'checkbox'
    default:
      return 'text'
  }
}

const SHAPES: Readonly<Record<string, Texts>> = {
  gb32100: { zh: '18位统一社会信用代码', en: 'The 18 characters of the unified social credit code' },
  gb11643: { zh: '18位公民身份号码', en: 'The 18 characters of the citizen number' },
  gb11714: { zh: '9位组织机构代码', en: 'The 9 characters of the organisation code' },
  'tw-ubn': { zh: '8位統一編號', en: 'The 8 digits of the Taiwan business number' },
}

function hintOf({ check, dataType, maxLength }: CompiledColumn): Texts | null {
  const shape = check === undefined ? undefined : SHAPES[check]
  if (shape) return shape
  if (dataType === 'money') return { zh: '单位：元，可写“100万元”', en: 'In yuan; “100万元” is understood' }
  return dataType === 'long-text' && maxLength !== undefined
    ? { zh: `最多${maxLength}字`, en: `At most ${maxLength} characters` }
    : null
}
