import { More } from '../../components/More.tsx'
import { Failure, Loading } from '../../components/Notices.tsx'
import { Page } from '../../components/Page.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'

const MINE = graphql(`
  query MyApplications($after: String) {
    myApplications(first: 20, after: $after) {
      edges {
        node {
          id
          number
          status
          createdAt
          submittedAt
          item {
            name {
              zh
              en
            }
          }
          cases {
            id
            number
            status
            publicStatus {
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

/** Everything a person began, newest first. */
export function MyApplications() {
  const text = useText(TEXT)
  return (
    <Page title={text.title}>
      <List />
    </Page>
  )
}

function List() {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const list = usePaged(MINE, {}, (data) => data.myApplications)
  if (list.state === 'loading') return <Loading />
  if (list.state === 'failed') return <Failure error={list.error} retry={list.reload} />
  if (!list.nodes.length)
    return (
      <div className="empty">
        <p>{text.none}</p>
        <Link to="/services">{text.find}</Link>
      </div>
    )
  return (
    <>
      <ul className="link-list">
        {list.nodes.map((application) => (
          <li key={application.id}>
            <div className="heading-row">
              <h2>
                <Link to={`/applications/${application.id}`}>{say(application.item.name)}</Link>
              </h2>
              <span className={application.status === 'DRAFT' ? 'tag tag-warn' : 'tag'}>
                {words('application', application.status)}
              </span>
            </div>
            <p className="quiet">
              {application.number && `${application.number} · `}
              {application.submittedAt
                ? text.sent(format.time(application.submittedAt))
                : text.begun(format.time(application.createdAt))}
            </p>
            {application.cases.map((one) => (
              <p key={one.id}>
                <Link to={`/cases/${one.id}`}>{text.case(one.number)}</Link>
                {text.colon}
                {say(one.publicStatus)}{' '}
                {one.status === 'CORRECTION_REQUESTED' && (
                  <span className="tag tag-warn">{text.yourTurn}</span>
                )}
              </p>
            ))}
          </li>
        ))}
      </ul>
      <More list={list} />
    </>
  )
}

const TEXT = {
  zh: {
    title: '我的申请',
    none: '您还没有申请。',
    find: '去找服务',
    sent: (at: string) => `${at} 提交`,
    begun: (at: string) => `${at} 开始填写`,
    case: (number: string) => `办件 ${number}`,
    colon: '：',
    yourTurn: '等您补正',
  },
  en: {
    title: 'My applications',
    none: 'You have no applications yet.',
    find: 'Find a service',
    sent: (at: string) => `Sent ${at}`,
    begun: (at: string) => `Begun ${at}`,
    case: (number: string) => `Case ${number}`,
    colon: ': ',
    yourTurn: 'waiting for you',
  },
}
