import { useText } from '../../i18n.ts'
import { useSay } from '../../i18n.ts'
import { PropertyField } from '../bpmn/PropertyField.tsx'
import type { EditorServices, Part } from './editor.ts'
import type { FormEditing } from './FormCanvas.tsx'
import { OptionList } from './OptionList.tsx'
import {
  asWidget,
  CHOOSING,
  componentOf,
  limitsOf,
  sectionOf,
  textsIn,
  type Widget,
  widgetOf,
  WIDGETS,
  type Written,
} from './written.ts'
import { WIDGET_WORDS_TEXT } from './widgets.text.ts'

/** All that a field of ours says, in both languages; of a section its title. */
export function FieldProperties({ editing: { part, editor } }: { editing: FormEditing }) {
  const text = useText(TEXT)
  const say = useSay()
  if (!part) return <p className="quiet">{text.none}</p>
  const place = <Place part={part} editor={editor} />
  if (part.section) {
    const { section } = part
    const put = (change: object) =>
      editor.get('modeling').editFormField(part, { ...sectionOf({ ...section, ...change }, say) })
    return (
      <div key={part.id}>
        <PropertyField
          name="section-zh"
          label={text.sectionZh}
          value={section.zh}
          onChange={(zh) => put({ zh })}
        />
        <PropertyField
          name="section-en"
          label={text.sectionEn}
          value={section.en}
          onChange={(en) => put({ en })}
        />
        {place}
      </div>
    )
  }
  if (!part.field) return null
  const put = (field: Written) => editor.get('modeling').editFormField(part, { ...componentOf(field, say) })
  return (
    <div key={part.id}>
      <OfField field={part.field} put={put} />
      {place}
    </div>
  )
}

interface OfFieldProps {
  readonly field: Written
  readonly put: (field: Written) => void
}

function OfField({ field, put }: OfFieldProps) {
  const text = useText(TEXT)
  const words = useText(WIDGET_WORDS_TEXT)
  const widget = widgetOf(field)
  const [label, hint] = [textsIn(field['label']), textsIn(field['hint'])]
  const set = (name: string, value: unknown) => put(withMember(field, name, value))
  const setHint = (change: object) => {
    const next = { ...hint, ...change }
    set('hint', next.zh === '' && next.en === '' ? undefined : next)
  }
  const flag = (name: 'required' | 'readOnly') => (
    <div className="choice">
      <input
        type="checkbox"
        id={`field-${name}`}
        data-property={name}
        checked={field[name] === true}
        onChange={(event) => set(name, event.target.checked)}
      />
      <label htmlFor={`field-${name}`}>{text[name]}</label>
    </div>
  )
  return (
    <>
      <PropertyField
        name="field-name"
        label={text.name}
        hint={text.nameHint}
        value={field.name ?? ''}
        onChange={(name) => set('name', name)}
      />
      <PropertyField
        name="label-zh"
        label={text.zh}
        value={label.zh}
        onChange={(zh) => set('label', { ...label, zh })}
      />
      <PropertyField
        name="label-en"
        label={text.en}
        value={label.en}
        onChange={(en) => set('label', { ...label, en })}
      />
      <div className="field">
        <label htmlFor="field-widget">{text.widget}</label>
        <select
          className="input"
          id="field-widget"
          data-property="widget"
          value={widget}
          onChange={(event) => put(asWidget(field, event.target.value as Widget))}
        >
          {WIDGETS.map((widget) => (
            <option key={widget} value={widget}>
              {words[widget]}
            </option>
          ))}
        </select>
      </div>
      {flag('required')}
      {flag('readOnly')}
      {limitsOf(widget).map((limit) => (
        <PropertyField
          key={`${widget} ${limit}`}
          name={limit}
          label={
            widget === 'money'
              ? text.money[limit as 'min' | 'max']
              : text.limits[limit as keyof typeof text.limits]
          }
          {...(widget === 'date'
            ? { options: [{ value: 'today', label: text.today }], hint: text.dayHint }
            : {})}
          value={String(field[limit] ?? '')}
          onChange={(value) => set(limit, limitOf(limit, value))}
        />
      ))}
      {CHOOSING.includes(widget) && <OptionList field={field} put={(options) => set('options', options)} />}
      <PropertyField
        name="elementCode"
        label={text.elementCode}
        hint={text.elementHint}
        value={String(field['elementCode'] ?? '')}
        onChange={(code) => set('elementCode', code)}
      />
      <PropertyField
        name="codeListId"
        label={text.codeListId}
        hint={text.codeListHint}
        value={String(field['codeListId'] ?? '')}
        onChange={(id) => set('codeListId', id)}
      />
      <PropertyField name="hint-zh" label={text.hintZh} value={hint.zh} onChange={(zh) => setHint({ zh })} />
      <PropertyField name="hint-en" label={text.hintEn} value={hint.en} onChange={(en) => setHint({ en })} />
    </>
  )
}

/** Where the part stands, for those who do not drag. */
function Place({ part, editor }: { part: Part; editor: EditorServices }) {
  const text = useText(TEXT)
  const parent = editor.get('formFieldRegistry').get(part._parent ?? '')
  if (!parent) return null
  const siblings = parent.components ?? []
  const at = siblings.findIndex(({ id }) => id === part.id)
  const move = (to: number) => {
    const row = editor.get('formLayouter').getRowForField(part)
    editor.get('modeling').moveFormField(part, parent, parent, at, to, row, row)
  }
  return (
    <div className="actions">
      <button type="button" className="button-plain" disabled={at <= 0} onClick={() => move(at - 1)}>
        {text.up}
      </button>
      <button
        type="button"
        className="button-plain"
        disabled={at < 0 || at >= siblings.length - 1}
        onClick={() => move(at + 2)}
      >
        {text.down}
      </button>
      <button
        type="button"
        className="button-plain"
        onClick={() => editor.get('modeling').removeFormField(part, parent, at)}
      >
        {text.remove}
      </button>
    </div>
  )
}

/** The field with the member, in the order it had; an empty one is left out. */
function withMember(field: Written, name: string, value: unknown): Written {
  if (value !== undefined && value !== '') return { ...field, [name]: value }
  const { [name]: _, ...rest } = field
  return rest
}

/** A number where the text is one; the check says what is wrong with another. */
function limitOf(limit: string, text: string): unknown {
  if (['pattern', 'notBefore', 'notAfter'].includes(limit) || text === '') return text
  const number = Number(text)
  return Number.isFinite(number) ? number : text
}

const TEXT = {
  zh: {
    none: '请在表单上选择一个字段或一节。',
    sectionZh: '这一节的标题（中文）',
    sectionEn: '这一节的标题（英文）',
    name: '字段名',
    nameHint: '字母、数字、下划线；答案以此名交给流程',
    zh: '标签（中文）',
    en: '标签（英文）',
    widget: '控件',
    required: '必填',
    readOnly: '只读',
    limits: {
      min: '最小值',
      max: '最大值',
      scale: '最多几位小数',
      minLength: '最少字数',
      maxLength: '最多字数',
      pattern: '格式（正则表达式）',
      notBefore: '不早于',
      notAfter: '不晚于',
    },
    money: { min: '最小金额（分）', max: '最大金额（分）' },
    today: '填写当天',
    dayHint: '日期（如 2026-01-05），或 today（填写当天）',
    elementCode: '数据元',
    elementHint: '标准登记的编号，如 DE00000002；按其格式检查',
    codeListId: '代码集',
    codeListHint: '编号@版次；答案须是其中的代码',
    hintZh: '提示（中文）',
    hintEn: '提示（英文）',
    up: '上移',
    down: '下移',
    remove: '删除',
  },
  en: {
    none: 'Choose a field or a section of the form.',
    sectionZh: 'Title of the section (Chinese)',
    sectionEn: 'Title of the section (English)',
    name: 'Name',
    nameHint: 'Letters, digits, underscores; the process gets the answer by this name',
    zh: 'Label (Chinese)',
    en: 'Label (English)',
    widget: 'Control',
    required: 'Required',
    readOnly: 'Read only',
    limits: {
      min: 'Smallest',
      max: 'Largest',
      scale: 'Most decimal places',
      minLength: 'Fewest characters',
      maxLength: 'Most characters',
      pattern: 'Pattern (regular expression)',
      notBefore: 'Not before',
      notAfter: 'Not after',
    },
    money: { min: 'Smallest amount (fen)', max: 'Largest amount (fen)' },
    today: 'the day it is filled in',
    dayHint: 'A day (such as 2026-01-05), or today (the day it is filled in)',
    elementCode: 'Data element',
    elementHint: 'Its code in the registry, such as DE00000002; answers are checked by it',
    codeListId: 'Code list',
    codeListHint: 'number@edition; an answer is one of its codes',
    hintZh: 'Hint (Chinese)',
    hintEn: 'Hint (English)',
    up: 'Up',
    down: 'Down',
    remove: 'Remove',
  },
}
