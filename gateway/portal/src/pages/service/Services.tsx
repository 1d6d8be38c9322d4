import { More } from '../../components/More.tsx'
import { Empty, Failure, Loading } from '../../components/Notices.tsx'
import { SearchPage } from '../../components/SearchPage.tsx'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link } from '../../router.tsx'
import { useLimit, useWords } from '../../words.ts'

const SERVICES = graphql(`
  query Services($search: String, $after: String) {
    serviceItems(search: $search, first: 20, after: $after) {
      edges {
        node {
          id
          audience
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
          promisedLimit {
            amount
            unit
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

/** Services found by name or plain words; the search stands in the address. */
export function Services() {
  const text = useText(TEXT)
  return (
    <SearchPage title={(search) => (search ? text.found(search) : text.title)} label={text.label}>
      {(search) => <Found search={search} />}
    </SearchPage>
  )
}

function Found({ search }: { search: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const limit = useLimit()
  const words = useWords()
  const list = usePaged(SERVICES, search ? { search } : {}, (data) => data.serviceItems)
  if (list.state === 'loading') return <Loading />
  if (list.state === 'failed') return <Failure error={list.error} retry={list.reload} />
  if (!list.nodes.length) return <Empty>{text.none}</Empty>
  return (
    <>
      <p className="visually-hidden" role="status">
        {text.count(list.nodes.length)}
      </p>
      <ul className="link-list">
        {list.nodes.map((item) => (
          <li key={item.id}>
            <h2>
              <Link to={`/services/${item.id}`}>{say(item.name)}</Link>
            </h2>
            <p>{say(item.organisation.name)}</p>
            <p className="quiet">
              {text.facts(
                item.audience.map((code) => words('audience', code)),
                limit(item.promisedLimit),
              )}
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
    title: '找服务',
    found: (search: string) => `“${search}”的查找结果`,
    label: '想办什么事？',
    none: '没有找到。换个说法试试，例如只写“食品”两个字；也可以到任意窗口询问。',
    count: (n: number) => `找到 ${n} 项服务`,
    facts: (audience: string[], days: string) => `${audience.join('、')}可以办；承诺 ${days}办结`,
  },
  en: {
    title: 'Services',
    found: (search: string) => `Services for “${search}”`,
    label: 'What do you need to do?',
    none: 'Nothing found. Try fewer or other words, or ask at any counter.',
    count: (n: number) => `${n} services found`,
    facts: (audience: string[], days: string) => `For ${audience.join(', ')}; promised within ${days}`,
  },
}
