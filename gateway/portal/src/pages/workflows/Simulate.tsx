import { useMemo, useRef, useState } from 'react'
import { request, useQuery, type ApiError } from '../../api.ts'
import { Diagram, Legend } from '../../components/bpmn/Diagram.tsx'
import { Failure, Loading } from '../../components/Notices.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { DRAFT, modelOf, SIMULATION, type Draft } from './draft.ts'
import { useNames } from './nodes.ts'
import { commandOf, drawnState, type SimulationChoice, type SimulationStep } from './simulation.ts'
import { ChoiceForm } from './SimulationChoice.tsx'

/** Plays a draft token by token with the step function that runs live cases; nothing is stored, no task runs. */
export function Simulate({ id = '' }: { id?: string }) {
  const draft = useQuery(DRAFT, { id })
  const begin = useQuery(SIMULATION, { id, commands: NO_COMMANDS })
  if (draft.state === 'failed') return <Failure error={draft.error} retry={draft.reload} />
  if (begin.state === 'failed') return <Refused id={id} error={begin.error} retry={begin.reload} />
  if (draft.state === 'loading' || begin.state === 'loading') return <Loading />
  return <Simulator draft={draft.data.processDraft} first={begin.data.processDraftSimulation} />
}

const NO_COMMANDS: unknown[] = []

function Refused({ id, error, retry }: { id: string; error: ApiError; retry: () => void }) {
  const text = useText(TEXT)
  return (
    <>
      <Failure error={error} retry={retry} />
      <Link to={`/processes/drafts/${id}`}>{text.back}</Link>
    </>
  )
}

function Simulator({ draft, first }: { draft: Draft; first: readonly SimulationStep[] }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const [trace, setTrace] = useState(first)
  const [at, setAt] = useState(0)
  const [progress, setProgress] = useState<{ running: boolean; error?: ApiError }>({ running: false })
  const next = useRef<HTMLHeadingElement>(null)
  const files = Object.fromEntries(draft.files.map(({ path, text }) => [path, text]))
  const xml = files[modelOf(files) ?? ''] ?? ''
  const names = useNames(xml)
  const step = trace[at] ?? trace[0]!
  const { marks, badges } = useMemo(() => drawnState(trace.slice(0, at + 1), text.token), [trace, at, text])

  /** From the moment that is shown: what was played after it is another past. */
  async function play(
    choice: SimulationChoice,
    values: Readonly<Record<string, unknown>>,
    code?: string,
    target?: string,
  ) {
    setProgress({ running: true })
    const commands = [
      ...trace.slice(1, at + 1).map(({ command }) => command),
      commandOf(choice, values, code, target),
    ]
    try {
      const { processDraftSimulation } = await request(SIMULATION, { id: draft.id, commands })
      setTrace(processDraftSimulation)
      setAt(processDraftSimulation.length - 1)
      setProgress({ running: false })
      // What was chosen is gone from the page; the next choice begins here.
      next.current?.focus()
    } catch (error) {
      setProgress({ running: false, error: error as ApiError })
    }
  }

  return (
    <StaffPage
      title={text.title(say(draft.name))}
      lead={<Link to={`/processes/drafts/${draft.id}`}>{text.back}</Link>}
      busy={progress.running}
    >
      <p role="status" data-status={step.status} className="notice">
        {text.at(at, trace.length - 1)} ·{' '}
        {text.statuses[step.status as keyof typeof text.statuses] ?? step.status} · {format.time(step.at)}
        {step.tokens.length > 0 &&
          ` · ${text.standing(step.tokens.map(({ node }) => names(node)).join(text.comma))}`}
      </p>
      {progress.error && <Failure error={progress.error} />}
      <div className="console">
        <div>
          <Legend />
          <Diagram xml={xml} label={text.diagram} marks={marks} badges={badges} />
          <h2>{text.variables}</h2>
          <pre tabIndex={0} id="variables">
            {JSON.stringify(step.variables, null, 2)}
          </pre>
          <h2>{text.effects}</h2>
          <ol>
            {(step.effects as readonly Readonly<Record<string, unknown>>[]).map(
              ({ kind, node, ...rest }, index) => (
                <li key={index}>
                  <code>{String(kind)}</code> {typeof node === 'string' && names(node)}{' '}
                  <code className="quiet">{JSON.stringify(rest)}</code>
                </li>
              ),
            )}
          </ol>
        </div>
        <aside className="console-side" aria-label={text.next}>
          <h2 ref={next} tabIndex={-1}>
            {text.next}
          </h2>
          {step.choices.length === 0 && <p className="quiet">{text.nothing}</p>}
          {step.choices.map(choiceForm)}
          {step.operations.length > 0 && (
            <details id="operations">
              <summary>{text.operations}</summary>
              {step.operations.map(choiceForm)}
            </details>
          )}
          <h2>{text.trace}</h2>
          <ol className="trace">
            {trace.map((one, index) => (
              <li key={index}>
                <button
                  type="button"
                  className="button-plain"
                  {...(index === at ? { 'aria-current': 'step' as const } : {})}
                  onClick={() => setAt(index)}
                >
                  {index}. {labelOf(one, trace[index - 1])}
                </button>
              </li>
            ))}
          </ol>
        </aside>
      </div>
    </StaffPage>
  )

  function choiceForm(choice: SimulationChoice) {
    return (
      <ChoiceForm
        key={`${at} ${choice.kind} ${choice.token} ${choice.node}`}
        choice={choice}
        name={names(choice.node)}
        names={names}
        xml={xml}
        files={files}
        busy={progress.running}
        onPlay={(values, code, target) => void play(choice, values, code, target)}
      />
    )
  }

  function labelOf({ command }: SimulationStep, before: SimulationStep | undefined): string {
    if (!command) return text.beginning
    const { kind, token, node } = command as { kind: keyof typeof text.kinds; token?: number; node?: string }
    const place = node ?? before?.tokens.find(({ id }) => id === token)?.node
    return `${text.kinds[kind]} ${place === undefined ? '' : names(place)}`
  }
}

const TEXT = {
  zh: {
    title: (name: string) => `模拟：${name}`,
    back: '返回编辑',
    at: (at: number, of: number) => `第 ${at} / ${of} 步`,
    statuses: { new: '尚未开始', running: '运行中', completed: '已结束', terminated: '已终止' },
    standing: (places: string) => `停在：${places}`,
    comma: '、',
    diagram: '流程图与令牌',
    token: (id: number) => `令牌 ${id}`,
    variables: '变量',
    effects: '这一步的效果',
    next: '接下来可以',
    nothing: '没有可以做的。可回到前面的步骤另走一路。',
    trace: '走过的步骤（点选可回到当时）',
    beginning: '开始之前',
    kinds: {
      start: '启动',
      complete: '完成',
      fail: '失败',
      message: '消息',
      signal: '信号',
      timer: '到时',
      retry: '重试',
      terminate: '终止',
      escalation: '上报',
      begin: '开始活动',
      skip: '跳过',
      move: '移动到',
      cancel: '取消',
      'set-variables': '更改变量',
    },
    operations: '人工干预（跳过、移动、取消、更改变量）',
  },
  en: {
    title: (name: string) => `Simulate: ${name}`,
    back: 'Back to the editor',
    at: (at: number, of: number) => `Step ${at} of ${of}`,
    statuses: { new: 'not started', running: 'running', completed: 'ended', terminated: 'terminated' },
    standing: (places: string) => `stands at: ${places}`,
    comma: ', ',
    diagram: 'The process and its tokens',
    token: (id: number) => `token ${id}`,
    variables: 'Variables',
    effects: 'Effects of this step',
    next: 'What may happen',
    nothing: 'Nothing. Go back to an earlier step to take another way.',
    trace: 'Steps taken (choose one to go back)',
    beginning: 'before the start',
    kinds: {
      start: 'start',
      complete: 'complete',
      fail: 'fail',
      message: 'message',
      signal: 'signal',
      timer: 'timer',
      retry: 'retry',
      terminate: 'terminate',
      escalation: 'escalation',
      begin: 'begin',
      skip: 'skip',
      move: 'move to',
      cancel: 'cancel',
      'set-variables': 'change variables',
    },
    operations: 'An operator’s hand: skip, move, cancel, change variables',
  },
}
