import { Button, Input } from 'antd'
import { useState } from 'react'
import { useMutation } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText } from '../../i18n.ts'

const OVERRIDE = graphql(`
  mutation OverrideValue($commandId: UUID!, $input: RecordOverrideInput!) {
    overrideValue(commandId: $commandId, input: $input) {
      id
      status
    }
  }
`)

interface OverrideFormProps {
  readonly recordKey: string
  readonly field: {
    readonly name: string
    readonly label: { readonly zh: string; readonly en: string }
    readonly value?: string | null
  }
  readonly onDone: () => void
  readonly onClose: () => void
}

const TEXTS = ['value', 'reason', 'basis', 'evidence'] as const

/** One value put above the registers, with its grounds and its end. */
export function OverrideForm({ recordKey, field, onDone, onClose }: OverrideFormProps) {
  const text = useText(TEXT)
  const say = useSay()
  const override = useMutation(OVERRIDE)
  const [typed, setTyped] = useState<Record<string, string>>({ value: field.value ?? '' })
  const [status, setStatus] = useState<string>()
  const set = (name: string, value: string) => setTyped((known) => ({ ...known, [name]: value }))

  async function save() {
    const { value = '', reason = '', basis = '', evidence = '', expiresOn = '' } = typed
    const grounds = { reason, basis, evidence, expiresOn: expiresOn === '' ? null : expiresOn }
    const done = await override.run({ input: { key: recordKey, field: field.name, value, ...grounds } })
    if (!done) return
    setStatus(done.overrideValue.status)
    onDone()
  }

  return (
    <section className="task-form" aria-labelledby="override" aria-busy={override.running}>
      <h2 id="override">{text.title(say(field.label))}</h2>
      {status === undefined ? (
        <>
          {TEXTS.map((name) => (
            <p key={name}>
              <label htmlFor={`override-${name}`}>{text[name]}</label>
              <Input
                id={`override-${name}`}
                value={typed[name] ?? ''}
                maxLength={500}
                required
                autoFocus={name === 'value'}
                onChange={({ target }) => set(name, target.value)}
              />
            </p>
          ))}
          <p>
            <label htmlFor="override-expires">{text.expiresOn}</label>
            <Input
              id="override-expires"
              type="date"
              required
              value={typed['expiresOn'] ?? ''}
              onChange={({ target }) => set('expiresOn', target.value)}
            />
          </p>
          {override.error && <Failure error={override.error} />}
          <p className="actions">
            <Button type="primary" id="save-override" loading={override.running} onClick={() => void save()}>
              {text.save}
            </Button>
            <Button onClick={onClose}>{text.close}</Button>
          </p>
        </>
      ) : (
        <>
          <p role="status" data-status={status}>
            {status === 'PROPOSED' ? text.proposed : text.inForce}
          </p>
          <Button onClick={onClose}>{text.close}</Button>
        </>
      )}
    </section>
  )
}

const TEXT = {
  zh: {
    title: (label: string) => `人工修正：${label}`,
    value: '修正为',
    reason: '理由',
    basis: '依据（法规、文件或决定）',
    evidence: '佐证（文书、案卷或材料编号）',
    expiresOn: '失效日（最后有效的一天）',
    save: '修正',
    close: '关闭',
    proposed: '该单位持有证照，须由本单位第二人在“更正”中确认后生效。',
    inForce: '已生效，重新归并后可见；已请法定数源单位核实。',
  },
  en: {
    title: (label: string) => `Override: ${label}`,
    value: 'New value',
    reason: 'Reason',
    basis: 'Basis (statute, document or decision)',
    evidence: 'Evidence (number of a paper, case or file)',
    expiresOn: 'Expiry (the last day it counts)',
    save: 'Override',
    close: 'Close',
    proposed:
      'The organisation holds a licence: a second person of your body confirms it under “Corrections”.',
    inForce: 'It counts; it shows after the next merge. The legal source was asked to check its register.',
  },
}
