import { useEffect, useState } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import type { IncidentChoice, IncidentOperation } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { BATCH, OPERATE, SELECTION } from './incident.ts'
import { placeOf } from './instance.ts'
import { ReasonForm } from './ReasonForm.tsx'

const OPERATIONS: readonly IncidentOperation[] = ['RETRY', 'SKIP', 'CANCEL', 'RESOLVE']
const LOOK_MS = 1_000

interface IncidentBulkProps {
  readonly choice: IncidentChoice
  /** Something was done: the list is to be read again. */
  readonly onDone: () => void
}

/** The same done to many incidents: how many it meets is worked out first, and each one's outcome is shown. */
export function IncidentBulk({ choice, onDone }: IncidentBulkProps) {
  const text = useText(TEXT)
  const words = useWords()
  const selection = useQuery(SELECTION, { choice })
  const operate = useMutation(OPERATE)
  const [operation, setOperation] = useState<IncidentOperation>()
  const [batch, setBatch] = useState<string>()
  if (batch !== undefined) return <Outcome id={batch} onDone={onDone} />
  if (selection.state === 'loading') return <Loading />
  if (selection.state === 'failed') return <Failure error={selection.error} retry={selection.reload} />
  const { count, places } = selection.data.incidentSelection
  return (
    <section className="staff-chosen" aria-label={text.title}>
      <p role="status">
        {text.meets(count)}{' '}
        <span className="quiet">
          {places
            .map(({ key, version, node, count }) => `${key} ${version} · ${node ?? ''} · ${count}`)
            .join(text.comma)}
        </span>
      </p>
      {count > 0 && (
        <p className="actions">
          {OPERATIONS.map((one) => (
            <button
              key={one}
              type="button"
              className="button-second"
              data-bulk={one}
              aria-expanded={operation === one}
              onClick={() => setOperation(one)}
            >
              {words('operation', one.toLowerCase())}
            </button>
          ))}
        </p>
      )}
      {operation && (
        <ReasonForm
          key={operation}
          says={text.says[operation](count)}
          go={words('operation', operation.toLowerCase())}
          busy={operate.running}
          error={operate.error}
          onLeave={() => setOperation(undefined)}
          onGo={(reason) =>
            void operate
              .run({ operation, choice, expectedCount: count, reason })
              .then((done) => done && setBatch(done.operateIncidents.id))
          }
        />
      )}
    </section>
  )
}

function Outcome({ id, onDone }: { id: string; onDone: () => void }) {
  const text = useText(TEXT)
  const say = useSay()
  const query = useQuery(BATCH, { id })
  const batch = query.state === 'ready' ? query.data.batchOperation : undefined
  const reload = query.state === 'loading' ? undefined : query.reload
  const running = batch?.status === 'RUNNING'
  useEffect(() => {
    if (!running || !reload) return
    const timer = setInterval(reload, LOOK_MS)
    return () => clearInterval(timer)
  }, [running, reload])
  useEffect(() => {
    if (batch && !running) onDone()
    // Read again once, when it is over.
  }, [batch?.status])
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { total, done, refused, items, status } = query.data.batchOperation
  return (
    <section className="staff-chosen" aria-label={text.outcome} data-batch={status}>
      <p role="status">
        {text.went(done, refused, total)} {running && <progress max={total} value={done + refused} />}
      </p>
      <DataTable
        caption={text.outcome}
        empty=""
        rows={items}
        rowKey={({ place }) => place}
        columns={[
          {
            title: text.businessKey,
            cell: ({ businessKey, instanceId }) => (
              <Link to={placeOf({ businessKey, id: instanceId })}>
                <code>{businessKey}</code>
              </Link>
            ),
          },
          {
            title: text.outcome,
            cell: ({ outcome, refusal }) => (
              <>
                {text.outcomes[outcome]} {refusal && say(refusal)}
              </>
            ),
          },
        ]}
      />
    </section>
  )
}

const TEXT = {
  zh: {
    title: '批量处理',
    meets: (n: number) => `所选条件现有 ${n} 项异常。`,
    comma: '；',
    says: {
      RETRY: (n: number) => `将逐项重试 ${n} 项异常；再次失败的会重新成为异常。`,
      SKIP: (n: number) => `将逐项跳过 ${n} 个停下的环节，视为已经办完。`,
      CANCEL: (n: number) => `将逐项取走 ${n} 个停下的令牌；最后一个令牌取走后流程随之结束。`,
      RESOLVE: (n: number) => `将 ${n} 项异常标记为已处理；仍有令牌停着的会被拒绝。`,
    },
    outcome: '结果',
    went: (done: number, refused: number, total: number) =>
      `共 ${total} 项：办成 ${done} 项，被拒绝 ${refused} 项。`,
    businessKey: '业务主键',
    outcomes: { WAITING: '等待', DONE: '办成', REFUSED: '被拒绝：' },
  },
  en: {
    title: 'Many at once',
    meets: (n: number) => `The choice meets ${n} ${n === 1 ? 'incident' : 'incidents'} now.`,
    comma: '; ',
    says: {
      RETRY: (n: number) => `Tries ${n} again, one after another; what fails again is an incident again.`,
      SKIP: (n: number) => `Goes on from ${n} as if their steps were done.`,
      CANCEL: (n: number) => `Takes ${n} tokens away; a process ends with its last one.`,
      RESOLVE: (n: number) => `Marks ${n} as seen to; one in which a token still stands is refused.`,
    },
    outcome: 'Outcome',
    went: (done: number, refused: number, total: number) =>
      `${total} in all: ${done} done, ${refused} refused.`,
    businessKey: 'Business key',
    outcomes: { WAITING: 'waits', DONE: 'done', REFUSED: 'refused:' },
  },
}
