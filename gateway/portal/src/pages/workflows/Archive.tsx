import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { SearchField } from '../../components/staff/SearchField.tsx'
import { useFormat } from '../../format.ts'
import { useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, usePlace } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { useWords } from '../../words.ts'
import { ARCHIVED_INSTANCES, MAY_ARCHIVE } from './archive.ts'
import { ArchiveForm } from './ArchiveForm.tsx'
import { ProcessChoice } from './ProcessChoice.tsx'

const PAGE = 20

/** Ended instances of a process that were put away, and the way to put more away. */
export function Archive() {
  const text = useText(TEXT)
  const key = usePlace().query.get('key')
  return (
    <StaffPage title={text.title} lead={<Link to="/processes/instances">{text.instances}</Link>}>
      <div className="actions">
        <ProcessChoice value={key} none={text.pick} />
        {key !== null && <SearchField label={text.search} />}
      </div>
      {key === null ? <p className="empty">{text.choose}</p> : <OfProcess key={key} processKey={key} />}
    </StaffPage>
  )
}

function OfProcess({ processKey }: { processKey: string }) {
  const text = useText(TEXT)
  const words = useWords()
  const format = useFormat()
  const session = useSession()
  const mayArchive =
    session.state === 'signed-in' &&
    MAY_ARCHIVE.some((permission) => session.me.permissions.includes(permission))
  const list = usePaged(
    ARCHIVED_INSTANCES,
    { key: processKey, businessKey: usePlace().query.get('q'), first: PAGE },
    ({ archivedInstances }) => ({
      edges: archivedInstances.map((node) => ({ node })),
      pageInfo: {
        hasNextPage: archivedInstances.length === PAGE,
        endCursor: archivedInstances.at(-1)?.id ?? null,
      },
    }),
  )
  return (
    <>
      {mayArchive && (
        <ArchiveForm processKey={processKey} onDone={() => list.state !== 'loading' && list.reload()} />
      )}
      <h2>{text.title}</h2>
      <PagedTable
        list={list}
        caption={text.title}
        empty={text.none}
        rowKey={({ id }) => id}
        columns={[
          {
            title: text.businessKey,
            cell: ({ id, businessKey }) => (
              <Link to={`/processes/archive/${id}`}>
                <code>{businessKey}</code>
              </Link>
            ),
          },
          { title: text.version, cell: ({ version }) => text.nth(version) },
          { title: text.status, cell: ({ status }) => words('instance', status) },
          { title: text.started, cell: ({ startedAt }) => format.time(startedAt) },
          { title: text.ended, cell: ({ endedAt }) => format.time(endedAt) },
          { title: text.archived, cell: ({ archivedAt }) => format.time(archivedAt) },
        ]}
      />
    </>
  )
}

const TEXT = {
  zh: {
    title: '已归档的流程实例',
    instances: '流程实例',
    search: '业务主键（开头部分）',
    pick: '请选择',
    choose: '归档按流程存放：选择一个流程，查看它已归档的实例，或归档更多。',
    none: '没有符合条件的已归档实例。',
    businessKey: '业务主键',
    version: '版本',
    nth: (n: number) => `第 ${n} 版`,
    status: '状态',
    started: '开始',
    ended: '结束',
    archived: '归档',
  },
  en: {
    title: 'Archived instances',
    instances: 'Instances',
    search: 'Business key (its beginning)',
    pick: 'Choose',
    choose: 'Instances are archived process by process: choose one to see them, or to archive more.',
    none: 'No archived instance matches.',
    businessKey: 'Business key',
    version: 'Version',
    nth: (n: number) => `version ${n}`,
    status: 'State',
    started: 'Started',
    ended: 'Ended',
    archived: 'Archived',
  },
}
