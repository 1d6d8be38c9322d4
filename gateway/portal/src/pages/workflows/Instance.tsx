import { useMemo, useState } from 'react'
import { useQuery } from '../../api.ts'
import { Diagram, Legend } from '../../components/bpmn/Diagram.tsx'
import type { Badge, Mark, Marks } from '../../components/bpmn/diagram.ts'
import { Empty, Failure, Loading } from '../../components/Notices.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import type { ProcessInstanceQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { MadeDecisions } from './MadeDecisions.tsx'
import { namesOf } from './nodes.ts'

const INSTANCE = graphql(`
  query ProcessInstance($businessKey: String!) {
    processInstance(businessKey: $businessKey) {
      id
      status
      tokens {
        id
        node
        trouble
      }
      visited
      startedAt
      endedAt
      definition {
        id
        version
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

type Running = NonNullable<ProcessInstanceQuery['processInstance']>

/** The process that runs a case, drawn: where its tokens wait, the way it took, what went wrong. */
export function Instance({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const query = useQuery(INSTANCE, { businessKey: id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const instance = query.data.processInstance
  if (!instance) return <Empty>{text.none}</Empty>
  return <Shown id={id} instance={instance} />
}

function Shown({ id, instance }: { id: string; instance: Running }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const [sight, setSight] = useState<string>()
  const [looking, setLooking] = useState(false)
  const { xml } = instance.definition
  const names = useMemo(() => namesOf(xml), [xml])
  const { marks, badges } = useMemo(() => drawn(instance, text.token), [instance, text])
  return (
    <StaffPage
      title={say(instance.definition.name)}
      lead={
        <>
          <span className="tag tag-quiet">{words('instance', instance.status)}</span> ·{' '}
          {text.started(format.time(instance.startedAt))}
          {instance.endedAt && ` · ${text.ended(format.time(instance.endedAt))}`} ·{' '}
          <Link to={`/processes/${instance.definition.id}`}>
            {text.definition(instance.definition.version)}
          </Link>{' '}
          · <Link to={`/desk/cases/${id}`}>{text.case}</Link>
        </>
      }
    >
      <Legend />
      <Diagram xml={xml} label={text.diagram} marks={marks} badges={badges} sight={sight} />
      {instance.incidents.length > 0 && (
        <section className="notice notice-bad">
          <h2>{text.incidents}</h2>
          <ul>
            {instance.incidents.map((incident) => (
              <li key={incident.id}>
                {format.time(incident.createdAt)}{' '}
                <Place node={incident.node} name={names(incident.node)} onShow={setSight} />{' '}
                <code>{JSON.stringify(incident.error)}</code>
              </li>
            ))}
          </ul>
        </section>
      )}
      <h2>{text.waiting}</h2>
      {instance.tokens.length === 0 && <p className="quiet">{text.nowhere}</p>}
      <ul>
        {instance.tokens.map(({ id, node, trouble }) => (
          <li key={id}>
            <Place node={node} name={names(node)} onShow={setSight} />{' '}
            {trouble !== null && trouble !== undefined && <span className="tag tag-bad">{text.trouble}</span>}
          </li>
        ))}
      </ul>
      <h2>{text.visited}</h2>
      <ol className="steps">
        {instance.visited.map((node, at) => (
          <li key={`${at} ${node}`}>
            <Place node={node} name={names(node)} onShow={setSight} />
          </li>
        ))}
      </ol>
      <details>
        <summary id="made-decisions" onClick={() => setLooking(true)}>
          {text.decisions}
        </summary>
        {looking && <MadeDecisions businessKey={id} />}
      </details>
    </StaffPage>
  )
}

interface PlaceProps {
  readonly node: string
  readonly name: string
  readonly onShow: (node: string) => void
}

/** A node by its name, which leads to it on the diagram. */
function Place({ node, name, onShow }: PlaceProps) {
  return (
    <>
      <button type="button" className="button-plain" onClick={() => onShow(node)}>
        {name}
      </button>{' '}
      <code className="quiet">{node}</code>
    </>
  )
}

function drawn({ tokens, visited }: Running, label: (id: number) => string) {
  const marks: Record<string, Mark[]> = Object.fromEntries(visited.map((node) => [node, ['visited']]))
  const badges: Badge[] = []
  for (const { id, node, trouble } of tokens) {
    marks[node] = [trouble ? 'trouble' : 'waiting']
    badges.push({
      element: node,
      text: trouble ? `! ${id}` : `● ${id}`,
      look: trouble ? 'trouble' : 'token',
      title: label(id),
    })
  }
  return { marks: marks as Marks, badges }
}

const TEXT = {
  zh: {
    none: '这件办件没有流程在运行。',
    started: (at: string) => `${at} 开始`,
    ended: (at: string) => `${at} 结束`,
    definition: (n: number) => `流程定义第 ${n} 版`,
    diagram: '流程图：令牌与走过的环节',
    token: (id: number) => `令牌 ${id}`,
    trouble: '需要处理',
    case: '办件',
    incidents: '需要处理的故障',
    waiting: '正在等待',
    nowhere: '没有等待的环节。',
    visited: '走过的环节',
    decisions: '按规则作出的决定',
  },
  en: {
    none: 'No process runs for this case.',
    started: (at: string) => `started ${at}`,
    ended: (at: string) => `ended ${at}`,
    definition: (n: number) => `Definition, version ${n}`,
    diagram: 'The process, its tokens and the way they took',
    token: (id: number) => `token ${id}`,
    trouble: 'needs attention',
    case: 'Case',
    incidents: 'Incidents to be solved',
    waiting: 'Waiting at',
    nowhere: 'It waits nowhere.',
    visited: 'The way it took',
    decisions: 'What was decided by rules',
  },
}
