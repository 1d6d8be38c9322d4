import { Button, Select } from 'antd'
import { useState } from 'react'
import { type ApiError, request } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { useFormat } from '../../format.ts'
import { useText } from '../../i18n.ts'
import { useWords } from '../../words.ts'
import { CHOOSE_TABLE, type Batch } from './batch.ts'

/** What the file is, and which of its sheets or lists of records is loaded. */
export function FileTable({ batch, onChosen }: { batch: Batch; onChosen: () => void }) {
  const text = useText(TEXT)
  const words = useWords()
  const format = useFormat()
  const { form } = batch
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<{ readonly refusal: ApiError; readonly table: string }>()
  const isDrifted = batch.status === 'STOPPED' && batch.refusal?.code === 'INGEST_COLUMN_DRIFTED'
  const mayChoose =
    batch.dataset.mayLoad && (batch.status === 'RECEIVED' || isDrifted) && form.tables.length > 1

  async function choose(table: string, headerConfirmed = false) {
    setBusy(true)
    setError(undefined)
    try {
      await request(CHOOSE_TABLE, { batchId: batch.id, table, headerConfirmed })
      onChosen()
    } catch (refusal) {
      setError({ refusal: refusal as ApiError, table })
    }
    setBusy(false)
  }

  if (form.kind === 'DELIMITED' && !form.isGzip) return null
  const named = (name: string) => (name === '' ? text.whole : name)
  return (
    <section aria-busy={busy} data-file-kind={form.kind}>
      <h2>{text.file}</h2>
      <p>
        {words('fileKind', form.kind)}
        {form.isGzip && ` · ${text.packed}`}
        {form.table !== null && form.table !== undefined && ` · ${named(form.table)}`}
        {form.hiddenRows > 0 && ` · ${text.hidden(format.count(form.hiddenRows))}`}
      </p>
      {mayChoose && (
        <p>
          <label htmlFor="file-table">{text.choose} </label>
          <Select
            id="file-table"
            style={{ minWidth: '16rem' }}
            value={form.table ?? ''}
            loading={busy}
            onChange={(table: string) => void choose(table)}
            options={form.tables.map(({ name, isEmpty }) => ({
              value: name,
              label: isEmpty ? `${named(name)}（${text.empty}）` : named(name),
              disabled: isEmpty,
            }))}
          />
        </p>
      )}
      {error && <Failure error={error.refusal} />}
      {error?.refusal.code === 'INGEST_HEADER_UNCLEAR' && (
        <Button onClick={() => void choose(error.table, true)}>{text.header}</Button>
      )}
    </section>
  )
}

const TEXT = {
  zh: {
    file: '文件',
    packed: 'gzip 压缩',
    whole: '整个文件',
    hidden: (n: string) => `有 ${n} 行被隐藏，同样会加载`,
    choose: '加载哪一张工作表（或哪一组记录）',
    empty: '空',
    header: '表头没有问题，照此读取',
  },
  en: {
    file: 'File',
    packed: 'packed by gzip',
    whole: 'the whole file',
    hidden: (n: string) => `${n} rows are hidden; they are loaded too`,
    choose: 'Which sheet, or list of records, to load',
    empty: 'empty',
    header: 'The header is right: read it so',
  },
}
