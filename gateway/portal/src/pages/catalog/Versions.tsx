import { Checkbox, Input, Select } from 'antd'
import { useState } from 'react'
import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import type { DatasetVersionsQuery, VersionChangesQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'

const VERSIONS = graphql(`
  query DatasetVersions($id: UUID!, $at: DateTime!) {
    dataset(id: $id) {
      id
      title
      schemaCode
      mayCompare
      asOf(at: $at) {
        version
        rows
        createdAt
      }
      versions {
        version
        rows
        createdAt
      }
    }
  }
`)

const COLUMNS = graphql(`
  query ComparableColumns($code: String!) {
    recordSchema(code: $code) {
      primaryKey
      columns {
        name
        element {
          name {
            zh
            en
          }
        }
      }
    }
  }
`)

const COUNTS = graphql(`
  query VersionCounts($id: UUID!, $from: Int!, $to: Int!, $ignoring: [String!]) {
    dataset(id: $id) {
      id
      changeCounts(from: $from, to: $to, ignoring: $ignoring) {
        insert
        update
        delete
        unchanged
      }
    }
  }
`)

const CHANGES = graphql(`
  query VersionChanges($id: UUID!, $from: Int!, $to: Int!, $ignoring: [String!], $after: String) {
    dataset(id: $id) {
      id
      changes(from: $from, to: $to, ignoring: $ignoring, first: 20, after: $after) {
        edges {
          node {
            operation
            key
            changed
            before
            after
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`)

type Dataset = DatasetVersionsQuery['dataset']
type Change = VersionChangesQuery['dataset']['changes']['edges'][number]['node']
type Values = Readonly<Record<string, string | null>> | null

const MINUTE_MS = 60_000
const BEIJING_MS = 8 * 60 * MINUTE_MS

/** The minute to come in Beijing time, as the field writes it: what was published just now stands then. */
const nextMinute = () => new Date(Date.now() + MINUTE_MS + BEIJING_MS).toISOString().slice(0, 16)

/** Which version stood at an instant, and what differs between two. */
export function Versions({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const [at, setAt] = useState(nextMinute)
  const query = useQuery(VERSIONS, { id, at: `${at}:00+08:00` })
  const format = useFormat()
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  if (query.state === 'loading') return <Loading />
  const { dataset } = query.data
  return (
    <StaffPage title={text.title} lead={<Link to={`/data/datasets/${dataset.id}`}>{dataset.title}</Link>}>
      <section>
        <h2>{text.asOf}</h2>
        <p className="staff-filter">
          <label htmlFor="as-of">{text.instant}</label>
          <Input
            id="as-of"
            type="datetime-local"
            style={{ width: '16rem' }}
            value={at}
            onChange={({ target }) => target.value && setAt(target.value)}
          />
          <span role="status">
            {dataset.asOf
              ? text.stood(
                  dataset.asOf.version,
                  format.count(dataset.asOf.rows),
                  format.time(dataset.asOf.createdAt),
                )
              : text.noneYet}
          </span>
        </p>
      </section>
      {dataset.mayCompare && dataset.versions.length > 1 && <Comparison dataset={dataset} />}
      {dataset.versions.length < 2 && <p className="empty">{text.single}</p>}
    </StaffPage>
  )
}

function Comparison({ dataset }: { dataset: Dataset }) {
  const text = useText(TEXT)
  const say = useSay()
  const [newest, previous] = dataset.versions
  const [from, setFrom] = useState(previous?.version ?? 1)
  const [to, setTo] = useState(newest?.version ?? 1)
  const [ignoring, setIgnoring] = useState<string[]>([])
  const columns = useQuery(COLUMNS, { code: dataset.schemaCode })
  const options = dataset.versions.map(({ version }) => ({ value: version, label: text.nth(version) }))
  return (
    <section>
      <h2>{text.compare}</h2>
      <p className="staff-filter">
        <label htmlFor="from">{text.from}</label>
        <Select id="from" value={from} onChange={setFrom} options={options} />
        <label htmlFor="to">{text.to}</label>
        <Select id="to" value={to} onChange={setTo} options={options} />
      </p>
      {columns.state === 'ready' && (
        <fieldset>
          <legend>{text.ignoring}</legend>
          <Checkbox.Group
            value={ignoring}
            onChange={(chosen) => setIgnoring(chosen)}
            options={columns.data.recordSchema.columns
              .filter(({ name }) => !columns.data.recordSchema.primaryKey.includes(name))
              .map(({ name, element }) => ({ value: name, label: `${say(element.name)}（${name}）` }))}
          />
        </fieldset>
      )}
      {columns.state === 'failed' && <Failure error={columns.error} retry={columns.reload} />}
      <Differences id={dataset.id} from={from} to={to} ignoring={ignoring} />
    </section>
  )
}

interface DifferencesProps {
  readonly id: string
  readonly from: number
  readonly to: number
  readonly ignoring: string[]
}

function Differences(compared: DifferencesProps) {
  const text = useText(TEXT)
  const words = useWords()
  const counts = useQuery(COUNTS, { ...compared })
  const list = usePaged(CHANGES, { ...compared }, (data) => data.dataset.changes)
  return (
    <>
      {counts.state === 'loading' && <Loading />}
      {counts.state === 'failed' && <Failure error={counts.error} retry={counts.reload} />}
      {counts.state === 'ready' && <Sum counts={counts.data.dataset.changeCounts} />}
      <PagedTable<Change>
        list={list}
        rowKey={({ key }) => key.join(' ')}
        caption={text.compare}
        empty={text.same}
        columns={[
          { title: text.key, cell: ({ key }) => key.join(' · ') },
          {
            title: text.operation,
            cell: ({ operation }) => <span data-change={operation}>{words('change', operation)}</span>,
          },
          {
            title: text.difference,
            cell: ({ changed, before, after }) => (
              <ul className="reasons">
                {changed.map((column) => (
                  <li key={column}>
                    <strong>{column}</strong>: {(before as Values)?.[column] ?? text.nothing} →{' '}
                    {(after as Values)?.[column] ?? text.nothing}
                  </li>
                ))}
              </ul>
            ),
          },
        ]}
      />
    </>
  )
}

function Sum({ counts }: { counts: Readonly<Record<'insert' | 'update' | 'delete' | 'unchanged', number>> }) {
  const text = useText(TEXT)
  const format = useFormat()
  const { insert, update, delete: deleted, unchanged } = counts
  return (
    <p role="status" data-changes={`${insert} ${update} ${deleted} ${unchanged}`}>
      {text.sum(format.count(insert), format.count(update), format.count(deleted), format.count(unchanged))}
    </p>
  )
}

const TEXT = {
  zh: {
    title: '版本',
    asOf: '某一时刻的版本',
    instant: '时刻（北京时间）',
    stood: (n: number, rows: string, at: string) => `当时是第 ${n} 版，${rows} 行，发布于 ${at}。`,
    noneYet: '当时还没有版本。',
    single: '只有两个以上的版本才能比较。',
    compare: '两个版本的差异',
    from: '从',
    to: '到',
    nth: (n: number) => `第 ${n} 版`,
    ignoring: '不比较的列',
    same: '没有差异。',
    key: '主键',
    operation: '变化',
    difference: '变更的列',
    nothing: '（空）',
    sum: (i: string, u: string, d: string, s: string) =>
      `新增 ${i} 行，变更 ${u} 行，删除 ${d} 行，不变 ${s} 行。`,
  },
  en: {
    title: 'Versions',
    asOf: 'The version at an instant',
    instant: 'Instant (Beijing time)',
    stood: (n: number, rows: string, at: string) => `It was version ${n} of ${rows} rows, published ${at}.`,
    noneYet: 'There was no version then.',
    single: 'There must be two versions to compare.',
    compare: 'What differs between two versions',
    from: 'From',
    to: 'to',
    nth: (n: number) => `version ${n}`,
    ignoring: 'Columns that do not count',
    same: 'Nothing differs.',
    key: 'Key',
    operation: 'Change',
    difference: 'Columns changed',
    nothing: '(nothing)',
    sum: (i: string, u: string, d: string, s: string) =>
      `${i} inserted, ${u} updated, ${d} deleted, ${s} unchanged.`,
  },
}
