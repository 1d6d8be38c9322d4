import { useEffect, useMemo, useState } from 'react'
import { useQuery } from '../../api.ts'
import { Diagram, Legend } from '../../components/bpmn/Diagram.tsx'
import type { Badge, Mark, Marks } from '../../components/bpmn/diagram.ts'
import { Empty, Failure, Loading } from '../../components/Notices.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link, usePlace } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { INSTANCE, type Running } from './instance.ts'
import { InstanceHistory } from './InstanceHistory.tsx'
import { InstanceTokens } from './InstanceTokens.tsx'
import { InstanceVariables } from './InstanceVariables.tsx'
import { InstanceWaits } from './InstanceWaits.tsx'
import { MadeDecisions } from './MadeDecisions.tsx'
import { useNames } from './nodes.ts'
import type { Operation } from './operation.ts'
import { OperationForm } from './OperationForm.tsx'
import { Place } from './Place.tsx'

/** The process that runs a case, drawn: where its tokens wait, the way it took, what went wrong, what may be done. */
export function Instance({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const of = usePlace().query.get('of')
  const query = useQuery(INSTANCE, { businessKey: id, id: of })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const instance = query.data.processInstance
  if (!instance) return <Empty>{text.none}</Empty>
  return <Shown instance={instance} reload={query.reload} />
}

/** A process that no case started has another business key, such as the start event and the time. */
const CASE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** How often a running instance is looked at again while nobody is deciding anything about it. */
const LOOK_MS = 5_000

function Shown({ instance, reload }: { instance: Running; reload: () => void }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const [sight, setSight] = useState<string>()
  const [operation, setOperation] = useState<Operation>()
  const [target, setTarget] = useState('')
  const [told, setTold] = useState('')
  const { definition, mayOperate, status, suspendedAt, endedAt } = instance
  const { xml } = definition
  const names = useNames(xml)
  const targets = operation?.kind === 'move' ? operation.targets : undefined
  const { marks, badges } = useMemo(
    () => drawn(instance, text.token, targets, target),
    [instance, text, targets, target],
  )
  const isLive = !endedAt && !operation
  useEffect(() => {
    if (!isLive) return
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), LOOK_MS)
    return () => clearInterval(timer)
  }, [isLive, reload])

  function choose(next: Operation | undefined) {
    setOperation(next)
    setTarget('')
    setTold('')
  }

  return (
    <StaffPage
      title={say(definition.name)}
      lead={
        <>
          <span className={`tag tag-${status === 'incident' ? 'bad' : 'quiet'}`} data-status={status}>
            {words('instance', status)}
          </span>{' '}
          · {text.started(format.time(instance.startedAt))}
          {endedAt && ` · ${text.ended(format.time(endedAt))}`}
          {suspendedAt && ` · ${text.suspended(format.time(suspendedAt))}`} ·{' '}
          <Link to={`/processes/${definition.id}`}>{text.definition(definition.version)}</Link>
          {CASE.test(instance.businessKey) && (
            <>
              {' '}
              · <Link to={`/desk/cases/${instance.businessKey}`}>{text.case}</Link>
            </>
          )}
        </>
      }
      {...(mayOperate && !endedAt
        ? { actions: <OnInstance isHeld={suspendedAt !== null} onChoose={choose} /> }
        : {})}
    >
      <Legend of={targets ? [...SIGNS, 'target'] : SIGNS} />
      <Diagram
        xml={xml}
        label={text.diagram}
        marks={marks}
        badges={badges}
        sight={sight}
        onElement={(node) => {
          if (targets?.includes(node)) setTarget(node)
        }}
      />
      <p role="status" className={told ? 'notice' : 'visually-hidden'}>
        {told}
      </p>
      {operation && (
        <OperationForm
          operation={operation}
          instance={instance}
          names={names}
          target={target}
          onTarget={setTarget}
          onLeave={() => {
            choose(undefined)
            reload()
          }}
          onDone={() => {
            choose(undefined)
            setTold(text.done(words('operation', operation.kind)))
            reload()
          }}
        />
      )}
      <div className="console">
        <div>
          <h2>{text.standing}</h2>
          <InstanceTokens instance={instance} names={names} onShow={setSight} onChoose={choose} />
          <InstanceWaits instance={instance} names={names} onShow={setSight} />
          {mayOperate && <InstanceVariables instance={instance} names={names} onChanged={reload} />}
          <MadeDecisions businessKey={instance.businessKey} id={instance.id} />
        </div>
        <aside className="console-side" aria-label={text.past}>
          <h2>{text.operations}</h2>
          <InstanceHistory operations={instance.operations} names={names} />
          <h2>{text.visited}</h2>
          <ol className="steps">
            {instance.visited.map((node, at) => (
              <li key={`${at} ${node}`}>
                <Place node={node} name={names(node)} onShow={setSight} />
              </li>
            ))}
          </ol>
        </aside>
      </div>
    </StaffPage>
  )
}

interface OnInstanceProps {
  readonly isHeld: boolean
  readonly onChoose: (operation: Operation) => void
}

function OnInstance({ isHeld, onChoose }: OnInstanceProps) {
  const words = useWords()
  const hold = isHeld ? ('resume' as const) : ('suspend' as const)
  return (
    <div className="actions">
      {[hold, 'terminate' as const].map((kind) => (
        <button
          key={kind}
          type="button"
          className="button-second"
          data-act={kind}
          onClick={() => onChoose({ kind })}
        >
          {words('operation', kind)}
        </button>
      ))}
    </div>
  )
}

const SIGNS: readonly Mark[] = ['visited', 'waiting', 'trouble']

function drawn(
  { tokens, visited }: Running,
  label: (id: number) => string,
  targets: readonly string[] = [],
  target = '',
) {
  const marks: Record<string, Mark[]> = Object.fromEntries(visited.map((node) => [node, ['visited']]))
  const badges: Badge[] = []
  for (const { id, node, trouble } of tokens) {
    marks[node] = [trouble ? 'trouble' : 'waiting']
    badges.push({
      element: node,
      text: trouble ? `! ${id}` : `● ${id}`,
      look: trouble ? 'trouble' : 'token',
      title: label(id),
    })
  }
  for (const node of targets) marks[node] = [node === target ? 'path' : 'target']
  return { marks: marks as Marks, badges }
}

const TEXT = {
  zh: {
    none: '这件办件没有流程在运行。',
    started: (at: string) => `${at} 开始`,
    ended: (at: string) => `${at} 结束`,
    suspended: (at: string) => `${at} 起暂停`,
    definition: (n: number) => `流程定义第 ${n} 版`,
    diagram: '流程图：令牌与走过的环节',
    token: (id: number) => `令牌 ${id}`,
    case: '办件',
    done: (what: string) => `已完成操作：${what}。`,
    standing: '停在哪里',
    past: '经过',
    operations: '操作记录',
    visited: '走过的环节',
  },
  en: {
    none: 'No process runs for this case.',
    started: (at: string) => `started ${at}`,
    ended: (at: string) => `ended ${at}`,
    suspended: (at: string) => `suspended since ${at}`,
    definition: (n: number) => `Definition, version ${n}`,
    diagram: 'The process, its tokens and the way they took',
    token: (id: number) => `token ${id}`,
    case: 'Case',
    done: (what: string) => `Done: ${what.toLowerCase()}.`,
    standing: 'Where it stands',
    past: 'Its past',
    operations: 'Operations',
    visited: 'The way it took',
  },
}
