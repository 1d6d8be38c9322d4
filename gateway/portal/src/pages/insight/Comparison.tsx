import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { useFormat } from '../../format.ts'
import type { PerformanceComparisonQuery } from '../../generated/graphql.ts'
import { useText } from '../../i18n.ts'
import { navigate, usePlace, withQuery } from '../../router.tsx'
import { useDuration } from './duration.ts'
import { COMPARISON } from './insight.ts'

interface ComparisonProps {
  readonly processKey: string
  readonly versions: readonly number[]
  readonly shown: number
}

/** The version shown beside another: steps, touches, waiting, duration. */
export function Comparison({ processKey, versions, shown }: ComparisonProps) {
  const text = useText(TEXT)
  const place = usePlace()
  const others = versions.filter((version) => version !== shown)
  const asked = Number(place.query.get('before'))
  const before = others.includes(asked) ? asked : (others.findLast((other) => other < shown) ?? others[0])
  return (
    <section>
      <h2>{text.title}</h2>
      {before === undefined ? (
        <p className="empty">{text.only}</p>
      ) : (
        <>
          <p className="staff-filter">
            <label htmlFor="before">{text.with}</label>
            <select
              id="before"
              className="input"
              value={before}
              onChange={(event) =>
                navigate(withQuery(place, { before: event.target.value }), { replace: true })
              }
            >
              {others.map((version) => (
                <option key={version} value={version}>
                  {text.version(version)}
                </option>
              ))}
            </select>
          </p>
          <Beside processKey={processKey} from={before} to={shown} />
        </>
      )}
    </section>
  )
}

function Beside({ processKey, from, to }: { processKey: string; from: number; to: number }) {
  const text = useText(TEXT)
  const query = useQuery(COMPARISON, { key: processKey, from, to })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { performanceComparison: comparison } = query.data
  return (
    <>
      {!comparison.change && <p className="notice">{text.few(comparison.enough)}</p>}
      <Table comparison={comparison} from={from} to={to} />
    </>
  )
}

interface TableProps {
  readonly comparison: PerformanceComparisonQuery['performanceComparison']
  readonly from: number
  readonly to: number
}

function Table({ comparison, from, to }: TableProps) {
  const text = useText(TEXT)
  const format = useFormat()
  const duration = useDuration()
  const number = (value: number | null | undefined) =>
    typeof value === 'number' ? format.count(Math.round(value * 10) / 10) : '–'
  const { change } = comparison
  const signed = (value: number | undefined, say: (value: number) => string) =>
    value === undefined ? '–' : `${value > 0 ? '+' : ''}${say(value)}`
  const rows = [
    { name: text.completed, of: 'completed', say: number, change: undefined },
    { name: text.steps, of: 'steps', say: number, change: change?.steps },
    { name: text.touches, of: 'touches', say: number, change: change?.touches },
    { name: text.waiting, of: 'waiting', say: duration, change: change?.waiting },
    { name: text.median, of: 'p50', say: duration, change: change?.p50 },
    { name: text.mean, of: 'mean', say: duration, change: change?.mean },
  ] as const
  return (
    <div className="table-scroll data-table" role="region" aria-label={text.title} tabIndex={0}>
      <table className="plain">
        <caption className="visually-hidden">{text.title}</caption>
        <thead>
          <tr>
            <th scope="col">{text.figure}</th>
            <th scope="col">{text.version(from)}</th>
            <th scope="col">{text.version(to)}</th>
            <th scope="col">{text.change}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.of}>
              <th scope="row">{row.name}</th>
              <td>{row.say(comparison.from[row.of])}</td>
              <td>{row.say(comparison.to[row.of])}</td>
              <td>{row.of === 'completed' ? '' : signed(row.change, row.say)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const TEXT = {
  zh: {
    title: '两个版本的比较',
    only: '只有一个版本，没有可比较的。',
    with: '与哪一版比较',
    version: (n: number) => `第 ${n} 版`,
    few: (n: number) => `至少一版办结不足 ${n} 件，差别可能出于偶然，不作结论。`,
    figure: '指标',
    change: '变化',
    completed: '办结',
    steps: '平均步骤',
    touches: '平均人工经手',
    waiting: '平均停留时间之和',
    median: '办理时长中位数',
    mean: '平均办理时长',
  },
  en: {
    title: 'Two versions compared',
    only: 'There is only one version, nothing to compare.',
    with: 'Compare with',
    version: (n: number) => `version ${n}`,
    few: (n: number) =>
      `A version has fewer than ${n} completed cases: a difference may be chance, and none is claimed.`,
    figure: 'Figure',
    change: 'Change',
    completed: 'Completed',
    steps: 'Steps, mean',
    touches: 'Touches, mean',
    waiting: 'Time spent at steps, mean',
    median: 'Median duration',
    mean: 'Mean duration',
  },
}
