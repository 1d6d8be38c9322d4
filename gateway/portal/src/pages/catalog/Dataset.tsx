import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import type { BatchesQuery, DatasetQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { EntryNote } from './EntryNote.tsx'
import { UploadFile } from './UploadFile.tsx'

const DATASET = graphql(`
  query Dataset($id: UUID!) {
    dataset(id: $id) {
      id
      title
      schemaCode
      sourceRank
      mayLoad
      maySeeBatches
      mayRegisterEntry
      entry {
        id
        code
      }
      schemaName {
        zh
        en
      }
      organisation {
        name {
          zh
          en
        }
      }
      currentVersion {
        version
      }
      versions {
        version
        rows
        createdAt
        schemaVersion
        sha256
      }
    }
  }
`)

const BATCHES = graphql(`
  query Batches($datasetId: UUID!, $after: String) {
    batches(datasetId: $datasetId, first: 20, after: $after) {
      edges {
        node {
          id
          fileName
          sizeBytes
          status
          createdAt
          publishedVersion
          counts {
            read
            accepted
            rejected
            duplicate
            filtered
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

type Dataset = DatasetQuery['dataset']
type BatchRow = BatchesQuery['batches']['edges'][number]['node']

/** One register: upload, its batches, the versions they became. */
export function Dataset({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const query = useQuery(DATASET, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { dataset } = query.data
  return (
    <StaffPage
      title={dataset.title}
      lead={
        <>
          {say(dataset.organisation.name)} ·{' '}
          <Link to={`/standards/schemas/${dataset.schemaCode}`}>{say(dataset.schemaName)}</Link> ·{' '}
          {text.rank(dataset.sourceRank)} ·{' '}
          <Link to={`/data/datasets/${dataset.id}/lineage`}>{text.lineage}</Link>
        </>
      }
    >
      <EntryNote dataset={dataset} />
      {dataset.mayLoad && <UploadFile datasetId={dataset.id} />}
      {dataset.maySeeBatches && <Batches datasetId={dataset.id} />}
      <Versions dataset={dataset} />
    </StaffPage>
  )
}

function Batches({ datasetId }: { datasetId: string }) {
  const text = useText(TEXT)
  const words = useWords()
  const format = useFormat()
  const list = usePaged(BATCHES, { datasetId }, (data) => data.batches)
  const number = (row: BatchRow, name: keyof NonNullable<BatchRow['counts']>) =>
    row.counts && format.count(Number(row.counts[name]))
  return (
    <section>
      <h2>{text.batches}</h2>
      <PagedTable<BatchRow>
        list={list}
        rowKey={({ id }) => id}
        caption={text.batches}
        empty={text.noBatches}
        columns={[
          {
            title: text.file,
            cell: (row) => <Link to={`/data/batches/${row.id}`}>{row.fileName}</Link>,
          },
          { title: text.size, align: 'right', cell: (row) => format.size(row.sizeBytes) },
          {
            title: text.status,
            cell: (row) => <span className="tag tag-quiet">{words('batch', row.status)}</span>,
          },
          { title: text.read, align: 'right', cell: (row) => number(row, 'read') },
          { title: text.accepted, align: 'right', cell: (row) => number(row, 'accepted') },
          { title: text.rejected, align: 'right', cell: (row) => number(row, 'rejected') },
          { title: text.duplicate, align: 'right', cell: (row) => number(row, 'duplicate') },
          { title: text.version, cell: (row) => row.publishedVersion && text.nth(row.publishedVersion) },
          { title: text.at, cell: (row) => format.time(row.createdAt) },
        ]}
      />
    </section>
  )
}

function Versions({ dataset }: { dataset: Dataset }) {
  const text = useText(TEXT)
  const format = useFormat()
  return (
    <section>
      <h2>{text.versions}</h2>
      {dataset.versions.length > 0 && (
        <p>
          <Link to={`/data/datasets/${dataset.id}/versions`}>{text.compare}</Link>
        </p>
      )}
      <DataTable<Dataset['versions'][number]>
        rowKey={({ version }) => version}
        caption={text.versions}
        rows={dataset.versions}
        empty={text.noVersions}
        columns={[
          {
            title: text.version,
            cell: ({ version }) => (
              <>
                {text.nth(version)}{' '}
                {version === dataset.currentVersion?.version && (
                  <span className="tag tag-good">{text.current}</span>
                )}
              </>
            ),
          },
          { title: text.rows, align: 'right', cell: ({ rows }) => format.count(rows) },
          { title: text.schemaVersion, cell: ({ schemaVersion }) => schemaVersion },
          { title: text.at, cell: ({ createdAt }) => format.time(createdAt) },
          {
            title: 'SHA-256',
            cell: ({ sha256 }) => sha256.map((digest) => <code key={digest}>{digest.slice(0, 16)}… </code>),
          },
        ]}
      />
    </section>
  )
}

const TEXT = {
  zh: {
    rank: (n: number) => `来源等级 ${n}`,
    batches: '批次',
    noBatches: '还没有批次。',
    file: '文件',
    size: '大小',
    status: '状态',
    read: '读取',
    accepted: '接收',
    rejected: '退回',
    duplicate: '重复',
    version: '版本',
    nth: (n: number) => `第 ${n} 版`,
    at: '时间',
    lineage: '数据血缘',
    versions: '已发布的版本',
    compare: '查看某一时刻的版本，比较两个版本',
    noVersions: '还没有发布过。',
    current: '当前',
    rows: '行数',
    schemaVersion: '模式版本',
  },
  en: {
    rank: (n: number) => `source rank ${n}`,
    batches: 'Batches',
    noBatches: 'There are no batches yet.',
    file: 'File',
    size: 'Size',
    status: 'Status',
    read: 'Read',
    accepted: 'Accepted',
    rejected: 'Rejected',
    duplicate: 'Duplicate',
    version: 'Version',
    nth: (n: number) => `version ${n}`,
    at: 'At',
    lineage: 'Lineage',
    versions: 'Published versions',
    compare: 'See the version at an instant, compare two versions',
    noVersions: 'Nothing has been published yet.',
    current: 'current',
    rows: 'Rows',
    schemaVersion: 'Schema version',
  },
}
