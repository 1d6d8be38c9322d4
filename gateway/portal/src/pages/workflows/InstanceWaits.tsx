import type { ReactNode } from 'react'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { placeOf, type Running } from './instance.ts'
import { Place } from './Place.tsx'

interface InstanceWaitsProps {
  readonly instance: Running
  readonly names: (node: string) => string
  readonly onShow: (node: string) => void
}

/** What an instance waits for: people, times, messages, work, other processes. What there is none of is not drawn. */
export function InstanceWaits({ instance, names, onShow }: InstanceWaitsProps) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const at = ({ node }: { readonly node: string }) => <Place node={node} name={names(node)} onShow={onShow} />
  const { openTasks, timers, subscriptions, jobs, called, caller } = instance
  return (
    <>
      <Part title={text.tasks} of={openTasks}>
        <DataTable
          caption={text.tasks}
          rows={openTasks}
          rowKey={({ id }) => id}
          columns={[
            { title: text.node, cell: at },
            {
              title: text.who,
              cell: ({ assigneeName, candidateRole }) =>
                assigneeName
                  ? say(assigneeName)
                  : candidateRole
                    ? text.offered(words('role', candidateRole))
                    : '–',
            },
            {
              title: text.due,
              cell: ({ dueOn, isOverdue }) =>
                dueOn ? `${format.day(dueOn)}${isOverdue ? text.overdue : ''}` : '–',
            },
          ]}
        />
      </Part>
      <Part title={text.timers} of={timers}>
        <DataTable
          caption={text.timers}
          rows={timers}
          rowKey={({ id }) => id}
          columns={[
            { title: text.node, cell: at },
            { title: text.due, cell: ({ dueAt }) => format.time(dueAt) },
          ]}
        />
      </Part>
      <Part title={text.subscriptions} of={subscriptions}>
        <DataTable
          caption={text.subscriptions}
          rows={subscriptions}
          rowKey={({ id }) => id}
          columns={[
            { title: text.node, cell: at },
            {
              title: text.hears,
              cell: ({ kind, message }) => (
                <>
                  {kind === 'signal' ? text.signal : text.message} <code>{message}</code>
                </>
              ),
            },
            {
              title: text.key,
              cell: ({ correlationKey }) =>
                correlationKey === null || correlationKey === undefined ? (
                  text.anyKey
                ) : (
                  <code>{correlationKey}</code>
                ),
            },
          ]}
        />
      </Part>
      <Part title={text.jobs} of={jobs}>
        <DataTable
          caption={text.jobs}
          rows={jobs}
          rowKey={({ id }) => id}
          columns={[
            { title: text.node, cell: at },
            { title: text.task, cell: ({ task }) => <code>{task}</code> },
            { title: text.tried, cell: ({ attempts, retriesLeft }) => text.tries(attempts, retriesLeft) },
            { title: text.next, cell: ({ runAfter }) => format.time(runAfter) },
          ]}
        />
      </Part>
      {(caller || called.length > 0) && (
        <>
          <h2>{text.calls}</h2>
          <ul>
            {caller && (
              <li>
                {text.calledBy} <Link to={placeOf(caller)}>{say(caller.definition.name)}</Link>
              </li>
            )}
            {called.map((one) => (
              <li key={one.id}>
                {text.callsOf} <Link to={placeOf(one)}>{say(one.definition.name)}</Link> ·{' '}
                {words('instance', one.status)}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

interface PartProps {
  readonly title: string
  readonly of: readonly unknown[]
  readonly children: ReactNode
}

function Part({ title, of, children }: PartProps) {
  if (of.length === 0) return null
  return (
    <>
      <h2>{title}</h2>
      {children}
    </>
  )
}

const TEXT = {
  zh: {
    tasks: '待办的人工任务',
    timers: '定时器',
    subscriptions: '等待的消息与信号',
    jobs: '自动任务作业',
    calls: '调用关系',
    node: '环节',
    who: '承办',
    offered: (role: string) => `待${role}领取`,
    due: '到期',
    overdue: '（已逾期）',
    hears: '等待',
    message: '消息',
    signal: '信号',
    key: '关联键',
    anyKey: '任意',
    task: '任务',
    tried: '尝试',
    tries: (n: number, left: number) => `已试 ${n} 次，还可重试 ${left} 次`,
    next: '下次运行',
    calledBy: '由它调用：',
    callsOf: '调用了：',
  },
  en: {
    tasks: 'Tasks that wait for a person',
    timers: 'Timers',
    subscriptions: 'Messages and signals awaited',
    jobs: 'Jobs of service tasks',
    calls: 'Calls',
    node: 'Node',
    who: 'With',
    offered: (role: string) => `offered to: ${role}`,
    due: 'Due',
    overdue: ' (overdue)',
    hears: 'Waits for',
    message: 'message',
    signal: 'signal',
    key: 'Correlation key',
    anyKey: 'any',
    task: 'Task',
    tried: 'Tried',
    tries: (n: number, left: number) => `${n === 1 ? 'once' : `${n} times`}, ${left} left`,
    next: 'Runs next',
    calledBy: 'Called by',
    callsOf: 'Calls',
  },
}
