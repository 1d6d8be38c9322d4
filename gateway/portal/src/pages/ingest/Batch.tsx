import { Button } from 'antd'
import { useEffect } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { BATCH, CANCEL, RETRY, type Batch as Shown } from './batch.ts'
import { Counts, Quarantine, Reasons } from './BatchResult.tsx'
import { FileTable } from './FileTable.tsx'
import { Mapping } from './Mapping.tsx'
import { Stop } from './Stop.tsx'

const POLL_MS = 1000

/** One load of a register, from the received file to the published version. */
export function Batch({ id = '' }: { id?: string }) {
  const query = useQuery(BATCH, { id })
  const moving = query.state === 'ready' && ['MAPPED', 'RUNNING'].includes(query.data.batch.status)
  const { data, reload } = query.state === 'ready' ? query : { data: undefined, reload: undefined }
  useEffect(() => {
    if (!moving || !reload) return undefined
    const timer = setTimeout(reload, POLL_MS)
    return () => clearTimeout(timer)
  }, [moving, reload, data])

  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return <Content batch={query.data.batch} reload={query.reload} />
}

function Content({ batch, reload }: { batch: Shown; reload: () => void }) {
  const text = useText(TEXT)
  const words = useWords()
  const format = useFormat()
  const cancel = useMutation(CANCEL)
  const retry = useMutation(RETRY)
  const error = cancel.error ?? retry.error
  const moving = batch.status === 'MAPPED' || batch.status === 'RUNNING'
  return (
    <StaffPage
      title={batch.fileName}
      lead={
        <>
          <Link to={`/data/datasets/${batch.dataset.id}`}>{batch.dataset.title}</Link> ·{' '}
          {format.size(batch.sizeBytes)} · {format.time(batch.createdAt)} ·{' '}
          <span data-batch-status={batch.status}>{words('batch', batch.status)}</span>
        </>
      }
      actions={
        <div className="staff-filter">
          {batch.mayCancel && (
            <Button
              danger
              loading={cancel.running}
              onClick={() => void cancel.run({ batchId: batch.id }).then(reload)}
            >
              {text.cancel}
            </Button>
          )}
          {batch.mayRetry && (
            <Button
              loading={retry.running}
              onClick={() => void retry.run({ batchId: batch.id }).then(reload)}
            >
              {text.retry}
            </Button>
          )}
        </div>
      }
    >
      {error && <Failure error={error} />}
      <Refusal batch={batch} />
      <Stop batch={batch} onOverridden={reload} />
      <FileTable batch={batch} onChosen={reload} />
      {batch.status === 'PUBLISHED' && batch.publishedVersion && (
        <p className="notice notice-good">{text.published(batch.publishedVersion)}</p>
      )}
      {moving && <Progress batch={batch} />}
      {batch.status === 'RECEIVED' && batch.dataset.mayLoad && (
        // Another sheet has other columns: its choices begin anew.
        <Mapping key={batch.form.table ?? ''} batch={batch} onConfirmed={reload} />
      )}
      {batch.counts && <Counts counts={batch.counts} />}
      {batch.reasons.length > 0 && <Reasons batch={batch} />}
      {batch.counts && batch.counts.rejected > 0 && <Quarantine batch={batch} />}
    </StaffPage>
  )
}

function Refusal({ batch }: { batch: Shown }) {
  const text = useText(TEXT)
  const say = useSay()
  if (!batch.refusal) return null
  return (
    <div className="notice notice-bad" data-code={batch.refusal.code}>
      <h2>{text.stopped}</h2>
      <p>{say(batch.refusal.messages)}</p>
      <p className="quiet">
        <code>{batch.refusal.code}</code> · {text.unchanged}
      </p>
    </div>
  )
}

function Progress({ batch }: { batch: Shown }) {
  const text = useText(TEXT)
  const words = useWords()
  const format = useFormat()
  const { progress } = batch
  const { phase, rows, elapsedMs } = progress ?? { phase: 'queued', rows: 0, elapsedMs: 0 }
  const read = progress?.bytes ? progress.bytes / (batch.sizeBytes || 1) : undefined
  const share = progress?.share ?? read
  return (
    <section className="notice" role="status" aria-label={text.progress}>
      <p>
        <strong>{words('phase', phase)}</strong> · {text.rows(format.count(rows))} ·{' '}
        {progress?.bytes ? `${format.size(progress.bytes)} / ${format.size(batch.sizeBytes)} · ` : ''}
        {progress?.ranges ? `${text.ranges(progress.rangesDone ?? 0, progress.ranges)} · ` : ''}
        {text.seconds(Math.round(elapsedMs / 1000))}
      </p>
      {/* Without a value it says that something goes on, and not how far. */}
      <progress {...(share == null ? {} : { value: Math.min(1, share) })} aria-label={text.progress} />
    </section>
  )
}

const TEXT = {
  zh: {
    cancel: '取消加载',
    retry: '按现行模式重新判定',
    published: (n: number) => `已发布为第 ${n} 版。`,
    stopped: '这批没有发布',
    unchanged: '正在使用的版本没有变化',
    progress: '加载进度',
    rows: (n: string) => `已处理 ${n} 行`,
    ranges: (done: number, of: number) => `已完成 ${done} / ${of} 段`,
    seconds: (n: number) => `用时 ${n} 秒`,
  },
  en: {
    cancel: 'Cancel the load',
    retry: 'Decide again under the schema in force',
    published: (n: number) => `Published as version ${n}.`,
    stopped: 'This batch was not published',
    unchanged: 'the served version is unchanged',
    progress: 'Progress of the load',
    rows: (n: string) => `${n} rows done`,
    ranges: (done: number, of: number) => `${done} of ${of} ranges`,
    seconds: (n: number) => `${n} s`,
  },
}
