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
  /** What elements are called, of the targets to choose from. */
  readonly names: (node: string) => string
  readonly onPlay: (values: Readonly<Record<string, unknown>>, code?: string, target?: string) => void
}

/** One thing that may happen, with what it brings: the answers of a task's form, a message's content, a refusal's code. */
export function ChoiceForm({ choice, name, names, xml, files, busy, onPlay }: ChoiceFormProps) {
  const text = useText(TEXT)
  const format = useFormat()
  const { kind } = choice
  const [typed, setTyped] = useState<Readonly<Record<string, unknown>>>({})
  const [written, setWritten] = useState('{}')
  const [code, setCode] = useState('')
  const [target, setTarget] = useState(choice.targets?.[0] ?? '')
  const fields = useMemo(() => {
    const form = kind === 'complete' ? formOf(xml, choice.node) : undefined
    const all = form === undefined ? undefined : parsed(files[`forms/${form}.json`])['fields']
    return (Array.isArray(all) ? (all as object[]) : []).map((field) => shown(field as never))
  }, [kind, choice.node, xml, files])
  const takesValues = TAKE_VALUES.has(kind)
  const broken = takesValues && !isObject(written)

  function send(event: FormEvent) {
    event.preventDefault()
    if (broken) return
    const answers = fields.flatMap((field) => {
      const value = asAnswer(field, typed[field.name])
      return isEmpty(value) && value !== false ? [] : [[field.name, value] as const]
    })
    onPlay({ ...Object.fromEntries(answers), ...parsed(written) }, code, target)
  }

  return (
    <form noValidate onSubmit={send} data-choice={`${kind} ${choice.node}`}>
      <details open={kind === 'complete' || kind === 'start'}>
        <summary>
          {text.kinds[kind as keyof typeof text.kinds] ?? kind}
          {kind !== 'terminate' && kind !== 'set-variables' && `: ${name}`}
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
        {choice.targets && (
          <div className="field">
            <label>
              {kind === 'move' ? text.moveTo : text.activity}
              <select
                className="input"
                name="target"
                value={target}
                onChange={(event) => setTarget(event.target.value)}
              >
                {choice.targets.map((node) => (
                  <option key={node} value={node}>
                    {names(node)}
                  </option>
                ))}
              </select>
            </label>
          </div>
        )}
        {(kind === 'fail' || kind === 'escalation') && (
          <div className="field">
            <label>
              {kind === 'fail' ? text.code : text.escalation}
              <input
                className="input"
                name="code"
                value={code}
                onChange={(event) => setCode(event.target.value)}
              />
            </label>
            {choice.codes && (
              <p className="quiet">
                {text.caught}{' '}
                {choice.codes.map((known) => (
                  <button key={known} type="button" className="button-plain" onClick={() => setCode(known)}>
                    {known}
                  </button>
                ))}
              </p>
            )}
          </div>
        )}
        <button type="submit" className="button-second" disabled={busy || broken}>
          {text.play}
        </button>
      </details>
    </form>
  )
}

/** Kinds that bring variables with them. */
const TAKE_VALUES: ReadonlySet<string> = new Set([
  ...['start', 'complete', 'message', 'signal', 'escalation', 'skip', 'set-variables'],
])

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
      escalation: '调用的流程上报',
      begin: '开始活动',
      skip: '跳过',
      move: '移动令牌',
      cancel: '取消令牌',
      'set-variables': '更改变量',
    },
    moveTo: '移到',
    activity: '活动',
    escalation: '上报代码',
    caught: '模型会捕获：',
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
      escalation: 'The called process escalates',
      begin: 'Begin an activity',
      skip: 'Skip',
      move: 'Move the token',
      cancel: 'Cancel the token',
      'set-variables': 'Change variables',
    },
    moveTo: 'Move to',
    activity: 'Activity',
    escalation: 'Escalation code',
    caught: 'The model catches:',
    message: (name: string) => `message “${name}”`,
    due: (at: string) => `due ${at}`,
    values: 'Variables it brings (JSON)',
    more: 'Other variables (JSON)',
    broken: 'Write a JSON object, such as {"result": "agree"}',
    code: 'Error code (empty for a plain failure)',
    play: 'Do it',
  },
}
