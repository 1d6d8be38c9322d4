import { useQuery } from '../../api.ts'
import { MaterialTable } from '../../components/MaterialTable.tsx'
import { Failure, Loading } from '../../components/Notices.tsx'
import { Page } from '../../components/Page.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import type { ServiceQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { useLimit, useWords } from '../../words.ts'

const SERVICE = graphql(`
  query Service($id: UUID!) {
    serviceItem(id: $id) {
      id
      itemCode
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
      audience
      handlingKind
      legalLimit {
        amount
        unit
      }
      promisedLimit {
        amount
        unit
      }
      intakeLimit {
        amount
        unit
      }
      visitsMax
      channels
      address {
        zh
        en
      }
      openingHours {
        zh
        en
      }
      phone
      legalBases {
        lawName
        documentNumber
        clause
        text
      }
      fees {
        name {
          zh
          en
        }
        amountFen
      }
      conditions {
        zh
        en
      }
      results {
        zh
        en
      }
      materials {
        ...MaterialDefinitionParts
      }
      mayApply
    }
  }
`)

export type ServiceItem = ServiceQuery['serviceItem']

/** All a person must know before starting: who, what is needed, days, fee, where, by which law, and what will happen. */
export function Service({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const limit = useLimit()
  const words = useWords()
  const format = useFormat()
  const query = useQuery(SERVICE, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const item = query.data.serviceItem
  const fee = item.fees.reduce((sum, { amountFen }) => sum + amountFen, 0)
  return (
    <Page title={say(item.name)} caption={say(item.organisation.name)} back="/services" wide>
      <dl className="facts">
        <div>
          <dt>{text.promised}</dt>
          <dd>
            {limit(item.promisedLimit)}
            <span className="quiet">{text.legal(limit(item.legalLimit))}</span>
          </dd>
        </div>
        <div>
          <dt>{text.fee}</dt>
          <dd>{fee === 0 ? text.free : format.money(fee)}</dd>
        </div>
        <div>
          <dt>{text.visits}</dt>
          <dd>{text.times(item.visitsMax)}</dd>
        </div>
        <div>
          <dt>{text.channels}</dt>
          <dd>{item.channels.map((channel) => words('channel', channel)).join(text.comma)}</dd>
        </div>
      </dl>
      <Start item={item} />

      <h2>{text.who}</h2>
      <p>{text.audience(item.audience.map((code) => words('audience', code)).join(text.comma))}</p>
      {item.conditions.length > 0 && (
        <ul className="ticks">
          {item.conditions.map((condition) => (
            <li key={condition.zh}>{say(condition)}</li>
          ))}
        </ul>
      )}

      <h2>{text.needed}</h2>
      <MaterialTable materials={item.materials} />

      <h2>{text.steps}</h2>
      <ol className="steps">
        {text.process(limit(item.intakeLimit), limit(item.promisedLimit)).map(([title, more]) => (
          <li key={title}>
            <strong>{title}</strong>
            <p>{more}</p>
          </li>
        ))}
      </ol>

      <h2>{text.result}</h2>
      <ul>
        {item.results.map((result) => (
          <li key={result.zh}>{say(result)}</li>
        ))}
      </ul>

      <h2>{text.where}</h2>
      <dl className="answers">
        {item.address && <Row name={text.address}>{say(item.address)}</Row>}
        {item.openingHours && <Row name={text.hours}>{say(item.openingHours)}</Row>}
        {item.phone && (
          <Row name={text.phone}>
            <a href={`tel:${item.phone}`}>{item.phone}</a>
          </Row>
        )}
        <Row name={text.code}>{item.itemCode}</Row>
      </dl>

      <h2>{text.basis}</h2>
      <ul>
        {item.legalBases.map((basis) => (
          <li key={`${basis.lawName}${basis.clause}`}>
            {[basis.lawName, basis.documentNumber, basis.clause].filter(Boolean).join(' ')}
            {basis.text && (
              <details>
                <summary>{text.wording}</summary>
                <p lang="zh-CN">{basis.text}</p>
              </details>
            )}
          </li>
        ))}
      </ul>
      <Start item={item} />
    </Page>
  )
}

function Row({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Start({ item }: { item: ServiceItem }) {
  const text = useText(TEXT)
  const session = useSession()
  const check = `/services/${item.id}/check`
  if (session.state === 'signed-in' && !item.mayApply) return <p className="notice">{text.mayNot}</p>
  return (
    <p className="actions">
      <Link className="button" to={check}>
        {text.start}
      </Link>
      <span className="quiet">{session.state === 'signed-out' ? text.startSignIn : text.startHint}</span>
    </p>
  )
}

const TEXT = {
  zh: {
    promised: '承诺办结',
    legal: (days: string) => `法定期限 ${days}`,
    fee: '费用',
    free: '不收费',
    visits: '到场次数',
    times: (n: number) => (n === 0 ? '不用跑' : `最多 ${n} 次`),
    channels: '在哪里办',
    comma: '、',
    start: '先看看能不能办',
    startHint: '回答几个问题，约 2 分钟；填表约 10 分钟，随时可以保存。',
    startSignIn: '先回答几个问题，不用登录；正式申请时再登录。',
    mayNot: '您现在的身份不能申请这项服务。请看“谁可以办”，或换一个账号登录。',
    who: '谁可以办',
    audience: (who: string) => `适用于：${who}`,
    needed: '需要什么材料',
    steps: '怎么办理',
    process: (intake: string, promised: string): [string, string][] => [
      ['回答几个问题', '看看要不要办、怎么办，需要哪些材料。'],
      ['填表并提交', '部门已有的信息自动填好，您核对；材料能共享的不用交。'],
      ['受理', `${intake}内答复。材料不齐的，一次告诉您全部要补的内容；到期没有答复，视为受理。`],
      ['审查', `从受理起 ${promised}内作出决定。需要现场核查的，核查期间暂停计时，并告诉您新的日期。`],
      ['领取结果', '准予的，发电子证照，二维码可以核验；不准予的，说明理由和救济途径。'],
    ],
    result: '办完得到什么',
    where: '咨询和窗口地址',
    address: '地址',
    hours: '办公时间',
    phone: '电话',
    code: '事项编码',
    basis: '法律依据',
    wording: '条文原文',
  },
  en: {
    promised: 'Promised within',
    legal: (days: string) => `${days} by law`,
    fee: 'Fee',
    free: 'Free of charge',
    visits: 'Visits in person',
    times: (n: number) => (n === 0 ? 'None' : `At most ${n}`),
    channels: 'Where to apply',
    comma: ', ',
    start: 'Check before you start',
    startHint: 'A few questions, about 2 minutes; the form takes about 10 and can be left at any time.',
    startSignIn: 'The questions need no account; you sign in when you apply.',
    mayNot:
      'With this account you cannot apply for this service. See who may apply, or sign in with another account.',
    who: 'Who may apply',
    audience: (who: string) => `For: ${who}`,
    needed: 'What you need',
    steps: 'What will happen',
    process: (intake: string, promised: string): [string, string][] => [
      ['Answer a few questions', 'They tell whether you need to apply, how, and with which documents.'],
      ['Fill in and send', 'What departments already know is filled in for you to check.'],
      [
        'Acceptance',
        `You get an answer within ${intake}. If something is missing you are told everything at once; silence means accepted.`,
      ],
      [
        'Review',
        `The decision is made within ${promised} of acceptance. An on-site check pauses the clock, and you are told the new date.`,
      ],
      [
        'Result',
        'If granted, an electronic certificate with a code to verify; if refused, the reasons and how to appeal.',
      ],
    ],
    result: 'What you get',
    where: 'Help and counters',
    address: 'Address',
    hours: 'Opening hours',
    phone: 'Telephone',
    code: 'Item code',
    basis: 'Legal basis',
    wording: 'Wording',
  },
}
