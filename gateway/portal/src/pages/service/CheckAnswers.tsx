import { useMutation, useQuery } from '../../api.ts'
import { AnswerList } from '../../components/AnswerList.tsx'
import { controlId } from '../../components/Fields.tsx'
import { Failure, Loading, type FieldError } from '../../components/Notices.tsx'
import { Page } from '../../components/Page.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link, navigate } from '../../router.tsx'
import { APPLICATION, materialsOf, namedIn, type Application } from './application.ts'

const SUBMIT = graphql(`
  mutation SubmitApplication($commandId: UUID!, $id: UUID!, $expectedVersion: Int!) {
    submitApplication(commandId: $commandId, id: $id, expectedVersion: $expectedVersion) {
      id
    }
  }
`)

/** Everything once more before it is sent; sending twice is sending once. */
export function CheckAnswers({ id = '' }: { id?: string }) {
  const query = useQuery(APPLICATION, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return <Check application={query.data.application} />
}

function Check({ application }: { application: Application }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const submit = useMutation(SUBMIT)
  const here = `/applications/${application.id}`
  const wanted = materialsOf(application)
  const named = new Set(submit.error ? namedIn(submit.error) : [])
  const errors: FieldError[] = submit.error
    ? [
        ...application.form
          .filter(({ name }) => named.has(name))
          .map((field) => ({
            field: `change-${controlId(field.name)}`,
            message: text.lacks(say(field.label)),
          })),
        ...wanted
          .filter(({ code }) => named.has(code))
          .map((material) => ({ field: `change-${material.code}`, message: text.lacks(say(material.name)) })),
        { field: 'submit', message: say(submit.error.messages) },
      ]
    : []

  async function send() {
    const sent = await submit.run({ id: application.id, expectedVersion: application.version })
    if (sent) navigate(`${here}/receipt`, { replace: true })
  }

  if (application.status !== 'DRAFT')
    return (
      <Page title={text.sentAlready} caption={say(application.item.name)}>
        <p>
          <Link to={`${here}/receipt`}>{text.receipt}</Link>
        </p>
      </Page>
    )
  return (
    <Page
      title={text.title}
      caption={say(application.item.name)}
      back={`${here}/materials`}
      busy={submit.running}
      {...(errors.length ? { errors } : {})}
    >
      <AnswerList
        form={application.form}
        answers={application.answers}
        action={(field) =>
          !field.readOnly && (
            <Link id={`change-${controlId(field.name)}`} to={`${here}/form#${controlId(field.name)}`}>
              {text.change}
              <span className="visually-hidden">{say(field.label)}</span>
            </Link>
          )
        }
      />
      <h2>{text.materials}</h2>
      <dl className="answers">
        {wanted.map((definition) => {
          const files = application.materials.filter(({ code }) => code === definition.code)
          return (
            <div key={definition.code}>
              <dt>{say(definition.name)}</dt>
              <dd>
                {files.map((file) => (
                  <span key={file.id}>
                    {file.fileName} <span className="quiet">{format.size(file.sizeBytes)}</span>
                  </span>
                ))}
                {!files.length &&
                  (application.missing.includes(definition.code) ? text.missing : text.notGiven)}
              </dd>
              <dd>
                <Link id={`change-${definition.code}`} to={`${here}/materials`}>
                  {text.change}
                  <span className="visually-hidden">{say(definition.name)}</span>
                </Link>
              </dd>
            </div>
          )
        })}
      </dl>
      <h2>{text.declare}</h2>
      <p>{text.declaration}</p>
      <p className="actions">
        <button
          id="submit"
          type="button"
          className="button"
          aria-disabled={submit.running}
          onClick={() => void send()}
        >
          {submit.running ? text.sending : text.send}
        </button>
      </p>
    </Page>
  )
}

const TEXT = {
  zh: {
    title: '提交前请再检查一遍',
    change: '修改',
    materials: '材料',
    missing: '还缺这份材料',
    notGiven: '没有提交',
    lacks: (name: string) => `请检查：${name}`,
    declare: '现在提交',
    declaration: '提交即表示：以上内容真实，您愿意为此负责。提交以后马上给您回执。',
    send: '提交申请',
    sending: '正在提交…',
    sentAlready: '这份申请已经提交',
    receipt: '查看回执',
  },
  en: {
    title: 'Check your answers before you send',
    change: 'Change ',
    materials: 'Documents',
    missing: 'This document is missing',
    notGiven: 'not given',
    lacks: (name: string) => `Check: ${name}`,
    declare: 'Send now',
    declaration:
      'By sending you state that all of this is true and that you answer for it. You get a receipt at once.',
    send: 'Send the application',
    sending: 'Sending…',
    sentAlready: 'This application has been sent',
    receipt: 'Show the receipt',
  },
}
