import { Button } from 'antd'
import { useState } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { Due } from '../../components/staff/Due.tsx'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, navigate, usePlace } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { useWords } from '../../words.ts'
import { COUNTS, type DeskTask, DUES, enumOf, known, SHOWS, SORTS, TASKS } from './desk.ts'
import { DeskChosen } from './DeskChosen.tsx'
import { DeskFilter } from './DeskFilter.tsx'
import { reviewedStandard } from './task.ts'

const CLAIM = graphql(`
  mutation ClaimTask($commandId: UUID!, $id: UUID!) {
    claimTask(commandId: $commandId, id: $id) {
      id
    }
  }
`)

/** What a person has to do now, of the kind and in the order the address says. */
export function TaskDesk() {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const { query } = usePlace()
  const session = useSession()
  const isHead = session.state === 'signed-in' && session.me.permissions.includes('workflow.assignTask')
  const filter = filterOf(query)
  const list = usePaged(TASKS, { filter }, (data) => data.tasks)
  const counts = useQuery(COUNTS, {})
  const claim = useMutation(CLAIM)
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const chosen = list.state === 'ready' ? list.nodes.filter(({ id }) => ticked.has(id)) : []

  function reload() {
    setTicked(new Set())
    if (list.state !== 'loading') list.reload()
    if (counts.state !== 'loading') counts.reload()
  }

  async function take(task: DeskTask) {
    const taken = await claim.run({ id: task.id })
    if (taken) navigate(`/desk/tasks/${task.id}`)
    else reload()
  }

  function tick(id: string) {
    const next = new Set(ticked)
    if (!next.delete(id)) next.add(id)
    setTicked(next)
  }

  return (
    <StaffPage
      title={text.title}
      actions={<Button onClick={reload}>{text.refresh}</Button>}
      busy={claim.running}
    >
      <DeskFilter counts={counts.state === 'ready' ? counts.data.taskCounts : undefined} isHead={isHead} />
      {counts.state === 'failed' && <Failure error={counts.error} retry={counts.reload} />}
      {claim.error && <Failure error={claim.error} />}
      {chosen.length > 0 && <DeskChosen chosen={chosen} isHead={isHead} onDone={reload} />}
      <PagedTable<DeskTask>
        list={list}
        rowKey={({ id }) => id}
        caption={text.title}
        empty={text.none}
        columns={[
          {
            title: text.task,
            cell: (task) => (
              <>
                <Link to={`/desk/tasks/${task.id}`}>{say(task.name)}</Link>
                {task.priority > 50 && <span className="tag tag-warn"> {text.urgent(task.priority)}</span>}
              </>
            ),
          },
          {
            title: text.choose,
            cell: (task) =>
              (task.mayClaim || (isHead && task.mayHandOver)) && (
                <input
                  type="checkbox"
                  className="staff-tick"
                  aria-label={text.tick(say(task.name), task.case?.number ?? '')}
                  checked={ticked.has(task.id)}
                  onChange={() => tick(task.id)}
                />
              ),
          },
          { title: text.case, cell: (task) => <Subject task={task} /> },
          { title: text.applicant, cell: (task) => task.case && say(task.case.applicant.name) },
          {
            title: text.due,
            cell: (task) => (
              <>
                <Due day={task.dueOn} />
                {task.followUpOn && <div className="quiet">{text.followUp(format.day(task.followUpOn))}</div>}
              </>
            ),
          },
          { title: text.state, cell: (task) => <State task={task} /> },
          { title: text.since, cell: (task) => format.time(task.createdAt) },
          {
            title: text.action,
            cell: (task) =>
              task.mayClaim ? (
                <Button type="primary" disabled={claim.running} onClick={() => void take(task)}>
                  {text.claim}
                </Button>
              ) : (
                <Link to={`/desk/tasks/${task.id}`}>
                  {task.assignedToMe || task.onBehalfOfName ? text.goOn : text.open}
                </Link>
              ),
          },
        ]}
      />
    </StaffPage>
  )
}

function filterOf(query: URLSearchParams) {
  const due = known(DUES, query.get('due'))
  const word = query.get('q')
  const process = query.get('process')
  return {
    show: enumOf(known(SHOWS, query.get('show')) ?? 'all'),
    sort: enumOf(known(SORTS, query.get('sort')) ?? 'created'),
    ...(due && { due: enumOf(due) }),
    ...(word && { word }),
    ...(process && { process }),
  }
}

/** Who has the task, and for whom. */
function State({ task }: { task: DeskTask }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const { assignedToMe, assigneeName, ownerName, onBehalfOfName, candidateRole } = task
  return (
    <>
      <span className={assignedToMe ? 'tag tag-good' : 'tag tag-quiet'}>
        {assignedToMe ? text.yours : words('task', task.status)}
      </span>
      {assigneeName && !assignedToMe && <div className="quiet">{say(assigneeName)}</div>}
      {ownerName && <div className="quiet">{text.delegatedBy(say(ownerName))}</div>}
      {onBehalfOfName && <div>{text.standingIn(say(onBehalfOfName))}</div>}
      {candidateRole && <div className="quiet">{words('role', candidateRole)}</div>}
    </>
  )
}

/** What a task is about: its case, the standard under review, or its business key. */
function Subject({ task }: { task: DeskTask }) {
  const say = useSay()
  const standard = reviewedStandard(task.variables)
  const [name, number] = task.case
    ? [say(task.case.item.name), task.case.number]
    : standard
      ? [say(standard.name), `${standard.code} ${standard.version}`]
      : [task.businessKey, '']
  return (
    <>
      {name}
      <div className="quiet">{number}</div>
    </>
  )
}

const TEXT = {
  zh: {
    title: '待办任务',
    refresh: '刷新',
    none: '没有符合条件的任务。',
    task: '任务',
    choose: '选择',
    tick: (name: string, number: string) => `选择“${name}”${number}`,
    urgent: (priority: number) => `优先 ${priority}`,
    case: '事由',
    applicant: '申请人',
    due: '期限',
    followUp: (day: string) => `${day}跟进`,
    state: '状态',
    yours: '您已领取',
    delegatedBy: (name: string) => `${name}委托`,
    standingIn: (name: string) => `${name}不在岗，由您代办`,
    since: '到达时间',
    action: '操作',
    claim: '领取',
    goOn: '继续办理',
    open: '查看',
  },
  en: {
    title: 'Tasks',
    refresh: 'Refresh',
    none: 'There is no such task.',
    task: 'Task',
    choose: 'Choose',
    tick: (name: string, number: string) => `Choose “${name}” ${number}`,
    urgent: (priority: number) => `urgent ${priority}`,
    case: 'Matter',
    applicant: 'Applicant',
    due: 'Due',
    followUp: (day: string) => `follow up on ${day}`,
    state: 'State',
    yours: 'claimed by you',
    delegatedBy: (name: string) => `delegated by ${name}`,
    standingIn: (name: string) => `you stand in for ${name}`,
    since: 'Since',
    action: 'Action',
    claim: 'Claim',
    goOn: 'Go on',
    open: 'Open',
  },
}
