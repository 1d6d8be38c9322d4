import { Button, Segmented } from 'antd'
import { useMutation } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { Due } from '../../components/staff/Due.tsx'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import type { TasksQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, navigate, usePlace, withQuery } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { reviewedStandard } from './task.ts'

const TASKS = graphql(`
  query Tasks($mine: Boolean, $after: String) {
    tasks(first: 30, after: $after, mine: $mine) {
      edges {
        node {
          id
          name {
            zh
            en
          }
          status
          assignedToMe
          candidateRole
          businessKey
          variables
          createdAt
          dueOn
          mayClaim
          organisation {
            name {
              zh
              en
            }
          }
          case {
            id
            number
            item {
              name {
                zh
                en
              }
            }
            applicant {
              name {
                zh
                en
              }
            }
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

const CLAIM = graphql(`
  mutation ClaimTask($commandId: UUID!, $id: UUID!) {
    claimTask(commandId: $commandId, id: $id) {
      id
    }
  }
`)

type Task = TasksQuery['tasks']['edges'][number]['node']

/** What a person has to do now: their own tasks and those offered to their roles; the filter stands in the address. */
export function TaskDesk() {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const place = usePlace()
  const mine = place.query.get('show') === 'mine'
  const list = usePaged(TASKS, mine ? { mine } : {}, (data) => data.tasks)
  const claim = useMutation(CLAIM)

  async function take(task: Task) {
    const taken = await claim.run({ id: task.id })
    if (taken) navigate(`/desk/tasks/${task.id}`)
    else if (list.state === 'ready') list.reload()
  }

  return (
    <StaffPage title={text.title} busy={claim.running}>
      <div className="staff-filter">
        <Segmented
          aria-label={text.filter}
          value={mine ? 'mine' : 'all'}
          options={[
            { value: 'all', label: text.all },
            { value: 'mine', label: text.mine },
          ]}
          onChange={(value) => navigate(withQuery(place, { show: value === 'mine' ? 'mine' : undefined }))}
        />
        <Button onClick={() => list.state !== 'loading' && list.reload()}>{text.refresh}</Button>
      </div>
      {claim.error && <Failure error={claim.error} />}
      <PagedTable<Task>
        list={list}
        rowKey={({ id }) => id}
        caption={text.title}
        empty={mine ? text.noneMine : text.none}
        columns={[
          {
            title: text.task,
            cell: (task) => <Link to={`/desk/tasks/${task.id}`}>{say(task.name)}</Link>,
          },
          {
            title: text.case,
            cell: (task) =>
              task.case ? (
                <>
                  {say(task.case.item.name)}
                  <div className="quiet">{task.case.number}</div>
                </>
              ) : (
                <Subject task={task} />
              ),
          },
          { title: text.applicant, cell: (task) => task.case && say(task.case.applicant.name) },
          { title: text.due, cell: (task) => <Due day={task.dueOn} /> },
          {
            title: text.state,
            cell: (task) => (
              <>
                <span className={task.assignedToMe ? 'tag tag-good' : 'tag tag-quiet'}>
                  {task.assignedToMe ? text.yours : words('task', task.status)}
                </span>
                {task.candidateRole && <div className="quiet">{words('role', task.candidateRole)}</div>}
              </>
            ),
          },
          { title: text.since, cell: (task) => format.time(task.createdAt) },
          {
            title: text.action,
            cell: (task) =>
              task.mayClaim ? (
                <Button type="primary" disabled={claim.running} onClick={() => void take(task)}>
                  {text.claim}
                </Button>
              ) : (
                <Link to={`/desk/tasks/${task.id}`}>{task.assignedToMe ? text.goOn : text.open}</Link>
              ),
          },
        ]}
      />
    </StaffPage>
  )
}

/** What a task without a case is about. */
function Subject({ task }: { task: Task }) {
  const say = useSay()
  const standard = reviewedStandard(task.variables)
  if (!standard) return task.businessKey
  return (
    <>
      {say(standard.name)}
      <div className="quiet">
        {standard.code} {standard.version}
      </div>
    </>
  )
}

const TEXT = {
  zh: {
    title: '待办任务',
    filter: '显示哪些任务',
    all: '我能办的',
    mine: '我领取的',
    refresh: '刷新',
    none: '现在没有等您办理的任务。',
    noneMine: '您没有领取任务。',
    task: '任务',
    case: '事由',
    applicant: '申请人',
    due: '期限',
    state: '状态',
    yours: '您已领取',
    since: '到达时间',
    action: '操作',
    claim: '领取',
    goOn: '继续办理',
    open: '查看',
  },
  en: {
    title: 'Tasks',
    filter: 'Which tasks',
    all: 'Open to me',
    mine: 'Claimed by me',
    refresh: 'Refresh',
    none: 'There is no task for you now.',
    noneMine: 'You have claimed no task.',
    task: 'Task',
    case: 'Matter',
    applicant: 'Applicant',
    due: 'Due',
    state: 'State',
    yours: 'claimed by you',
    since: 'Since',
    action: 'Action',
    claim: 'Claim',
    goOn: 'Go on',
    open: 'Open',
  },
}
