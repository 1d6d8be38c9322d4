import { Button, Input } from 'antd'
import { useState } from 'react'
import { useMutation } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { useText } from '../../i18n.ts'
import { CORRECT, WAIVE, type WorkbenchBatch, type WorkbenchRow } from './workbench.ts'

interface RowEditorProps {
  readonly batch: WorkbenchBatch
  readonly row: WorkbenchRow
  readonly onDecided: () => void
  readonly onClose: () => void
}

/** One rejected row: its cells to put right, or the reason to leave it out. */
export function RowEditor({ batch, row, onDecided, onClose }: RowEditorProps) {
  const text = useText(TEXT)
  const correct = useMutation(CORRECT)
  const waive = useMutation(WAIVE)
  const before = {
    ...(row.cells as Record<string, string | null>),
    ...(row.corrected as Record<string, string | null> | null),
  }
  const [cells, setCells] = useState<Readonly<Record<string, string>>>({})
  const [explanation, setExplanation] = useState(row.explanation ?? '')
  const changed = batch.header.filter((name) => name in cells && cells[name] !== (before[name] ?? ''))
  const busy = correct.running || waive.running
  const error = correct.error ?? waive.error

  async function save() {
    const input = changed.map((column) => ({ column, text: cells[column] ?? null }))
    if (await correct.run({ batchId: batch.id, line: row.line, cells: input })) onDecided()
  }
  async function leaveOut() {
    if (await waive.run({ batchId: batch.id, line: row.line, explanation })) onDecided()
  }

  return (
    <section className="task-form" aria-labelledby="row-editor" aria-busy={busy}>
      <h3 id="row-editor">{text.title(row.line)}</h3>
      <p className="raw-cells">{row.raw}</p>
      {batch.header.map((name, at) => (
        <p key={name}>
          <label htmlFor={`cell-${at}`}>{name}</label>
          <Input
            id={`cell-${at}`}
            value={cells[name] ?? before[name] ?? ''}
            onChange={({ target }) => setCells((known) => ({ ...known, [name]: target.value }))}
          />
        </p>
      ))}
      <p className="actions">
        <Button
          type="primary"
          id="save-row"
          disabled={changed.length === 0}
          loading={correct.running}
          onClick={() => void save()}
        >
          {text.save}
        </Button>
        <Button onClick={onClose}>{text.close}</Button>
      </p>
      <p>
        <label htmlFor="row-explanation">{text.explanation}</label>
        <Input.TextArea
          id="row-explanation"
          rows={2}
          maxLength={500}
          value={explanation}
          onChange={({ target }) => setExplanation(target.value)}
        />
      </p>
      <p className="actions">
        <Button id="waive-row" loading={waive.running} onClick={() => void leaveOut()}>
          {text.waive}
        </Button>
      </p>
      {error && <Failure error={error} />}
    </section>
  )
}

const TEXT = {
  zh: {
    title: (n: number) => `第 ${n} 行`,
    save: '保存更正',
    close: '关闭',
    explanation: '不更正的理由（原文保持不变，该行不进入版本）',
    waive: '说明并不纳入',
  },
  en: {
    title: (n: number) => `Line ${n}`,
    save: 'Save the correction',
    close: 'Close',
    explanation: 'Why it is not corrected (the raw line stays; the row is left out of the version)',
    waive: 'Explain and leave out',
  },
}
