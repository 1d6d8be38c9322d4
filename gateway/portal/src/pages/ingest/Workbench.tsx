import { Button, Select } from 'antd'
import { useState } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, navigate } from '../../router.tsx'
import { useWords } from '../../words.ts'
import {
  HISTORY,
  REPLAY,
  ROWS,
  WORKBENCH,
  type Reason,
  type WorkbenchBatch,
  type WorkbenchRow,
} from './workbench.ts'
import { RowEditor } from './RowEditor.tsx'

/** The rows a load held back: by reason, to be corrected or explained, then replayed. */
export function Workbench({ id = '' }: { id?: string }) {
  const query = useQuery(WORKBENCH, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return <Content batch={query.data.batch} reload={query.reload} />
}

function Content({ batch, reload }: { batch: WorkbenchBatch; reload: () => void }) {
  const text = useText(TEXT)
  const words = useWords()
  const format = useFormat()
  const replay = useMutation(REPLAY)
  const { open, corrected, fixed, waived, expired } = batch.rowStates

  async function start() {
    const started = await replay.run({ batchId: batch.id })
    if (started) navigate(`/data/batches/${started.replayBatch.id}`)
  }

  return (
    <StaffPage
      title={text.title}
      busy={replay.running}
      lead={
        <>
          <Link to={`/data/batches/${batch.id}`}>{batch.fileName}</Link> ·{' '}
          <Link to={`/data/datasets/${batch.dataset.id}`}>{batch.dataset.title}</Link> ·{' '}
          {format.time(batch.createdAt)} · {words('batch', batch.status)}
          {batch.replayOf && (
            <>
              {' '}
              · <Link to={`/data/batches/${batch.replayOf.id}/quarantine`}>{text.replayOf}</Link>
            </>
          )}
        </>
      }
      actions={
        batch.maySettle && (
          <Button type="primary" id="replay" loading={replay.running} onClick={() => void start()}>
            {text.replay(corrected)}
          </Button>
        )
      }
    >
      {replay.error && <Failure error={replay.error} />}
      <p data-row-states={`${open} ${corrected} ${fixed} ${waived} ${expired}`}>
        {text.states(
          format.count(open),
          format.count(corrected),
          format.count(fixed),
          format.count(waived),
          format.count(expired),
        )}
      </p>
      <Rows batch={batch} onDecided={reload} />
      <History batch={batch} />
    </StaffPage>
  )
}

const keyOf = ({ column, reason }: Pick<Reason, 'column' | 'reason'>) => `${column ?? ''} ${reason}`

function Rows({ batch, onDecided }: { batch: WorkbenchBatch; onDecided: () => void }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const [chosen, setChosen] = useState('')
  const [edited, setEdited] = useState<WorkbenchRow>()
  const rejecting = batch.reasons.filter(({ severity }) => severity === 'reject')
  const reason = rejecting.find((each) => keyOf(each) === chosen)
  const variables = {
    id: batch.id,
    ...(reason && { reason: reason.reason, column: reason.column ?? null }),
  }
  const list = usePaged(ROWS, variables, (data) => data.batch.quarantine)

  function decided() {
    setEdited(undefined)
    if (list.state !== 'loading') list.reload()
    onDecided()
  }

  return (
    <section>
      <h2>{text.rows}</h2>
      <div className="staff-filter">
        <label htmlFor="reason">{text.reason}</label>
        <Select
          id="reason"
          value={chosen}
          style={{ minWidth: '22rem' }}
          onChange={setChosen}
          options={[
            { value: '', label: text.allReasons },
            ...rejecting.map((each) => ({
              value: keyOf(each),
              label: `${each.column ?? text.wholeRow}${text.colon}${say(each.messages)}（${format.count(each.count)}）`,
            })),
          ]}
        />
      </div>
      {edited && (
        <RowEditor
          key={edited.line}
          batch={batch}
          row={edited}
          onDecided={decided}
          onClose={() => setEdited(undefined)}
        />
      )}
      <PagedTable<WorkbenchRow>
        list={list}
        rowKey={({ line }) => line}
        caption={text.rows}
        empty={text.noRows}
        columns={[
          { title: text.line, align: 'right', cell: ({ line }) => line },
          { title: text.raw, cell: ({ raw }) => <span className="raw-cells">{raw}</span> },
          {
            title: text.why,
            cell: ({ failures, remaining }) => (
              <ul className="reasons">
                {(remaining ?? failures).map((failure) => (
                  <li key={`${failure.column} ${failure.code}`}>
                    <strong>{failure.column ?? text.wholeRow}</strong>
                    {text.colon}
                    {say(failure.messages)}
                  </li>
                ))}
                {remaining?.length === 0 && <li>{text.nothingLeft}</li>}
              </ul>
            ),
          },
          {
            title: text.state,
            cell: ({ status, corrected, explanation }) => (
              <>
                <span className="tag tag-quiet" data-row-status={status}>
                  {status === 'OPEN' && corrected ? text.corrected : words('rowStatus', status)}
                </span>
                {explanation && <p className="quiet">{explanation}</p>}
              </>
            ),
          },
          {
            title: text.decide,
            cell: (row) =>
              batch.maySettle &&
              (row.status === 'OPEN' || row.status === 'WAIVED') && (
                <Button onClick={() => setEdited(row)} aria-label={text.editLine(row.line)}>
                  {text.edit}
                </Button>
              ),
          },
        ]}
      />
    </section>
  )
}

/** What the latest loads of the dataset were rejected for, reason by reason. */
function History({ batch }: { batch: WorkbenchBatch }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const query = useQuery(HISTORY, { datasetId: batch.dataset.id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const loads = query.data.batches.edges.map(({ node }) => node).filter(({ counts }) => counts)
  const reasons = new Map<string, Reason>()
  for (const load of loads)
    for (const reason of load.reasons)
      if (reason.severity === 'reject' && !reasons.has(keyOf(reason))) reasons.set(keyOf(reason), reason)
  return (
    <section>
      <h2>{text.history}</h2>
      <DataTable<Reason>
        caption={text.history}
        rows={[...reasons.values()]}
        rowKey={keyOf}
        empty={text.noHistory}
        columns={[
          {
            title: text.reason,
            cell: (reason) => `${reason.column ?? text.wholeRow}${text.colon}${say(reason.messages)}`,
          },
          ...loads.map(({ createdAt, reasons: found, id }, at) => ({
            title: `${format.time(createdAt)} (${loads.length - at})`,
            align: 'right' as const,
            cell: (reason: Reason) => (
              <span data-load={id}>
                {format.count(found.find((each) => keyOf(each) === keyOf(reason))?.count ?? 0)}
              </span>
            ),
          })),
        ]}
      />
    </section>
  )
}

const TEXT = {
  zh: {
    title: '待治理的行',
    replayOf: '由此批治理后重放',
    replay: (n: number) => `重放（已更正 ${n} 行）`,
    states: (open: string, corrected: string, fixed: string, waived: string, expired: string) =>
      `待治理 ${open} 行，其中已更正待重放 ${corrected} 行；已修复 ${fixed} 行，已说明不纳入 ${waived} 行，已过期 ${expired} 行。`,
    rows: '逐行处理',
    reason: '原因',
    allReasons: '全部原因',
    wholeRow: '整行',
    colon: '：',
    noRows: '没有待治理的行。',
    line: '行号',
    raw: '原文',
    why: '不符合的地方',
    nothingLeft: '更正后没有问题',
    state: '状态',
    corrected: '已更正，待重放',
    decide: '处理',
    edit: '更正或说明',
    editLine: (n: number) => `更正或说明第 ${n} 行`,
    history: '各次加载的退回原因',
    noHistory: '最近各次加载没有退回的行。',
  },
  en: {
    title: 'Rows in quarantine',
    replayOf: 'replay of this load',
    replay: (n: number) => `Replay (${n} corrected)`,
    states: (open: string, corrected: string, fixed: string, waived: string, expired: string) =>
      `${open} open, ${corrected} of them corrected and waiting for a replay; ${fixed} fixed, ${waived} explained and left out, ${expired} expired.`,
    rows: 'Row by row',
    reason: 'Reason',
    allReasons: 'All reasons',
    wholeRow: 'whole row',
    colon: ': ',
    noRows: 'No row is in quarantine.',
    line: 'Line',
    raw: 'As in the file',
    why: 'What is wrong',
    nothingLeft: 'Nothing is wrong after the correction',
    state: 'State',
    corrected: 'corrected, waits for a replay',
    decide: 'Decide',
    edit: 'Correct or explain',
    editLine: (n: number) => `Correct or explain line ${n}`,
    history: 'Reasons of rejections, load by load',
    noHistory: 'The latest loads rejected no row.',
  },
}
