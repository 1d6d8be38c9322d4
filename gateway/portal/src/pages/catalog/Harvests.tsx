import { Button, Checkbox } from 'antd'
import { useEffect, useState } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import type { HarvestFormat, HarvestsQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'

const HARVESTS = graphql(`
  query Harvests($id: UUID!) {
    source(id: $id) {
      id
      harvests {
        id
        format
        status
        createdAt
        mayCancel
        counts {
          read
          created
          changed
          unchanged
          quarantined
          withdrawn
        }
        quarantined {
          remoteId
          title
          refusal {
            code
            messages {
              zh
              en
            }
          }
        }
        refusal {
          code
          messages {
            zh
            en
          }
        }
      }
    }
  }
`)

const START = graphql(`
  mutation StartHarvest(
    $commandId: UUID!
    $sourceId: UUID!
    $format: HarvestFormat!
    $mayWithdrawMany: Boolean!
  ) {
    startHarvest(
      commandId: $commandId
      sourceId: $sourceId
      format: $format
      mayWithdrawMany: $mayWithdrawMany
    ) {
      id
    }
  }
`)

const CANCEL = graphql(`
  mutation CancelHarvest($commandId: UUID!, $id: UUID!) {
    cancelHarvest(commandId: $commandId, id: $id) {
      id
    }
  }
`)

type Harvest = HarvestsQuery['source']['harvests'][number]

const POLL_MS = 1000
const FORMATS: readonly HarvestFormat[] = ['DCAT', 'CKAN']
const COUNTS = ['read', 'created', 'changed', 'unchanged', 'quarantined', 'withdrawn'] as const

/** Crawls of the catalogue behind a REST source, and what of the last one was quarantined. */
export function Harvests({ sourceId, mayManage }: { sourceId: string; mayManage: boolean }) {
  const text = useText(TEXT)
  const query = useQuery(HARVESTS, { id: sourceId })
  const start = useMutation(START)
  const cancel = useMutation(CANCEL)
  const [mayWithdrawMany, setMayWithdrawMany] = useState(false)
  const { data, reload } = query.state === 'ready' ? query : { data: undefined, reload: undefined }
  const moving = data?.source.harvests.some(({ status }) => status === 'QUEUED' || status === 'RUNNING')
  useEffect(() => {
    if (!moving || !reload) return undefined
    const timer = setTimeout(reload, POLL_MS)
    return () => clearTimeout(timer)
  }, [moving, reload, data])

  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { harvests } = query.data.source
  const error = start.error ?? cancel.error
  return (
    <section aria-labelledby="harvests">
      <h2 id="harvests">{text.title}</h2>
      <p className="field-hint">{text.hint}</p>
      {error && <Failure error={error} />}
      {mayManage && (
        <p className="actions">
          {FORMATS.map((format) => (
            <Button
              key={format}
              disabled={moving === true || start.running}
              onClick={() => void start.run({ sourceId, format, mayWithdrawMany }).then(query.reload)}
            >
              {text.start[format]}
            </Button>
          ))}
          <Checkbox checked={mayWithdrawMany} onChange={({ target }) => setMayWithdrawMany(target.checked)}>
            {text.many}
          </Checkbox>
        </p>
      )}
      <Crawls harvests={harvests} onCancel={(id) => void cancel.run({ id }).then(query.reload)} />
      {harvests[0] && harvests[0].quarantined.length > 0 && <Quarantine harvest={harvests[0]} />}
    </section>
  )
}

function Crawls({ harvests, onCancel }: { harvests: readonly Harvest[]; onCancel: (id: string) => void }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  return (
    <DataTable<Harvest>
      caption={text.title}
      rows={harvests}
      rowKey={({ id }) => id}
      empty={text.none}
      columns={[
        { title: text.at, cell: ({ createdAt }) => format.time(createdAt) },
        { title: text.format, cell: (harvest) => harvest.format },
        {
          title: text.status,
          cell: ({ status, refusal }) => (
            <span data-harvest-status={status}>
              {text.statuses[status]} {refusal && say(refusal.messages)}
            </span>
          ),
        },
        ...COUNTS.map((name) => ({
          title: text.counts[name],
          align: 'right' as const,
          cell: ({ counts }: Harvest) => format.count(counts[name]),
        })),
        {
          title: text.action,
          cell: ({ id, mayCancel }) =>
            mayCancel && (
              <Button danger onClick={() => onCancel(id)}>
                {text.cancel}
              </Button>
            ),
        },
      ]}
    />
  )
}

function Quarantine({ harvest }: { harvest: Harvest }) {
  const text = useText(TEXT)
  const say = useSay()
  return (
    <>
      <h3>{text.quarantine}</h3>
      <DataTable<Harvest['quarantined'][number]>
        caption={text.quarantine}
        rows={harvest.quarantined}
        rowKey={(_, index) => index}
        columns={[
          { title: text.record, cell: ({ title }) => title },
          { title: text.remoteId, cell: ({ remoteId }) => remoteId && <code>{remoteId}</code> },
          { title: text.reason, cell: ({ refusal }) => say(refusal.messages) },
        ]}
      />
    </>
  )
}

const TEXT = {
  zh: {
    title: '采集目录',
    hint: '把该接口背后的目录采集为本单位的目录条目：来源标识相同的是同一条目；不合格的记录单独列出，其余照常；完整采集一遍后，来源不再列出的条目撤下。',
    start: { DCAT: '按 DCAT 采集', CKAN: '按 CKAN 采集' },
    many: '来源目录确已大幅减少：超过两成的已有条目不再列出时也撤下',
    none: '还没有采集过目录。',
    at: '开始时间',
    format: '格式',
    status: '状态',
    statuses: { QUEUED: '排队', RUNNING: '采集中', DONE: '完成', FAILED: '失败', CANCELLED: '已取消' },
    counts: {
      read: '读取',
      created: '新增',
      changed: '变更',
      unchanged: '不变',
      quarantined: '隔离',
      withdrawn: '撤下',
    },
    action: '操作',
    cancel: '取消采集',
    quarantine: '最近一次隔离的记录',
    record: '名称',
    remoteId: '来源标识',
    reason: '原因',
  },
  en: {
    title: 'Harvests of a catalogue',
    hint: 'Turns the catalogue behind this service into entries of your department. The same identifier is the same entry; records that are not valid are listed and the rest go on; what a complete crawl no longer lists is withdrawn.',
    start: { DCAT: 'Harvest as DCAT', CKAN: 'Harvest as CKAN' },
    many: 'The other catalogue did shrink: withdraw what it no longer lists even where that is more than a fifth',
    none: 'No catalogue has been harvested yet.',
    at: 'Begun',
    format: 'Format',
    status: 'Status',
    statuses: {
      QUEUED: 'queued',
      RUNNING: 'crawling',
      DONE: 'done',
      FAILED: 'failed',
      CANCELLED: 'cancelled',
    },
    counts: {
      read: 'Read',
      created: 'New',
      changed: 'Changed',
      unchanged: 'Unchanged',
      quarantined: 'Quarantined',
      withdrawn: 'Withdrawn',
    },
    action: 'Action',
    cancel: 'Cancel the harvest',
    quarantine: 'Records of the last harvest that were quarantined',
    record: 'Name',
    remoteId: 'Identifier',
    reason: 'Reason',
  },
}
