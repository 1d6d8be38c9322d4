import { Button, Input } from 'antd'
import { useState } from 'react'
import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import type { StandardHoldingsQuery, StandardImpactQuery, StandardKind } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { useWords } from '../../words.ts'
import { lifePath } from './life.ts'

const IMPACT = graphql(`
  query StandardImpact($kind: StandardKind!, $code: String!, $value: String) {
    standardImpact(kind: $kind, code: $code, value: $value) {
      complete
      users {
        kind
        code
        version
        place
        values
        live
        status
        depth
        name {
          zh
          en
        }
      }
    }
  }
`)

// Apart, for it reads the files of the datasets: asked only when somebody wants the figures.
const HOLDINGS = graphql(`
  query StandardHoldings($kind: StandardKind!, $code: String!, $value: String) {
    standardImpact(kind: $kind, code: $code, value: $value) {
      holdingsComplete
      holdings {
        version
        column
        rows
        dataset {
          id
          title
        }
      }
    }
  }
`)

type ImpactData = StandardImpactQuery['standardImpact']
type Holding = StandardHoldingsQuery['standardImpact']['holdings'][number]

interface Standard {
  readonly kind: StandardKind
  readonly code: string
  /** One code of a list. */
  readonly value?: string
}

/** Who uses a standard (影响), or one code of a list: what refers to it, and how many rows hold it. */
export function UsedBy({ kind, code }: Standard) {
  const text = useText(TEXT)
  const session = useSession()
  const may = session.state === 'signed-in' && session.me.permissions.includes('standards.readImpact')
  if (!may) return null
  return (
    <section aria-labelledby="used-by">
      <h2 id="used-by">{text.title}</h2>
      <Impact key={`${kind} ${code}`} kind={kind} code={code} />
    </section>
  )
}

function Impact({ kind, code }: Standard) {
  const text = useText(TEXT)
  const [value, setValue] = useState('')
  const of = value === '' ? { kind, code } : { kind, code, value }
  return (
    <>
      {kind === 'CODE_LIST' && <OneCode choose={setValue} />}
      <h3>{value === '' ? text.usersOfAll : text.usersOf(value)}</h3>
      <Users {...of} />
      {kind !== 'SCHEMA' && <Counting key={value} {...of} />}
    </>
  )
}

/** Narrows the impact to one code; an empty box widens it again. */
function OneCode({ choose }: { choose: (code: string) => void }) {
  const text = useText(TEXT)
  const [typed, setTyped] = useState('')
  return (
    <form
      className="staff-filter"
      onSubmit={(event) => {
        event.preventDefault()
        choose(typed.trim())
      }}
    >
      <label htmlFor="impact-code">{text.one}</label>
      <Input
        id="impact-code"
        style={{ width: '12rem' }}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <Button htmlType="submit">{text.look}</Button>
    </form>
  )
}

function Users(standard: Standard) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const query = useQuery(IMPACT, standard)
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { users, complete } = query.data.standardImpact
  const codes = {
    title: text.codes,
    cell: ({ values }: ImpactData['users'][number]) => values?.join(' ') ?? text.allCodes,
  }
  return (
    <>
      <DataTable<ImpactData['users'][number]>
        caption={text.users}
        empty={text.nobody}
        rows={users}
        rowKey={(_, index) => index}
        columns={[
          { title: text.user, cell: (user) => <User user={user} name={say(user.name)} /> },
          { title: text.kind, cell: (user) => text.kinds[user.kind] },
          { title: text.version, cell: (user) => user.version },
          { title: text.place, cell: (user) => <code>{user.place}</code> },
          ...(users.some(({ values }) => values) ? [codes] : []),
          { title: text.way, cell: ({ depth }) => (depth === 1 ? text.direct : text.through(depth - 1)) },
          {
            title: text.state,
            cell: ({ live, status }) =>
              live ? (status ? words('standard', status) : text.live) : text.followed,
          },
        ]}
      />
      {!complete && <p className="notice notice-warn">{text.cut}</p>}
    </>
  )
}

/** Counts when it is told to. */
function Counting(standard: Standard) {
  const text = useText(TEXT)
  const [isAsked, ask] = useState(false)
  return isAsked ? <Holdings {...standard} /> : <Button onClick={() => ask(true)}>{text.count}</Button>
}

function Holdings(standard: Standard) {
  const text = useText(TEXT)
  const format = useFormat()
  const query = useQuery(HOLDINGS, standard)
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { holdings, holdingsComplete } = query.data.standardImpact
  return (
    <>
      <h3>{standard.value === undefined ? text.rows : text.rowsOf(standard.value)}</h3>
      <DataTable<Holding>
        caption={text.rows}
        empty={text.noData}
        rows={holdings}
        rowKey={(_, index) => index}
        columns={[
          {
            title: text.dataset,
            cell: ({ dataset }) => <Link to={`/data/datasets/${dataset.id}`}>{dataset.title}</Link>,
          },
          { title: text.version, cell: ({ version }) => version },
          { title: text.column, cell: ({ column }) => <code>{column}</code> },
          { title: text.rowCount, align: 'right', cell: ({ rows }) => format.count(rows) },
        ]}
      />
      {!holdingsComplete && <p className="notice notice-warn">{text.notAll}</p>}
    </>
  )
}

function User({ user, name }: { user: ImpactData['users'][number]; name: string }) {
  switch (user.kind) {
    case 'ELEMENT':
    case 'CODE_LIST':
    case 'SCHEMA':
    case 'CROSSWALK':
      return <Link to={lifePath(user.kind, user.code, user.version)}>{name}</Link>
    case 'DATASET':
      return <Link to={`/data/datasets/${user.code}`}>{name}</Link>
    case 'FIELD':
      return <code>{name}</code>
    case 'ITEM':
    case 'PROCESS':
    case 'LEGAL_SOURCE':
    case 'ENTRY':
    case 'GRANT':
      return name
  }
}

const TEXT = {
  zh: {
    title: '影响：谁在使用',
    one: '只看一个代码（不填为全部）',
    look: '查看影响',
    usersOfAll: '谁引用它',
    usersOf: (value: string) => `谁引用代码 ${value}`,
    codes: '点名的代码',
    allCodes: '全部',
    count: '统计行数',
    users: '引用方',
    nobody: '没有任何引用。',
    user: '引用方',
    kind: '种类',
    kinds: {
      ELEMENT: '数据元',
      CODE_LIST: '代码集',
      SCHEMA: '数据集模式',
      CROSSWALK: '对照表',
      DATASET: '数据集',
      ITEM: '办事事项',
      PROCESS: '流程',
      LEGAL_SOURCE: '法定数源',
      ENTRY: '资源目录条目',
      GRANT: '授权',
      FIELD: 'GraphQL 字段',
    },
    version: '版本',
    place: '引用之处',
    way: '途径',
    direct: '直接',
    through: (steps: number) => `经 ${steps} 层`,
    state: '状态',
    live: '使用中',
    followed: '已有后续版本',
    cut: '引用方过多，仅列出一部分。',
    rows: '现行版本中有值的行',
    rowsOf: (value: string) => `现行版本中值为 ${value} 的行`,
    noData: '没有可见的数据集存有它。',
    notAll: '数据集过多，仅统计了一部分。',
    dataset: '数据集',
    column: '列',
    rowCount: '行数',
  },
  en: {
    title: 'Impact: who uses it',
    one: 'One code alone (empty: all)',
    look: 'Show impact',
    usersOfAll: 'Who refers to it',
    usersOf: (value: string) => `Who refers to the code ${value}`,
    codes: 'Codes named',
    allCodes: 'all',
    count: 'Count rows',
    users: 'Users',
    nobody: 'Nothing refers to it.',
    user: 'User',
    kind: 'Kind',
    kinds: {
      ELEMENT: 'data element',
      CODE_LIST: 'code list',
      SCHEMA: 'record schema',
      CROSSWALK: 'crosswalk',
      DATASET: 'dataset',
      ITEM: 'service item',
      PROCESS: 'process',
      LEGAL_SOURCE: 'legal source',
      ENTRY: 'directory entry',
      GRANT: 'grant',
      FIELD: 'GraphQL field',
    },
    version: 'Version',
    place: 'Where',
    way: 'Way',
    direct: 'direct',
    through: (steps: number) => `through ${steps}`,
    state: 'State',
    live: 'in use',
    followed: 'a later version has followed',
    cut: 'There are more users than are listed.',
    rows: 'Rows of the current version that hold a value',
    rowsOf: (value: string) => `Rows of the current version that hold ${value}`,
    noData: 'No dataset that you may see holds it.',
    notAll: 'There are more datasets than are counted.',
    dataset: 'Dataset',
    column: 'Column',
    rowCount: 'Rows',
  },
}
