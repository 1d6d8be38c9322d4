import { useState } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { AnswerList } from '../../components/AnswerList.tsx'
import { ClockCard } from '../../components/ClockCard.tsx'
import { NoticeList } from '../../components/NoticeList.tsx'
import { Failure, Loading } from '../../components/Notices.tsx'
import { Page } from '../../components/Page.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { CASE, clocksToShow, type Case } from './case.ts'

const WITHDRAW = graphql(`
  mutation WithdrawCase($commandId: UUID!, $id: UUID!, $expectedVersion: Int!) {
    withdrawCase(commandId: $commandId, id: $id, expectedVersion: $expectedVersion) {
      id
      status
    }
  }
`)

/** One matter as its applicant follows it: where it stands, who has it, until when, and what is asked of them. */
export function CasePage({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const query = useQuery(CASE, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const file = query.data.case
  return (
    <Page title={say(file.item.name)} caption={text.number(file.number)} back="/applications" wide>
      <section aria-label={text.status} className="notice" data-status={file.status}>
        <h2>{say(file.publicStatus)}</h2>
        {file.flags.map((flag) => (
          <p key={`${flag.name}${flag.since}`}>
            <span className="tag tag-warn">{say(flag.text)}</span>
          </p>
        ))}
        <p>{text.responsible(say(file.responsible.name))}</p>
        {file.outcomeReason && (
          <p>{text.reason([file.outcomeReason, file.outcomeClause].filter(Boolean).join(' · '))}</p>
        )}
        {file.competentBody && <p>{text.competent(file.competentBody)}</p>}
      </section>
      <Correction file={file} />
      <Certificate file={file} />
      {clocksToShow(file).length > 0 && (
        <section aria-labelledby="clocks">
          <h2 id="clocks">{text.clocks}</h2>
          <div className="clocks">
            {clocksToShow(file).map((clock) => (
              <ClockCard key={clock.id} clock={clock} />
            ))}
          </div>
        </section>
      )}
      <NoticeList notices={file.notices} />
      <Timeline file={file} />
      <details>
        <summary>{text.sent}</summary>
        <div>
          <AnswerList form={file.form} answers={file.answers} />
          <Files file={file} />
          <p>
            <Link to={`/applications/${file.application.id}/receipt`}>{text.receipt}</Link>
          </p>
        </div>
      </details>
      {file.mayWithdraw && <Withdraw file={file} reload={query.reload} />}
    </Page>
  )
}

function Correction({ file }: { file: Case }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const notice = file.correction
  if (!notice || !file.mayResubmit) return null
  return (
    <section className="notice notice-warn" aria-labelledby="correction">
      <h2 id="correction">{text.correction}</h2>
      <p>
        {notice.dueOn
          ? text.correctBy(format.day(notice.issuedOn), format.day(notice.dueOn))
          : text.correctSoon}
      </p>
      <ul>
        {notice.points.map((point) => (
          <li key={`${point.kind}${point.target}`}>
            <strong>{say(point.label)}</strong>
            {text.colon}
            {point.remark}
          </li>
        ))}
      </ul>
      <p>
        <Link className="button" to={`/cases/${file.id}/correct`}>
          {text.correct}
        </Link>
      </p>
    </section>
  )
}

function Certificate({ file }: { file: Case }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const certificate = file.certificate
  if (!certificate) return null
  return (
    <section className="notice notice-good" aria-labelledby="certificate">
      <h2 id="certificate">{text.certificate(say(certificate.title))}</h2>
      <p>
        {text.certificateNumber(certificate.number)}{' '}
        <span className="tag tag-good">{words('certificate', certificate.status)}</span>
      </p>
      <p>
        {text.issued(format.day(certificate.issuedOn))}
        {certificate.validUntil && text.until(format.day(certificate.validUntil))}
      </p>
      <p className="actions">
        {certificate.ready ? (
          <a className="button" href={`/api/certificates/${certificate.id}.pdf`}>
            {text.download}
          </a>
        ) : (
          <span>{text.making}</span>
        )}
        <Link to={`/verify?c=${encodeURIComponent(certificate.token)}`}>{text.verify}</Link>
      </p>
    </section>
  )
}

function Timeline({ file }: { file: Case }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  if (!file.history.length) return null
  const newest = [...file.history].sort((a, b) => b.at.localeCompare(a.at))
  return (
    <section aria-labelledby="history">
      <h2 id="history">{text.history}</h2>
      <ol className="timeline" reversed>
        {newest.map((step) => (
          <li key={`${step.at}${step.event}${step.note ?? ''}`}>
            <p>
              <strong>{say(step.text)}</strong>
            </p>
            <p className="quiet">
              <time dateTime={step.at}>{format.time(step.at)}</time>
              {step.organisation && ` · ${say(step.organisation.name)}`}
            </p>
            {step.note && <p>{step.note}</p>}
          </li>
        ))}
      </ol>
    </section>
  )
}

function Files({ file }: { file: Case }) {
  const text = useText(TEXT)
  const say = useSay()
  const nameOf = new Map(file.item.materials.map(({ code, name }) => [code, name]))
  return (
    <section>
      <h2>{text.materials}</h2>
      <dl className="answers">
        {file.materials.map((material) => {
          const name = nameOf.get(material.code)
          return (
            <div key={material.id}>
              <dt>{name ? say(name) : material.code}</dt>
              <dd>
                <a href={`/api/materials/${material.id}`}>{material.fileName}</a>
              </dd>
            </div>
          )
        })}
      </dl>
    </section>
  )
}

function Withdraw({ file, reload }: { file: Case; reload: () => void }) {
  const text = useText(TEXT)
  const [asking, setAsking] = useState(false)
  const withdraw = useMutation(WITHDRAW)
  return (
    <section aria-labelledby="withdraw">
      <h2 id="withdraw">{text.withdraw}</h2>
      <p>{text.withdrawHint}</p>
      {withdraw.error && <Failure error={withdraw.error} />}
      {asking ? (
        <p className="actions" role="group" aria-label={text.withdrawSure}>
          <span>{text.withdrawSure}</span>
          <button
            type="button"
            className="button-bad"
            aria-disabled={withdraw.running}
            onClick={() => void withdraw.run({ id: file.id, expectedVersion: file.version }).then(reload)}
          >
            {text.withdrawYes}
          </button>
          <button type="button" className="button-second" onClick={() => setAsking(false)}>
            {text.withdrawNo}
          </button>
        </p>
      ) : (
        <button type="button" className="button-second" onClick={() => setAsking(true)}>
          {text.withdraw}
        </button>
      )}
    </section>
  )
}

const TEXT = {
  zh: {
    number: (n: string) => `办件编号 ${n}`,
    status: '当前状态',
    responsible: (who: string) => `现在由 ${who} 负责办理。`,
    reason: (reason: string) => `理由：${reason}`,
    competent: (body: string) => `请向 ${body} 提出。`,
    colon: '：',
    correction: '需要补正的内容',
    correctBy: (from: string, to: string) => `${from}发出，请在 ${to}前一次补齐以下内容：`,
    correctSoon: '请一次补齐以下内容：',
    correct: '去补正',
    certificate: (title: string) => `您的${title}`,
    certificateNumber: (n: string) => `编号 ${n}`,
    issued: (day: string) => `${day}签发`,
    until: (day: string) => `，有效期至 ${day}`,
    download: '下载证照（PDF）',
    making: '证照文件正在制作，请稍后刷新。',
    verify: '核验这张证照',
    clocks: '办理期限',
    history: '办理经过',
    sent: '我提交的内容',
    receipt: '查看回执',
    materials: '材料',
    withdraw: '撤回申请',
    withdrawHint: '受理之前可以撤回，以后还能重新申请。',
    withdrawSure: '确定撤回吗？',
    withdrawYes: '确定撤回',
    withdrawNo: '不撤回',
  },
  en: {
    number: (n: string) => `Case ${n}`,
    status: 'Where it stands',
    responsible: (who: string) => `${who} is responsible now.`,
    reason: (reason: string) => `Reason: ${reason}`,
    competent: (body: string) => `Please apply to ${body}.`,
    colon: ': ',
    correction: 'What needs correcting',
    correctBy: (from: string, to: string) => `Asked on ${from}. Please correct all of this at once by ${to}:`,
    correctSoon: 'Please correct all of this at once:',
    correct: 'Correct it',
    certificate: (title: string) => `Your certificate: ${title}`,
    certificateNumber: (n: string) => `Number ${n}`,
    issued: (day: string) => `Issued on ${day}`,
    until: (day: string) => `, valid until ${day}`,
    download: 'Download the certificate (PDF)',
    making: 'The document is being made; please come back in a moment.',
    verify: 'Verify this certificate',
    clocks: 'Due dates',
    history: 'What has happened',
    sent: 'What I sent',
    receipt: 'Show the receipt',
    materials: 'Documents',
    withdraw: 'Withdraw the application',
    withdrawHint: 'You may withdraw until it is accepted, and apply again later.',
    withdrawSure: 'Withdraw for certain?',
    withdrawYes: 'Yes, withdraw',
    withdrawNo: 'No, keep it',
  },
}
