import { AutoComplete, Button, Select } from 'antd'
import { useState } from 'react'
import { type ApiError, request, useMutation, useQuery } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { CANCEL_RUN, DELIVER, END_DELIVERY, OWN_DATASETS, SET_DELIVERY, type Source } from './source.ts'

type Delivery = Source['deliveries'][number]
interface Row {
  readonly delivery: Delivery
  readonly run: Delivery['runs'][number] | undefined
}

/** What is sent back into a department's database, and how far each of its tables has come. */
export function SourceDeliveries({
  source,
  collections,
  reload,
}: {
  source: Source
  collections: readonly string[]
  reload: () => void
}) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const deliver = useMutation(DELIVER)
  const cancel = useMutation(CANCEL_RUN)
  const end = useMutation(END_DELIVERY)
  const error = deliver.error ?? cancel.error ?? end.error
  const held = ({ runs }: Delivery) => Math.max(0, ...runs.map(({ version }) => version ?? 0))
  const rows = source.deliveries.map((delivery): Row => ({ delivery, run: delivery.runs[0] }))

  return (
    <section aria-labelledby="deliveries">
      <h2 id="deliveries">{text.title}</h2>
      <p className="field-hint">{text.hint}</p>
      {error && <Failure error={error} />}
      <DataTable<Row>
        caption={text.title}
        rows={rows}
        rowKey={({ delivery }) => delivery.id}
        empty={text.none}
        columns={[
          {
            title: text.dataset,
            cell: ({ delivery: { dataset } }) => (
              <Link to={`/data/datasets/${dataset.id}`}>{dataset.title}</Link>
            ),
          },
          { title: text.collection, cell: ({ delivery }) => delivery.collection },
          { title: text.key, cell: ({ delivery }) => delivery.keyColumns.join(', ') },
          {
            title: text.version,
            align: 'right',
            cell: ({ delivery }) => (held(delivery) === 0 ? text.nothing : format.count(held(delivery))),
          },
          {
            title: text.status,
            cell: ({ run }) =>
              run && (
                <span data-run-status={run.status}>
                  {text.statuses[run.status]} · {format.time(run.createdAt)}
                  {run.progress && ` · ${text.rows(format.count(run.progress.rows))}`}
                  {run.refusal && (
                    <>
                      <br />
                      {say(run.refusal.messages)}
                    </>
                  )}
                </span>
              ),
          },
          {
            title: text.action,
            cell: ({ delivery, run }) =>
              delivery.mayManage && (
                <div className="staff-filter">
                  {run?.mayCancel === true ? (
                    <Button
                      danger
                      loading={cancel.running}
                      onClick={() => void cancel.run({ id: run.id }).then(reload)}
                    >
                      {text.cancel}
                    </Button>
                  ) : (
                    <Button
                      loading={deliver.running}
                      onClick={() => void deliver.run({ id: delivery.id }).then(reload)}
                    >
                      {text.deliver}
                    </Button>
                  )}
                  <Button
                    loading={end.running}
                    onClick={() => void end.run({ id: delivery.id }).then(reload)}
                  >
                    {text.end}
                  </Button>
                </div>
              ),
          },
        ]}
      />
      {source.mayDeliver && <NewDelivery source={source} collections={collections} reload={reload} />}
    </section>
  )
}

function NewDelivery({
  source,
  collections,
  reload,
}: {
  source: Source
  collections: readonly string[]
  reload: () => void
}) {
  const text = useText(TEXT)
  const datasets = useQuery(OWN_DATASETS, {})
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<ApiError>()
  const [datasetId, setDatasetId] = useState<string>()
  const [collection, setCollection] = useState('')
  const own =
    datasets.state === 'ready'
      ? datasets.data.datasets.edges.map(({ node }) => node).filter(({ mayLoad }) => mayLoad)
      : []

  async function save() {
    if (datasetId === undefined) return
    setRunning(true)
    setError(undefined)
    try {
      await request(SET_DELIVERY, { input: { sourceId: source.id, datasetId, collection } })
      setCollection('')
      reload()
    } catch (refusal) {
      setError(refusal as ApiError)
    }
    setRunning(false)
  }

  return (
    <div className="task-form source-form">
      <h3>{text.add}</h3>
      {datasets.state === 'failed' && <Failure error={datasets.error} retry={datasets.reload} />}
      {error && <Failure error={error} />}
      <label htmlFor="delivery-dataset">{text.dataset}</label>
      <Select
        id="delivery-dataset"
        value={datasetId}
        onChange={setDatasetId}
        loading={datasets.state === 'loading'}
        options={own.map(({ id, title }) => ({ value: id, label: title }))}
      />
      <label htmlFor="delivery-collection">{text.collection}</label>
      <AutoComplete
        id="delivery-collection"
        value={collection}
        onChange={setCollection}
        options={collections.map((value) => ({ value }))}
      />
      <Button
        type="primary"
        loading={running}
        disabled={datasetId === undefined || collection === ''}
        onClick={() => void save()}
      >
        {text.save}
      </Button>
    </div>
  )
}

const TEXT = {
  zh: {
    title: '数据回流',
    hint: '数据集每发布一版，其增加、修改和删除的行按主键写入本库的表；表须已建好，列名与数据集相同。进度记在该库的 gdbos_delivery 表中。',
    none: '还没有回流。',
    dataset: '数据集',
    collection: '目标表或集合',
    key: '主键列',
    version: '目标所含版本',
    nothing: '尚无',
    status: '最近一次',
    rows: (n: string) => `${n} 行`,
    statuses: { QUEUED: '排队', RUNNING: '写入中', DONE: '已完成', FAILED: '失败', CANCELLED: '已取消' },
    action: '操作',
    deliver: '立即回流',
    cancel: '取消',
    end: '停止回流',
    add: '新增回流',
    save: '核对并保存',
  },
  en: {
    title: 'Delivered back',
    hint: 'With each version of the dataset, the rows that were added, changed or removed are written into the table by their key. The table must exist, its columns named as those of the dataset. How far it has come is kept in the table gdbos_delivery there.',
    none: 'Nothing is delivered back yet.',
    dataset: 'Dataset',
    collection: 'Target table or collection',
    key: 'Key columns',
    version: 'Version held',
    nothing: 'none yet',
    status: 'Last run',
    rows: (n: string) => `${n} rows`,
    statuses: {
      QUEUED: 'queued',
      RUNNING: 'writing',
      DONE: 'done',
      FAILED: 'failed',
      CANCELLED: 'cancelled',
    },
    action: 'Action',
    deliver: 'Deliver now',
    cancel: 'Cancel',
    end: 'End',
    add: 'Deliver a dataset',
    save: 'Check and save',
  },
}
