import { Button, Checkbox, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useSay, useText } from '../../i18n.ts'
import { navigate, usePlace } from '../../router.tsx'
import { ElementPicker, type PickedElement } from './ElementPicker.tsx'
import { CHANGE, DRAFT, SCHEMA, type RecordSchema } from './schema.ts'
import { type Column, columnsOf, inputOf, rangesOf } from './draft-columns.ts'

/** Writes a record schema: a name, and columns picked from the standard's elements. `new` begins an empty one. */
export function SchemaDraft({ code = '' }: { code?: string }) {
  return code === 'new' ? <Editor /> : <Existing code={code} />
}

function Existing({ code }: { code: string }) {
  const { query: address } = usePlace()
  const version = address.get('version')
  const query = useQuery(SCHEMA, version ? { code, version } : { code })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return <Editor schema={query.data.recordSchema} />
}

function Editor({ schema }: { schema?: RecordSchema }) {
  const text = useText(TEXT)
  const say = useSay()
  const draft = useMutation(DRAFT)
  const change = useMutation(CHANGE)
  const [code, setCode] = useState(schema?.code ?? '')
  const [zh, setZh] = useState(schema?.name.zh ?? '')
  const [en, setEn] = useState(schema?.name.en ?? '')
  const [rate, setRate] = useState(schema?.maxRejectedRate ?? 0.05)
  const [columns, setColumns] = useState(() => columnsOf(schema))
  const company = columns.find(({ isCompany, key }) => isCompany && !key)?.name
  const keptEntity = schema?.entity && !columnsOf(schema).some(({ isCompany }) => isCompany)
  const error = draft.error ?? change.error
  const changeAt = (at: number, part: Partial<Column>) =>
    setColumns((columns) => columns.map((column, index) => (index === at ? { ...column, ...part } : column)))

  function pick(element: PickedElement) {
    const known = columns.filter(({ elementCode }) => elementCode === element.code).length
    const name = known ? `${element.shortName}_${known + 1}` : element.shortName
    setColumns([
      ...columns,
      {
        name,
        elementCode: element.code,
        elementName: element.name,
        elementVersion: element.version,
        elementRange: null,
        required: false,
        calendar: null,
        role: '',
        key: false,
        isCompany: false,
        severity: null,
        synonyms: [],
        label: null,
      },
    ])
  }

  async function save() {
    const input = {
      code,
      name: { zh, en },
      maxRejectedRate: rate,
      // A register of establishments whose companies a crosswalk gives stays one.
      ...(company || keptEntity ? { entity: 'establishment' } : {}),
      primaryKey: columns.filter(({ key }) => key).map(({ name }) => name),
      columns: columns.map((column) => inputOf(column, company)),
    }
    const saved = schema
      ? (
          await change.run({
            code: schema.code,
            version: schema.version,
            input,
            expectedRevision: schema.revision,
          })
        )?.changeRecordSchema
      : (await draft.run({ input }))?.draftRecordSchema
    if (saved) navigate(`/standards/schemas/${saved.code}?version=${saved.version}`)
  }

  return (
    <StaffPage
      title={schema ? text.edit(say(schema.name)) : text.title}
      busy={draft.running || change.running}
      actions={
        <Button
          id="save-schema"
          type="primary"
          loading={draft.running || change.running}
          onClick={() => void save()}
        >
          {text.save}
        </Button>
      }
    >
      {error && <Failure error={error} />}
      <div className="staff-filter">
        <Labelled id="code" label={text.code}>
          <Input
            id="code"
            value={code}
            disabled={!!schema}
            onChange={({ target }) => setCode(target.value)}
          />
        </Labelled>
        <Labelled id="name-zh" label={text.nameZh}>
          <Input id="name-zh" value={zh} lang="zh-CN" onChange={({ target }) => setZh(target.value)} />
        </Labelled>
        <Labelled id="name-en" label={text.nameEn}>
          <Input id="name-en" value={en} lang="en" onChange={({ target }) => setEn(target.value)} />
        </Labelled>
        <Labelled id="rate" label={text.rate}>
          <InputNumber
            id="rate"
            min={0}
            max={100}
            value={Math.round(rate * 1000) / 10}
            suffix="%"
            onChange={(value) => setRate((value ?? 0) / 100)}
          />
        </Labelled>
        <Labelled id="part-of" label={text.partOf}>
          <Select
            id="part-of"
            style={{ width: '16rem' }}
            allowClear
            placeholder={text.notEstablishments}
            value={company}
            options={columns.filter(({ key }) => !key).map(({ name }) => ({ value: name, label: name }))}
            onChange={(chosen?: string) =>
              setColumns(columns.map((column) => ({ ...column, isCompany: column.name === chosen })))
            }
          />
        </Labelled>
      </div>
      <h2>{text.columns}</h2>
      <ElementPicker onPick={pick} />
      <DataTable<Column>
        rowKey={(_, index) => index}
        caption={text.columns}
        rows={columns}
        empty={text.none}
        columns={[
          {
            title: text.column,
            cell: (column, at) => (
              <Input
                aria-label={`${text.column} ${at + 1}`}
                value={column.name}
                onChange={({ target }) => changeAt(at, { name: target.value })}
              />
            ),
          },
          {
            title: text.element,
            cell: (column) => (
              <>
                {say(column.elementName)} <code>{column.elementCode}</code>
              </>
            ),
          },
          {
            title: text.range,
            cell: (column, at) => (
              <Select
                aria-label={`${text.range} ${column.name}`}
                style={{ width: '11rem' }}
                allowClear
                placeholder={text.inForce}
                value={column.elementRange}
                options={rangesOf(column).map((range) => ({ value: range, label: text.rangeOf(range) }))}
                onChange={(range?: string) => changeAt(at, { elementRange: range ?? null })}
              />
            ),
          },
          {
            title: text.key,
            cell: (column, at) => (
              <Checkbox
                aria-label={`${text.key} ${column.name}`}
                checked={column.key}
                onChange={({ target }) =>
                  changeAt(at, { key: target.checked, required: target.checked || column.required })
                }
              />
            ),
          },
          {
            title: text.required,
            cell: (column, at) => (
              <Checkbox
                aria-label={`${text.required} ${column.name}`}
                checked={column.required}
                onChange={({ target }) => changeAt(at, { required: target.checked })}
              />
            ),
          },
          {
            title: text.calendar,
            cell: (column, at) => (
              <Select
                aria-label={`${text.calendar} ${column.name}`}
                style={{ width: '9rem' }}
                allowClear
                value={column.calendar}
                options={Object.entries(text.calendars).map(([value, label]) => ({ value, label }))}
                onChange={(calendar?: string) => changeAt(at, { calendar: calendar ?? null })}
              />
            ),
          },
          {
            title: text.action,
            cell: (column, at) => (
              <Button
                aria-label={text.removeColumn(column.name)}
                onClick={() => setColumns(columns.filter((_, index) => index !== at))}
              >
                {text.remove}
              </Button>
            ),
          },
        ]}
      />
    </StaffPage>
  )
}

function Labelled({ id, label, children }: { id: string; label: string; children: React.ReactNode }) {
  return (
    <div>
      <label htmlFor={id} className="quiet labelled">
        {label}
      </label>
      {children}
    </div>
  )
}

const TEXT = {
  zh: {
    title: '起草数据集模式',
    edit: (name: string) => `修改草稿：${name}`,
    save: '保存草稿',
    code: '代号',
    nameZh: '中文名称',
    nameEn: '英文名称',
    rate: '退回超过多少就停止',
    partOf: '各行是分支机构或场所，所属企业编号的列',
    notEstablishments: '不是分支机构或场所',
    columns: '列',
    none: '还没有列。请从上面选择数据元。',
    column: '列名',
    element: '数据元',
    range: '采用的版本',
    inForce: '现行的大版本',
    rangeOf: (range: string) =>
      range.startsWith('^') ? `${range.slice(1)} 起的同一大版本` : `只用 ${range} 版`,
    key: '主键',
    required: '必填',
    calendar: '历法',
    calendars: { gregorian: '公历', roc: '民国纪年', japanese: '日本年号', auto: '自动判断' },
    action: '操作',
    remove: '删除',
    removeColumn: (name: string) => `删除列 ${name}`,
  },
  en: {
    title: 'Draft a record schema',
    edit: (name: string) => `Edit the draft: ${name}`,
    save: 'Save the draft',
    code: 'Code',
    nameZh: 'Chinese name',
    nameEn: 'English name',
    rate: 'Stop above this share rejected',
    partOf: 'Rows are establishments: column of the company’s number',
    notEstablishments: 'rows are no establishments',
    columns: 'Columns',
    none: 'There are no columns yet. Pick data elements above.',
    column: 'Column',
    element: 'Data element',
    range: 'Versions taken',
    inForce: 'the major in force',
    rangeOf: (range: string) =>
      range.startsWith('^') ? `${range.slice(1)} and later, same major` : `${range} only`,
    key: 'Primary key',
    required: 'Required',
    calendar: 'Calendar',
    calendars: { gregorian: 'Gregorian', roc: 'ROC (Minguo)', japanese: 'Japanese era', auto: 'detect' },
    action: 'Action',
    remove: 'Remove',
    removeColumn: (name: string) => `Remove column ${name}`,
  },
}
