import { Button, Input } from 'antd'
import { useState } from 'react'
import { useMutation } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useText } from '../../i18n.ts'
import { DECIDE } from './reviews.ts'

export interface OwnRow {
  readonly datasetId: string
  readonly datasetTitle: string
  readonly rowId: string
  readonly line?: number | null
}

/** Rows of one's own register in a record, each of which may be taken out for good when it is another's. */
export function OwnRows({ recordKey, rows }: { recordKey: string; rows: readonly OwnRow[] }) {
  const text = useText(TEXT)
  const decide = useMutation(DECIDE)
  const [chosen, setChosen] = useState<OwnRow>()
  const [reason, setReason] = useState('')
  const [status, setStatus] = useState<string>()

  async function takeOut({ datasetId, rowId }: OwnRow) {
    const input = { datasetId, rowId, key: recordKey, answer: 'DIFFERENT' as const, reason }
    const done = await decide.run({ input })
    if (!done) return
    setStatus(done.decideLink.status)
    setChosen(undefined)
  }

  return (
    <section aria-busy={decide.running}>
      <h2>{text.title}</h2>
      {status && (
        <p role="status" data-status={status}>
          {status === 'PROPOSED' ? text.proposed : text.inForce}
        </p>
      )}
      {chosen && (
        <div className="task-form" role="group" aria-labelledby="take-out">
          <h3 id="take-out">{text.takeOutOf(chosen.datasetTitle, chosen.line)}</h3>
          <p>
            <label htmlFor="take-out-reason">{text.reason}</label>
            <Input.TextArea
              id="take-out-reason"
              rows={2}
              maxLength={500}
              autoFocus
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          </p>
          {decide.error && <Failure error={decide.error} />}
          <p className="actions">
            <Button type="primary" loading={decide.running} onClick={() => void takeOut(chosen)}>
              {text.takeOut}
            </Button>
            <Button onClick={() => setChosen(undefined)}>{text.close}</Button>
          </p>
        </div>
      )}
      <DataTable<OwnRow>
        caption={text.title}
        rows={rows}
        rowKey={({ datasetId, rowId }) => `${datasetId} ${rowId}`}
        empty={text.none}
        columns={[
          { title: text.row, cell: ({ datasetTitle, line }) => text.place(datasetTitle, line) },
          {
            title: text.actions,
            cell: (row) => (
              <Button
                onClick={() => setChosen(row)}
                aria-label={`${text.takeOut}${text.colon}${text.place(row.datasetTitle, row.line)}`}
              >
                {text.takeOut}
              </Button>
            ),
          },
        ]}
      />
    </section>
  )
}

const TEXT = {
  zh: {
    title: '本单位登记中的行',
    none: '本单位的登记中没有这个单位。',
    row: '行',
    place: (title: string, line?: number | null) => (line ? `${title} 第 ${line} 行` : title),
    actions: '操作',
    colon: '：',
    takeOut: '不是这个单位，分出',
    takeOutOf: (title: string, line?: number | null) => `分出：${title} 第 ${line ?? ''} 行`,
    reason: '理由',
    close: '关闭',
    proposed: '该单位持有证照，须由本单位第二人在“匹配核对”中确认后生效。',
    inForce: '已分出，以后各次归并都不再并入；可在“匹配核对”中撤销。',
  },
  en: {
    title: 'Rows of your registers',
    none: 'Your registers have no row of this organisation.',
    row: 'Row',
    place: (title: string, line?: number | null) => (line ? `${title}, line ${line}` : title),
    actions: 'Actions',
    colon: ': ',
    takeOut: 'Not this organisation: take out',
    takeOutOf: (title: string, line?: number | null) => `Take out: ${title}, line ${line ?? ''}`,
    reason: 'Reason',
    close: 'Close',
    proposed: 'The organisation holds a licence: a second person of your body confirms it under “Matching”.',
    inForce: 'Taken out of this and every later merge; it can be undone under “Matching”.',
  },
}
