import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { Downloads } from '../../components/staff/Downloads.tsx'
import { SearchField } from '../../components/staff/SearchField.tsx'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { graphql } from '../../generated/gql.ts'
import type { CodeValuesQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, usePlace } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { lifePath } from './life.ts'
import { codeListPath, isOut, standardLook } from './look.ts'
import { Review } from './ReviewSteps.tsx'
import { UsedBy } from './UsedBy.tsx'

const CODE_LIST = graphql(`
  query CodeList($id: String!) {
    codeList(id: $id) {
      id
      standardNumber
      edition
      version
      status
      valueCount
      levels {
        zh
        en
      }
      effectiveFrom
      effectiveTo
      previousEdition
      name {
        zh
        en
      }
      editions {
        id
        edition
      }
    }
  }
`)

const VALUES = graphql(`
  query CodeValues($id: String!, $search: String, $under: String, $after: String) {
    codeList(id: $id) {
      id
      values(first: 50, after: $after, search: $search, under: $under) {
        edges {
          node {
            code
            parent
            level
            owner
            validFrom
            validTo
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

type Day = string | null | undefined
type Row = CodeValuesQuery['codeList']['values']['edges'][number]['node']

export function CodeList({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const place = usePlace()
  const search = place.query.get('q') ?? ''
  const query = useQuery(CODE_LIST, { id })
  const under = place.query.get('under')
  const wanted = { id, ...(search && { search }), ...(under !== null && { under }) }
  const list = usePaged(VALUES, wanted, (data) => data.codeList.values)
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const {
    name,
    standardNumber,
    edition,
    version,
    status,
    valueCount,
    effectiveFrom,
    effectiveTo,
    editions,
    levels,
  } = query.data.codeList
  const below = (code: string) => `${codeListPath(id)}?under=${encodeURIComponent(code)}`
  const force = text.force(effectiveFrom, effectiveTo)
  return (
    <StaffPage
      title={say(name)}
      lead={
        <>
          {[standardNumber, edition, version, text.count(valueCount), force].filter(Boolean).join(' · ')} ·{' '}
          <span className={standardLook(status)} data-status={status}>
            {words('standard', status)}
          </span>
        </>
      }
      actions={<Link to={lifePath('CODE_LIST', id, version)}>{text.life}</Link>}
    >
      {editions.length > 1 && (
        <nav className="actions" aria-label={text.editions}>
          {editions
            .filter((other) => other.id !== id)
            .map((other) => (
              <Link key={other.id} to={`${codeListPath(id)}/diff?from=${encodeURIComponent(other.id)}`}>
                {text.compare(other.edition)}
              </Link>
            ))}
        </nav>
      )}
      <Review kind="CODE_LIST" code={id} version={version} reload={query.reload} />
      {isOut(status) && <Downloads kind="code-list" code={id} version={version} />}
      <SearchField label={text.search} />
      {levels.length > 1 && (
        <nav className="actions" aria-label={text.levels}>
          <Link to={codeListPath(id)}>{text.all}</Link>
          <Link to={below('')}>{text.top(say(levels[0] ?? { zh: '', en: '' }))}</Link>
          {under && <span aria-current="page">{text.under(under)}</span>}
        </nav>
      )}
      <PagedTable<Row>
        list={list}
        rowKey={({ code }) => code}
        caption={say(name)}
        empty={text.none}
        columns={[
          { title: text.code, cell: (row) => <code>{row.code}</code> },
          { title: text.name, cell: (row) => say(row.name) },
          {
            title: text.parent,
            cell: (row) => row.parent && <Link to={below(row.parent)}>{row.parent}</Link>,
          },
          {
            title: text.level,
            cell: ({ code, level }) => (
              <>
                {say(levels[level - 1] ?? { zh: `${level}`, en: `${level}` })}{' '}
                {level < levels.length && <Link to={below(code)}>{text.below(code)}</Link>}
              </>
            ),
          },
          { title: text.validity, cell: (row) => text.force(row.validFrom, row.validTo) },
          {
            title: text.origin,
            cell: ({ owner }) => (owner === null ? text.standard : text.local(owner ?? '')),
          },
        ]}
      />
      <UsedBy kind="CODE_LIST" code={id} />
    </StaffPage>
  )
}

const TEXT = {
  zh: {
    life: '版本与审查',
    count: (n: number) => `${n} 个代码`,
    search: '按代码或名称查找',
    none: '没有这样的代码。',
    code: '代码',
    name: '名称',
    parent: '上级',
    level: '层级',
    levels: '逐级浏览',
    all: '全部代码',
    top: (level: string) => `从${level}起`,
    under: (code: string) => `${code} 的下级`,
    below: (code: string) => `${code} 的下级`,
    validity: '有效期',
    origin: '来源',
    standard: '标准',
    local: (owner: string) => `本地扩展（${owner}）`,
    editions: '其他版本',
    compare: (edition: string) => `与 ${edition} 版比较`,
    force: (from: Day, to: Day) => [from && `自 ${from}`, to && `至 ${to}（不含）`].filter(Boolean).join(' '),
  },
  en: {
    life: 'Version and review',
    count: (n: number) => `${n} codes`,
    search: 'Search by code or name',
    none: 'No such code.',
    code: 'Code',
    name: 'Name',
    parent: 'Parent',
    level: 'Level',
    levels: 'Level by level',
    all: 'All codes',
    top: (level: string) => `From the top (${level})`,
    under: (code: string) => `Below ${code}`,
    below: (code: string) => `Below ${code}`,
    validity: 'In force',
    origin: 'Origin',
    standard: 'standard',
    local: (owner: string) => `local extension (${owner})`,
    editions: 'Other editions',
    compare: (edition: string) => `Compare with ${edition}`,
    force: (from: Day, to: Day) => [from && `from ${from}`, to && `before ${to}`].filter(Boolean).join(' '),
  },
}
