import type { ReactNode } from 'react'
import type { LocalText } from '../i18n.ts'
import { useSay, useText } from '../i18n.ts'
import { fenOf, yuanOf } from './money.ts'

export interface FormField {
  readonly name: string
  readonly label: LocalText
  readonly widget: string
  readonly required: boolean
  readonly readOnly: boolean
  readonly options: readonly { readonly value: string; readonly text: LocalText }[]
  readonly hint?: LocalText | null
  readonly section?: LocalText | null
}

interface FieldProps {
  readonly field: FormField
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  readonly error?: string | undefined
  /** Where the value came from, or what the office asked about it. */
  readonly note?: ReactNode
  /** The office named this field in a correction notice. */
  readonly named?: boolean
}

export const controlId = (name: string) => `field-${name}`

/** One question of a form in plain HTML: label, hint, origin, refusal, control, tied together for a screen reader. */
export function Field({ field, value, onChange, error, note, named }: FieldProps) {
  const text = useText(TEXT)
  const say = useSay()
  const id = controlId(field.name)
  const unit = field.widget === 'money' ? text.yuan : ''
  const label = `${say(field.label)}${unit}${field.required ? '' : text.optional}`
  const described = [field.hint && `${id}-hint`, note && `${id}-note`, error && `${id}-error`]
    .filter(Boolean)
    .join(' ')
  const tied = {
    'aria-describedby': described || undefined,
    'aria-invalid': error ? true : undefined,
  } as const
  const before = (
    <>
      {field.hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {say(field.hint)}
        </p>
      )}
      {note && <div id={`${id}-note`}>{note}</div>}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          <span className="visually-hidden">{text.error}</span>
          {error}
        </p>
      )}
    </>
  )
  const look = `field${error ? ' field-bad' : ''}${named ? ' field-named' : ''}`

  if (field.widget === 'multiselect' || (field.widget === 'group' && field.options.length)) {
    const many = field.widget === 'multiselect'
    return (
      <div className={look}>
        <fieldset {...tied}>
          <legend>{label}</legend>
          {before}
          <Choices id={id} many={many} field={field} value={value} onChange={onChange} />
        </fieldset>
      </div>
    )
  }
  if (field.widget === 'checkbox')
    return (
      <div className={look}>
        {before}
        <div className="choice">
          <input
            type="checkbox"
            id={id}
            checked={value === true}
            disabled={field.readOnly}
            onChange={(event) => onChange(event.target.checked)}
            {...tied}
          />
          <label htmlFor={id}>{label}</label>
        </div>
      </div>
    )
  return (
    <div className={look}>
      <label htmlFor={id}>{label}</label>
      {before}
      <Control id={id} field={field} value={value} onChange={onChange} tied={tied} />
    </div>
  )
}

interface ControlProps extends FieldProps {
  readonly id: string
  readonly tied: { 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }
}

function Control({ id, field, value, onChange, tied }: ControlProps) {
  const text = useText(TEXT)
  const say = useSay()
  const shown =
    value === null || value === undefined
      ? ''
      : field.widget === 'money' && typeof value === 'number'
        ? yuanOf(value)
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value)
  const common = { id, name: field.name, value: shown, required: field.required, ...tied }
  if (field.widget === 'select')
    return (
      <select
        {...common}
        className="input"
        disabled={field.readOnly}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">{text.choose}</option>
        {field.options.map((option) => (
          <option key={option.value} value={option.value}>
            {say(option.text)}
          </option>
        ))}
      </select>
    )
  if (field.widget === 'textarea' || field.widget === 'points')
    return (
      <textarea
        {...common}
        className="input"
        readOnly={field.readOnly}
        onChange={(event) => onChange(event.target.value)}
      />
    )
  const number = field.widget === 'number' || field.widget === 'money'
  const short = number || field.widget === 'date'
  return (
    <input
      {...common}
      className={short ? 'input input-short' : 'input'}
      type={field.widget === 'date' ? 'date' : 'text'}
      inputMode={number ? 'decimal' : undefined}
      readOnly={field.readOnly}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

function Choices({ id, many, field, value, onChange }: FieldProps & { id: string; many: boolean }) {
  const say = useSay()
  const chosen = Array.isArray(value)
    ? value.map(String)
    : value === undefined || value === null
      ? []
      : [String(value)]
  return field.options.map((option, index) => {
    const optionId = index === 0 ? id : `${id}-${option.value}`
    const checked = chosen.includes(option.value)
    const choose = () =>
      onChange(
        !many
          ? option.value
          : checked
            ? chosen.filter((one) => one !== option.value)
            : [...chosen, option.value],
      )
    return (
      <div className="choice" key={option.value}>
        <input
          type={many ? 'checkbox' : 'radio'}
          id={optionId}
          name={field.name}
          value={option.value}
          checked={checked}
          disabled={field.readOnly}
          onChange={choose}
        />
        <label htmlFor={optionId}>{say(option.text)}</label>
      </div>
    )
  })
}

/** What a form sends: a number as a number, an amount in yuan as whole fen, an empty text as no answer. */
export function asAnswer(field: FormField, value: unknown): unknown {
  if (value === '' || value === undefined) return null
  if (field.widget === 'money' && typeof value === 'string') return fenOf(value) ?? value
  if (field.widget !== 'number' || typeof value !== 'string') return value
  const number = Number(value)
  return Number.isFinite(number) ? number : value
}

export const isEmpty = (value: unknown) =>
  value === null ||
  value === undefined ||
  value === false ||
  (typeof value === 'string' && !value.trim()) ||
  (Array.isArray(value) && !value.length)

/** An answer as words: option texts for codes, yes and no, lists joined. */
export function useAnswerText() {
  const text = useText(TEXT)
  const say = useSay()
  return (field: FormField | undefined, value: unknown): string => {
    if (value === true) return text.yes
    if (value === false) return text.no
    if (value === null || value === undefined || value === '') return text.none
    if (field?.widget === 'money' && typeof value === 'number') return `${yuanOf(value)}${text.yuan}`
    const one = (value: unknown) => {
      const option = field?.options.find((option) => option.value === String(value))
      return option ? say(option.text) : typeof value === 'object' ? JSON.stringify(value) : String(value)
    }
    return Array.isArray(value) ? value.map(one).join(text.comma) : one(value)
  }
}

/** What is said of a required field without an answer, by how it is answered. */
export function useMissingText() {
  const text = useText(TEXT)
  const say = useSay()
  return (field: FormField) =>
    field.widget === 'checkbox'
      ? text.tick(say(field.label))
      : field.options.length
        ? text.choosing(say(field.label))
        : text.fillIn(say(field.label))
}

/** The fields of a form under their sections, in the order of the form; a form may do without sections. */
export function sectionsOf<Field extends { readonly section?: LocalText | null }>(fields: readonly Field[]) {
  const sections: { key: string; title: LocalText | undefined; fields: Field[] }[] = []
  for (const field of fields) {
    const last = sections.at(-1)
    const title = field.section ?? undefined
    if (last && last.title?.zh === title?.zh) last.fields.push(field)
    else sections.push({ key: `${sections.length} ${title?.zh ?? ''}`, title, fields: [field] })
  }
  return sections
}

const TEXT = {
  zh: {
    optional: '（可以不填）',
    yuan: '（元）',
    error: '错误：',
    choose: '请选择',
    yes: '是',
    no: '否',
    none: '未填写',
    comma: '、',
    fillIn: (label: string) => `请填写${label}`,
    choosing: (label: string) => `请选择${label}`,
    tick: (label: string) => `请勾选“${label}”`,
  },
  en: {
    optional: ' (optional)',
    yuan: ' (yuan)',
    error: 'Error: ',
    choose: 'Choose one',
    yes: 'yes',
    no: 'no',
    none: 'not given',
    comma: ', ',
    fillIn: (label: string) => `Enter: ${label}`,
    choosing: (label: string) => `Choose: ${label}`,
    tick: (label: string) => `Tick “${label}”`,
  },
}
