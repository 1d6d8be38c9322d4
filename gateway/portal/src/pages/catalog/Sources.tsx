import { Button, Modal } from 'antd'
import { useState } from 'react'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import type { SourcesQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, navigate } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { RegisterSource } from './RegisterSource.tsx'

const SOURCES = graphql(`
  query Sources($after: String) {
    sources(first: 30, after: $after) {
      edges {
        node {
          id
          title
          kind
          hosts
          registeredAt
          organisation {
            name {
              zh
              en
            }
          }
          reading {
            collection
            dataset {
              id
              title
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

type Row = SourcesQuery['sources']['edges'][number]['node']

/** The databases and services that datasets are filled from. */
export function Sources() {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const session = useSession()
  const [registering, setRegistering] = useState(false)
  const list = usePaged(SOURCES, {}, (data) => data.sources)
  const may = session.state === 'signed-in' && session.me.permissions.includes('catalog.manageSource')
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
      <PagedTable<Row>
        list={list}
        rowKey={({ id }) => id}
        caption={text.title}
        empty={text.none}
        columns={[
          { title: text.name, cell: (row) => <Link to={`/data/sources/${row.id}`}>{row.title}</Link> },
          { title: text.organisation, cell: (row) => say(row.organisation.name) },
          { title: text.kind, cell: (row) => text.kinds[row.kind] },
          { title: text.host, cell: (row) => row.hosts[0] },
          { title: text.collection, cell: (row) => row.reading?.collection ?? text.unset },
          {
            title: text.dataset,
            cell: (row) =>
              row.reading && (
                <Link to={`/data/datasets/${row.reading.dataset.id}`}>{row.reading.dataset.title}</Link>
              ),
          },
          { title: text.at, cell: (row) => format.time(row.registeredAt) },
        ]}
      />
      <Modal
        open={registering}
        title={text.register}
        footer={null}
        destroyOnHidden
        onCancel={() => setRegistering(false)}
      >
        <RegisterSource onRegistered={(id) => navigate(`/data/sources/${id}`)} />
      </Modal>
    </StaffPage>
  )
}

const TEXT = {
  zh: {
    title: '数据源',
    register: '登记数据源',
    none: '还没有数据源。登记部门的数据库、接口或文件目录后，按计划读取，每次读取成为一批加载。',
    name: '名称',
    organisation: '单位',
    kind: '类型',
    kinds: {
      POSTGRES: 'PostgreSQL',
      MYSQL: 'MySQL / MariaDB',
      MONGO: 'MongoDB',
      REST: 'REST 接口',
      FILES: '文件目录',
    },
    host: '主机',
    collection: '读取的表',
    unset: '还没设置',
    dataset: '装入的数据集',
    at: '登记时间',
  },
  en: {
    title: 'Sources',
    register: 'Register a source',
    none: 'There are no sources yet. Register a department’s database, interface or folder of files: it is read by schedule, and each reading becomes a load.',
    name: 'Name',
    organisation: 'Department',
    kind: 'Kind',
    kinds: {
      POSTGRES: 'PostgreSQL',
      MYSQL: 'MySQL / MariaDB',
      MONGO: 'MongoDB',
      REST: 'REST service',
      FILES: 'Files',
    },
    host: 'Host',
    collection: 'Table read',
    unset: 'not set',
    dataset: 'Into dataset',
    at: 'Registered',
  },
}
