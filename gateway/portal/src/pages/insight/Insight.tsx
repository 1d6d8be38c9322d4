import { useMemo } from 'react'
import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import type { ProcessInsightQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { navigate, usePlace, withQuery } from '../../router.tsx'
import { nodesOf } from '../workflows/nodes.ts'
import { Comparison } from './Comparison.tsx'
import { useDuration } from './duration.ts'
import { Bottlenecks, Nodes, Variants } from './Figures.tsx'
import { Heat, type Mark } from './Heat.tsx'
import { INSIGHT } from './insight.ts'
import { LogExport } from './LogExport.tsx'
import { Replays } from './Replays.tsx'

type Insight = ProcessInsightQuery['processInsight']

const VIEWS = ['time', 'visits', 'now'] as const
type View = (typeof VIEWS)[number]

/** One version of a process: where its cases are and wait, how they went, and what another version would change. */
export function Insight({ process = '' }: { process?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const { query: asked } = usePlace()
  const version = Number(asked.get('version')) || null
  const [since, until] = [asked.get('since') || null, asked.get('until') || null]
  const query = useQuery(INSIGHT, { key: process, version, since, until })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const insight = query.data.processInsight
  const { definition } = insight
  return (
    <StaffPage title={text.title(say(definition.name))} lead={insight.ownCasesOnly ? text.own : text.all}>
      <Filter insight={insight} since={since} until={until} />
      <Cases cases={insight.cases} />
      <Diagram insight={insight} />
      <Bottlenecks insight={insight} />
      <Nodes insight={insight} />
      <Variants insight={insight} />
      <Comparison processKey={process} versions={insight.versions} shown={definition.version} />
      <Replays processKey={process} versions={insight.versions} shown={definition.version} />
      <LogExport processKey={process} version={definition.version} />
    </StaffPage>
  )
}

interface FilterProps {
  readonly insight: Insight
  readonly since: string | null
  readonly until: string | null
}

function Filter({ insight, since, until }: FilterProps) {
  const text = useText(TEXT)
  const place = usePlace()
  const change = (name: string) => (event: { target: { value: string } }) =>
    navigate(withQuery(place, { [name]: event.target.value }), { replace: true })
  return (
    <div className="staff-filter">
      <label htmlFor="version">{text.version}</label>
      <select id="version" className="input" value={insight.definition.version} onChange={change('version')}>
        {insight.versions.map((version) => (
          <option key={version} value={version}>
            {text.versionOf(version)}
          </option>
        ))}
      </select>
      <label htmlFor="since">{text.since}</label>
      <input id="since" type="date" className="input" value={since ?? ''} onChange={change('since')} />
      <label htmlFor="until">{text.until}</label>
      <input id="until" type="date" className="input" value={until ?? ''} onChange={change('until')} />
    </div>
  )
}

function Cases({ cases }: { cases: Insight['cases'] }) {
  const text = useText(TEXT)
  const format = useFormat()
  const duration = useDuration()
  const mean = (value: number | null | undefined) =>
    typeof value === 'number' ? format.count(Math.round(value * 10) / 10) : '–'
  const facts = [
    [text.running, format.count(cases.running)],
    [text.completed, format.count(cases.completed)],
    [text.terminated, format.count(cases.terminated)],
    [text.median, duration(cases.p50)],
    [text.p90, duration(cases.p90)],
    [text.steps, mean(cases.steps)],
    [text.touches, mean(cases.touches)],
    [text.people, mean(cases.people)],
  ]
  return (
    <section aria-label={text.cases}>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">{text.elapsed}</p>
    </section>
  )
}

function Diagram({ insight }: { insight: Insight }) {
  const text = useText(TEXT)
  const place = usePlace()
  const asked = place.query.get('view')
  const view = VIEWS.find((each) => each === asked) ?? 'time'
  const duration = useDuration()
  const format = useFormat()
  const { xml } = insight.definition
  const marks = useMemo(
    () => marksOf(insight, view, { duration, count: format.count }),
    // The formats change with the language, and with it the title.
    [insight, view, text],
  )
  return (
    <section>
      <h2>{text.diagram}</h2>
      <p className="staff-filter" role="group" aria-label={text.diagram}>
        {VIEWS.map((each) => (
          <button
            key={each}
            type="button"
            className="button-plain"
            aria-pressed={each === view}
            onClick={() => navigate(withQuery(place, { view: each }), { replace: true })}
          >
            {text.views[each]}
          </button>
        ))}
      </p>
      <Heat xml={xml} title={`${text.diagram}: ${text.views[view]}`} marks={marks} />
    </section>
  )
}

interface Formats {
  readonly duration: (seconds: number | null | undefined) => string
  readonly count: (number: number) => string
}

/** The median time, the number of visits or the tokens of now, on each element that has some. */
function marksOf({ nodes, flows, definition }: Insight, view: View, { duration, count }: Formats): Mark[] {
  const isTask = new Set(nodesOf(definition.xml).map(({ id }) => id))
  const value = (node: Insight['nodes'][number]) =>
    view === 'time' ? (node.p50 ?? 0) : view === 'visits' ? node.visits : node.now
  const most = Math.max(0, ...nodes.map(value))
  const onNodes = nodes
    .filter((node) => value(node) > 0 && isTask.has(node.node))
    .map((node) => ({
      element: node.node,
      label: view === 'time' ? duration(node.p50) : count(value(node)),
      heat: value(node) / most,
    }))
  if (view === 'now') return onNodes
  const onFlows = flows
    .filter((flow) => (view === 'time' ? (flow.p50 ?? 0) > 0 : flow.passages > 0))
    .map((flow) => ({
      element: flow.flow,
      label: view === 'time' ? duration(flow.p50) : count(flow.passages),
    }))
  return [...onNodes, ...onFlows]
}

const TEXT = {
  zh: {
    title: (name: string) => `${name}：流程洞察`,
    own: '只含本单位的办件。图表中不出现个人。',
    all: '含全部单位的办件。图表中不出现个人。',
    version: '版本',
    versionOf: (n: number) => `第 ${n} 版`,
    since: '启动于',
    until: '至',
    cases: '办件概况',
    running: '在办',
    completed: '办结',
    terminated: '终止',
    median: '办理时长中位数',
    p90: '九成办件不超过',
    steps: '平均步骤',
    touches: '平均人工经手',
    people: '平均经手人数',
    elapsed: '时长均为自然时间，含夜间与节假日，不是法定期限所用的工作日。',
    diagram: '流程图',
    views: { time: '停留时长（中位数）', visits: '经过次数', now: '现在停在哪里' },
  },
  en: {
    title: (name: string) => `${name}: insight`,
    own: 'Cases of your own body only. No person appears in these figures.',
    all: 'Cases of all bodies. No person appears in these figures.',
    version: 'Version',
    versionOf: (n: number) => `version ${n}`,
    since: 'Begun from',
    until: 'to',
    cases: 'Cases',
    running: 'Running',
    completed: 'Completed',
    terminated: 'Terminated',
    median: 'Median duration',
    p90: 'Nine of ten within',
    steps: 'Steps, mean',
    touches: 'Touches, mean',
    people: 'Persons, mean',
    elapsed:
      'All times are elapsed time, nights and holidays included, not the working days of legal limits.',
    diagram: 'Diagram',
    views: { time: 'Time spent (median)', visits: 'Visits', now: 'Where cases are now' },
  },
}
