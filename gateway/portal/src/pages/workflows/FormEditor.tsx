import { useState } from 'react'
import { Field, sectionsOf, type FormField } from '../../components/Fields.tsx'
import { FieldProperties } from '../../components/form/FieldProperties.tsx'
import { FormCanvas, type FormEditing } from '../../components/form/FormCanvas.tsx'
import { shown, type Written } from '../../components/form/written.ts'
import { useSay, useText } from '../../i18n.ts'
import { parsed } from './draft.ts'

interface FormEditorProps {
  readonly path: string
  readonly text: string
  readonly onChange: (text: string) => void
}

/** A form drawn to be changed, what is said of the field in hand, and the form as the office will see it. */
export function FormEditor({ path, text: source, onChange }: FormEditorProps) {
  const text = useText(TEXT)
  const form = parsed(source)
  const fields = fieldsIn(form)
  const [first] = useState(fields)
  const [editing, setEditing] = useState<FormEditing>()
  if (!first)
    return (
      <p className="notice notice-bad" role="alert">
        {text.broken}
      </p>
    )
  return (
    <div className="console">
      <div>
        <FormCanvas
          fields={first}
          label={text.form(path)}
          onChange={(fields) => onChange(`${JSON.stringify({ ...form, fields }, null, 2)}\n`)}
          onEditing={setEditing}
        />
        <section className="diagram form-preview" aria-labelledby="preview">
          <h2 id="preview">{text.preview}</h2>
          <Preview fields={(fields ?? []).map(shown)} />
        </section>
      </div>
      <aside className="console-side" aria-label={text.properties} id="properties">
        <h2>{text.properties}</h2>
        {editing && <FieldProperties editing={{ ...editing }} />}
      </aside>
    </div>
  )
}

/** The fields as the file has them; undefined where it is no form, which only its source can put right. */
function fieldsIn({ fields }: Readonly<Record<string, unknown>>): readonly Written[] | undefined {
  const isForm = Array.isArray(fields) && fields.every((field) => typeof field === 'object' && field !== null)
  return isForm ? (fields as Written[]) : undefined
}

/** The form as a person at a task sees it; what is filled in here goes nowhere. */
function Preview({ fields }: { fields: readonly FormField[] }) {
  const say = useSay()
  const [typed, setTyped] = useState<Readonly<Record<string, unknown>>>({})
  return sectionsOf(fields).map((section) => (
    <fieldset className="section" key={section.key}>
      {section.title && <legend>{say(section.title)}</legend>}
      {section.fields.map((field, at) => (
        <Field
          key={`${at} ${field.name}`}
          field={field}
          value={typed[field.name]}
          onChange={(value) => setTyped((typed) => ({ ...typed, [field.name]: value }))}
        />
      ))}
    </fieldset>
  ))
}

const TEXT = {
  zh: {
    form: (path: string) => `表单编辑区：${path}`,
    properties: '属性',
    preview: '预览：办理时的样子',
    broken: '文件不是表单。请在“源文件”中改正。',
  },
  en: {
    form: (path: string) => `Form editor: ${path}`,
    properties: 'Properties',
    preview: 'Preview: as it is filled in',
    broken: 'The file is no form. Put it right under “Source”.',
  },
}
