import { useEffect } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useFormat } from '../../format.ts'
import type { ProcessReplayQuery } from '../../generated/graphql.ts'
import { useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { CANCEL, REPLAY } from './insight.ts'

type Replay = ProcessReplayQuery['processReplay']
type Place = Replay['places'][number]
type Case = Replay['cases'][number]

const LOOK_AGAIN_MS = 2_000

/** How far a replay has come, and what it found. */
export function ReplayReport({ id }: { id: string }) {
  const text = useText(TEXT)
  const format = useFormat()
  const query = useQuery(REPLAY, { id })
  const cancel = useMutation(CANCEL)
  const { reload } = query.state === 'loading' ? { reload: undefined } : query
  const isRunning = query.state === 'ready' && query.data.processReplay.status === 'running'

  useEffect(() => {
    if (!isRunning || !reload) return
    const timer = setInterval(reload, LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [isRunning, reload])

  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { processReplay: replay } = query.data
  const counts = Object.entries(replay.counts).filter(([name]) => Object.hasOwn(text.outcomes, name))
  const done = counts.reduce((sum, [, count]) => sum + Number(count), 0)
  return (
    <section aria-label={text.title} aria-busy={isRunning}>
      <h3>{text.one(replay.from, replay.to ?? null)}</h3>
      <p role="status">
        {text.status[replay.status as keyof typeof text.status] ?? replay.status}
        {text.of(format.count(done), format.count(replay.total))}
        {replay.failure && <code>{replay.failure}</code>}
      </p>
      {isRunning && (
        <p className="actions">
          <progress className="replay-bar" aria-label={text.title} value={done} max={replay.total || 1} />
          <button
            type="button"
            className="button-plain"
            disabled={cancel.running}
            onClick={() => void cancel.run({ id }).then(() => reload?.())}
          >
            {text.cancel}
          </button>
        </p>
      )}
      {cancel.error && <Failure error={cancel.error} />}
      <dl className="facts">
        {counts.map(([name, count]) => (
          <div key={name}>
            <dt>{text.outcomes[name as keyof typeof text.outcomes]}</dt>
            <dd>{format.count(Number(count))}</dd>
          </div>
        ))}
      </dl>
      <Found replay={replay} />
    </section>
  )
}

function Found({ replay }: { replay: Replay }) {
  const text = useText(TEXT)
  const format = useFormat()
  const nameOf = (outcome: string) => text.outcomes[camel(outcome) as keyof typeof text.outcomes] ?? outcome
  return (
    <>
      <h4>{text.places}</h4>
      <DataTable<Place>
        caption={text.places}
        rows={replay.places}
        rowKey={(row) => `${row.outcome} ${row.node} ${row.recorded} ${row.code}`}
        empty={text.none}
        columns={[
          { title: text.what, cell: ({ outcome }) => nameOf(outcome) },
          { title: text.node, cell: ({ node }) => <code>{node ?? '–'}</code> },
          { title: text.recorded, cell: ({ recorded }) => <code>{recorded ?? '–'}</code> },
          { title: text.code, cell: ({ code }) => code && <code>{code}</code> },
          { title: text.cases, align: 'right', cell: ({ cases }) => format.count(cases) },
        ]}
      />
      {replay.cases.length > 0 && (
        <details>
          <summary>{text.list(replay.cases.length)}</summary>
          <DataTable<Case>
            caption={text.cases}
            rows={replay.cases}
            rowKey={({ instanceId }) => instanceId}
            columns={[
              {
                title: text.one_case,
                cell: ({ businessKey, instanceId }) => (
                  <Link to={`/processes/instances/${encodeURIComponent(businessKey)}`}>
                    <code>{instanceId.slice(0, 8)}</code>
                  </Link>
                ),
              },
              { title: text.what, cell: ({ outcome }) => nameOf(outcome) },
              { title: text.node, cell: ({ node }) => <code>{node ?? '–'}</code> },
              { title: text.recorded, cell: ({ recorded }) => <code>{recorded ?? '–'}</code> },
            ]}
          />
        </details>
      )}
    </>
  )
}

const camel = (outcome: string) => outcome.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

const TEXT = {
  zh: {
    title: '重演结果',
    one: (from: number, to: number | null) => `第 ${from} 版 → ${to === null ? '草稿' : `第 ${to} 版`}`,
    status: { running: '正在重演', done: '已完成', cancelled: '已取消', failed: '失败' },
    of: (done: string, total: string) => `，${done} / ${total} 件`,
    cancel: '取消',
    outcomes: {
      same: '走法相同',
      otherPath: '走法不同，结果相同',
      otherEnd: '结果不同',
      needsAnswer: '缺少答复',
      stopped: '会停在异常',
      unreproduced: '记录不足，不作判断',
    },
    places: '差别在哪里',
    none: '没有差别。',
    what: '情况',
    node: '新模型中的节点',
    recorded: '原来所到的节点',
    code: '原因代码',
    cases: '办件',
    list: (n: number) => `逐件查看（前 ${n} 件）`,
    one_case: '流程实例',
  },
  en: {
    title: 'Result of the replay',
    one: (from: number, to: number | null) =>
      `version ${from} → ${to === null ? 'a draft' : `version ${to}`}`,
    status: { running: 'Replaying', done: 'Done', cancelled: 'Cancelled', failed: 'Failed' },
    of: (done: string, total: string) => `, ${done} of ${total} cases`,
    cancel: 'Cancel',
    outcomes: {
      same: 'Same path',
      otherPath: 'Another path to the same end',
      otherEnd: 'Another end',
      needsAnswer: 'Needs an answer nobody gave',
      stopped: 'Would stop in an incident',
      unreproduced: 'Record too thin to tell',
    },
    places: 'Where they differ',
    none: 'Nothing differs.',
    what: 'What',
    node: 'Node of the other model',
    recorded: 'Where the case was',
    code: 'Reason',
    cases: 'Cases',
    list: (n: number) => `Case by case (the first ${n})`,
    one_case: 'Instance',
  },
}
