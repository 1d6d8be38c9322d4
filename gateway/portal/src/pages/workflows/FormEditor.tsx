import { useState } from 'react'
import { Field, sectionsOf, type FormField } from '../../components/Fields.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useSay, useText } from '../../i18n.ts'
import { parsed } from './draft.ts'

/** A field as the file has it; what it leaves out has a default. */
type Written = Readonly<Record<string, unknown>> & { readonly name?: string; readonly widget?: string }

const WIDGETS = ['text', 'number', 'date', 'select', 'multiselect', 'textarea', 'checkbox', 'group'] as const

interface FormEditorProps {
  readonly text: string
  readonly onChange: (text: string) => void
}

/** The fields of a form as a list that can be changed, and the form as the office will see it. */
export function FormEditor({ text: source, onChange }: FormEditorProps) {
  const text = useText(TEXT)
  const form = parsed(source)
  const fields = (Array.isArray(form['fields']) ? form['fields'] : []) as readonly Written[]
  const put = (fields: readonly Written[]) => onChange(`${JSON.stringify({ ...form, fields }, null, 2)}\n`)
  const change = (at: number, part: Written) =>
    put(fields.map((field, index) => (index === at ? { ...field, ...part } : field)))

  function move(at: number, by: number) {
    const next = [...fields]
    const [taken] = next.splice(at, 1)
    if (taken) next.splice(at + by, 0, taken)
    put(next)
  }

  return (
    <div className="console">
      <div>
        <DataTable<Written>
          caption={text.fields}
          rows={fields}
          rowKey={(_, index) => index}
          empty={text.none}
          columns={[
            {
              title: text.name,
              cell: (field, at) => (
                <Cell label={text.name} value={field.name ?? ''} onChange={(name) => change(at, { name })} />
              ),
            },
            {
              title: text.zh,
              cell: (field, at) => (
                <Cell
                  label={text.zh}
                  value={labelOf(field).zh}
                  onChange={(zh) => change(at, { label: { ...labelOf(field), zh } })}
                />
              ),
            },
            {
              title: text.en,
              cell: (field, at) => (
                <Cell
                  label={text.en}
                  value={labelOf(field).en}
                  onChange={(en) => change(at, { label: { ...labelOf(field), en } })}
                />
              ),
            },
            {
              title: text.widget,
              cell: (field, at) => (
                <select
                  className="input"
                  aria-label={text.widget}
                  value={field.widget ?? 'text'}
                  onChange={(event) => change(at, { widget: event.target.value })}
                >
                  {WIDGETS.map((widget) => (
                    <option key={widget} value={widget}>
                      {text.widgets[widget]}
                    </option>
                  ))}
                </select>
              ),
            },
            {
              title: text.required,
              cell: (field, at) => (
                <input
                  type="checkbox"
                  aria-label={text.required}
                  checked={field['required'] === true}
                  onChange={(event) => change(at, { required: event.target.checked })}
                />
              ),
            },
            {
              title: text.order,
              cell: (_, at) => (
                <>
                  <button
                    type="button"
                    className="button-plain"
                    disabled={at === 0}
                    onClick={() => move(at, -1)}
                  >
                    {text.up}
                  </button>{' '}
                  <button
                    type="button"
                    className="button-plain"
                    onClick={() => put(fields.filter((_, index) => index !== at))}
                  >
                    {text.remove}
                  </button>
                </>
              ),
            },
          ]}
        />
        <p>
          <button
            type="button"
            className="button-plain"
            onClick={() => put([...fields, fresh(fields.length + 1)])}
          >
            {text.add}
          </button>
        </p>
      </div>
      <aside className="console-side" aria-label={text.preview}>
        <h2>{text.preview}</h2>
        <Preview fields={fields.map(shown)} />
      </aside>
    </div>
  )
}

/** The form as a person at a task sees it; what is filled in here goes nowhere. */
function Preview({ fields }: { fields: readonly FormField[] }) {
  const say = useSay()
  const [typed, setTyped] = useState<Readonly<Record<string, unknown>>>({})
  return sectionsOf(fields).map((section) => (
    <fieldset className="section" key={section.key}>
      {section.title && <legend>{say(section.title)}</legend>}
      {section.fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={typed[field.name]}
          onChange={(value) => setTyped((typed) => ({ ...typed, [field.name]: value }))}
        />
      ))}
    </fieldset>
  ))
}

function Cell({
  label,
  value,
  onChange,
}: {
  label: string
  value: string
  onChange: (value: string) => void
}) {
  return (
    <input
      type="text"
      className="input"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

const labelOf = (field: Written) => {
  const label = (field['label'] ?? {}) as { zh?: unknown; en?: unknown }
  return { zh: String(label.zh ?? ''), en: String(label.en ?? '') }
}

const fresh = (number: number): Written => ({
  name: `field${number}`,
  label: { zh: `字段${number}`, en: `Field ${number}` },
  widget: 'text',
})

/** With the defaults the server would add; see workflows/pack.ts. */
export function shown(field: Written): FormField {
  const options = Array.isArray(field['options']) ? (field['options'] as FormField['options']) : []
  return {
    name: field.name ?? '',
    label: labelOf(field),
    widget: field.widget ?? 'text',
    required: field['required'] === true,
    readOnly: field['readOnly'] === true,
    options,
    hint: (field['hint'] as FormField['hint']) ?? null,
    section: (field['section'] as FormField['section']) ?? null,
  }
}

const TEXT = {
  zh: {
    fields: '表单字段',
    none: '表单还没有字段。',
    name: '字段名',
    zh: '中文标签',
    en: '英文标签',
    widget: '控件',
    required: '必填',
    order: '操作',
    up: '上移',
    remove: '删除',
    add: '增加字段',
    preview: '预览',
    widgets: {
      text: '单行文字',
      number: '数字',
      date: '日期',
      select: '单选列表',
      multiselect: '多选',
      textarea: '多行文字',
      checkbox: '勾选',
      group: '一组',
    },
  },
  en: {
    fields: 'Fields of the form',
    none: 'The form has no field yet.',
    name: 'Name',
    zh: 'Chinese label',
    en: 'English label',
    widget: 'Control',
    required: 'Required',
    order: 'Do',
    up: 'Up',
    remove: 'Remove',
    add: 'Add a field',
    preview: 'Preview',
    widgets: {
      text: 'one line',
      number: 'number',
      date: 'date',
      select: 'choose one',
      multiselect: 'choose several',
      textarea: 'several lines',
      checkbox: 'tick',
      group: 'group',
    },
  },
}
