import { useQuery } from '../../api.ts'
import { Empty, Failure, Loading } from '../../components/Notices.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { nodesOf } from './nodes.ts'

const INSTANCE = graphql(`
  query ProcessInstance($businessKey: String!) {
    processInstance(businessKey: $businessKey) {
      id
      status
      waiting
      visited
      startedAt
      endedAt
      definition {
        id
        xml
        name {
          zh
          en
        }
      }
      incidents {
        id
        node
        error
        createdAt
      }
    }
  }
`)

/** The process that runs a case: where it waits, the way it took, what went wrong. */
export function Instance({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const query = useQuery(INSTANCE, { businessKey: id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const instance = query.data.processInstance
  if (!instance) return <Empty>{text.none}</Empty>
  const names = new Map(nodesOf(instance.definition.xml).map(({ id, name }) => [id, name]))
  return (
    <StaffPage
      title={say(instance.definition.name)}
      lead={
        <>
          <span className="tag tag-quiet">{words('instance', instance.status)}</span> ·{' '}
          {text.started(format.time(instance.startedAt))}
          {instance.endedAt && ` · ${text.ended(format.time(instance.endedAt))}`} ·{' '}
          <Link to={`/processes/${instance.definition.id}`}>{text.definition}</Link> ·{' '}
          <Link to={`/desk/cases/${id}`}>{text.case}</Link>
        </>
      }
    >
      {instance.incidents.length > 0 && (
        <section className="notice notice-bad">
          <h2>{text.incidents}</h2>
          <ul>
            {instance.incidents.map((incident) => (
              <li key={incident.id}>
                {format.time(incident.createdAt)} {names.get(incident.node)} <code>{incident.node}</code>{' '}
                <code>{JSON.stringify(incident.error)}</code>
              </li>
            ))}
          </ul>
        </section>
      )}
      <h2>{text.waiting}</h2>
      {instance.waiting.length === 0 && <p className="quiet">{text.nowhere}</p>}
      <ul>
        {instance.waiting.map((node) => (
          <li key={node}>
            {names.get(node)} <code>{node}</code>
          </li>
        ))}
      </ul>
      <h2>{text.visited}</h2>
      <ol className="steps">
        {instance.visited.map((node, at) => (
          <li key={`${at} ${node}`}>
            {names.get(node)} <code>{node}</code>
          </li>
        ))}
      </ol>
    </StaffPage>
  )
}

const TEXT = {
  zh: {
    none: '这件办件没有流程在运行。',
    started: (at: string) => `${at} 开始`,
    ended: (at: string) => `${at} 结束`,
    definition: '流程定义',
    case: '办件',
    incidents: '需要处理的故障',
    waiting: '正在等待',
    nowhere: '没有等待的环节。',
    visited: '走过的环节',
  },
  en: {
    none: 'No process runs for this case.',
    started: (at: string) => `started ${at}`,
    ended: (at: string) => `ended ${at}`,
    definition: 'Definition',
    case: 'Case',
    incidents: 'Incidents to be solved',
    waiting: 'Waiting at',
    nowhere: 'It waits nowhere.',
    visited: 'The way it took',
  },
}
