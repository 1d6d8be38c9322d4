import { Button, Select } from 'antd'
import { useState } from 'react'
import { Failure } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import type { Source } from './source.ts'
import { Structure } from './SourceReading.tsx'
import { useReading } from './useReading.ts'

/** Into which dataset the files under the prefix go, a look at one of them, and what became of each. */
export function SourceFiles({
  source,
  names,
  reload,
}: {
  source: Source
  /** Of the files there now, as far as a test has seen them. */
  names: readonly string[]
  reload: () => void
}) {
  const text = useText(TEXT)
  const { datasets, datasetId, setDatasetId, options, discovery, running, error, look, save } = useReading(
    source,
    reload,
  )
  const [name, setName] = useState<string>()

  return (
    <section className="task-form source-form" aria-labelledby="reading">
      <h2 id="reading">{text.title}</h2>
      <p className="field-hint">{text.hint}</p>
      {datasets.state === 'failed' && <Failure error={datasets.error} retry={datasets.reload} />}
      {error && <Failure error={error} />}
      <label htmlFor="source-file">{text.file}</label>
      <div className="staff-filter">
        <Select
          id="source-file"
          style={{ minWidth: 280 }}
          showSearch
          value={name}
          onChange={setName}
          notFoundContent={text.testFirst}
          options={names.map((value) => ({ value, label: value }))}
        />
        <Button
          loading={running}
          disabled={name === undefined}
          onClick={() => name !== undefined && void look(name)}
        >
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
      <Button
        type="primary"
        loading={running}
        disabled={datasetId === undefined}
        onClick={() => datasetId !== undefined && void save({ collection: source.prefix ?? '', datasetId })}
      >
        {text.save}
      </Button>
    </section>
  )
}

/** The files that were read, newest first, each with its batch or with what is wrong with it. */
export function FilesRead({ files }: { files: Source['files'] }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  return (
    <section>
      <h2>{text.files}</h2>
      <DataTable<Source['files'][number]>
        caption={text.files}
        rows={files}
        rowKey={({ name }) => name}
        empty={text.noFiles}
        columns={[
          { title: text.name, cell: ({ name }) => name },
          { title: text.size, align: 'right', cell: ({ sizeBytes }) => format.count(sizeBytes) },
          { title: text.placedAt, cell: ({ placedAt }) => format.time(placedAt) },
          {
            title: text.fate,
            cell: ({ batch, refusal }) => (
              <span data-file-fate={batch ? batch.status : 'REFUSED'}>
                {batch && <Link to={`/data/batches/${batch.id}`}>{words('batch', batch.status)}</Link>}
                {refusal && (
                  <>
                    {text.refused}
                    {say(refusal.messages)} <code>{refusal.code}</code>
                  </>
                )}
              </span>
            ),
          },
        ]}
      />
    </section>
  )
}

const TEXT = {
  zh: {
    title: '读取设置',
    hint: '前缀下每个新的或变了的文件各成一个批次，按存放先后依次装载；已装载且未变的跳过。',
    file: '文件',
    testFirst: '先测试连接，即列出文件。',
    discover: '查看结构',
    dataset: '装入数据集',
    save: '保存',
    files: '已读文件',
    noFiles: '还没有读过文件。',
    name: '文件名',
    size: '字节',
    placedAt: '存放时间',
    fate: '结果',
    refused: '未装载：',
  },
  en: {
    title: 'What is read',
    hint: 'Each new or changed file under the prefix becomes a batch, loaded one after another as they were placed; what was loaded and has not changed is skipped.',
    file: 'File',
    testFirst: 'Test the connection to list the files.',
    discover: 'Show its structure',
    dataset: 'Into the dataset',
    save: 'Save',
    files: 'Files read',
    noFiles: 'No file has been read yet.',
    name: 'Name',
    size: 'Bytes',
    placedAt: 'Placed',
    fate: 'Result',
    refused: 'Not loaded: ',
  },
}
