import { Button, Progress } from 'antd'
import { useRef, useState } from 'react'
import { upload, type ApiError } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { useFormat } from '../../format.ts'
import { useText } from '../../i18n.ts'
import { navigate } from '../../router.tsx'
import { Unclear } from '../ingest/Unclear.tsx'

/** Sends a department's file, which becomes a batch; what is unclear in it is asked. */
export function UploadFile({ datasetId }: { datasetId: string }) {
  const text = useText(TEXT)
  const format = useFormat()
  const [share, setShare] = useState<number>()
  const [error, setError] = useState<ApiError>()
  /** Kept so that it can be sent again with what was not clear. */
  const [file, setFile] = useState<File>()
  const sending = useRef<AbortController>(undefined)

  async function send(file: File | undefined, choice = '') {
    if (!file || share !== undefined) return
    setFile(file)
    setError(undefined)
    setShare(0)
    const stop = (sending.current = new AbortController())
    try {
      const path = `/api/datasets/${datasetId}/batches?name=${encodeURIComponent(file.name)}${choice}`
      const { id } = await upload<{ id: string }>(path, file, setShare, stop.signal)
      navigate(`/data/batches/${id}`)
    } catch (refusal) {
      if (!stop.signal.aborted) setError(refusal as ApiError)
      setShare(undefined)
    }
  }

  return (
    <section className="task-form" aria-labelledby="upload">
      <label id="upload" htmlFor="register-file">
        <strong>{text.upload}</strong>
      </label>
      <p className="field-hint" id="register-file-hint">
        {text.uploadHint}
      </p>
      {error && <Failure error={error} />}
      {error && file && <Unclear error={error} onConfirmed={(choice) => void send(file, choice)} />}
      {share === undefined ? (
        <input
          id="register-file"
          type="file"
          className="input"
          accept=".csv,.tsv,.txt,.xlsx,.json,.ndjson,.jsonl,.parquet,.gz,text/csv"
          aria-describedby="register-file-hint"
          onChange={(event) => void send(event.target.files?.[0])}
        />
      ) : (
        <div role="status">
          <Progress percent={Math.floor(share * 100)} aria-label={text.sending} />
          {text.sending} {format.percent(share)}{' '}
          <Button onClick={() => sending.current?.abort()}>{text.cancel}</Button>
        </div>
      )}
    </section>
  )
}

const TEXT = {
  zh: {
    upload: '上传登记文件',
    uploadHint:
      'CSV、制表符分隔的文本、Excel 工作簿（XLSX）、JSON、Parquet，也可以用 gzip 压缩。先按原文接收，下一步由您确认编码、工作表和各列的含义，再加载。',
    sending: '正在上传',
    cancel: '取消上传',
  },
  en: {
    upload: 'Upload a register',
    uploadHint:
      'CSV or tab-separated text, Excel workbooks (XLSX), JSON or Parquet, also packed by gzip. The file is received as it is; next you confirm encoding, sheet and columns, then it is loaded.',
    sending: 'Uploading',
    cancel: 'Cancel the upload',
  },
}
