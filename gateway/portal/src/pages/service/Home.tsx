import { useState, type FormEvent } from 'react'
import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { useTitle } from '../../components/Page.tsx'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link, navigate } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { useLimit } from '../../words.ts'

const POPULAR = graphql(`
  query PopularServices {
    serviceItems(first: 6) {
      edges {
        node {
          id
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
    }
  }
`)

/** The window's front door: one search, the services most asked for, the ways back to what was begun. */
export function Home() {
  const text = useText(TEXT)
  const [search, setSearch] = useState('')
  const session = useSession()
  useTitle(text.title)

  function find(event: FormEvent) {
    event.preventDefault()
    navigate(search.trim() ? `/services?q=${encodeURIComponent(search.trim())}` : '/services')
  }

  return (
    <>
      <section className="hero">
        <div className="measure-wide">
          <h1>{text.title}</h1>
          <form role="search" onSubmit={find}>
            <label htmlFor="search">{text.label}</label>
            <div className="search-box">
              <input
                id="search"
                type="search"
                className="input"
                value={search}
                autoComplete="off"
                placeholder={text.example}
                onChange={(event) => setSearch(event.target.value)}
              />
              <button className="button">{text.search}</button>
            </div>
          </form>
        </div>
      </section>
      <div className="page measure-wide">
        <section aria-labelledby="popular">
          <h2 id="popular">{text.popular}</h2>
          <Popular />
          <p>
            <Link to="/services">{text.all}</Link>
          </p>
        </section>
        <section aria-labelledby="begun">
          <h2 id="begun">{text.begun}</h2>
          <ul className="home-grid">
            <li className="card">
              <h3>
                <Link to="/applications">{text.mine}</Link>
              </h3>
              <p>{session.state === 'signed-in' ? text.mineHint : text.mineSignIn}</p>
            </li>
            <li className="card">
              <h3>
                <Link to="/verify">{text.verify}</Link>
              </h3>
              <p>{text.verifyHint}</p>
            </li>
          </ul>
        </section>
      </div>
    </>
  )
}

function Popular() {
  const text = useText(TEXT)
  const say = useSay()
  const limit = useLimit()
  const query = useQuery(POPULAR, {})
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const items = query.data.serviceItems.edges.map(({ node }) => node)
  if (!items.length) return <p className="empty">{text.none}</p>
  return (
    <ul className="home-grid">
      {items.map((item) => (
        <li key={item.id} className="card">
          <h3>
            <Link to={`/services/${item.id}`}>{say(item.name)}</Link>
          </h3>
          <p>{say(item.organisation.name)}</p>
          <p className="quiet">{text.promised(limit(item.promisedLimit))}</p>
        </li>
      ))}
    </ul>
  )
}

const TEXT = {
  zh: {
    title: '您想办什么事？',
    label: '用自己的话说，或写事项名称',
    example: '例如：食品经营许可',
    search: '查找',
    popular: '常办的事',
    all: '查看全部服务',
    none: '目前还没有可以办理的服务。',
    promised: (days: string) => `承诺 ${days}办结`,
    begun: '接着办',
    mine: '我的申请',
    mineHint: '没填完的、办理中的、已办结的，都在这里。',
    mineSignIn: '登录以后，查看没填完的和办理中的申请。',
    verify: '核验证照真伪',
    verifyHint: '扫证照上的二维码，或输入校验码。不用登录。',
  },
  en: {
    title: 'What do you need to do?',
    label: 'Use your own words or the name of the service',
    example: 'For example: food business licence',
    search: 'Search',
    popular: 'Often asked for',
    all: 'All services',
    none: 'There is no service to apply for yet.',
    promised: (days: string) => `Promised within ${days}`,
    begun: 'Go on with something you began',
    mine: 'My applications',
    mineHint: 'Unfinished, in progress and finished applications.',
    mineSignIn: 'Sign in to see what you began and what is in progress.',
    verify: 'Verify a certificate',
    verifyHint: 'Scan the code on the certificate or enter it. No account needed.',
  },
}
