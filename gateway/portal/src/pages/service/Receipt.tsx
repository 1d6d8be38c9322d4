import { useQuery } from '../../api.ts'
import { Empty, Failure, Loading } from '../../components/Notices.tsx'
import { useTitle } from '../../components/Page.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'

const RECEIPT = graphql(`
  query Receipt($id: UUID!) {
    application(id: $id) {
      id
      item {
        name {
          zh
          en
        }
        organisation {
          name {
            zh
            en
          }
        }
      }
      cases {
        id
        number
        clocks {
          kind
          dueOn
        }
      }
      receipt {
        number
        issuedAt
        answersSha256
        signature
        keyId
        files {
          name
          sha256
        }
      }
    }
  }
`)

/** The signed receipt of what was sent; made to be printed. */
export function Receipt({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const query = useQuery(RECEIPT, { id })
  useTitle(text.title)
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { item, receipt, cases } = query.data.application
  if (!receipt) return <Empty>{text.none}</Empty>
  const intake = cases[0]?.clocks.find(({ kind }) => kind === 'INTAKE')?.dueOn
  return (
    <div className="page measure">
      <div className="panel">
        <h1>{text.title}</h1>
        <p>{text.number}</p>
        <p className="number" data-receipt>
          {receipt.number}
        </p>
      </div>
      <dl className="answers">
        <div>
          <dt>{text.service}</dt>
          <dd>{say(item.name)}</dd>
        </div>
        <div>
          <dt>{text.organisation}</dt>
          <dd>{say(item.organisation.name)}</dd>
        </div>
        <div>
          <dt>{text.issued}</dt>
          <dd>{format.time(receipt.issuedAt)}</dd>
        </div>
      </dl>
      <h2>{text.next}</h2>
      <p>{intake ? text.byDay(format.day(intake)) : text.soon}</p>
      <ul>
        {cases.map((one) => (
          <li key={one.id}>
            <Link to={`/cases/${one.id}`}>{text.follow(one.number)}</Link>
          </li>
        ))}
      </ul>
      <h2>{text.files}</h2>
      <p>{text.filesHint}</p>
      <table className="plain">
        <caption className="visually-hidden">{text.files}</caption>
        <thead>
          <tr>
            <th scope="col">{text.file}</th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{text.answers}</th>
            <td>
              <code>{receipt.answersSha256}</code>
            </td>
          </tr>
          {receipt.files.map((file) => (
            <tr key={`${file.name}${file.sha256}`}>
              <th scope="row">{file.name}</th>
              <td>
                <code>{file.sha256}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet">
        {text.signature} <code>{receipt.signature}</code> · {text.key} <code>{receipt.keyId}</code>
      </p>
      <p className="actions">
        <button type="button" className="button-second" onClick={() => window.print()}>
          {text.print}
        </button>
        <Link to="/applications">{text.mine}</Link>
      </p>
    </div>
  )
}

const TEXT = {
  zh: {
    title: '申请已提交',
    none: '这份申请还没有提交，没有回执。',
    number: '您的回执编号',
    service: '事项',
    organisation: '办理部门',
    issued: '收到时间',
    next: '接下来会怎样',
    byDay: (day: string) => `最晚 ${day}告诉您是否受理。材料要补的，会一次说清楚。到期没有答复，视为受理。`,
    soon: '办理部门会在期限内告诉您是否受理。',
    follow: (number: string) => `查看办件 ${number} 的进度`,
    files: '我们收到了什么',
    filesHint: '下面的数字是每份内容的指纹。内容只要改动一个字，指纹就不一样。',
    file: '内容',
    answers: '申请表',
    signature: '签名',
    key: '密钥',
    print: '打印回执',
    mine: '我的申请',
  },
  en: {
    title: 'Application sent',
    none: 'This application has not been sent, so there is no receipt.',
    number: 'Your receipt number',
    service: 'Service',
    organisation: 'Department',
    issued: 'Received',
    next: 'What happens next',
    byDay: (day: string) =>
      `You are told by ${day} whether it is accepted. If something is missing, you are told everything at once. Silence means accepted.`,
    soon: 'The department will tell you in time whether it is accepted.',
    follow: (number: string) => `Follow case ${number}`,
    files: 'What we received',
    filesHint: 'These are fingerprints: if one character of the content changes, its fingerprint changes.',
    file: 'Content',
    answers: 'Form',
    signature: 'Signature',
    key: 'key',
    print: 'Print the receipt',
    mine: 'My applications',
  },
}
