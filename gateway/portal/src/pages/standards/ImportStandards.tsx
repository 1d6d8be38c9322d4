import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import { upload, type ApiError } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { codeListPath } from './look.ts'
import { type Head, headJson, NewCodeList, NO_HEAD } from './NewCodeList.tsx'

interface Finding {
  readonly row: number
  readonly column: string
  readonly value: string
  readonly code: string
  readonly message: { readonly zh: string; readonly en: string }
}

/** As POST /api/standards/import answers. */
interface Outcome {
  readonly read: number
  readonly unchanged: number
  readonly drafts: readonly { readonly code: string; readonly version: string }[]
  readonly findings: readonly Finding[]
  readonly findingCount: number
}

type State =
  | { readonly step: 'choose'; readonly file?: File; readonly error?: ApiError }
  | { readonly step: 'sending' }
  | {
      readonly step: 'tried' | 'drafted'
      readonly file: File
      readonly outcome: Outcome
      readonly error?: ApiError
    }

/** A table of codes or data elements: first tried, then drafted for the review of any other draft. */
export function ImportStandards() {
  const text = useText(TEXT)
  const [state, setState] = useState<State>({ step: 'choose' })
  const [head, setHead] = useState<Head>()

  async function send(file: File, dryRun: boolean, before?: State) {
    setState({ step: 'sending' })
    try {
      const query = new URLSearchParams({ dryRun: String(dryRun), ...(head && { list: headJson(head) }) })
      const outcome = await upload<Outcome>(
        `/api/standards/import?${query.toString()}`,
        file,
        () => undefined,
      )
      setState({ step: dryRun ? 'tried' : 'drafted', file, outcome })
    } catch (refusal) {
      const error = refusal as ApiError
      setState(before && before.step !== 'sending' ? { ...before, error } : { step: 'choose', file, error })
    }
  }

  /** What was tried was tried under the head as it stood. */
  function change(head: Head | undefined) {
    setHead(head)
    if (state.step !== 'sending') setState({ step: 'choose', ...('file' in state && { file: state.file }) })
  }

  return (
    <StaffPage title={text.title} lead={text.lead} busy={state.step === 'sending'}>
      <p>
        <Checkbox
          id="is-new-list"
          checked={head !== undefined}
          disabled={state.step === 'sending'}
          onChange={({ target }) => change(target.checked ? NO_HEAD : undefined)}
        >
          {text.isNew}
        </Checkbox>
      </p>
      {head && <NewCodeList head={head} change={change} />}
      <section className="task-form">
        <label htmlFor="standards-file">
          <strong>{text.file}</strong>
        </label>
        <p className="field-hint" id="standards-file-hint">
          {text.hint}
        </p>
        <input
          id="standards-file"
          type="file"
          className="input"
          accept=".csv,.xlsx"
          aria-describedby="standards-file-hint"
          disabled={state.step === 'sending'}
          onChange={({ target }) => {
            const file = target.files?.[0]
            // The same file, corrected, may be chosen again.
            target.value = ''
            if (file) void send(file, true)
          }}
        />
      </section>
      {state.step === 'sending' && <p role="status">{text.reading}</p>}
      {state.step !== 'sending' && state.error && <Failure error={state.error} />}
      {state.step === 'choose' && state.file && <TryAgain file={state.file} send={send} />}
      {(state.step === 'tried' || state.step === 'drafted') && (
        <Result
          name={state.file.name}
          outcome={state.outcome}
          draft={state.step === 'tried' ? () => void send(state.file, false, state) : undefined}
        />
      )}
    </StaffPage>
  )
}

function TryAgain({ file, send }: { file: File; send: (file: File, dryRun: boolean) => Promise<void> }) {
  const text = useText(TEXT)
  return (
    <p className="actions">
      <Button id="try-again" onClick={() => void send(file, true)}>
        {text.again(file.name)}
      </Button>
    </p>
  )
}

interface ResultProps {
  readonly name: string
  readonly outcome: Outcome
  /** Absent once it is drafted. */
  readonly draft: (() => void) | undefined
}

function Result({ name, outcome: { read, unchanged, drafts, findings, findingCount }, draft }: ResultProps) {
  const text = useText(TEXT)
  const say = useSay()
  return (
    <section aria-labelledby="import-result">
      <h2 id="import-result">{name}</h2>
      <p role="status" className={findingCount > 0 ? 'notice notice-warn' : 'notice'}>
        {text.counts(read, unchanged)}{' '}
        {findingCount > 0 ? text.wrong(findingCount) : !draft && text.drafted(drafts.length)}
      </p>
      {findingCount > 0 && (
        <DataTable<Finding>
          caption={text.findings}
          rows={findings}
          rowKey={({ row, column }) => `${row} ${column}`}
          columns={[
            { title: text.row, cell: ({ row }) => row },
            { title: text.column, cell: ({ column }) => <code>{column}</code> },
            { title: text.value, cell: ({ value }) => <code>{value}</code> },
            { title: text.reason, cell: ({ message }) => say(message) },
          ]}
        />
      )}
      {draft && findingCount === 0 && unchanged < read && (
        <Button id="draft-import" type="primary" onClick={draft}>
          {text.draft}
        </Button>
      )}
      <ul>
        {drafts.map(({ code, version }) => (
          <li key={code}>
            <Link to={code.includes('@') ? codeListPath(code) : `/standards/elements/${code}`}>
              {code} {version}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

const TEXT = {
  zh: {
    title: '导入标准',
    lead: '导入的内容成为草案，与其他草案一样经过审查才能发布。',
    file: '代码集或数据元的表格',
    hint: 'CSV或XLSX，列名与下载的文件相同。代码集尚无发布的版本时，先填写其名称等内容。选择后先试读，不作任何更改。',
    reading: '正在读取…',
    isNew: '表格是一个新代码集',
    again: (name: string) => `再次试读 ${name}`,
    counts: (read: number, unchanged: number) => `读取 ${read} 行，其中 ${unchanged} 行与已发布的相同。`,
    wrong: (n: number) => `有 ${n} 处须更正，未导入。`,
    drafted: (n: number) => `已起草 ${n} 项。`,
    findings: '须更正的单元格',
    row: '行',
    column: '列',
    value: '内容',
    reason: '原因',
    draft: '起草',
  },
  en: {
    title: 'Import standards',
    lead: 'What is imported becomes a draft and is published only after the review of any other draft.',
    file: 'Table of a code list or of data elements',
    hint: 'CSV or XLSX with the columns of a download. Of a code list without a published version say first what it is. The file is tried first; nothing changes.',
    reading: 'Reading…',
    isNew: 'The table is a new code list',
    again: (name: string) => `Try ${name} again`,
    counts: (read: number, unchanged: number) =>
      `${read} rows are read, ${unchanged} of them are published like this.`,
    wrong: (n: number) => `${n} cells need correcting; nothing is imported.`,
    drafted: (n: number) => `${n} drafted.`,
    findings: 'Cells to correct',
    row: 'Row',
    column: 'Column',
    value: 'Content',
    reason: 'Reason',
    draft: 'Draft',
  },
}
