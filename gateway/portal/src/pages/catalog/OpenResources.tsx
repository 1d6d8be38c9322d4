import { More } from '../../components/More.tsx'
import { Empty, Failure, Loading } from '../../components/Notices.tsx'
import { SearchPage } from '../../components/SearchPage.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { useWords } from '../../words.ts'

const OPEN = graphql(`
  query OpenResources($search: String, $after: String) {
    entries(search: $search, open: true, first: 20, after: $after) {
      edges {
        node {
          id
          code
          name
          summary
          openCondition
          updateCycle
          updatedAt
          items {
            name
          }
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

/** What the departments open to everybody, found by words; the whole as a file for other catalogues. */
export function OpenResources() {
  const text = useText(TEXT)
  return (
    <SearchPage title={() => text.title} label={text.label}>
      {(search) => (
        <>
          <Found search={search} />
          <p>
            <a href="/api/catalog.jsonld?open=true" download>
              {text.file}
            </a>
          </p>
        </>
      )}
    </SearchPage>
  )
}

function Found({ search }: { search: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const list = usePaged(OPEN, search ? { search } : {}, (data) => data.entries)
  if (list.state === 'loading') return <Loading />
  if (list.state === 'failed') return <Failure error={list.error} retry={list.reload} />
  return (
    <>
      {list.nodes.length === 0 && <Empty>{text.none}</Empty>}
      <ul className="link-list">
        {list.nodes.map((entry) => (
          <li key={entry.id}>
            <h2>{entry.name}</h2>
            <p>{entry.summary}</p>
            <p>{text.items(entry.items.map(({ name }) => name))}</p>
            <p className="quiet">
              {say(entry.provider.name)} · <code>{entry.code}</code> ·{' '}
              {words('updateCycle', entry.updateCycle)}
              {entry.updatedAt && ` · ${text.updated(format.time(entry.updatedAt))}`}
              {entry.openCondition && ` · ${entry.openCondition}`}
            </p>
          </li>
        ))}
      </ul>
      <More list={list} />
    </>
  )
}

const TEXT = {
  zh: {
    title: '向社会开放的信息资源',
    label: '找什么数据？',
    none: '没有找到向社会开放的信息资源。',
    items: (names: string[]) => `包括：${names.join('、')}`,
    updated: (at: string) => `更新于 ${at}`,
    file: '下载开放目录（DCAT，JSON-LD）',
  },
  en: {
    title: 'Information open to the public',
    label: 'What data do you look for?',
    none: 'No open resource was found.',
    items: (names: string[]) => `Holds: ${names.join(', ')}`,
    updated: (at: string) => `updated ${at}`,
    file: 'Download the open directory (DCAT, JSON-LD)',
  },
}
