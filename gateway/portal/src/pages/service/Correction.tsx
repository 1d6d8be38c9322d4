import { useState, type FormEvent } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { asAnswer, controlId, Field } from '../../components/Fields.tsx'
import { MaterialUpload } from '../../components/MaterialUpload.tsx'
import { Empty, Failure, Loading } from '../../components/Notices.tsx'
import { Page } from '../../components/Page.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText } from '../../i18n.ts'
import { navigate } from '../../router.tsx'
import { errorsOf } from './application.ts'
import { CASE, type Case } from './case.ts'

const RESUBMIT = graphql(`
  mutation ResubmitCase($commandId: UUID!, $id: UUID!, $expectedVersion: Int!, $answers: JSON!) {
    resubmitCase(commandId: $commandId, id: $id, expectedVersion: $expectedVersion, answers: $answers) {
      id
      status
    }
  }
`)

/** Only what the notice names, each with the office's remark beside it. */
export function Correction({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const query = useQuery(CASE, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const file = query.data.case
  if (!file.correction || !file.mayResubmit) return <Empty>{text.nothing}</Empty>
  return <Answer file={file} notice={file.correction} reload={query.reload} />
}

interface AnswerProps {
  readonly file: Case
  readonly notice: NonNullable<Case['correction']>
  readonly reload: () => void
}

function Answer({ file, notice, reload }: AnswerProps) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const resubmit = useMutation(RESUBMIT)
  const [filesOnTheWay, setFilesOnTheWay] = useState(0)
  const [typed, setTyped] = useState<Readonly<Record<string, unknown>>>({})
  const given = new Map(file.answers.map(({ field, value }) => [field, value]))
  const remarks = (kind: string, target: string) => {
    const points = notice.points.filter((point) => point.kind === kind && point.target === target)
    return points.length ? (
      <p className="field-error">{points.map(({ remark }) => remark).join('；')}</p>
    ) : undefined
  }
  const fields = file.form.filter(({ name }) => remarks('field', name))
  const materials = file.item.materials.filter(({ code }) => remarks('material', code))
  const errors = resubmit.error && errorsOf(resubmit.error, fields, say)

  async function send(event: FormEvent) {
    event.preventDefault()
    if (filesOnTheWay > 0) return
    const answers = Object.fromEntries(
      fields.map((field) => [
        field.name,
        asAnswer(field, field.name in typed ? typed[field.name] : given.get(field.name)),
      ]),
    )
    const sent = await resubmit.run({ id: file.id, expectedVersion: file.version, answers })
    if (sent) navigate(`/cases/${file.id}`)
  }

  return (
    <Page
      title={text.title}
      caption={`${say(file.item.name)} ${file.number}`}
      lead={notice.dueOn ? text.lead(format.day(notice.dueOn)) : text.all}
      back={`/cases/${file.id}`}
      busy={resubmit.running}
      {...(errors ? { errors } : {})}
    >
      <form onSubmit={(event) => void send(event)} noValidate>
        {fields.map((field) => (
          <Field
            key={field.name}
            named
            field={{ ...field, readOnly: false }}
            value={field.name in typed ? typed[field.name] : given.get(field.name)}
            error={errors?.find((error) => error.field === controlId(field.name))?.message}
            note={remarks('field', field.name)}
            onChange={(value) => setTyped((typed) => ({ ...typed, [field.name]: value }))}
          />
        ))}
        {materials.map((definition) => (
          <MaterialUpload
            key={definition.code}
            applicationId={file.application.id}
            version={file.application.version}
            definition={{ ...definition, maxFiles: definition.maxFiles + 1 }}
            files={file.materials.filter(({ code }) => code === definition.code)}
            missing={false}
            note={remarks('material', definition.code)}
            onChanged={reload}
            onSending={(sending) => setFilesOnTheWay((count) => count + (sending ? 1 : -1))}
          />
        ))}
        <div className="actions">
          <button className="button" id="resubmit" aria-disabled={resubmit.running || filesOnTheWay > 0}>
            {resubmit.running ? text.sending : filesOnTheWay > 0 ? text.uploading : text.send}
          </button>
        </div>
      </form>
    </Page>
  )
}

const TEXT = {
  zh: {
    title: '补正',
    nothing: '这件办件现在没有要补正的内容。',
    lead: (day: string) => `请在 ${day}前一次补齐。其他内容不用再填。`,
    all: '请一次补齐。其他内容不用再填。',
    send: '提交补正',
    sending: '正在提交…',
    uploading: '文件传完后可提交',
  },
  en: {
    title: 'Correct your application',
    nothing: 'Nothing needs correcting in this case now.',
    lead: (day: string) => `Please correct everything by ${day}. You need not fill in anything else.`,
    all: 'Please correct everything. You need not fill in anything else.',
    send: 'Send the correction',
    sending: 'Sending…',
    uploading: 'Wait for your file to arrive',
  },
}
