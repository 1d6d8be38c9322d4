import { SearchField } from '../../components/staff/SearchField.tsx'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { graphql } from '../../generated/gql.ts'
import type { RecordSchemasQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, usePlace } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { useWords } from '../../words.ts'
import { standardLook } from './look.ts'

const SCHEMAS = graphql(`
  query RecordSchemas($search: String, $after: String) {
    recordSchemas(search: $search, first: 30, after: $after) {
      edges {
        node {
          code
          version
          status
          name {
            zh
            en
          }
          organisation {
            name {
              zh
              en
            }
          }
          columns {
            name
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

type Row = RecordSchemasQuery['recordSchemas']['edges'][number]['node']

/** Record schemas: which columns a register has, each by a standard data element. */
export function Schemas() {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const place = usePlace()
  const session = useSession()
  const search = place.query.get('q') ?? ''
  const list = usePaged(SCHEMAS, search ? { search } : {}, (data) => data.recordSchemas)
  const may = session.state === 'signed-in' && session.me.permissions.includes('standards.draftStandard')
  return (
    <StaffPage
      title={text.title}
      actions={may && <Link to="/standards/schemas/new/draft">{text.draft}</Link>}
    >
      <SearchField label={text.search} />
      <PagedTable<Row>
        list={list}
        rowKey={({ code, version }) => `${code} ${version}`}
        caption={text.title}
        empty={text.none}
        columns={[
          {
            title: text.name,
            cell: (row) => (
              <Link to={`/standards/schemas/${row.code}?version=${row.version}`}>{say(row.name)}</Link>
            ),
          },
          { title: text.code, cell: (row) => <code>{row.code}</code> },
          { title: text.version, cell: ({ version }) => version },
          {
            title: text.status,
            cell: (row) => <span className={standardLook(row.status)}>{words('standard', row.status)}</span>,
          },
          { title: text.columns, align: 'right', cell: (row) => row.columns.length },
          { title: text.organisation, cell: (row) => say(row.organisation.name) },
        ]}
      />
    </StaffPage>
  )
}

const TEXT = {
  zh: {
    title: '数据集模式',
    draft: '起草新模式',
    search: '按名称或代号查找',
    none: '没有数据集模式。',
    name: '名称',
    code: '代号',
    version: '版本',
    status: '状态',
    columns: '列数',
    organisation: '起草单位',
  },
  en: {
    title: 'Record schemas',
    draft: 'Draft a schema',
    search: 'Search by name or code',
    none: 'There are no record schemas.',
    name: 'Name',
    code: 'Code',
    version: 'Version',
    status: 'Status',
    columns: 'Columns',
    organisation: 'Drafted by',
  },
}
