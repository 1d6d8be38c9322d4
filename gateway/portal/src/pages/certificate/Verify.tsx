import { useState, type FormEvent } from 'react'
import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { Page } from '../../components/Page.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText, type LocalText } from '../../i18n.ts'
import { navigate, usePlace } from '../../router.tsx'
import { useWords } from '../../words.ts'

const VERIFY = graphql(`
  query VerifyCertificate($token: String!) {
    verifyCertificate(token: $token) {
      result
      number
      holder
      issuer {
        zh
        en
      }
      issuedOn
      validUntil
      claims
    }
  }
`)

/** Anybody checks a certificate by the code on it; the answer stands in words and not in colour alone. */
export function Verify() {
  const text = useText(TEXT)
  const { query } = usePlace()
  const token = query.get('c') ?? ''
  const [typed, setTyped] = useState('')
  const [missing, setMissing] = useState(false)

  function check(event: FormEvent) {
    event.preventDefault()
    setMissing(!typed.trim())
    if (typed.trim()) navigate(`/verify?c=${encodeURIComponent(tokenOf(typed.trim()))}`)
  }

  return (
    <Page
      title={text.title}
      lead={text.lead}
      {...(missing ? { errors: [{ field: 'token', message: text.missing }] } : {})}
    >
      {token && <Answer token={token} />}
      <form onSubmit={check} noValidate>
        <div className={missing ? 'field field-bad' : 'field'}>
          <label htmlFor="token">{token ? text.another : text.token}</label>
          <p className="field-hint" id="token-hint">
            {text.hint}
          </p>
          <input
            id="token"
            className="input"
            value={typed}
            autoComplete="off"
            spellCheck={false}
            aria-describedby="token-hint"
            aria-invalid={missing || undefined}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
        <button className="button">{text.check}</button>
      </form>
    </Page>
  )
}

function Answer({ token }: { token: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const query = useQuery(VERIFY, { token })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const answer = query.data.verifyCertificate
  const valid = answer.result === 'valid'
  const rows: (readonly [string, string | null | undefined])[] = [
    [text.number, answer.number],
    [text.holder, answer.holder],
    [text.issuer, answer.issuer && say(answer.issuer)],
    [text.issued, answer.issuedOn && format.day(answer.issuedOn)],
    [text.until, answer.validUntil && format.day(answer.validUntil)],
    ...claimsOf(answer.claims, say),
  ]
  return (
    <section
      className={valid ? 'notice notice-good' : 'notice notice-bad'}
      role="status"
      data-result={answer.result}
    >
      <h2>{text.result(words('verification', answer.result))}</h2>
      <dl className="answers">
        {rows.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  )
}

interface Claim {
  readonly name: string
  readonly label: LocalText
  readonly value: string | LocalText
}

/** What else the certificate states; each claim brings its name in both languages. */
function claimsOf(claims: unknown, say: (text: LocalText) => string): [string, string][] {
  if (!Array.isArray(claims)) return []
  return (claims as Claim[]).map(({ label, value }) => [
    say(label),
    typeof value === 'string' ? value : say(value),
  ])
}

/** People paste the whole address of the code as readily as its end. */
function tokenOf(typed: string): string {
  if (!/^https?:/.test(typed)) return typed
  return new URL(typed).searchParams.get('c') ?? typed
}

const TEXT = {
  zh: {
    title: '核验证照',
    lead: '确认一张证照是不是本平台的机关发的、现在还有没有效。',
    token: '校验码',
    another: '再核验一张',
    hint: '扫描证照上的二维码会自动打开本页；也可以把二维码里的网址或校验码粘贴到这里。',
    check: '核验',
    missing: '请填写校验码',
    result: (word: string) => `核验结果：${word}`,
    number: '证照编号',
    holder: '持证人',
    issuer: '发证机关',
    issued: '发证日期',
    until: '有效期至',
  },
  en: {
    title: 'Verify a certificate',
    lead: 'See whether a certificate was issued by an authority on this platform, and whether it is valid now.',
    token: 'Verification code',
    another: 'Verify another certificate',
    hint: 'Scanning the code on the certificate opens this page; or paste the address or the code here.',
    check: 'Verify',
    missing: 'Enter the verification code',
    result: (word: string) => `Result: ${word}`,
    number: 'Certificate number',
    holder: 'Holder',
    issuer: 'Issued by',
    issued: 'Issued on',
    until: 'Valid until',
  },
}
