import { Button } from 'antd'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import type { EntryDesk as Desk, EntryDeskQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, navigate, usePlace, withQuery } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { useWords } from '../../words.ts'

const DESK = graphql(`
  query EntryDesk($desk: EntryDesk!, $after: String) {
    entryDesk(desk: $desk, first: 30, after: $after) {
      edges {
        node {
          id
          code
          name
          status
          updateState
          updatedAt
          dueAt
          remark
          confirmationDue
          provider {
            name {
              zh
              en
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

type Row = EntryDeskQuery['entryDesk']['edges'][number]['node']

const DESKS: readonly Desk[] = ['OWN', 'TO_REVIEW', 'TO_PUBLISH', 'OVERDUE', 'CLOSED']
/** Of those who write entries. */
const OWN_DESKS: readonly Desk[] = ['OWN', 'CLOSED']

/** Where the directory is kept: one's own entries; for administrators what waits for them, and what is overdue. */
export function EntryDesk() {
  const text = useText(TEXT)
  const place = usePlace()
  const session = useSession()
  const administers = session.state === 'signed-in' && session.me.permissions.includes('catalog.reviewEntry')
  const desks = administers ? DESKS : OWN_DESKS
  const desk = desks.find((known) => known === place.query.get('desk')) ?? 'OWN'
  return (
    <StaffPage
      title={text.title}
      lead={text.lead}
      actions={
        <Button id="register-entry" type="primary" onClick={() => navigate('/directory/register')}>
          {text.register}
        </Button>
      }
    >
      <nav aria-label={text.lists} className="staff-filter">
        {desks.map((known) => (
          <Link
            key={known}
            to={withQuery(place, { desk: known })}
            {...(known === desk ? { 'aria-current': 'page' as const } : {})}
          >
            {text.desks[known]}
          </Link>
        ))}
      </nav>
      <Entries key={desk} desk={desk} />
    </StaffPage>
  )
}

function Entries({ desk }: { desk: Desk }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const list = usePaged(DESK, { desk }, (data) => data.entryDesk)
  return (
    <PagedTable<Row>
      list={list}
      rowKey={({ id }) => id}
      caption={text.desks[desk]}
      empty={text.none}
      columns={[
        { title: text.name, cell: (row) => <Link to={`/directory/entries/${row.id}`}>{row.name}</Link> },
        { title: text.code, cell: (row) => <code>{row.code}</code> },
        { title: text.provider, cell: (row) => say(row.provider.name) },
        {
          title: text.status,
          cell: (row) => (
            <>
              <span className="tag tag-quiet">{words('entryStatus', row.status)}</span>{' '}
              {row.confirmationDue && <span className="tag tag-bad">{text.confirm}</span>}
              {row.remark && <div className="quiet">{row.remark}</div>}
            </>
          ),
        },
        {
          title: text.updated,
          cell: (row) => (
            <>
              {words('updateState', row.updateState)} {row.updatedAt && format.time(row.updatedAt)}
            </>
          ),
        },
        { title: text.due, cell: (row) => row.dueAt && format.time(row.dueAt) },
      ]}
    />
  )
}

const TEXT = {
  zh: {
    title: '目录编制',
    lead: '登记本单位的信息资源；他人审核后由目录管理员发布。',
    register: '登记条目',
    lists: '清单',
    desks: {
      OWN: '本单位的条目',
      TO_REVIEW: '待审核',
      TO_PUBLISH: '待发布',
      OVERDUE: '逾期未更新',
      CLOSED: '已撤出开放目录',
    },
    none: '这里没有条目。',
    name: '信息资源名称',
    code: '代码',
    provider: '提供方',
    status: '状态',
    confirm: '待年度确认',
    updated: '更新',
    due: '最迟更新',
  },
  en: {
    title: 'Directory desk',
    lead: 'Register what your department has; another person reviews it, an administrator publishes it.',
    register: 'Register an entry',
    lists: 'Lists',
    desks: {
      OWN: 'Our entries',
      TO_REVIEW: 'To review',
      TO_PUBLISH: 'To publish',
      OVERDUE: 'Overdue',
      CLOSED: 'No longer open',
    },
    none: 'There are no entries here.',
    name: 'Resource',
    code: 'Code',
    provider: 'Provider',
    status: 'Status',
    confirm: 'to be confirmed',
    updated: 'Update',
    due: 'Due by',
  },
}
