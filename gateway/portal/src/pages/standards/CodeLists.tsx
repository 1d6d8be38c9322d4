import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import type { CodeListsQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { codeListPath, standardLook } from './look.ts'

const CODE_LISTS = graphql(`
  query CodeLists($after: String) {
    codeLists(first: 30, after: $after) {
      edges {
        node {
          id
          standardNumber
          edition
          status
          valueCount
          name {
            zh
            en
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

type Row = CodeListsQuery['codeLists']['edges'][number]['node']

export function CodeLists() {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const list = usePaged(CODE_LISTS, {}, (data) => data.codeLists)
  return (
    <StaffPage title={text.title}>
      <PagedTable<Row>
        list={list}
        rowKey={({ id }) => id}
        caption={text.title}
        empty={text.none}
        columns={[
          {
            title: text.name,
            cell: (row) => <Link to={codeListPath(row.id)}>{say(row.name)}</Link>,
          },
          { title: text.number, cell: ({ standardNumber }) => standardNumber },
          { title: text.edition, cell: ({ edition }) => edition },
          { title: text.values, align: 'right', cell: (row) => format.count(row.valueCount) },
          {
            title: text.status,
            cell: (row) => <span className={standardLook(row.status)}>{words('standard', row.status)}</span>,
          },
        ]}
      />
    </StaffPage>
  )
}

const TEXT = {
  zh: {
    title: '代码集',
    none: '没有代码集。',
    name: '名称',
    number: '标准号',
    edition: '版次',
    values: '代码数',
    status: '状态',
  },
  en: {
    title: 'Code lists',
    none: 'There are no code lists.',
    name: 'Name',
    number: 'Standard',
    edition: 'Edition',
    values: 'Codes',
    status: 'Status',
  },
}
