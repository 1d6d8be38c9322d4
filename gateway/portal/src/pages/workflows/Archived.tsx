import { useMemo, useState } from 'react'
import { useQuery } from '../../api.ts'
import { Diagram, Legend } from '../../components/bpmn/Diagram.tsx'
import type { Mark } from '../../components/bpmn/diagram.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import type { ArchivedInstanceQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { archiveOf, ARCHIVED_INSTANCE } from './archive.ts'
import { useNames } from './nodes.ts'
import { Place } from './Place.tsx'

/** An ended instance as it was put away: the way it took on its diagram, when it was where, who did what. */
export function Archived({ id = '' }: { id?: string }) {
  const query = useQuery(ARCHIVED_INSTANCE, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return <Shown instance={query.data.archivedInstance} />
}

const SIGNS: readonly Mark[] = ['visited']

function Shown({ instance }: { instance: ArchivedInstanceQuery['archivedInstance'] }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const [sight, setSight] = useState<string>()
  const { businessKey, key, version, status, startedAt, endedAt, archivedAt, path } = instance
  const { definition, visits, tasks } = instance
  const names = useNames(definition.xml)
  const marks = useMemo(() => Object.fromEntries(path.map((node) => [node, SIGNS])), [path])
  const at = ({ node }: { readonly node: string }) => (
    <Place node={node} name={names(node)} onShow={setSight} />
  )
  const when = (instant: string | null | undefined) => (instant ? format.time(instant) : '–')
  return (
    <StaffPage
      title={say(definition.name)}
      lead={
        <>
          <span className="tag tag-quiet" data-status={status}>
            {words('instance', status)}
          </span>{' '}
          · <code>{businessKey}</code> · {text.times(when(startedAt), when(endedAt), when(archivedAt))} ·{' '}
          {text.version(version)} · <Link to={archiveOf(key)}>{text.archive}</Link>
        </>
      }
    >
      <Legend of={SIGNS} />
      <Diagram xml={definition.xml} label={text.diagram} marks={marks} sight={sight} />
      <h2>{text.visits}</h2>
      <DataTable
        caption={text.visits}
        empty={text.none}
        rows={visits}
        rowKey={(_, index) => index}
        columns={[
          { title: text.node, cell: at },
          { title: text.entered, cell: ({ enteredAt }) => when(enteredAt) },
          { title: text.left, cell: ({ leftAt }) => when(leftAt) },
          { title: text.outcome, cell: ({ outcome }) => (outcome ? words('visit', outcome) : '–') },
        ]}
      />
      <h2>{text.tasks}</h2>
      <DataTable
        caption={text.tasks}
        empty={text.noTask}
        rows={tasks}
        rowKey={(_, index) => index}
        columns={[
          { title: text.node, cell: at },
          { title: text.status, cell: ({ status }) => words('task', status.toUpperCase()) },
          { title: text.created, cell: ({ createdAt }) => when(createdAt) },
          { title: text.completed, cell: ({ completedAt }) => when(completedAt) },
          {
            title: text.by,
            cell: ({ completedBy, completedByName }) =>
              completedByName ? say(completedByName) : (completedBy ?? '–'),
          },
        ]}
      />
    </StaffPage>
  )
}

const TEXT = {
  zh: {
    times: (from: string, to: string, archived: string) => `${from} 至 ${to}，${archived} 归档`,
    version: (n: number) => `第 ${n} 版`,
    archive: '已归档的实例',
    diagram: '流程图：走过的环节',
    visits: '经过',
    none: '没有留下经过。',
    node: '环节',
    entered: '进入',
    left: '离开',
    outcome: '结果',
    tasks: '人工任务',
    noTask: '没有人工任务。',
    status: '状态',
    created: '产生',
    completed: '办结',
    by: '办理人',
  },
  en: {
    times: (from: string, to: string, archived: string) => `${from} to ${to}, archived ${archived}`,
    version: (n: number) => `version ${n}`,
    archive: 'Archive',
    diagram: 'The process and the way it took',
    visits: 'The way it took',
    none: 'Nothing was kept of it.',
    node: 'Node',
    entered: 'Entered',
    left: 'Left',
    outcome: 'Outcome',
    tasks: 'Tasks of people',
    noTask: 'No person had a task.',
    status: 'State',
    created: 'Came',
    completed: 'Done',
    by: 'By',
  },
}
