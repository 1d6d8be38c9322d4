import { Downloads } from '../../components/staff/Downloads.tsx'
import { SearchField } from '../../components/staff/SearchField.tsx'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { graphql } from '../../generated/gql.ts'
import type { DataElementsQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, usePlace } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { standardLook } from './look.ts'

const ELEMENTS = graphql(`
  query DataElements($search: String, $after: String) {
    dataElements(search: $search, first: 30, after: $after) {
      edges {
        node {
          code
          version
          shortName
          dataType
          format
          status
          personal
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

type Row = DataElementsQuery['dataElements']['edges'][number]['node']

/** The words of the standards: data elements. */
export function Elements() {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const place = usePlace()
  const search = place.query.get('q') ?? ''
  const list = usePaged(ELEMENTS, search ? { search } : {}, (data) => data.dataElements)
  return (
    <StaffPage title={text.title}>
      <Downloads kind="element" />
      <SearchField label={text.search} />
      <PagedTable<Row>
        list={list}
        rowKey={({ code }) => code}
        caption={text.title}
        empty={text.none}
        columns={[
          {
            title: text.name,
            cell: (row) => <Link to={`/standards/elements/${row.code}`}>{say(row.name)}</Link>,
          },
          { title: text.code, cell: (row) => <code>{row.code}</code> },
          { title: text.type, cell: (row) => `${words('dataType', row.dataType)} ${row.format}` },
          { title: text.version, cell: ({ version }) => version },
          {
            title: text.personal,
            cell: (row) => row.personal && <span className="tag tag-warn">{text.yes}</span>,
          },
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
    title: '数据元',
    search: '按名称、同义词或代号查找',
    none: '没有数据元。',
    name: '名称',
    code: '代号',
    type: '类型和格式',
    version: '版本',
    personal: '个人信息',
    yes: '是',
    status: '状态',
  },
  en: {
    title: 'Data elements',
    search: 'Search by name, synonym or code',
    none: 'There are no data elements.',
    name: 'Name',
    code: 'Code',
    type: 'Type and format',
    version: 'Version',
    personal: 'Personal data',
    yes: 'yes',
    status: 'Status',
  },
}
