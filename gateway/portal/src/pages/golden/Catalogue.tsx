import { Button } from 'antd'
import { useMutation, useQuery } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { SearchField } from '../../components/staff/SearchField.tsx'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import type { OrganisationRecordsQuery } from '../../generated/graphql.ts'
import { useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, usePlace } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { useWords } from '../../words.ts'

const RECORDS = graphql(`
  query OrganisationRecords($search: String!, $after: String) {
    organisationRecords(search: $search, first: 30, after: $after) {
      edges {
        node {
          key
          name
          asOfAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

const LATEST = graphql(`
  query LatestMerge {
    latestMerge {
      id
      status
      errorCode
      records
      startedAt
      endedAt
      inputs {
        datasetId
        version
        rows
      }
    }
  }
`)

const MERGE = graphql(`
  mutation MergeRegisters($commandId: UUID!) {
    mergeRegisters(commandId: $commandId) {
      id
      status
    }
  }
`)

type Row = OrganisationRecordsQuery['organisationRecords']['edges'][number]['node']

/** Organisations as all departments together know them; found by number, name or two characters of it. */
export function Catalogue() {
  const text = useText(TEXT)
  const place = usePlace()
  const search = place.query.get('q') ?? ''
  return (
    <StaffPage title={text.title}>
      <Merge />
      <h2>{text.find}</h2>
      <SearchField label={text.search} />
      {search ? <Found search={search} /> : <p className="empty">{text.begin}</p>}
    </StaffPage>
  )
}

function Found({ search }: { search: string }) {
  const text = useText(TEXT)
  const format = useFormat()
  const list = usePaged(RECORDS, { search }, (data) => data.organisationRecords)
  return (
    <PagedTable<Row>
      list={list}
      rowKey={({ key }) => key}
      caption={text.title}
      empty={text.none}
      columns={[
        {
          title: text.name,
          cell: (row) => <Link to={`/catalogue/${encodeURIComponent(row.key)}`}>{row.name}</Link>,
        },
        { title: text.key, cell: (row) => <code>{row.key}</code> },
        { title: text.asOf, cell: (row) => format.time(row.asOfAt) },
      ]}
    />
  )
}

function Merge() {
  const text = useText(TEXT)
  const words = useWords()
  const format = useFormat()
  const session = useSession()
  const query = useQuery(LATEST, {})
  const merge = useMutation(MERGE)
  const may = session.state === 'signed-in' && session.me.permissions.includes('golden.mergeRegisters')
  const run = query.state === 'ready' ? query.data.latestMerge : undefined
  return (
    <section className="notice" aria-label={text.merge} aria-busy={merge.running}>
      {query.state === 'failed' && <Failure error={query.error} retry={query.reload} />}
      {query.state === 'ready' && (
        <p>
          {run ? (
            <>
              {text.merged(format.time(run.startedAt))}{' '}
              <span className="tag tag-quiet">{words('merge', run.status)}</span>{' '}
              {run.errorCode && <code>{run.errorCode}</code>}
              {run.records !== null && run.records !== undefined && (
                <strong>{text.records(format.count(run.records), run.inputs.length)}</strong>
              )}
            </>
          ) : (
            text.never
          )}
        </p>
      )}
      {merge.error && <Failure error={merge.error} />}
      <p>
        {may && (
          <Button
            type="primary"
            loading={merge.running}
            onClick={() => void merge.run({}).then(() => query.state !== 'loading' && query.reload())}
          >
            {text.mergeNow}
          </Button>
        )}{' '}
        <Button onClick={() => query.state !== 'loading' && query.reload()}>{text.refresh}</Button>
      </p>
    </section>
  )
}

const TEXT = {
  zh: {
    title: '单位目录',
    find: '查找单位',
    search: '统一社会信用代码、名称或名称中的字词',
    begin: '输入代码或名称，两个字就可以查。',
    none: '没有找到这样的单位。',
    name: '名称',
    key: '统一社会信用代码',
    asOf: '截至',
    merge: '归并',
    merged: (at: string) => `最近一次归并：${at}`,
    records: (n: string, inputs: number) => `由 ${inputs} 个数据集归并成 ${n} 条单位记录`,
    never: '还没有归并过各部门的登记。',
    mergeNow: '归并各部门登记',
    refresh: '刷新',
  },
  en: {
    title: 'Organisations',
    find: 'Find an organisation',
    search: 'Credit code, name or part of a name',
    begin: 'Enter a code or a name; two characters suffice.',
    none: 'No such organisation was found.',
    name: 'Name',
    key: 'Unified social credit code',
    asOf: 'As of',
    merge: 'Merge',
    merged: (at: string) => `Last merge: ${at}`,
    records: (n: string, inputs: number) => `${n} organisation records from ${inputs} datasets`,
    never: 'The registers have not been merged yet.',
    mergeNow: 'Merge the registers',
    refresh: 'Refresh',
  },
}
