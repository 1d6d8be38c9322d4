import type { LocalText } from '../../i18n.ts'
import type { FormField } from '../Fields.tsx'

/** A field as its file has it; what it leaves out has a default (workflows/form.ts). */
export type Written = Readonly<Record<string, unknown>> & { readonly name?: string; readonly widget?: string }

/** A component of form-js: a field of ours, or a section that holds fields. */
export interface Component {
  readonly id?: string
  readonly type: string
  readonly label?: string
  /** The field it draws, whole: what form-js knows of it is for the drawing alone. */
  readonly field?: Written
  readonly section?: LocalText
  readonly components?: readonly Component[]
  readonly [more: string]: unknown
}

/** What a form may ask; `group` is one choice shown open, which form-js draws as a radio group. */
export const WIDGETS = [
  ...(['text', 'textarea', 'number', 'money', 'date'] as const),
  ...(['select', 'group', 'multiselect', 'checkbox', 'points'] as const),
] as const

export type Widget = (typeof WIDGETS)[number]
export type Say = (text: LocalText) => string

export const CHOOSING: readonly string[] = ['select', 'group', 'multiselect']

export const widgetOf = ({ widget }: Written): Widget => WIDGETS.find((one) => one === widget) ?? 'text'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A text in both languages; what is missing is empty. */
export function textsIn(value: unknown): LocalText {
  const { zh, en } = isRecord(value) ? value : {}
  return { zh: String(zh ?? ''), en: String(en ?? '') }
}

export type Option = FormField['options'][number]

export const optionsIn = ({ options }: Written): Option[] =>
  (Array.isArray(options) ? options : [])
    .filter(isRecord)
    .map(({ value, text }) => ({ value: String(value ?? ''), text: textsIn(text) }))

/** With the defaults the server would add. */
export function shown(field: Written): FormField {
  return {
    name: field.name ?? '',
    label: textsIn(field['label']),
    widget: field.widget ?? 'text',
    required: field['required'] === true,
    readOnly: field['readOnly'] === true,
    options: optionsIn(field),
    hint: (field['hint'] as FormField['hint']) ?? null,
    section: (field['section'] as FormField['section']) ?? null,
  }
}

/** How form-js draws the field, in the reader's language. */
export function componentOf(field: Written, say: Say): Component {
  const { name, label, required, hint, options } = shown(field)
  const widget = widgetOf(field)
  const title = say(label) || name
  return {
    type: widget === 'group' ? 'radio' : widget,
    label: title,
    ...(widget === 'date' && { subtype: 'date', dateLabel: title }),
    values: options.map(({ value, text }) => ({ value, label: say(text) || value })),
    description: hint ? say(hint) : undefined,
    validate: { required },
    field,
  }
}

/** The form for form-js: fields in the order of the file, those of one section that follow each other in a group. */
export function componentsOf(fields: readonly Written[], say: Say): Component[] {
  const components: Component[] = []
  for (const field of fields) {
    const component = componentOf(field, say)
    const section = field['section'] === undefined ? undefined : textsIn(field['section'])
    const last = components.at(-1)
    if (!section) components.push(component)
    else if (last?.section && isSame(last.section, section))
      components[components.length - 1] = { ...last, components: [...(last.components ?? []), component] }
    else components.push({ ...sectionOf(section, say), components: [component] })
  }
  return components
}

export const sectionOf = (section: LocalText, say: Say): Component => ({
  type: 'group',
  label: say(section),
  showOutline: true,
  section,
})

const isSame = (a: LocalText, b: LocalText) => a.zh === b.zh && a.en === b.en

/** The fields again: each as it was but for its section, which is the group it lies in; the innermost counts. */
export function fieldsOf(components: readonly Component[], section?: LocalText): Written[] {
  return components.flatMap((component) => {
    if (component.components) return fieldsOf(component.components, component.section ?? section)
    return component.field ? [within(component.field, section)] : []
  })
}

function within(field: Written, section: LocalText | undefined): Written {
  const { section: before, ...rest } = field
  if (section === undefined) return before === undefined ? field : rest
  return before !== undefined && isSame(textsIn(before), section) ? field : { ...rest, section }
}

/** A new field of the kind, with a name no other has. */
export function freshField(widget: Widget, taken: ReadonlySet<string>): Written {
  let number = taken.size + 1
  while (taken.has(`field${number}`)) number += 1
  const label = { zh: `字段${number}`, en: `Field ${number}` }
  const option = (at: number) => ({ value: `${at}`, text: { zh: `选项${at}`, en: `Choice ${at}` } })
  return {
    ...{ name: `field${number}`, label, widget },
    ...(CHOOSING.includes(widget) && { options: [option(1), option(2)] }),
  }
}

/** Limits a field may have, by its widget. */
export function limitsOf(widget: Widget): readonly string[] {
  if (widget === 'number') return ['min', 'max', 'scale']
  if (widget === 'money') return ['min', 'max']
  if (widget === 'text' || widget === 'textarea') return ['minLength', 'maxLength', 'pattern']
  return widget === 'date' ? ['notBefore', 'notAfter'] : []
}

/** The field as another widget: limits the new one has not are gone, and choices stay where there are any. */
export function asWidget(field: Written, widget: Widget): Written {
  const kept = limitsOf(widget)
  const lost = WIDGETS.flatMap(limitsOf).filter((limit) => !kept.includes(limit))
  const rest = Object.entries(field).filter(
    ([name]) => !lost.includes(name) && (name !== 'options' || CHOOSING.includes(widget)),
  )
  const choices = CHOOSING.includes(widget) && !('options' in field)
  return {
    ...Object.fromEntries(rest),
    widget,
    ...(choices && { options: freshField(widget, new Set()).options as unknown }),
  }
}
