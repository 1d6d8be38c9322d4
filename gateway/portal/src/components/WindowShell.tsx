import type { ReactNode } from 'react'
import { LOCALES, useLocale, useSay, useText, type Locale } from '../i18n.ts'
import { Link, usePlace } from '../router.tsx'
import { isStaff, signOut, useSession } from '../session.tsx'

/** Head and foot of the window: name, ways, language, account. */
export function WindowShell({
  children,
  onLocale,
}: {
  children: ReactNode
  onLocale: (locale: Locale) => void
}) {
  const text = useText(TEXT)
  const say = useSay()
  const session = useSession()
  const { path } = usePlace()
  const here = (prefix: string) => (path.startsWith(prefix) ? { 'aria-current': 'page' as const } : {})
  return (
    <>
      <a className="skip-link" href="#main">
        {text.skip}
      </a>
      <header className="window-head">
        <div className="measure-wide window-head-row">
          <Link to="/" className="brand">
            <img src="/seal.svg" alt="" width="36" height="36" />
            <span>{text.brand}</span>
          </Link>
          <nav aria-label={text.nav}>
            <ul className="window-nav">
              <li>
                <Link to="/services" {...here('/services')}>
                  {text.services}
                </Link>
              </li>
              {session.state === 'signed-in' && (
                <li>
                  <Link to="/applications" {...here('/applications')}>
                    {text.mine}
                  </Link>
                </li>
              )}
              <li>
                <Link to="/verify" {...here('/verify')}>
                  {text.verify}
                </Link>
              </li>
              {session.state === 'signed-in' && isStaff(session.me) && (
                <li>
                  <Link to="/desk">{text.desk}</Link>
                </li>
              )}
            </ul>
          </nav>
          <div className="window-account">
            <LanguageSwitch onLocale={onLocale} />
            {session.state === 'signed-in' && (
              <>
                <span className="account-name">
                  {say(session.me.name)}
                  {session.me.organisation.kind !== 'PERSON' && (
                    <span className="quiet">{say(session.me.organisation.name)}</span>
                  )}
                </span>
                <button type="button" className="button-plain" onClick={() => void signOut()}>
                  {text.signOut}
                </button>
              </>
            )}
            {session.state === 'signed-out' && path !== '/signin' && <Link to="/signin">{text.signIn}</Link>}
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer className="window-foot">
        <div className="measure-wide">
          <p>{text.foot}</p>
          <p className="quiet">{text.help}</p>
          <p>
            <Link to="/open-data">{text.open}</Link>
          </p>
        </div>
      </footer>
    </>
  )
}

function LanguageSwitch({ onLocale }: { onLocale: (locale: Locale) => void }) {
  const text = useText(TEXT)
  const current = useLocale()
  return (
    <div className="languages" role="group" aria-label={text.language}>
      {LOCALES.map(({ locale, tag, label }) => (
        <button
          key={locale}
          type="button"
          lang={tag}
          data-locale={locale}
          aria-pressed={locale === current}
          onClick={() => onLocale(locale)}
        >
          {label}
        </button>
      ))}
    </div>
  )
}

const TEXT = {
  zh: {
    skip: '跳到正文',
    brand: '一窗通办',
    nav: '主要导航',
    services: '找服务',
    mine: '我的申请',
    verify: '核验证照',
    desk: '工作台',
    signIn: '登录',
    signOut: '退出登录',
    language: '语言',
    open: '向社会开放的信息资源',
    foot: '同一件事，网上办和窗口办，标准一样、材料一样、期限一样。',
    help: '网上办有困难？带上身份证到政务服务大厅任意窗口，工作人员可以帮您接着办。',
  },
  en: {
    skip: 'Skip to main content',
    brand: 'One Window',
    nav: 'Main',
    services: 'Services',
    mine: 'My applications',
    verify: 'Verify a certificate',
    desk: 'Work desk',
    signIn: 'Sign in',
    signOut: 'Sign out',
    language: 'Language',
    open: 'Information open to the public',
    foot: 'Online or at a counter: the same standard, the same documents, the same days.',
    help: 'Cannot do it online? Bring your identity card to any counter of the service hall and go on from where you are.',
  },
}
