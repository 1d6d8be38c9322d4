import { useQuery } from '../../api.ts'
import { SearchField } from '../../components/staff/SearchField.tsx'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import type {
  DirectoryEntriesQuery,
  DirectoryEntriesQueryVariables,
  DirectoryFacetsQuery,
  EntryFacet,
} from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, usePlace, withQuery } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { Failure } from '../../components/Notices.tsx'

const ENTRIES = graphql(`
  query DirectoryEntries(
    $search: String
    $provider: String
    $theme: String
    $sharingType: SharingType
    $level: Int
    $state: EntryUpdateState
    $format: EntryFormat
    $grade: QualityGrade
    $after: String
  ) {
    entries(
      search: $search
      provider: $provider
      theme: $theme
      sharingType: $sharingType
      level: $level
      state: $state
      format: $format
      grade: $grade
      first: 20
      after: $after
    ) {
      edges {
        node {
          id
          code
          name
          summary
          sharingType
          updateState
          updatedAt
          level
          grade
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

const FACETS = graphql(`
  query DirectoryFacets(
    $search: String
    $provider: String
    $theme: String
    $sharingType: SharingType
    $level: Int
    $state: EntryUpdateState
    $format: EntryFormat
    $grade: QualityGrade
  ) {
    entries(
      search: $search
      provider: $provider
      theme: $theme
      sharingType: $sharingType
      level: $level
      state: $state
      format: $format
      grade: $grade
      first: 1
    ) {
      total
      facets {
        facet
        value
        count
        label {
          zh
          en
        }
      }
    }
  }
`)

type Row = DirectoryEntriesQuery['entries']['edges'][number]['node']
type Count = DirectoryFacetsQuery['entries']['facets'][number]
type Filter = Omit<DirectoryEntriesQueryVariables, 'after'>

/** Name of each facet in the address, which is the argument of the query too. */
const PARAMETERS = {
  PROVIDER: 'provider',
  THEME: 'theme',
  SHARING_TYPE: 'sharingType',
  LEVEL: 'level',
  STATE: 'state',
  FORMAT: 'format',
  GRADE: 'grade',
} as const satisfies Record<EntryFacet, keyof Filter>

const FACETS_SHOWN = Object.keys(PARAMETERS) as EntryFacet[]

/** What the departments have, found by words and narrowed by facets. */
export function Directory() {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const filter = filterOf(usePlace().query)
  const list = usePaged(ENTRIES, filter, (data) => data.entries)
  const counts = useQuery(FACETS, filter)
  return (
    <StaffPage title={text.title} lead={text.lead}>
      <SearchField label={text.search} />
      <p role="status">
        {counts.state === 'ready' && text.total(format.count(counts.data.entries.total ?? 0))}
      </p>
      <div className="staff-facets">
        <nav aria-label={text.narrow} aria-busy={counts.state === 'loading'}>
          {counts.state === 'failed' && <Failure error={counts.error} retry={counts.reload} />}
          {counts.state === 'ready' &&
            FACETS_SHOWN.map((facet) => (
              <FacetList key={facet} facet={facet} counts={counts.data.entries.facets} />
            ))}
        </nav>
        <PagedTable<Row>
          list={list}
          rowKey={({ id }) => id}
          caption={text.title}
          empty={text.none}
          columns={[
            {
              title: text.name,
              cell: (row) => (
                <>
                  <Link to={`/directory/entries/${row.id}`}>{row.name}</Link> <code>{row.code}</code>
                  <div className="quiet">{row.summary}</div>
                </>
              ),
            },
            { title: text.provider, cell: (row) => say(row.provider.name) },
            { title: text.sharing, cell: (row) => words('sharingType', row.sharingType) },
            { title: text.level, cell: (row) => words('entryLevel', String(row.level)) },
            { title: text.facets.GRADE, cell: (row) => row.grade },
            {
              title: text.updated,
              cell: (row) => (
                <>
                  <span className={`tag ${row.updateState === 'OVERDUE' ? 'tag-bad' : 'tag-quiet'}`}>
                    {words('updateState', row.updateState)}
                  </span>{' '}
                  {row.updatedAt && format.time(row.updatedAt)}
                </>
              ),
            },
          ]}
        />
      </div>
    </StaffPage>
  )
}

function filterOf(query: URLSearchParams): Filter {
  const level = Number(query.get('level'))
  const given = Object.values(PARAMETERS).filter((name) => name !== 'level' && query.get(name))
  return {
    ...(query.get('q') ? { search: query.get('q') } : {}),
    ...(level ? { level } : {}),
    ...Object.fromEntries(given.map((name) => [name, query.get(name)])),
  }
}

function FacetList({ facet, counts }: { facet: EntryFacet; counts: readonly Count[] }) {
  const text = useText(TEXT)
  const format = useFormat()
  const label = useLabel()
  const place = usePlace()
  const parameter = PARAMETERS[facet]
  const chosen = place.query.get(parameter)
  const own = counts.filter((count) => count.facet === facet)
  if (own.length === 0) return null
  return (
    <section>
      <h2>{text.facets[facet]}</h2>
      <ul className="facet">
        {own.map((count) => (
          <li key={count.value}>
            <Link
              to={withQuery(place, { [parameter]: chosen === count.value ? '' : count.value })}
              {...(chosen === count.value ? { 'aria-current': true } : {})}
            >
              {label(count)} <span className="quiet">{format.count(count.count)}</span>
              {chosen === count.value && <span className="tag tag-quiet">{text.clear}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

const LISTS = {
  SHARING_TYPE: 'sharingType',
  LEVEL: 'entryLevel',
  STATE: 'updateState',
  FORMAT: 'entryFormat',
} as const

function useLabel() {
  const say = useSay()
  const words = useWords()
  return ({ facet, value, label }: Count) => {
    if (label) return say(label)
    if (facet === 'GRADE') return value
    return facet === 'PROVIDER' || facet === 'THEME' ? value : words(LISTS[facet], value)
  }
}

const TEXT = {
  zh: {
    title: '资源目录',
    lead: '各部门已发布的政务信息资源。',
    search: '名称、信息项、拼音或首字母',
    narrow: '按条件缩小范围',
    total: (n: string) => `共 ${n} 项`,
    none: '没有符合条件的信息资源。',
    name: '信息资源名称',
    provider: '提供方',
    sharing: '共享类型',
    level: '分级',
    updated: '更新',
    clear: '取消',
    facets: {
      PROVIDER: '提供方',
      THEME: '分类',
      SHARING_TYPE: '共享类型',
      LEVEL: '分级',
      STATE: '更新状态',
      FORMAT: '格式',
      GRADE: '质量等级',
    },
  },
  en: {
    title: 'Resource directory',
    lead: 'The information resources that departments have published.',
    search: 'Name, item, pinyin or initials',
    narrow: 'Narrow the list',
    total: (n: string) => `${n} entries`,
    none: 'No resource fits.',
    name: 'Resource',
    provider: 'Provider',
    sharing: 'Sharing',
    level: 'Level',
    updated: 'Update',
    clear: 'clear',
    facets: {
      PROVIDER: 'Provider',
      THEME: 'Class',
      SHARING_TYPE: 'Sharing',
      LEVEL: 'Level',
      STATE: 'Update state',
      FORMAT: 'Format',
      GRADE: 'Quality grade',
    },
  },
}
