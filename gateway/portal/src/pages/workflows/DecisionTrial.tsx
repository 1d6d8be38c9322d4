import { Button } from 'antd'
import { useState, type FormEvent } from 'react'
import { type ApiError, request } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { useText } from '../../i18n.ts'
import { type Decision, type DecisionAnswer, EVALUATE } from './decisions.ts'
import { DecisionOutcome } from './DecisionOutcome.tsx'

interface DecisionTrialProps {
  readonly definition: { readonly key: string; readonly version: number }
  readonly decision: Decision
  readonly answer: DecisionAnswer | undefined
  readonly onAnswer: (answer: DecisionAnswer | undefined) => void
}

/** The inputs of a decision to be filled in, each by its type, and what it answers; nothing is stored. */
export function DecisionTrial({ definition, decision, answer, onAnswer }: DecisionTrialProps) {
  const text = useText(TEXT)
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const [broken, setBroken] = useState<string>()
  const [error, setError] = useState<ApiError>()
  const [running, setRunning] = useState(false)

  async function evaluate(event: FormEvent) {
    event.preventDefault()
    const read = decision.inputs.map(({ name, type }) => ({ name, value: valueOf(typed[name] ?? '', type) }))
    const wrong = read.find(({ value }) => value === undefined)?.name
    setBroken(wrong)
    setError(undefined)
    onAnswer(undefined)
    if (wrong !== undefined) return
    setRunning(true)
    try {
      const given = read.filter(({ value }) => value !== null)
      const input = Object.fromEntries(given.map(({ name, value }) => [name, value]))
      const { key, version } = definition
      onAnswer((await request(EVALUATE, { key, version, decision: decision.name, input })).evaluateDecision)
    } catch (error) {
      setError(error as ApiError)
    }
    setRunning(false)
  }

  return (
    <form onSubmit={(event) => void evaluate(event)} noValidate aria-busy={running} id="trial">
      {decision.inputs.length === 0 && <p className="quiet">{text.none}</p>}
      {decision.inputs.map((input) => (
        <Input
          key={input.name}
          input={input}
          value={typed[input.name] ?? ''}
          isBroken={broken === input.name}
          onChange={(value) => setTyped((typed) => ({ ...typed, [input.name]: value }))}
        />
      ))}
      <Button type="primary" htmlType="submit" id="evaluate" loading={running}>
        {text.evaluate}
      </Button>
      {error && <Failure error={error} />}
      <div aria-live="polite">{answer && <DecisionOutcome outcome={answer} />}</div>
    </form>
  )
}

interface InputProps {
  readonly input: Decision['inputs'][number]
  readonly value: string
  readonly isBroken: boolean
  readonly onChange: (value: string) => void
}

function Input({ input: { name, type }, value, isBroken, onChange }: InputProps) {
  const text = useText(TEXT)
  const id = `input-${name}`
  const shared = {
    ...{ id, value, className: 'input', 'data-input': name },
    'aria-invalid': isBroken || undefined,
    'aria-describedby': `${id}-hint`,
  }
  const hint = isJson(type) ? text.json : text.hints[type as keyof typeof text.hints]
  return (
    <div className={isBroken ? 'field field-bad' : 'field'}>
      <label htmlFor={id}>
        {name} <span className="quiet">{type}</span>
      </label>
      <p className={isBroken ? 'field-error' : 'field-hint'} id={`${id}-hint`}>
        {isBroken ? text.broken(hint) : hint}
      </p>
      {type === 'boolean' ? (
        <select {...shared} onChange={(event) => onChange(event.target.value)}>
          <option value="">{text.empty}</option>
          <option value="true">{text.yes}</option>
          <option value="false">{text.no}</option>
        </select>
      ) : isJson(type) ? (
        <textarea
          {...shared}
          rows={3}
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <input
          {...shared}
          type={type === 'date' ? 'date' : 'text'}
          inputMode={type === 'number' ? 'decimal' : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </div>
  )
}

const WRITTEN = [
  ...['string', 'number', 'boolean', 'date', 'time', 'date and time'],
  ...['days and time duration', 'years and months duration'],
]

/** A type of the file's own, a list, a context and any are written as JSON. */
const isJson = (type: string | null | undefined) => !type || !WRITTEN.includes(type)

/** Null for an input left empty, undefined for one that is not of its type. */
function valueOf(text: string, type: string | null | undefined): unknown {
  if (text.trim() === '') return null
  if (type === 'boolean') return text === 'true'
  if (type === 'number') return Number.isFinite(Number(text)) ? Number(text) : undefined
  if (!isJson(type)) return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Said beside the field, which stays as it was typed.
    return undefined
  }
}

const TEXT = {
  zh: {
    none: '这个决策不需要输入。',
    evaluate: '得出结果',
    empty: '（不填）',
    yes: '是',
    no: '否',
    json: '以 JSON 填写，如 {"q3": "no"}',
    hints: {
      string: '文字',
      number: '数字',
      boolean: '是或否',
      date: '日期',
      time: '时间，如 09:30:00',
      'date and time': '日期与时间，如 2026-01-05T09:30:00',
      'days and time duration': '时长，如 P3D',
      'years and months duration': '时长，如 P1Y6M',
    },
    broken: (hint: string) => `填写有误：${hint}`,
  },
  en: {
    none: 'This decision needs no input.',
    evaluate: 'Evaluate',
    empty: '(left empty)',
    yes: 'yes',
    no: 'no',
    json: 'Written as JSON, such as {"q3": "no"}',
    hints: {
      string: 'A text',
      number: 'A number',
      boolean: 'Yes or no',
      date: 'A day',
      time: 'A time, such as 09:30:00',
      'date and time': 'Such as 2026-01-05T09:30:00',
      'days and time duration': 'A duration, such as P3D',
      'years and months duration': 'A duration, such as P1Y6M',
    },
    broken: (hint: string) => `Not right: ${hint}`,
  },
}
