import { Button, Radio, Select } from 'antd'
import { useState } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useFormat } from '../../format.ts'
import type { SchemaColumnsQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { useWords } from '../../words.ts'
import { CONFIRM, SCHEMA_COLUMNS, type Batch } from './batch.ts'
import { EncodingPreviews } from './EncodingPreviews.tsx'
import { Preview } from './Preview.tsx'

type FileColumn = Batch['columns'][number]
type SchemaColumn = SchemaColumnsQuery['recordSchema']['columns'][number]

interface Choice {
  readonly target: string | null
  readonly calendar: string | null
}

/** What the columns of a file mean: suggested with a reason, decided by the steward. */
export function Mapping({ batch, onConfirmed }: { batch: Batch; onConfirmed: () => void }) {
  const query = useQuery(SCHEMA_COLUMNS, { code: batch.dataset.schemaCode })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return <Columns batch={batch} schema={query.data.recordSchema} onConfirmed={onConfirmed} />
}

interface ColumnsProps {
  readonly batch: Batch
  readonly schema: SchemaColumnsQuery['recordSchema']
  readonly onConfirmed: () => void
}

function Columns({ batch, schema, onConfirmed }: ColumnsProps) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const confirm = useMutation(CONFIRM)
  const [encoding, setEncoding] = useState(batch.encoding ?? batch.encodingGuesses[0]?.encoding ?? 'utf-8')
  const [choices, setChoices] = useState<ReadonlyMap<number, Choice>>(
    () =>
      new Map(
        batch.columns.map((column) => [column.index, { target: column.target ?? null, calendar: null }]),
      ),
  )
  const taken = new Set([...choices.values()].map(({ target }) => target))
  const lacking = schema.columns.filter(({ name, required }) => required && !taken.has(name))
  const choose = (index: number, change: Partial<Choice>) =>
    setChoices((known) =>
      new Map(known).set(index, { target: null, calendar: null, ...known.get(index), ...change }),
    )

  async function send() {
    const columns = batch.columns.map(({ index }) => ({ index, ...choices.get(index) }))
    const confirmed = await confirm.run({ batchId: batch.id, encoding, columns })
    if (confirmed) onConfirmed()
  }

  return (
    <section aria-busy={confirm.running}>
      {batch.encodingGuesses.length > 0 && (
        <>
          <h2 id="encoding">{text.encoding}</h2>
          <Radio.Group
            aria-labelledby="encoding"
            value={encoding}
            onChange={({ target }) => setEncoding(target.value as string)}
            options={batch.encodingGuesses.map((guess) => ({
              value: guess.encoding,
              label: `${guess.encoding}（${format.percent(guess.score)}）`,
            }))}
          />
          <EncodingPreviews previews={batch.encodingPreviews} />
        </>
      )}
      <Preview batch={batch} />
      <h2>{text.columns}</h2>
      <DataTable<FileColumn>
        rowKey={({ index }) => index}
        caption={text.columns}
        rows={batch.columns}
        columns={[
          {
            title: text.column,
            cell: ({ name, index }) => (
              <strong>
                {index + 1}. {name}
              </strong>
            ),
          },
          {
            title: text.samples,
            cell: ({ samples }) => <span className="raw-cells">{samples.slice(0, 3).join(' ｜ ')}</span>,
          },
          {
            title: text.target,
            cell: (column) => (
              <Target
                column={column}
                schema={schema}
                choices={choices}
                onChange={(change) => choose(column.index, change)}
              />
            ),
          },
          {
            title: text.reason,
            cell: (column) => <Reason column={column} target={choices.get(column.index)?.target} />,
          },
        ]}
      />
      {lacking.length > 0 && (
        <p className="notice notice-warn">
          {text.lacking(lacking.map(({ element }) => say(element.name)).join(text.comma))}
        </p>
      )}
      {confirm.error && <Failure error={confirm.error} />}
      <p className="actions">
        <Button
          type="primary"
          size="large"
          id="confirm-mapping"
          loading={confirm.running}
          onClick={() => void send()}
        >
          {text.confirm}
        </Button>
      </p>
    </section>
  )
}

interface TargetProps {
  readonly column: FileColumn
  readonly schema: ColumnsProps['schema']
  readonly choices: ReadonlyMap<number, Choice>
  readonly onChange: (change: Partial<Choice>) => void
}

function Target({ column, schema, choices, onChange }: TargetProps) {
  const text = useText(TEXT)
  const say = useSay()
  const chosen = choices.get(column.index)
  const elsewhere = new Set(
    [...choices].flatMap(([index, { target }]) => (index === column.index ? [] : [target])),
  )
  const suggested = new Set(column.suggestions.map((suggestion) => suggestion.column))
  const option = (one: SchemaColumn) => ({
    value: one.name,
    label: `${say(one.element.name)}（${one.name}）${one.required ? ' *' : ''}`,
    disabled: elsewhere.has(one.name),
  })
  const target = schema.columns.find(({ name }) => name === chosen?.target)
  return (
    <>
      <Select
        aria-label={text.targetOf(column.name)}
        style={{ width: '19rem' }}
        allowClear
        placeholder={text.leaveOut}
        value={chosen?.target}
        onChange={(target?: string) => onChange({ target: target ?? null, calendar: null })}
        options={[
          {
            label: text.suggested,
            options: schema.columns.filter(({ name }) => suggested.has(name)).map(option),
          },
          {
            label: text.others,
            options: schema.columns.filter(({ name }) => !suggested.has(name)).map(option),
          },
        ].filter(({ options }) => options.length)}
      />
      {target && /date/i.test(target.element.dataType) && (
        <Select
          aria-label={text.calendarOf(column.name)}
          style={{ width: '10rem', marginInlineStart: '0.5rem' }}
          placeholder={text.calendar}
          allowClear
          value={chosen?.calendar ?? target.calendar ?? undefined}
          onChange={(calendar?: string) => onChange({ calendar: calendar ?? null })}
          options={Object.entries(text.calendars).map(([value, label]) => ({ value, label }))}
        />
      )}
    </>
  )
}

/** Why the element is suggested: each part of the score in words. */
function Reason({ column, target }: { column: FileColumn; target: string | null | undefined }) {
  const text = useText(TEXT)
  const words = useWords()
  const format = useFormat()
  const suggestion = column.suggestions.find((suggestion) => suggestion.column === target)
  if (!target) return <span className="quiet">{text.leftOut}</span>
  if (!suggestion) return <span className="tag tag-quiet">{text.own}</span>
  const { parts } = suggestion
  return (
    <>
      <span className={suggestion.score >= 0.8 ? 'tag tag-good' : 'tag tag-warn'}>
        {words('reason', suggestion.reason)} {format.percent(suggestion.score)}
      </span>
      <p className="quiet">
        {text.parts(
          format.percent(parts.name),
          format.percent(parts.type),
          format.percent(parts.values),
          format.percent(parts.history),
        )}
      </p>
    </>
  )
}

const TEXT = {
  zh: {
    encoding: '文字编码',
    columns: '各列是什么',
    column: '文件中的列',
    samples: '样例',
    target: '对应的数据元',
    targetOf: (name: string) => `“${name}”对应的数据元`,
    calendarOf: (name: string) => `“${name}”使用的历法`,
    suggested: '建议',
    others: '其他',
    leaveOut: '不载入这一列',
    leftOut: '不载入',
    own: '您选定',
    reason: '依据',
    calendar: '历法',
    calendars: {
      gregorian: '公历',
      roc: '民国纪年',
      japanese: '日本年号',
      'day-first': '日/月/年',
      auto: '自动判断',
    },
    parts: (name: string, type: string, values: string, history: string) =>
      `名称相符 ${name}，可按类型读出 ${type}，符合规则 ${values}，本单位以前这样确认 ${history}`,
    lacking: (names: string) => `模式要求的列还没有对应：${names}`,
    comma: '、',
    confirm: '确认并开始加载',
  },
  en: {
    encoding: 'Character encoding',
    columns: 'What the columns mean',
    column: 'Column of the file',
    samples: 'Samples',
    target: 'Data element',
    targetOf: (name: string) => `Data element of “${name}”`,
    calendarOf: (name: string) => `Calendar of “${name}”`,
    suggested: 'Suggested',
    others: 'Others',
    leaveOut: 'Leave this column out',
    leftOut: 'left out',
    own: 'your choice',
    reason: 'Because',
    calendar: 'Calendar',
    calendars: {
      gregorian: 'Gregorian',
      roc: 'ROC (Minguo)',
      japanese: 'Japanese era',
      'day-first': 'day/month/year',
      auto: 'detect',
    },
    parts: (name: string, type: string, values: string, history: string) =>
      `name fits ${name}, readable as its type ${type}, passes its rules ${values}, confirmed so before ${history}`,
    lacking: (names: string) => `Columns the schema requires have no match yet: ${names}`,
    comma: ', ',
    confirm: 'Confirm and start the load',
  },
}
