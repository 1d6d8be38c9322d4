import { Button, Modal } from 'antd'
import { useState } from 'react'
import { SearchField } from '../../components/staff/SearchField.tsx'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import type { DatasetsQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, navigate, usePlace } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { RegisterDataset } from './RegisterDataset.tsx'

const DATASETS = graphql(`
  query Datasets($search: String, $after: String) {
    datasets(search: $search, first: 30, after: $after) {
      edges {
        node {
          id
          title
          schemaCode
          sourceRank
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
            rows
            createdAt
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

type Row = DatasetsQuery['datasets']['edges'][number]['node']

/** The registers that departments hold here. */
export function Datasets() {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const place = usePlace()
  const session = useSession()
  const [registering, setRegistering] = useState(false)
  const search = place.query.get('q') ?? ''
  const list = usePaged(DATASETS, search ? { search } : {}, (data) => data.datasets)
  const may = session.state === 'signed-in' && session.me.permissions.includes('catalog.registerDataset')
  return (
    <StaffPage
      title={text.title}
      actions={
        may && (
          <Button type="primary" onClick={() => setRegistering(true)}>
            {text.register}
          </Button>
        )
      }
    >
      <SearchField label={text.search} />
      <PagedTable<Row>
        list={list}
        rowKey={({ id }) => id}
        caption={text.title}
        empty={text.none}
        columns={[
          { title: text.name, cell: (row) => <Link to={`/data/datasets/${row.id}`}>{row.title}</Link> },
          { title: text.organisation, cell: (row) => say(row.organisation.name) },
          {
            title: text.schema,
            cell: (row) => <Link to={`/standards/schemas/${row.schemaCode}`}>{say(row.schemaName)}</Link>,
          },
          {
            title: text.version,
            cell: (row) => (row.currentVersion ? text.nth(row.currentVersion.version) : text.unpublished),
          },
          {
            title: text.rows,
            align: 'right',
            cell: (row) => row.currentVersion && format.count(row.currentVersion.rows),
          },
          {
            title: text.updated,
            cell: (row) => row.currentVersion && format.time(row.currentVersion.createdAt),
          },
        ]}
      />
      <Modal
        open={registering}
        title={text.register}
        footer={null}
        destroyOnHidden
        onCancel={() => setRegistering(false)}
      >
        <RegisterDataset onRegistered={(id) => navigate(`/data/datasets/${id}`)} />
      </Modal>
    </StaffPage>
  )
}

const TEXT = {
  zh: {
    title: '数据集',
    register: '登记数据集',
    search: '按名称查找',
    none: '还没有数据集。',
    name: '名称',
    organisation: '数源单位',
    schema: '数据集模式',
    version: '当前版本',
    nth: (n: number) => `第 ${n} 版`,
    unpublished: '还没发布',
    rows: '行数',
    updated: '发布时间',
  },
  en: {
    title: 'Datasets',
    register: 'Register a dataset',
    search: 'Search by name',
    none: 'There are no datasets yet.',
    name: 'Name',
    organisation: 'Department',
    schema: 'Record schema',
    version: 'Current version',
    nth: (n: number) => `version ${n}`,
    unpublished: 'not published',
    rows: 'Rows',
    updated: 'Published',
  },
}
