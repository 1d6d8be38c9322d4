import { Select } from 'antd'
import { Due } from '../../components/staff/Due.tsx'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import type { CasesQuery, CaseStatus } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, navigate, usePlace, withQuery } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { clocksToShow, type Case } from './case.ts'

const CASES = graphql(`
  query Cases($status: CaseStatus, $after: String) {
    cases(status: $status, first: 30, after: $after) {
      edges {
        node {
          id
          number
          status
          submittedAt
          publicStatus {
            zh
            en
          }
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
          organisation {
            name {
              zh
              en
            }
          }
          clocks {
            ...ClockParts
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

type Row = CasesQuery['cases']['edges'][number]['node']

const STATUSES: readonly CaseStatus[] = [
  'SUBMITTED',
  'CORRECTION_REQUESTED',
  'CORRECTION_SUBMITTED',
  'ACCEPTED',
  'IN_REVIEW',
  'DECIDED',
  'DELIVERED',
  'CLOSED',
  'NOT_REQUIRED',
  'NOT_ACCEPTED',
  'WITHDRAWN',
  'TERMINATED',
]

/** All cases of the office, newest first. */
export function Cases() {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const place = usePlace()
  const status = STATUSES.find((status) => status === place.query.get('status'))
  const list = usePaged(CASES, status ? { status } : {}, (data) => data.cases)
  return (
    <StaffPage title={text.title}>
      <div className="staff-filter">
        <Select
          aria-label={text.filter}
          style={{ width: '14rem' }}
          allowClear
          placeholder={text.all}
          value={status}
          options={STATUSES.map((status) => ({ value: status, label: words('case', status) }))}
          onChange={(status: CaseStatus | undefined) => navigate(withQuery(place, { status }))}
        />
      </div>
      <PagedTable<Row>
        list={list}
        rowKey={({ id }) => id}
        caption={text.title}
        empty={text.none}
        columns={[
          { title: text.number, cell: (row) => <Link to={`/desk/cases/${row.id}`}>{row.number}</Link> },
          { title: text.item, cell: (row) => say(row.item.name) },
          { title: text.applicant, cell: (row) => say(row.applicant.name) },
          { title: text.organisation, cell: (row) => say(row.organisation.name) },
          { title: text.status, cell: (row) => <span className="tag">{say(row.publicStatus)}</span> },
          { title: text.due, cell: (row) => <Due day={dueOf(row)} /> },
          { title: text.submitted, cell: (row) => format.time(row.submittedAt) },
        ]}
      />
    </StaffPage>
  )
}

/** The day the office is bound to next. */
const dueOf = (row: Row) =>
  clocksToShow(row as Pick<Case, 'clocks'>).find(({ state }) => state === 'RUNNING')?.dueOn ?? undefined

const TEXT = {
  zh: {
    title: '全部办件',
    filter: '按状态筛选',
    all: '全部状态',
    none: '没有办件。',
    number: '办件编号',
    item: '事项',
    applicant: '申请人',
    organisation: '办理部门',
    status: '状态',
    due: '最近期限',
    submitted: '提交时间',
  },
  en: {
    title: 'All cases',
    filter: 'Filter by status',
    all: 'Every status',
    none: 'There are no cases.',
    number: 'Case',
    item: 'Service',
    applicant: 'Applicant',
    organisation: 'Department',
    status: 'Status',
    due: 'Next due date',
    submitted: 'Sent',
  },
}
