import '@bpmn-io/form-js-viewer/dist/assets/form-js.css'
import '@bpmn-io/form-js-editor/dist/assets/form-js-editor.css'
import './form.css'
import { useEffect, useRef, useState } from 'react'
import { useLocale, useSay, useText } from '../../i18n.ts'
import { createEditor, type EditorServices, type Part } from './editor.ts'
import { componentsOf, fieldsOf, type Written, WIDGETS } from './written.ts'
import { WIDGET_WORDS_TEXT } from './widgets.text.ts'

interface FormCanvasProps {
  /** Read once; to show other fields give the component another key. */
  readonly fields: readonly Written[]
  readonly label: string
  readonly onChange: (fields: readonly Written[]) => void
  /** After each selection and change: what is in hand, and the editor that changes it. */
  readonly onEditing: (editing: FormEditing | undefined) => void
}

/** One field or section in hand; undefined is the form itself. */
export interface FormEditing {
  readonly part: Part | undefined
  readonly editor: EditorServices
}

/** The fields of a form drawn to be changed by form-js' editor, with a palette of what our forms can ask. */
export function FormCanvas(props: FormCanvasProps) {
  const text = useText(TEXT)
  const words = useText(WIDGET_WORDS_TEXT)
  const say = useSay()
  const locale = useLocale()
  const place = useRef<HTMLDivElement>(null)
  const latest = useRef(props)
  latest.current = props
  const fields = useRef(props.fields)
  const [editor, setEditor] = useState<EditorServices>()
  const [isEmpty, setEmpty] = useState(false)

  useEffect(() => {
    const editor = createEditor(say, { remove: text.remove, section: SECTION, widgets: words })
    let current = true
    const edit = () => latest.current.onEditing({ part: editor.get('selection').get() ?? undefined, editor })
    const tell = () => {
      const components = editor.getSchema().components ?? []
      fields.current = fieldsOf(components)
      setEmpty(components.length === 0)
      latest.current.onChange(fields.current)
      edit()
    }
    const components = componentsOf(fields.current, say)
    setEmpty(components.length === 0)
    void editor.importSchema({ type: 'default', components }).then(() => {
      if (!current) return
      editor.attachTo(place.current!)
      editor.on('commandStack.changed', tell)
      editor.on('selection.changed', edit)
      setEditor(editor)
      edit()
    })
    return () => {
      current = false
      latest.current.onEditing(undefined)
      editor.destroy()
    }
  }, [locale])

  function add(type: string) {
    if (!editor) return
    const { schema } = editor._getState()
    const chosen = editor.get('selection').get()
    const registry = editor.get('formFieldRegistry')
    const parent =
      chosen?.type === 'group' && type !== 'group'
        ? chosen
        : (chosen?._parent && registry.get(chosen._parent)) || schema
    const into = type === 'group' ? schema : parent
    const at = into.components?.findIndex(({ id }) => id === chosen?.id) ?? -1
    const index = at < 0 ? (into.components?.length ?? 0) : at + 1
    editor.get('modeling').addFormField({ type, _parent: into.id }, into, index)
  }

  const stack = editor?.get('commandStack')
  return (
    <figure className="diagram" data-drawn={editor ? 'yes' : 'no'}>
      <figcaption className="visually-hidden">{props.label}</figcaption>
      <div className="form-canvas">
        <div
          className="form-palette fjs-palette-fields fjs-drag-container fjs-no-drop"
          role="group"
          aria-label={text.palette}
        >
          {[...WIDGETS, 'section' as const].map((widget) => {
            const type = widget === 'section' ? 'group' : widget === 'group' ? 'radio' : widget
            return (
              <button
                key={widget}
                type="button"
                className="fjs-palette-field fjs-drag-copy fjs-no-drop"
                data-field-type={type}
                title={text.add(words[widget])}
                onClick={() => add(type)}
              >
                {words[widget]}
              </button>
            )
          })}
        </div>
        <div>
          {isEmpty && <p className="empty">{text.empty}</p>}
          <div ref={place} role="group" aria-label={props.label} />
        </div>
      </div>
      <div className="form-tools">
        <button
          type="button"
          className="button-plain"
          disabled={!stack?.canUndo()}
          onClick={() => stack?.undo()}
        >
          {text.undo}
        </button>
        <button
          type="button"
          className="button-plain"
          disabled={!stack?.canRedo()}
          onClick={() => stack?.redo()}
        >
          {text.redo}
        </button>
      </div>
    </figure>
  )
}

const SECTION = { zh: '新的一节', en: 'New section' }

const TEXT = {
  zh: {
    palette: '可以加入的字段',
    add: (name: string) => `加入：${name}（点选或拖入表单）`,
    empty: '表单还没有字段。从左边点选或拖入。',
    remove: '删除',
    undo: '撤销',
    redo: '重做',
  },
  en: {
    palette: 'Fields that can be added',
    add: (name: string) => `Add: ${name} (click, or drag it into the form)`,
    empty: 'The form has no field yet. Click one on the left, or drag it here.',
    remove: 'Remove',
    undo: 'Undo',
    redo: 'Redo',
  },
}
