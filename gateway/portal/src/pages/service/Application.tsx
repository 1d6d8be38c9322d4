import { useQuery } from '../../api.ts'
import { isEmpty } from '../../components/Fields.tsx'
import { Failure, Loading } from '../../components/Notices.tsx'
import { Page } from '../../components/Page.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { APPLICATION, materialsOf, type Application as Shown } from './application.ts'

/** An application: the tasks left before sending it, or what became of it. */
export function Application({ id = '' }: { id?: string }) {
  const query = useQuery(APPLICATION, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { application } = query.data
  return application.status === 'DRAFT' ? (
    <Draft application={application} />
  ) : (
    <Sent application={application} />
  )
}

function Draft({ application }: { application: Shown }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const given = new Map(application.answers.map(({ field, value }) => [field, value]))
  const unanswered = application.form.filter(
    ({ name, required }) => required && isEmpty(given.get(name)),
  ).length
  const wanted = materialsOf(application)
  const lacking = wanted.filter(({ code }) => application.missing.includes(code)).length
  const here = `/applications/${application.id}`
  const tasks = [
    {
      to: `${here}/form`,
      name: text.form,
      open: unanswered,
      state: unanswered ? text.toFill(unanswered) : text.done,
    },
    {
      to: `${here}/materials`,
      name: text.materials,
      open: lacking,
      state: lacking ? text.toUpload(lacking) : text.done,
    },
  ]
  return (
    <Page
      title={text.draft}
      caption={say(application.item.name)}
      lead={say(application.scenario.name)}
      back="/applications"
    >
      {application.prefillNotice && <p className="notice">{say(application.prefillNotice)}</p>}
      <ul className="task-list">
        {tasks.map(({ to, name, open, state }) => (
          <li key={to}>
            <Link to={to}>{name}</Link>
            <span className={open ? 'tag tag-warn' : 'tag tag-good'}>{state}</span>
          </li>
        ))}
        <li>
          <Link to={`${here}/check`}>{text.check}</Link>
          <span className="tag tag-quiet">{text.last}</span>
        </li>
      </ul>
      <p className="quiet">{text.kept(format.time(application.createdAt))}</p>
      <p className="actions">
        <Link
          className="button"
          to={unanswered ? `${here}/form` : lacking ? `${here}/materials` : `${here}/check`}
        >
          {text.goOn}
        </Link>
      </p>
    </Page>
  )
}

function Sent({ application }: { application: Shown }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  return (
    <Page
      title={say(application.item.name)}
      caption={application.number ? text.number(application.number) : undefined}
      back="/applications"
    >
      <dl className="facts">
        <div>
          <dt>{text.status}</dt>
          <dd>{words('application', application.status)}</dd>
        </div>
        {application.submittedAt && (
          <div>
            <dt>{text.sentAt}</dt>
            <dd>{format.time(application.submittedAt)}</dd>
          </div>
        )}
      </dl>
      <h2>{text.cases}</h2>
      <ul className="task-list">
        {application.cases.map((one) => (
          <li key={one.id}>
            <Link to={`/cases/${one.id}`}>
              {say(one.item.name)} {one.number}
            </Link>
            <span className="tag">{say(one.publicStatus)}</span>
          </li>
        ))}
      </ul>
      {application.receipt && (
        <p>
          <Link to={`/applications/${application.id}/receipt`}>{text.receipt}</Link>
        </p>
      )}
    </Page>
  )
}

const TEXT = {
  zh: {
    draft: '您的申请',
    form: '核对并填写申请表',
    materials: '上传材料',
    check: '检查后提交',
    done: '已填好',
    last: '最后一步',
    toFill: (n: number) => `还有 ${n} 项要填`,
    toUpload: (n: number) => `还缺 ${n} 份`,
    kept: (at: string) => `草稿从 ${at} 起替您保存，可以随时离开，换一台设备也能接着办。`,
    goOn: '继续',
    number: (n: string) => `申请编号 ${n}`,
    status: '状态',
    sentAt: '提交时间',
    cases: '办件',
    receipt: '查看回执',
  },
  en: {
    draft: 'Your application',
    form: 'Check and fill in the form',
    materials: 'Upload documents',
    check: 'Check and send',
    done: 'Done',
    last: 'Last step',
    toFill: (n: number) => `${n} to fill in`,
    toUpload: (n: number) => `${n} missing`,
    kept: (at: string) => `Kept for you since ${at}. You may leave and go on later, also on another device.`,
    goOn: 'Continue',
    number: (n: string) => `Application ${n}`,
    status: 'Status',
    sentAt: 'Sent',
    cases: 'Cases',
    receipt: 'Show the receipt',
  },
}
