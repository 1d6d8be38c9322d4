import { AutoComplete, Button, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { Failure } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useFormat } from '../../format.ts'
import { useText } from '../../i18n.ts'
import type { Source } from './source.ts'
import { type Discovery, useReading } from './useReading.ts'

/** What is read from a source: a look at its structure, then table, key, cursor and dataset. */
export function SourceReading({
  source,
  collections,
  reload,
}: {
  source: Source
  collections: readonly string[]
  reload: () => void
}) {
  const text = useText(TEXT)
  const { reading } = source
  const { datasets, datasetId, setDatasetId, options, discovery, running, error, ...reader } = useReading(
    source,
    reload,
  )
  const [collection, setCollection] = useState(reading?.collection ?? '')
  const [keyColumns, setKeyColumns] = useState<string[]>([...(reading?.keyColumns ?? [])])
  const [cursorColumn, setCursorColumn] = useState(reading?.cursorColumn ?? null)
  const [overlap, setOverlap] = useState(reading?.overlap ?? 0)

  async function look() {
    const found = await reader.look(collection)
    if (!found || keyColumns.length > 0) return
    const [first] = found.columns.filter(({ candidateKey }) => candidateKey)
    if (first) setKeyColumns([first.name])
  }

  const save = () =>
    datasetId !== undefined && void reader.save({ collection, datasetId, keyColumns, cursorColumn, overlap })
  const names = (discovery?.columns ?? []).map(({ name }) => ({ value: name, label: name }))

  return (
    <section className="task-form source-form" aria-labelledby="reading">
      <h2 id="reading">{text.title}</h2>
      {datasets.state === 'failed' && <Failure error={datasets.error} retry={datasets.reload} />}
      {error && <Failure error={error} />}
      <label htmlFor="source-collection">{text.collection}</label>
      <div className="staff-filter">
        <AutoComplete
          id="source-collection"
          style={{ minWidth: 280 }}
          value={collection}
          onChange={setCollection}
          options={collections.map((value) => ({ value }))}
        />
        <Button loading={running} disabled={collection === ''} onClick={() => void look()}>
          {text.discover}
        </Button>
      </div>
      {discovery && <Structure discovery={discovery} />}
      <label htmlFor="source-dataset">{text.dataset}</label>
      <Select
        id="source-dataset"
        value={datasetId}
        onChange={setDatasetId}
        loading={datasets.state === 'loading'}
        options={options}
      />
      <label htmlFor="source-key">{text.key}</label>
      <Select id="source-key" mode="tags" value={keyColumns} onChange={setKeyColumns} options={names} />
      <label htmlFor="source-cursor">{text.cursor}</label>
      <Select
        id="source-cursor"
        allowClear
        value={cursorColumn}
        onChange={(value) => setCursorColumn(value ?? null)}
        options={names}
        placeholder={text.everything}
      />
      <label htmlFor="source-overlap">{text.overlap}</label>
      <InputNumber id="source-overlap" min={0} value={overlap} onChange={(value) => setOverlap(value ?? 0)} />
      <Button
        type="primary"
        loading={running}
        disabled={collection === '' || datasetId === undefined}
        onClick={save}
      >
        {text.save}
      </Button>
    </section>
  )
}

/** The columns that a look at a table or a file found. */
export function Structure({ discovery }: { discovery: Discovery }) {
  const text = useText(TEXT)
  const format = useFormat()
  return (
    <>
      <p>{text.sampled(format.count(discovery.sampledRows))}</p>
      <DataTable<Discovery['columns'][number]>
        caption={text.structure}
        rows={discovery.columns}
        rowKey={({ name }) => name}
        empty={text.noColumns}
        columns={[
          { title: text.column, cell: ({ name }) => name },
          { title: text.declared, cell: ({ declaredType }) => declaredType },
          { title: text.observed, cell: ({ observedType }) => observedType },
          { title: text.nulls, align: 'right', cell: ({ nullRate }) => format.percent(nullRate) },
          { title: text.distinct, align: 'right', cell: ({ distinct }) => format.count(distinct) },
          { title: text.samples, cell: ({ samples }) => samples.slice(0, 3).join(' · ') },
          { title: text.candidate, cell: ({ candidateKey }) => (candidateKey ? text.yes : '') },
        ]}
      />
    </>
  )
}

const TEXT = {
  zh: {
    title: '读取设置',
    collection: '表、视图或集合',
    discover: '查看结构',
    dataset: '装入数据集',
    key: '主键列',
    cursor: '增量列',
    everything: '每次全部读取',
    overlap: '重叠（时间列为秒，数字列为数值）',
    save: '核对并保存',
    sampled: (n: string) => `查看了 ${n} 行，样例已遮盖。`,
    structure: '结构',
    noColumns: '没有列。',
    column: '列',
    declared: '声明类型',
    observed: '实际类型',
    nulls: '空值',
    distinct: '不同值',
    samples: '样例',
    candidate: '可作主键',
    yes: '是',
  },
  en: {
    title: 'What is read',
    collection: 'Table, view or collection',
    discover: 'Show its structure',
    dataset: 'Into the dataset',
    key: 'Key columns',
    cursor: 'Cursor column',
    everything: 'read everything each time',
    overlap: 'Overlap (seconds for times, units for numbers)',
    save: 'Check and save',
    sampled: (n: string) => `Looked at ${n} rows; samples are masked.`,
    structure: 'Structure',
    noColumns: 'No columns.',
    column: 'Column',
    declared: 'Declared type',
    observed: 'Observed type',
    nulls: 'Empty',
    distinct: 'Distinct',
    samples: 'Samples',
    candidate: 'May be the key',
    yes: 'yes',
  },
}
