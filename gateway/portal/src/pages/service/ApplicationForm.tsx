import { useState, type FormEvent } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { asAnswer, controlId, Field, isEmpty, sectionsOf, useMissingText } from '../../components/Fields.tsx'
import { Failure, Loading, type FieldError } from '../../components/Notices.tsx'
import { Origin } from '../../components/Origin.tsx'
import { Page } from '../../components/Page.tsx'
import { useSay, useText } from '../../i18n.ts'
import { navigate } from '../../router.tsx'
import { APPLICATION, errorsOf, SAVE, type Application } from './application.ts'

/** The form of a draft. What a register knows stands in it already, with its origin and age beside it. */
export function ApplicationForm({ id = '' }: { id?: string }) {
  const query = useQuery(APPLICATION, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return <Form application={query.data.application} reload={query.reload} />
}

function Form({ application, reload }: { application: Application; reload: () => void }) {
  const text = useText(TEXT)
  const say = useSay()
  const missingText = useMissingText()
  const save = useMutation(SAVE)
  const [typed, setTyped] = useState<Readonly<Record<string, unknown>>>({})
  const [missing, setMissing] = useState<readonly FieldError[]>()
  const given = new Map(application.answers.map((answer) => [answer.field, answer]))
  const valueOf = (name: string) => (name in typed ? typed[name] : given.get(name)?.value)
  const here = `/applications/${application.id}`
  const errors = missing ?? (save.error ? errorsOf(save.error, application.form, say) : undefined)
  const stale = save.error?.kind === 'conflict'

  async function send(then: string) {
    const answers = Object.fromEntries(
      application.form
        .filter(({ name }) => name in typed)
        .map((field) => [field.name, asAnswer(field, typed[field.name])]),
    )
    if (!Object.keys(answers).length) return navigate(then)
    const saved = await save.run({ id: application.id, expectedVersion: application.version, answers })
    if (saved) navigate(then)
  }

  function next(event: FormEvent) {
    event.preventDefault()
    const lines = application.form
      .filter(({ name, required, readOnly }) => required && !readOnly && isEmpty(valueOf(name)))
      .map((field) => ({ field: controlId(field.name), message: missingText(field) }))
    setMissing(lines.length ? lines : undefined)
    if (!lines.length) void send(`${here}/materials`)
  }

  return (
    <Page
      title={text.title}
      caption={say(application.item.name)}
      back={here}
      busy={save.running}
      {...(errors ? { errors } : {})}
    >
      {application.prefillNotice && <p className="notice">{say(application.prefillNotice)}</p>}
      {stale && (
        <p className="notice notice-warn">
          {text.stale}{' '}
          <button type="button" className="button-plain" onClick={reload}>
            {text.takeNew}
          </button>
        </p>
      )}
      <form onSubmit={next} noValidate>
        {sectionsOf(application.form).map((section) => (
          <fieldset className="section" key={section.key}>
            {section.title && <legend>{say(section.title)}</legend>}
            {section.fields.map((field) => {
              const answer = given.get(field.name)
              const own = field.name in typed && typed[field.name] !== answer?.value
              return (
                <Field
                  key={field.name}
                  field={field}
                  value={valueOf(field.name)}
                  error={errors?.find((error) => error.field === controlId(field.name))?.message}
                  note={answer && answer.origin !== 'person' && !own ? <Origin answer={answer} /> : undefined}
                  onChange={(value) => setTyped((typed) => ({ ...typed, [field.name]: value }))}
                />
              )
            })}
          </fieldset>
        ))}
        <div className="actions">
          <button className="button" aria-disabled={save.running}>
            {text.next}
          </button>
          <button type="button" className="button-second" onClick={() => void send(here)}>
            {text.later}
          </button>
        </div>
      </form>
    </Page>
  )
}

const TEXT = {
  zh: {
    title: '核对并填写',
    next: '保存并继续',
    later: '保存，以后再填',
    stale: '这份申请刚在别处改过。您填的内容还在本页，请先取得最新版本，再保存一次。',
    takeNew: '取得最新版本',
  },
  en: {
    title: 'Check and fill in',
    next: 'Save and continue',
    later: 'Save and go on later',
    stale:
      'This application was just changed elsewhere. What you typed is still here: take the new version, then save again.',
    takeNew: 'Take the new version',
  },
}
