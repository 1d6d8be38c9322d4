import { Button, Checkbox, Form, Input, Select } from 'antd'
import { useState } from 'react'
import type { ApiError } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import type {
  EntryFormat,
  EntryInput,
  EntryKind,
  SharingMethod,
  SharingType,
  UpdateCycle,
} from '../../generated/graphql.ts'
import { useText } from '../../i18n.ts'
import { useWords } from '../../words.ts'
import { EntryClass } from './EntryClass.tsx'
import { ENTRY_FORM_TEXT } from './EntryForm.text.ts'
import { EntryItems, type Item } from './EntryItems.tsx'

/** What the form holds; an answer that a choice does not ask for is kept and not sent. */
export interface Answers {
  readonly kind: EntryKind
  readonly classPath: readonly string[]
  readonly name: string
  readonly unit: string
  readonly summary: string
  readonly keywords: readonly string[]
  readonly format: EntryFormat
  readonly formatType: string
  readonly items: readonly Item[]
  readonly sharingType: SharingType
  readonly sharingBasis?: { readonly document: string; readonly clause: string } | null | undefined
  readonly sharingCondition?: string | null | undefined
  readonly sharingMethod?: SharingMethod | null | undefined
  readonly open: boolean
  readonly openCondition?: string | null | undefined
  readonly updateCycle: UpdateCycle
  readonly relatedCodes: readonly string[]
  readonly custodian: string
  readonly contact: string
  readonly system: string
  readonly matters: readonly string[]
  readonly datasetId?: string | null | undefined
}

export const EMPTY: Answers = {
  kind: 'DEPARTMENT',
  classPath: [],
  name: '',
  unit: '',
  summary: '',
  keywords: [],
  format: 'DATABASE',
  formatType: '',
  items: [],
  sharingType: 'CONDITIONAL',
  sharingMethod: 'QUERY',
  open: false,
  updateCycle: 'MONTHLY',
  relatedCodes: [],
  custodian: '',
  contact: '',
  system: '',
  matters: [],
}

export function inputOf(answers: Answers): EntryInput {
  const { sharingType, open } = answers
  return {
    name: answers.name,
    unit: answers.unit,
    summary: answers.summary,
    keywords: [...answers.keywords],
    format: answers.format,
    formatType: answers.formatType,
    items: answers.items.map(({ name, elementCode, dataType, length, duplicateReason }) => ({
      name,
      dataType,
      ...(elementCode ? { elementCode } : {}),
      ...(length ? { length } : {}),
      ...(duplicateReason ? { duplicateReason } : {}),
    })),
    sharingType,
    sharingBasis:
      sharingType === 'NONE'
        ? {
            document: answers.sharingBasis?.document ?? '',
            clause: answers.sharingBasis?.clause ?? '',
          }
        : null,
    sharingCondition: sharingType === 'CONDITIONAL' ? (answers.sharingCondition ?? '') : null,
    sharingMethod: sharingType === 'NONE' ? null : (answers.sharingMethod ?? null),
    open,
    openCondition: open ? (answers.openCondition ?? null) : null,
    updateCycle: answers.updateCycle,
    relatedCodes: [...answers.relatedCodes],
    custodian: answers.custodian,
    contact: answers.contact,
    system: answers.system,
    matters: [...answers.matters],
    datasetId: answers.datasetId ?? null,
  }
}

interface EntryFormProps {
  readonly initial: Answers
  /** Whether kind and class are asked too: only of a new entry. */
  readonly classified?: boolean
  readonly running: boolean
  readonly error: ApiError | undefined
  readonly onSend: (answers: Answers) => void
}

/** All fields of an entry (政务信息资源目录编制指南); the server says what is wrong with them. */
export function EntryForm({ initial, classified = false, running, error, onSend }: EntryFormProps) {
  const text = useText(ENTRY_FORM_TEXT)
  const options = useOptions()
  const [form] = Form.useForm<Answers>()
  const [items, setItems] = useState(initial.items)
  const sharingType = Form.useWatch('sharingType', form) ?? initial.sharingType
  const open = Form.useWatch('open', form) ?? initial.open
  const required = [{ required: true, message: text.missing }]
  return (
    <Form<Answers>
      form={form}
      layout="vertical"
      initialValues={initial}
      className="entry-form"
      scrollToFirstError={{ focus: true }}
      onFinish={(answers) => onSend({ ...initial, ...answers, items })}
    >
      {classified && <EntryClass />}
      <Form.Item name="name" label={text.name} rules={required}>
        <Input autoComplete="off" maxLength={200} />
      </Form.Item>
      <Form.Item
        name="summary"
        label={text.summary}
        extra={text.summaryHint}
        rules={[{ required: true, min: 20, max: 500, message: text.summaryHint }]}
      >
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
      <Form.Item name="keywords" label={text.keywords} extra={text.tagsHint} rules={required}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={['、', ',', '，']} />
      </Form.Item>
      <div className="entry-row">
        <Form.Item name="format" label={text.format}>
          <Select options={options.format} />
        </Form.Item>
        <Form.Item name="formatType" label={text.formatType} rules={required}>
          <Input autoComplete="off" maxLength={200} placeholder="xlsx" />
        </Form.Item>
        <Form.Item name="updateCycle" label={text.cycle}>
          <Select options={options.cycle} />
        </Form.Item>
      </div>
      <h2>{text.items}</h2>
      <EntryItems items={items} onChange={setItems} />
      <h2>{text.sharing}</h2>
      <div className="entry-row">
        <Form.Item name="sharingType" label={text.sharingType}>
          <Select options={options.sharing} />
        </Form.Item>
        {sharingType !== 'NONE' && (
          <Form.Item name="sharingMethod" label={text.method} rules={required}>
            <Select options={options.method} />
          </Form.Item>
        )}
      </div>
      {sharingType === 'CONDITIONAL' && (
        <Form.Item name="sharingCondition" label={text.condition} rules={required}>
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
      )}
      {sharingType === 'NONE' && (
        <div className="entry-row">
          <Form.Item name={['sharingBasis', 'document']} label={text.basis} rules={required}>
            <Input autoComplete="off" maxLength={200} />
          </Form.Item>
          <Form.Item name={['sharingBasis', 'clause']} label={text.clause} rules={required}>
            <Input autoComplete="off" maxLength={200} />
          </Form.Item>
        </div>
      )}
      <Form.Item name="open" valuePropName="checked">
        <Checkbox>{text.open}</Checkbox>
      </Form.Item>
      {open && (
        <Form.Item name="openCondition" label={text.openCondition}>
          <Input autoComplete="off" maxLength={500} />
        </Form.Item>
      )}
      <h2>{text.responsible}</h2>
      <div className="entry-row">
        {(['unit', 'custodian', 'contact', 'system'] as const).map((field) => (
          <Form.Item
            key={field}
            name={field}
            label={text[field]}
            {...(field === 'custodian' || field === 'contact' ? { rules: required } : {})}
          >
            <Input autoComplete="off" maxLength={200} />
          </Form.Item>
        ))}
      </div>
      {(['matters', 'relatedCodes'] as const).map((field) => (
        <Form.Item key={field} name={field} label={text[field]} extra={text.tagsHint}>
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={['、', ',', '，']} />
        </Form.Item>
      ))}
      {error && <Failure error={error} />}
      <Button id="save-entry" type="primary" htmlType="submit" loading={running}>
        {text.save}
      </Button>
    </Form>
  )
}

function useOptions() {
  const words = useWords()
  const list = (name: Parameters<typeof words>[0], codes: readonly string[]) =>
    codes.map((value) => ({ value, label: words(name, value) }))
  return {
    format: list('entryFormat', ['FILE', 'SPREADSHEET', 'DATABASE', 'GRAPHIC', 'STREAM', 'SELF_DESCRIBING']),
    sharing: list('sharingType', ['UNCONDITIONAL', 'CONDITIONAL', 'NONE']),
    method: list('sharingMethod', ['QUERY', 'API', 'FILE', 'DATABASE', 'OFFLINE']),
    cycle: list('updateCycle', ['REALTIME', 'DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY', 'OTHER']),
  }
}
