import { Tabs } from 'antd'
import { useState } from 'react'
import { useQuery } from '../../api.ts'
import { Field, sectionsOf, type FormField } from '../../components/Fields.tsx'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { Downloads } from '../../components/staff/Downloads.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link, usePlace } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { lifePath } from './life.ts'
import { codeListPath, isOut, standardLook } from './look.ts'
import { Review } from './ReviewSteps.tsx'
import { SCHEMA, type RecordSchema } from './schema.ts'

/** One version of a record schema: its columns, what publication compiles, and the next step of its life. */
export function Schema({ code = '' }: { code?: string }) {
  const { query: address } = usePlace()
  const version = address.get('version')
  const query = useQuery(SCHEMA, version ? { code, version } : { code })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return <Content schema={query.data.recordSchema} reload={query.reload} />
}

function Content({ schema, reload }: { schema: RecordSchema; reload: () => void }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const { code, version } = schema
  return (
    <StaffPage
      title={say(schema.name)}
      lead={
        <>
          <code>{code}</code> · {text.version(version)} ·{' '}
          <span className={standardLook(schema.status)} data-status={schema.status}>
            {words('standard', schema.status)}
          </span>{' '}
          · {say(schema.organisation.name)}
          {schema.publishedAt && ` · ${text.published(format.time(schema.publishedAt))}`}
        </>
      }
      actions={
        <div className="staff-filter">
          <Link to={lifePath('SCHEMA', code, version)}>{text.life}</Link>
          {schema.mayEdit && (
            <Link to={`/standards/schemas/${code}/draft?version=${version}`}>{text.edit}</Link>
          )}
        </div>
      }
    >
      {schema.versions.length > 1 && (
        <p className="staff-filter">
          {text.versions}
          {schema.versions.map(({ version, status }) => (
            <Link key={version} to={`/standards/schemas/${code}?version=${version}`}>
              {version} {words('standard', status)}
            </Link>
          ))}
        </p>
      )}
      <Review kind="SCHEMA" code={code} version={version} reload={reload} />
      <h2>{text.columns}</h2>
      <Columns schema={schema} />
      <p className="quiet">
        {text.key(schema.primaryKey.join(text.comma))} · {text.rate(format.percent(schema.maxRejectedRate))}
        {schema.entity === 'establishment' && ` · ${text.establishment}`}
      </p>
      <h2>{text.compiled}</h2>
      {isOut(schema.status) && <Downloads kind="schema" code={code} version={version} />}
      <Compiled schema={schema} />
    </StaffPage>
  )
}

function Columns({ schema }: { schema: RecordSchema }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  return (
    <DataTable<RecordSchema['columns'][number]>
      rowKey={({ name }) => name}
      caption={text.columns}
      rows={schema.columns}
      columns={[
        { title: text.column, cell: ({ name }) => <code>{name}</code> },
        {
          title: text.element,
          cell: ({ element }) => <Link to={`/standards/elements/${element.code}`}>{say(element.name)}</Link>,
        },
        { title: text.range, cell: ({ elementRange }) => <code>{elementRange}</code> },
        {
          title: text.type,
          cell: ({ element }) => `${words('dataType', element.dataType)} ${element.format}`,
        },
        {
          title: text.checks,
          cell: ({ element, calendar }) => (
            <>
              {element.check && <code>{element.check} </code>}
              {element.codeListId && <Link to={codeListPath(element.codeListId)}>{element.codeListId}</Link>}
              {calendar && <span className="tag tag-quiet">{calendar}</span>}
            </>
          ),
        },
        { title: text.required, cell: ({ required }) => (required ? text.yes : text.no) },
        { title: text.role, cell: ({ role }) => words('columnRole', role) },
      ]}
    />
  )
}

/** What publication made of the schema: the same rules for files, forms and programs. */
function Compiled({ schema }: { schema: RecordSchema }) {
  const text = useText(TEXT)
  return (
    <Tabs
      items={[
        { key: 'form', label: text.form, children: <FormPreview fields={schema.formFields} /> },
        {
          key: 'json',
          label: 'JSON Schema',
          children: <pre tabIndex={0}>{JSON.stringify(schema.jsonSchema, null, 2)}</pre>,
        },
        { key: 'sql', label: 'SQL', children: <pre tabIndex={0}>{schema.validatorSql}</pre> },
      ]}
    />
  )
}

function FormPreview({ fields }: { fields: unknown }) {
  const text = useText(TEXT)
  const say = useSay()
  const [typed, setTyped] = useState<Readonly<Record<string, unknown>>>({})
  const form = fieldsOf(fields)
  if (!form.length) return <p className="empty">{text.noForm}</p>
  return (
    <form className="task-form" onSubmit={(event) => event.preventDefault()}>
      {sectionsOf(form).map((section) => (
        <fieldset className="section" key={section.key}>
          {section.title && <legend>{say(section.title)}</legend>}
          {section.fields.map((field) => (
            <Field
              key={field.name}
              field={field}
              value={typed[field.name]}
              onChange={(value) => setTyped((typed) => ({ ...typed, [field.name]: value }))}
            />
          ))}
        </fieldset>
      ))}
    </form>
  )
}

/** Compiled form fields arrive as JSON; what a field leaves out has its plain meaning. */
function fieldsOf(json: unknown): readonly FormField[] {
  if (!Array.isArray(json)) return []
  return (json as Partial<FormField>[]).flatMap((field) =>
    field.name && field.label
      ? [
          {
            widget: 'text',
            required: false,
            readOnly: false,
            ...field,
            name: field.name,
            label: field.label,
            options: Array.isArray(field.options) ? field.options : [],
          },
        ]
      : [],
  )
}

const TEXT = {
  zh: {
    life: '实施、试运行与影响',
    version: (v: string) => `第 ${v} 版`,
    published: (at: string) => `${at} 发布`,
    versions: '全部版本：',
    edit: '修改草稿',
    columns: '列',
    column: '列名',
    element: '数据元',
    range: '采用的版本',
    type: '类型和格式',
    checks: '校验',
    required: '必填',
    role: '作用',
    yes: '是',
    no: '否',
    comma: '、',
    key: (names: string) => `主键：${names}`,
    establishment: '每行是一个分支机构或场所，属于编号所指的企业',
    rate: (percent: string) => `退回超过 ${percent} 时停止`,
    compiled: '发布后生成的内容',
    form: '表单预览',
    noForm: '提交审批后生成表单。',
  },
  en: {
    life: 'Effect, dry run and impact',
    version: (v: string) => `version ${v}`,
    published: (at: string) => `published ${at}`,
    versions: 'All versions:',
    edit: 'Edit the draft',
    columns: 'Columns',
    column: 'Column',
    element: 'Data element',
    range: 'Versions taken',
    type: 'Type and format',
    checks: 'Checks',
    required: 'Required',
    role: 'Role',
    yes: 'yes',
    no: 'no',
    comma: ', ',
    key: (names: string) => `Primary key: ${names}`,
    establishment: 'each row is an establishment, part of the company its number names',
    rate: (percent: string) => `a load stops above ${percent} rejected`,
    compiled: 'What publication compiles',
    form: 'Form',
    noForm: 'The form is made on submission.',
  },
}
