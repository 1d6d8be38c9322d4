import { Button, Input } from 'antd'
import { useEffect, useState } from 'react'
import { type ApiError, request, useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import type { SourceTestQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { Harvests } from './Harvests.tsx'
import { CANCEL_PULL, PERMIT, PULL, SOURCE, type Source as Shown, TEST } from './source.ts'
import { SourceDeliveries } from './SourceDeliveries.tsx'
import { FilesRead, SourceFiles } from './SourceFiles.tsx'
import { SourceReading } from './SourceReading.tsx'
import { SourceSchedule } from './SourceSchedule.tsx'

const POLL_MS = 1000

/** One source: its connection tried, what is read from it, and its pulls. */
export function Source({ id = '' }: { id?: string }) {
  const query = useQuery(SOURCE, { id })
  const { data, reload } = query.state === 'ready' ? query : { data: undefined, reload: undefined }
  const moving =
    data?.source.pulls.some(
      ({ status, batch }) =>
        ['QUEUED', 'RUNNING'].includes(status) || ['MAPPED', 'RUNNING'].includes(batch?.status ?? ''),
    ) === true ||
    data?.source.deliveries.some(({ runs }) => ['QUEUED', 'RUNNING'].includes(runs[0]?.status ?? ''))
  useEffect(() => {
    if (!moving || !reload) return undefined
    const timer = setTimeout(reload, POLL_MS)
    return () => clearTimeout(timer)
  }, [moving, reload, data])

  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return <Content source={query.data.source} reload={query.reload} />
}

function Content({ source, reload }: { source: Shown; reload: () => void }) {
  const text = useText(TEXT)
  const say = useSay()
  const pull = useMutation(PULL)
  const [test, setTest] = useState<SourceTestQuery['sourceTest']>()
  const [testing, setTesting] = useState(false)
  const [error, setError] = useState<ApiError>()

  async function tryIt() {
    setTesting(true)
    setError(undefined)
    try {
      setTest((await request(TEST, { id: source.id })).sourceTest)
    } catch (refusal) {
      setError(refusal as ApiError)
    }
    setTesting(false)
  }

  const shown = error ?? pull.error
  const { prefix } = source
  const isOfFiles = prefix !== null
  const place = isOfFiles
    ? [prefix]
    : [source.hosts.join(', '), source.hasSecret ? text.sealed : text.noSecret]
  const collections = test?.collections ?? []
  return (
    <StaffPage
      title={source.title}
      lead={[say(source.organisation.name), ...place].join(' · ')}
      actions={
        source.mayManage && (
          <div className="staff-filter">
            <Button loading={testing} onClick={() => void tryIt()}>
              {text.test}
            </Button>
            <Button
              type="primary"
              disabled={source.reading === null}
              loading={pull.running}
              onClick={() => void pull.run({ sourceId: source.id }).then(reload)}
            >
              {text.pull}
            </Button>
          </div>
        )
      }
    >
      {shown && <Failure error={shown} />}
      {test && <Steps test={test} />}
      {source.mayPermitNetworks && !isOfFiles && <Networks source={source} reload={reload} />}
      {source.mayManage && !isOfFiles && (
        <SourceReading source={source} collections={collections} reload={reload} />
      )}
      {source.mayManage && isOfFiles && <SourceFiles source={source} names={collections} reload={reload} />}
      {source.mayManage && <SourceSchedule source={source} reload={reload} />}
      <Pulls source={source} reload={reload} />
      {isOfFiles && <FilesRead files={source.files} />}
      {(source.mayDeliver || source.deliveries.length > 0) && (
        <SourceDeliveries source={source} collections={collections} reload={reload} />
      )}
      {source.kind === 'REST' && <Harvests sourceId={source.id} mayManage={source.mayManage} />}
    </StaffPage>
  )
}

function Steps({ test }: { test: SourceTestQuery['sourceTest'] }) {
  const text = useText(TEXT)
  const say = useSay()
  return (
    <section role="status" aria-label={text.result}>
      <ol>
        {test.steps.map(({ step, passed, refusal }) => (
          <li key={step} data-step={step} data-passed={passed}>
            {text.steps[step]}: {passed ? text.passed : text.failed}
            {refusal && (
              <>
                {' '}
                — {say(refusal.messages)} <code>{refusal.code}</code>
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

function Networks({ source, reload }: { source: Shown; reload: () => void }) {
  const text = useText(TEXT)
  const permit = useMutation(PERMIT)
  const [networks, setNetworks] = useState(source.permittedNetworks.join(' '))
  const list = networks.split(/[\s,]+/).filter((network) => network !== '')
  return (
    <section aria-labelledby="networks">
      <h2 id="networks">{text.networks}</h2>
      <p className="field-hint">{text.networksHint}</p>
      {permit.error && <Failure error={permit.error} />}
      <div className="staff-filter">
        <Input
          aria-labelledby="networks"
          value={networks}
          onChange={({ target }) => setNetworks(target.value)}
        />
        <Button
          loading={permit.running}
          onClick={() => void permit.run({ id: source.id, networks: list }).then(reload)}
        >
          {text.permit}
        </Button>
      </div>
    </section>
  )
}

function Pulls({ source, reload }: { source: Shown; reload: () => void }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const cancel = useMutation(CANCEL_PULL)
  const isOfFiles = source.prefix !== null
  const filesRead = (files: NonNullable<Shown['pulls'][number]['files']>) =>
    text.fileCounts(files.found, files.received, files.unchanged, files.refused)
  return (
    <section>
      <h2>{text.pulls}</h2>
      {source.watermark !== null && (
        <p>
          {text.watermark} <code>{source.watermark}</code>
        </p>
      )}
      {cancel.error && <Failure error={cancel.error} />}
      <DataTable<Shown['pulls'][number]>
        caption={text.pulls}
        rows={source.pulls}
        rowKey={({ id }) => id}
        empty={text.noPulls}
        columns={[
          { title: text.at, cell: ({ createdAt }) => format.time(createdAt) },
          {
            title: text.status,
            cell: ({ status, batch }) => (
              <span data-pull-status={status}>
                {batch ? (
                  <Link to={`/data/batches/${batch.id}`}>{words('batch', batch.status)}</Link>
                ) : isOfFiles && status === 'HANDED' ? (
                  text.filesHanded
                ) : (
                  text.statuses[status]
                )}
              </span>
            ),
          },
          {
            title: isOfFiles ? text.files : text.rows,
            align: 'right',
            cell: ({ progress, files }) =>
              files ? filesRead(files) : progress && format.count(progress.rows),
          },
          { title: text.refusal, cell: ({ refusal }) => refusal && say(refusal.messages) },
          {
            title: text.action,
            cell: ({ id, mayCancel }) =>
              mayCancel && (
                <Button danger loading={cancel.running} onClick={() => void cancel.run({ id }).then(reload)}>
                  {text.cancel}
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
    sealed: '口令已加密保存',
    noSecret: '没有口令',
    test: '测试连接',
    pull: '立即抽取',
    result: '测试结果',
    steps: { RESOLVE: '解析地址', CONNECT: '建立连接', LOGIN: '登录', READ: '读取' },
    passed: '通过',
    failed: '未通过',
    networks: '准许的内部网段',
    networksHint: '该数据源只能连接公网地址和这里列出的网段，例如 10.1.0.0/16。',
    permit: '保存网段',
    pulls: '抽取记录',
    noPulls: '还没有抽取过。',
    watermark: '已发布到水位',
    at: '开始时间',
    status: '状态',
    statuses: {
      QUEUED: '排队',
      RUNNING: '读取中',
      HANDED: '已成批次',
      FAILED: '失败',
      CANCELLED: '已取消',
    },
    rows: '已读行数',
    files: '文件',
    filesHanded: '已读完',
    fileCounts: (found: number, received: number, unchanged: number, refused: number) =>
      `共 ${found}：成批 ${received}，未变 ${unchanged}，被拒 ${refused}`,
    refusal: '原因',
    action: '操作',
    cancel: '取消',
  },
  en: {
    sealed: 'secret kept encrypted',
    noSecret: 'no secret',
    test: 'Test the connection',
    pull: 'Pull now',
    result: 'Result of the test',
    steps: { RESOLVE: 'Resolve the address', CONNECT: 'Connect', LOGIN: 'Log in', READ: 'Read' },
    passed: 'passed',
    failed: 'failed',
    networks: 'Permitted internal networks',
    networksHint:
      'The source may lead to public addresses and to the networks listed here, such as 10.1.0.0/16.',
    permit: 'Save networks',
    pulls: 'Pulls',
    noPulls: 'Nothing has been pulled yet.',
    watermark: 'Published up to',
    at: 'Begun',
    status: 'Status',
    statuses: {
      QUEUED: 'queued',
      RUNNING: 'reading',
      HANDED: 'became a batch',
      FAILED: 'failed',
      CANCELLED: 'cancelled',
    },
    rows: 'Rows read',
    files: 'Files',
    filesHanded: 'read',
    fileCounts: (found: number, received: number, unchanged: number, refused: number) =>
      `${found}: ${received} received, ${unchanged} unchanged, ${refused} refused`,
    refusal: 'Reason',
    action: 'Action',
    cancel: 'Cancel',
  },
}
