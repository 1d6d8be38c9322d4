import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { SearchField } from '../../components/staff/SearchField.tsx'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { graphql } from '../../generated/gql.ts'
import type { CodeValuesQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { usePlace } from '../../router.tsx'

const CODE_LIST = graphql(`
  query CodeList($id: String!) {
    codeList(id: $id) {
      id
      standardNumber
      edition
      valueCount
      name {
        zh
        en
      }
    }
  }
`)

const VALUES = graphql(`
  query CodeValues($id: String!, $search: String, $after: String) {
    codeList(id: $id) {
      id
      values(first: 50, after: $after, search: $search) {
        edges {
          node {
            code
            parent
            level
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
  }
`)

type Row = CodeValuesQuery['codeList']['values']['edges'][number]['node']

export function CodeList({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const place = usePlace()
  const search = place.query.get('q') ?? ''
  const query = useQuery(CODE_LIST, { id })
  const list = usePaged(VALUES, search ? { id, search } : { id }, (data) => data.codeList.values)
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { name, standardNumber, edition, valueCount } = query.data.codeList
  return (
    <StaffPage title={say(name)} lead={`${standardNumber} · ${edition} · ${text.count(valueCount)}`}>
      <SearchField label={text.search} />
      <PagedTable<Row>
        list={list}
        rowKey={({ code }) => code}
        caption={say(name)}
        empty={text.none}
        columns={[
          { title: text.code, cell: (row) => <code>{row.code}</code> },
          { title: text.name, cell: (row) => say(row.name) },
          { title: text.parent, cell: (row) => row.parent && <code>{row.parent}</code> },
          { title: text.level, cell: ({ level }) => level },
        ]}
      />
    </StaffPage>
  )
}

const TEXT = {
  zh: {
    count: (n: number) => `${n} 个代码`,
    search: '按代码或名称查找',
    none: '没有这样的代码。',
    code: '代码',
    name: '名称',
    parent: '上级',
    level: '层级',
  },
  en: {
    count: (n: number) => `${n} codes`,
    search: 'Search by code or name',
    none: 'No such code.',
    code: 'Code',
    name: 'Name',
    parent: 'Parent',
    level: 'Level',
  },
}
