import { useMemo, useState, type FormEvent } from 'react'
import { asAnswer, Field, isEmpty } from '../../components/Fields.tsx'
import { useFormat } from '../../format.ts'
import { useText } from '../../i18n.ts'
import { parsed } from './draft.ts'
import { shown } from '../../components/form/written.ts'
import { formOf, type SimulationChoice } from './simulation.ts'
import type { Files } from './usePack.ts'

interface ChoiceFormProps {
  readonly choice: SimulationChoice
  /** What the element is called. */
  readonly name: string
  readonly xml: string
  readonly files: Files
  readonly busy: boolean
  readonly onPlay: (values: Readonly<Record<string, unknown>>, code?: string) => void
}

/** One thing that may happen, with what it brings: the answers of a task's form, a message's content, a refusal's code. */
export function ChoiceForm({ choice, name, xml, files, busy, onPlay }: ChoiceFormProps) {
  const text = useText(TEXT)
  const format = useFormat()
  const { kind } = choice
  const [typed, setTyped] = useState<Readonly<Record<string, unknown>>>({})
  const [written, setWritten] = useState('{}')
  const [code, setCode] = useState('')
  const fields = useMemo(() => {
    const form = kind === 'complete' ? formOf(xml, choice.node) : undefined
    const all = form === undefined ? undefined : parsed(files[`forms/${form}.json`])['fields']
    return (Array.isArray(all) ? (all as object[]) : []).map((field) => shown(field as never))
  }, [kind, choice.node, xml, files])
  const takesValues = kind === 'complete' || kind === 'message' || kind === 'signal' || kind === 'start'
  const broken = takesValues && !isObject(written)

  function send(event: FormEvent) {
    event.preventDefault()
    if (broken) return
    const answers = fields.flatMap((field) => {
      const value = asAnswer(field, typed[field.name])
      return isEmpty(value) && value !== false ? [] : [[field.name, value] as const]
    })
    onPlay({ ...Object.fromEntries(answers), ...parsed(written) }, code)
  }

  return (
    <form noValidate onSubmit={send} data-choice={`${kind} ${choice.node}`}>
      <details open={kind === 'complete' || kind === 'start'}>
        <summary>
          {text.kinds[kind as keyof typeof text.kinds] ?? kind}
          {kind !== 'terminate' && `: ${name}`}
        </summary>
        {choice.message && <p className="quiet">{text.message(choice.message)}</p>}
        {choice.dueAt && <p className="quiet">{text.due(format.time(choice.dueAt))}</p>}
        {fields.map((field) => (
          <Field
            key={field.name}
            field={field}
            value={typed[field.name]}
            onChange={(value) => setTyped((typed) => ({ ...typed, [field.name]: value }))}
          />
        ))}
        {takesValues && (
          <div className="field">
            <label>
              {fields.length > 0 ? text.more : text.values}
              <textarea
                className="input"
                rows={2}
                name="values"
                spellCheck={false}
                aria-invalid={broken}
                value={written}
                onChange={(event) => setWritten(event.target.value)}
              />
            </label>
            {broken && (
              <p className="field-error" role="alert">
                {text.broken}
              </p>
            )}
          </div>
        )}
        {kind === 'fail' && (
          <div className="field">
            <label>
              {text.code}
              <input className="input" value={code} onChange={(event) => setCode(event.target.value)} />
            </label>
          </div>
        )}
        <button type="submit" className="button-second" disabled={busy || broken}>
          {text.play}
        </button>
      </details>
    </form>
  )
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

const TEXT = {
  zh: {
    kinds: {
      start: '启动',
      complete: '完成任务',
      fail: '任务被拒绝或失败',
      message: '收到消息',
      signal: '收到信号',
      timer: '时间到',
      retry: '重试',
      terminate: '终止流程',
    },
    message: (name: string) => `消息“${name}”`,
    due: (at: string) => `${at} 到期`,
    values: '带来的变量（JSON）',
    more: '其他变量（JSON）',
    broken: '请写成 JSON 对象，如 {"result": "agree"}',
    code: '错误代码（空为一般失败）',
    play: '执行',
  },
  en: {
    kinds: {
      start: 'Start',
      complete: 'Complete',
      fail: 'The task is refused or fails',
      message: 'A message arrives',
      signal: 'A signal is given',
      timer: 'The time is up',
      retry: 'Try again',
      terminate: 'Terminate',
    },
    message: (name: string) => `message “${name}”`,
    due: (at: string) => `due ${at}`,
    values: 'Variables it brings (JSON)',
    more: 'Other variables (JSON)',
    broken: 'Write a JSON object, such as {"result": "agree"}',
    code: 'Error code (empty for a plain failure)',
    play: 'Do it',
  },
}
