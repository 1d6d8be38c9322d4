import { Button } from 'antd'
import { useSay, useText, type LocalText } from '../../i18n.ts'

export interface Point {
  readonly kind: 'field' | 'material'
  readonly target: string
  readonly remark: string
}

interface Named {
  readonly name: string
  readonly label: LocalText
}

interface PointsEditorProps {
  readonly id: string
  readonly label: string
  readonly fields: readonly Named[]
  readonly materials: readonly Named[]
  readonly points: readonly Point[]
  readonly error?: string | undefined
  readonly disabled: boolean
  readonly onChange: (points: readonly Point[]) => void
}

/** The points of the one correction notice: each names a field or a material and says what is wrong with it. */
export function PointsEditor(props: PointsEditorProps) {
  const { id, label, points, error, disabled, onChange } = props
  const text = useText(TEXT)
  const say = useSay()
  const changeAt = (index: number, change: Partial<Point>) =>
    onChange(points.map((point, at) => (at === index ? { ...point, ...change } : point)))
  const options = (named: readonly Named[], kind: Point['kind']) =>
    named.map(({ name, label }) => (
      <option key={name} value={`${kind}:${name}`}>
        {say(label)}
      </option>
    ))
  return (
    <div className={error ? 'field field-bad' : 'field'}>
      <fieldset aria-describedby={`${id}-hint`}>
        <legend>{label}</legend>
        <p className="field-hint" id={`${id}-hint`}>
          {text.hint}
        </p>
        {error && <p className="field-error">{error}</p>}
        {points.map((point, index) => (
          <div className="point" key={index} role="group" aria-label={text.point(index + 1)}>
            <select
              className="input"
              id={index ? `${id}-${index}` : id}
              aria-label={text.target}
              disabled={disabled}
              value={point.target ? `${point.kind}:${point.target}` : ''}
              onChange={(event) => {
                const [kind, ...rest] = event.target.value.split(':')
                changeAt(index, { kind: kind as Point['kind'], target: rest.join(':') })
              }}
            >
              <option value="">{text.choose}</option>
              <optgroup label={text.materials}>{options(props.materials, 'material')}</optgroup>
              <optgroup label={text.fields}>{options(props.fields, 'field')}</optgroup>
            </select>
            <Button disabled={disabled} onClick={() => onChange(points.filter((_, at) => at !== index))}>
              {text.remove}
            </Button>
            <textarea
              className="input"
              aria-label={text.remark}
              placeholder={text.remark}
              readOnly={disabled}
              value={point.remark}
              onChange={(event) => changeAt(index, { remark: event.target.value })}
            />
          </div>
        ))}
        <p className="actions">
          <Button
            disabled={disabled}
            id={points.length ? undefined : id}
            onClick={() => onChange([...points, { kind: 'material', target: '', remark: '' }])}
          >
            {text.add}
          </Button>
        </p>
      </fieldset>
    </div>
  )
}

const TEXT = {
  zh: {
    hint: '一次写全。每一条指明是哪份材料或哪一项，并写清要怎么改。',
    point: (n: number) => `第 ${n} 条`,
    target: '材料或填写项',
    choose: '请选择材料或填写项',
    materials: '材料',
    fields: '填写项',
    remark: '哪里不对，要怎么改',
    add: '添加一条',
    remove: '删除',
  },
  en: {
    hint: 'Name everything at once: which document or field, and what must be changed.',
    point: (n: number) => `Point ${n}`,
    target: 'Document or field',
    choose: 'Choose a document or field',
    materials: 'Documents',
    fields: 'Fields',
    remark: 'What is wrong and how to correct it',
    add: 'Add a point',
    remove: 'Remove',
  },
}
