import { useState } from 'react'
import { upload, type ApiError } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'

interface Finding {
  readonly row: number
  readonly column: string
  readonly value: string
  readonly code: string
  readonly message: { readonly zh: string; readonly en: string }
}

/** As POST /api/catalog/entries/import answers. */
interface Outcome {
  readonly read: number
  readonly registered: readonly { readonly id: string; readonly code: string; readonly name: string }[]
  readonly findings: readonly Finding[]
  readonly findingCount: number
}

type State =
  | { readonly step: 'choose' | 'sending' }
  | { readonly step: 'refused'; readonly error: ApiError }
  | { readonly step: 'told'; readonly outcome: Outcome }

/** Many entries at once by a table: all of it is registered, or nothing. */
export function ImportEntries() {
  const text = useText(TEXT)
  const [state, setState] = useState<State>({ step: 'choose' })

  async function send(file: File) {
    setState({ step: 'sending' })
    try {
      const outcome = await upload<Outcome>('/api/catalog/entries/import', file, () => undefined)
      setState({ step: 'told', outcome })
    } catch (refusal) {
      setState({ step: 'refused', error: refusal as ApiError })
    }
  }

  return (
    <section className="task-form" aria-labelledby="import-entries">
      <h2 id="import-entries">{text.title}</h2>
      <p>
        <a href="/api/catalog/entries/template" download="entries.xlsx">
          {text.template}
        </a>
      </p>
      <label htmlFor="entries-file">
        <strong>{text.file}</strong>
      </label>
      <p className="field-hint" id="entries-file-hint">
        {text.hint}
      </p>
      <input
        id="entries-file"
        type="file"
        className="input"
        accept=".xlsx,.csv"
        aria-describedby="entries-file-hint"
        disabled={state.step === 'sending'}
        onChange={({ target }) => {
          const file = target.files?.[0]
          // The same file, corrected, may be chosen again.
          target.value = ''
          if (file) void send(file)
        }}
      />
      {state.step === 'sending' && <p role="status">{text.reading}</p>}
      {state.step === 'refused' && <Failure error={state.error} />}
      {state.step === 'told' && <Result {...state.outcome} />}
    </section>
  )
}

function Result({ read, registered, findings, findingCount }: Outcome) {
  const text = useText(TEXT)
  const say = useSay()
  return (
    <>
      <p role="status" className={findingCount > 0 ? 'notice notice-warn' : 'notice'}>
        {text.read(read)} {findingCount > 0 ? text.wrong(findingCount) : text.registered(registered.length)}
      </p>
      {findingCount > 0 && (
        <DataTable<Finding>
          caption={text.findings}
          rows={findings}
          rowKey={({ row, column, code }) => `${row} ${column} ${code}`}
          columns={[
            { title: text.row, cell: ({ row }) => row },
            { title: text.column, cell: ({ column }) => column },
            { title: text.value, cell: ({ value }) => value },
            { title: text.reason, cell: ({ message }) => say(message) },
          ]}
        />
      )}
      <ul>
        {registered.map(({ id, code, name }) => (
          <li key={id}>
            <Link to={`/directory/entries/${id}`}>
              {code} {name}
            </Link>
          </li>
        ))}
      </ul>
    </>
  )
}

const TEXT = {
  zh: {
    title: '用表格批量登记',
    template: '下载模板（XLSX）',
    file: '填好的表格',
    hint: 'XLSX或CSV，每行一个条目，表头与模板相同。有一格不对，整个表格都不登记。',
    reading: '正在读取…',
    read: (n: number) => `读取 ${n} 个条目。`,
    wrong: (n: number) => `有 ${n} 处须更正，未登记。`,
    registered: (n: number) => `已登记 ${n} 个条目，等待审核。`,
    findings: '须更正的单元格',
    row: '行',
    column: '列',
    value: '内容',
    reason: '原因',
  },
  en: {
    title: 'Register many by a table',
    template: 'Download the template (XLSX)',
    file: 'The filled table',
    hint: 'XLSX or CSV, one entry a row, with the headings of the template. With one wrong cell, nothing of the table is registered.',
    reading: 'Reading…',
    read: (n: number) => `${n} entries are read.`,
    wrong: (n: number) => `${n} cells need correcting; nothing is registered.`,
    registered: (n: number) => `${n} entries are registered and await review.`,
    findings: 'Cells to correct',
    row: 'Row',
    column: 'Column',
    value: 'Content',
    reason: 'Reason',
  },
}
