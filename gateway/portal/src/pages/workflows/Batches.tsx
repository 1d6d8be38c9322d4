import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { BATCHES } from './batch.ts'

/** The last batch operations of the own body: what was done to how many, why, and what came of it. */
export function Batches() {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const query = useQuery(BATCHES, {})
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return (
    <StaffPage title={text.title} lead={<Link to="/processes/instances">{text.instances}</Link>}>
      <DataTable
        caption={text.title}
        empty={text.none}
        rows={query.data.batchOperations}
        rowKey={({ id }) => id}
        columns={[
          {
            title: text.operation,
            cell: ({ id, operation }) => (
              <Link to={`/processes/batches/${id}`}>{words('operation', operation)}</Link>
            ),
          },
          { title: text.status, cell: ({ status }) => words('operationStatus', status) },
          { title: text.done, align: 'right', cell: ({ done, total }) => `${done} / ${total}` },
          { title: text.refused, align: 'right', cell: ({ refused }) => refused },
          { title: text.reason, cell: ({ reason }) => reason },
          { title: text.by, cell: ({ requestedByName: by }) => (by ? say(by) : '–') },
          { title: text.begun, cell: ({ createdAt }) => format.time(createdAt) },
          { title: text.ended, cell: ({ endedAt }) => (endedAt ? format.time(endedAt) : '–') },
        ]}
      />
    </StaffPage>
  )
}

const TEXT = {
  zh: {
    title: '批量操作',
    instances: '流程实例',
    none: '还没有批量操作。在流程实例、流程异常或归档中对多个实例一起操作后，会列在这里。',
    operation: '操作',
    status: '状态',
    done: '办成 / 全部',
    refused: '被拒绝',
    reason: '理由',
    by: '操作人',
    begun: '开始',
    ended: '结束',
  },
  en: {
    title: 'Batch operations',
    instances: 'Instances',
    none: 'There is none yet. What is done to many instances or incidents at once, or archived, is listed here.',
    operation: 'Operation',
    status: 'State',
    done: 'Done / all',
    refused: 'Refused',
    reason: 'Why',
    by: 'By',
    begun: 'Begun',
    ended: 'Ended',
  },
}
