import { DataTable } from '../../components/staff/DataTable.tsx'
import { useFormat } from '../../format.ts'
import type { ProcessInsightQuery } from '../../generated/graphql.ts'
import { useText } from '../../i18n.ts'
import { useDuration } from './duration.ts'
import { useNames } from './names.ts'

type Insight = ProcessInsightQuery['processInsight']
type Bottleneck = Insight['bottlenecks'][number]
type Node = Insight['nodes'][number]
type Variant = Insight['variants']['top'][number]

const WIDEST_REM = 8

/** Where the time goes: nodes by their share of all waiting. */
export function Bottlenecks({ insight }: { insight: Insight }) {
  const text = useText(TEXT)
  const format = useFormat()
  const duration = useDuration()
  const nameOf = useNames(insight.definition.xml)
  return (
    <section>
      <h2>{text.bottlenecks}</h2>
      <DataTable<Bottleneck>
        caption={text.bottlenecks}
        rows={insight.bottlenecks}
        rowKey={({ node }) => node}
        empty={text.noTime}
        columns={[
          { title: text.node, cell: ({ node }) => nameOf(node) },
          {
            title: text.share,
            cell: ({ share }) => (
              <>
                <span
                  className="share-bar"
                  style={{ width: `${share * WIDEST_REM}rem` }}
                  aria-hidden="true"
                />
                {format.percent(share)}
              </>
            ),
          },
          { title: text.median, align: 'right', cell: ({ p50 }) => duration(p50) },
          { title: text.p90, align: 'right', cell: ({ p90 }) => duration(p90) },
          { title: text.claim, align: 'right', cell: ({ untilClaimed }) => duration(untilClaimed) },
          { title: text.visits, align: 'right', cell: ({ visits }) => format.count(visits) },
        ]}
      />
    </section>
  )
}

/** The figures of the diagram, as a table. */
export function Nodes({ insight }: { insight: Insight }) {
  const text = useText(TEXT)
  const format = useFormat()
  const duration = useDuration()
  const nameOf = useNames(insight.definition.xml)
  return (
    <details>
      <summary>{text.nodes}</summary>
      <DataTable<Node>
        caption={text.nodes}
        rows={insight.nodes}
        rowKey={({ node }) => node}
        empty={text.none}
        columns={[
          { title: text.node, cell: ({ node }) => nameOf(node) },
          { title: text.visits, align: 'right', cell: ({ visits }) => format.count(visits) },
          { title: text.now, align: 'right', cell: ({ now }) => format.count(now) },
          { title: text.repeats, align: 'right', cell: ({ repeats }) => format.count(repeats) },
          { title: text.cancelled, align: 'right', cell: ({ cancelled }) => format.count(cancelled) },
          { title: text.median, align: 'right', cell: ({ p50 }) => duration(p50) },
          { title: text.p90, align: 'right', cell: ({ p90 }) => duration(p90) },
          { title: text.mean, align: 'right', cell: ({ mean }) => duration(mean) },
        ]}
      />
    </details>
  )
}

/** The ways ended cases went, the most frequent first. */
export function Variants({ insight }: { insight: Insight }) {
  const text = useText(TEXT)
  const format = useFormat()
  const duration = useDuration()
  const nameOf = useNames(insight.definition.xml)
  const { count, top } = insight.variants
  return (
    <section>
      <h2>{text.variants}</h2>
      {count > top.length && <p className="quiet">{text.ofAll(top.length, count)}</p>}
      <DataTable<Variant>
        caption={text.variants}
        rows={top}
        rowKey={({ variant }) => variant}
        empty={text.none}
        columns={[
          {
            title: text.path,
            cell: ({ path }) => (
              <span className="insight-path">{path.map(nameOf).join(' → ') || text.noActivity}</span>
            ),
          },
          { title: text.cases, align: 'right', cell: ({ cases }) => format.count(cases) },
          { title: text.median, align: 'right', cell: ({ p50 }) => duration(p50) },
          { title: text.p90, align: 'right', cell: ({ p90 }) => duration(p90) },
        ]}
      />
    </section>
  )
}

const TEXT = {
  zh: {
    bottlenecks: '瓶颈',
    noTime: '还没有停留时间可供统计。',
    node: '环节',
    share: '占全部停留时间',
    median: '中位数',
    p90: '九成不超过',
    mean: '平均',
    claim: '其中等待领取（平均）',
    visits: '经过次数',
    nodes: '各节点的数字',
    now: '现在停留',
    repeats: '返工',
    cancelled: '中断',
    none: '还没有办件。',
    variants: '走法',
    ofAll: (shown: number, all: number) => `共 ${all} 种走法，列出最多的 ${shown} 种。`,
    path: '依次经过',
    noActivity: '（没有活动）',
    cases: '办件',
  },
  en: {
    bottlenecks: 'Bottlenecks',
    noTime: 'No time has been spent yet.',
    node: 'Step',
    share: 'Of all time spent',
    median: 'Median',
    p90: 'Nine of ten within',
    mean: 'Mean',
    claim: 'Until claimed, mean',
    visits: 'Visits',
    nodes: 'Figures of every element',
    now: 'There now',
    repeats: 'Rework',
    cancelled: 'Cancelled',
    none: 'There are no cases yet.',
    variants: 'Variants',
    ofAll: (shown: number, all: number) => `The ${shown} most frequent of ${all} ways.`,
    path: 'By way of',
    noActivity: '(no activity)',
    cases: 'Cases',
  },
}
