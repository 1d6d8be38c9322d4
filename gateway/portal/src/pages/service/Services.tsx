import { useState, type FormEvent } from 'react'
import { More } from '../../components/More.tsx'
import { Empty, Failure, Loading } from '../../components/Notices.tsx'
import { Page } from '../../components/Page.tsx'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, navigate, usePlace, withQuery } from '../../router.tsx'
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
  const place = usePlace()
  const search = place.query.get('q') ?? ''
  const [typed, setTyped] = useState(search)

  function find(event: FormEvent) {
    event.preventDefault()
    navigate(withQuery(place, { q: typed.trim() }))
  }

  return (
    <Page title={search ? text.found(search) : text.title} wide>
      <form role="search" onSubmit={find}>
        <label htmlFor="search">{text.label}</label>
        <div className="search-box">
          <input
            id="search"
            type="search"
            className="input"
            value={typed}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
          <button className="button">{text.search}</button>
        </div>
      </form>
      <Found search={search} />
    </Page>
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
    search: '查找',
    none: '没有找到。换个说法试试，例如只写“食品”两个字；也可以到任意窗口询问。',
    count: (n: number) => `找到 ${n} 项服务`,
    facts: (audience: string[], days: string) => `${audience.join('、')}可以办；承诺 ${days}办结`,
  },
  en: {
    title: 'Services',
    found: (search: string) => `Services for “${search}”`,
    label: 'What do you need to do?',
    search: 'Search',
    none: 'Nothing found. Try fewer or other words, or ask at any counter.',
    count: (n: number) => `${n} services found`,
    facts: (audience: string[], days: string) => `For ${audience.join(', ')}; promised within ${days}`,
  },
}
