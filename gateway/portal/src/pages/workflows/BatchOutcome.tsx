import { useEffect, useState } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useFormat } from '../../format.ts'
import type { BatchOutcome as ItemOutcome } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useSteady } from '../../steady.ts'
import { useWords } from '../../words.ts'
import { BATCH, CANCEL_BATCH } from './batch.ts'
import { placeOf } from './instance.ts'
import { ReasonForm } from './ReasonForm.tsx'

/** How often one that runs is looked at. */
const LOOK_MS = 1_000
const PAGE = 50

interface BatchOutcomeProps {
  readonly id: string
  /** It is over: what it changed is to be read again. */
  readonly onDone?: () => void
}

/** How far a batch operation has come, what became of each item, and the way to stop it. */
export function BatchOutcome({ id, onDone }: BatchOutcomeProps) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const [outcome, setOutcome] = useState<ItemOutcome>()
  const [after, setAfter] = useState(0)
  const query = useSteady(useQuery(BATCH, { id, outcome: outcome ?? null, after }))
  const batch = query.state === 'ready' ? query.data.batchOperation : undefined
  const reload = query.state === 'loading' ? undefined : query.reload
  const running = batch?.status === 'RUNNING'
  useEffect(() => {
    if (!running || !reload) return
    const timer = setInterval(reload, LOOK_MS)
    return () => clearInterval(timer)
  }, [running, reload])
  useEffect(() => {
    if (batch && !running) onDone?.()
    // Read again once, when it is over.
  }, [batch?.status])
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { operation, status, reason, total, done, refused, items } = query.data.batchOperation
  const { requestedByName, createdAt, endedAt } = query.data.batchOperation
  const counts = { WAITING: total - done - refused, DONE: done, REFUSED: refused }
  return (
    <section className="staff-chosen" aria-label={words('operation', operation)} data-batch={status}>
      <p role="status">
        <strong>{words('operation', operation)}</strong> · {words('operationStatus', status)} ·{' '}
        {text.went(done, refused, total)}
      </p>
      <p className="quiet">
        {[
          text.reason(reason),
          requestedByName && text.by(say(requestedByName)),
          text.begun(format.time(createdAt)),
          endedAt && text.ended(format.time(endedAt)),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {running && (
        <>
          <progress aria-label={text.outcome} max={Math.max(1, total)} value={done + refused} />
          <Stop id={id} onDone={query.reload} />
        </>
      )}
      <p>
        <label className="staff-choice">
          {text.show}
          <select
            className="input"
            value={outcome ?? ''}
            onChange={(event) => {
              setAfter(0)
              setOutcome(OUTCOMES.find((one) => one === event.target.value))
            }}
          >
            <option value="">{text.all(total)}</option>
            {OUTCOMES.map((one) => (
              <option key={one} value={one}>
                {text.outcomes[one]} ({counts[one]})
              </option>
            ))}
          </select>
        </label>
      </p>
      <DataTable
        caption={text.outcome}
        empty={text.none}
        rows={items}
        rowKey={({ place }) => place}
        columns={[
          {
            title: text.businessKey,
            cell: ({ businessKey, instanceId }) => (
              <Link
                to={
                  operation === 'archive' && status !== 'RUNNING'
                    ? `/processes/archive/${instanceId}`
                    : placeOf({ businessKey, id: instanceId })
                }
              >
                <code>{businessKey}</code>
              </Link>
            ),
          },
          {
            title: text.outcome,
            cell: ({ outcome, code, refusal }) => (
              <>
                {text.outcomes[outcome]}
                {refusal && `${text.colon}${say(refusal)}`} {code && <code className="quiet">{code}</code>}
              </>
            ),
          },
        ]}
      />
      {(after > 0 || items.length === PAGE) && (
        <p className="actions">
          {after > 0 && (
            <button type="button" className="button-second" onClick={() => setAfter(0)}>
              {text.first}
            </button>
          )}
          {items.length === PAGE && (
            <button
              type="button"
              className="button-second"
              onClick={() => setAfter(items.at(-1)?.place ?? 0)}
            >
              {text.next}
            </button>
          )}
        </p>
      )}
    </section>
  )
}

const OUTCOMES = ['WAITING', 'DONE', 'REFUSED'] as const

function Stop({ id, onDone }: { id: string; onDone: () => void }) {
  const text = useText(TEXT)
  const cancel = useMutation(CANCEL_BATCH)
  const [asked, setAsked] = useState(false)
  return (
    <>
      <p className="actions">
        <button
          type="button"
          className="button-second"
          data-act="stop"
          aria-expanded={asked}
          onClick={() => setAsked(true)}
        >
          {text.stop}
        </button>
      </p>
      {asked && (
        <ReasonForm
          says={text.stops}
          go={text.stop}
          busy={cancel.running}
          error={cancel.error}
          onLeave={() => setAsked(false)}
          onGo={(reason) => void cancel.run({ id, reason }).then((done) => done && onDone())}
        />
      )}
    </>
  )
}

const TEXT = {
  zh: {
    outcome: '结果',
    went: (done: number, refused: number, total: number) =>
      `共 ${total} 项：办成 ${done} 项，被拒绝 ${refused} 项。`,
    reason: (why: string) => `理由：${why}`,
    by: (who: string) => `操作人：${who}`,
    begun: (at: string) => `${at} 开始`,
    ended: (at: string) => `${at} 结束`,
    show: '只看',
    all: (n: number) => `全部 (${n})`,
    none: '没有这样的项。',
    businessKey: '业务主键',
    outcomes: { WAITING: '未办', DONE: '办成', REFUSED: '被拒绝' },
    colon: '：',
    first: '回到开头',
    next: '后面的',
    stop: '中止',
    stops: '在下一项之前停下；已办的保持不变。',
  },
  en: {
    outcome: 'Outcome',
    went: (done: number, refused: number, total: number) =>
      `${total} in all: ${done} done, ${refused} refused.`,
    reason: (why: string) => `Why: ${why}`,
    by: (who: string) => `by ${who}`,
    begun: (at: string) => `begun ${at}`,
    ended: (at: string) => `ended ${at}`,
    show: 'Only',
    all: (n: number) => `all (${n})`,
    none: 'There is none such.',
    businessKey: 'Business key',
    outcomes: { WAITING: 'not done', DONE: 'done', REFUSED: 'refused' },
    colon: ': ',
    first: 'To the first',
    next: 'Further ones',
    stop: 'Stop',
    stops: 'Stops before the next item; what is done stays done.',
  },
}
