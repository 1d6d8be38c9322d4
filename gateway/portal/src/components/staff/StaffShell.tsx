import './staff.css'
import { App, Button, ConfigProvider, Dropdown, Layout } from 'antd'
import enGB from 'antd/locale/en_GB'
import zhCN from 'antd/locale/zh_CN'
import zhTW from 'antd/locale/zh_TW'
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { LOCALES, useLocale, useSay, useText, type Locale } from '../../i18n.ts'
import { Link, usePlace } from '../../router.tsx'
import { signOut, useSession, type Viewer } from '../../session.tsx'
import { useWords } from '../../words.ts'
import { themeOfTokens } from './theme.ts'

const ANTD = { zh: zhCN, 'zh-TW': zhTW, en: enGB }

/** The gateway names a nonce for the styles that antd makes while running. */
const nonce = () => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce

interface Entry {
  readonly to: string
  readonly label: string
  /** The permission without which the place would be empty. */
  readonly permission?: string
}

/** Frame of the office pages: places on the left, by what the person's roles reach; account and language above. */
export function StaffShell({
  children,
  onLocale,
}: {
  children: ReactNode
  onLocale: (locale: Locale) => void
}) {
  const text = useText(TEXT)
  const locale = useLocale()
  const session = useSession()
  const { path } = usePlace()
  const theme = useMemo(themeOfTokens, [locale])
  const value = nonce()
  const [isNarrow, setNarrow] = useState(false)
  const [isOpen, setOpen] = useState(false)
  useEffect(() => setOpen(false), [path])
  const isFolded = isNarrow && !isOpen
  if (session.state !== 'signed-in') return null
  const { me } = session
  const current = entriesOf(text)
    .flatMap(({ entries }) => entries)
    .filter(({ to }) => path === to || path.startsWith(`${to}/`))
    .sort((a, b) => b.to.length - a.to.length)[0]
  return (
    <ConfigProvider
      theme={theme}
      locale={ANTD[locale]}
      button={{ autoInsertSpace: false }}
      {...(value ? { csp: { nonce: value } } : {})}
    >
      <App>
        <a className="skip-link" href="#main">
          {text.skip}
        </a>
        <Layout className="staff">
          <Layout.Header className="staff-head">
            {isNarrow && (
              <button
                type="button"
                className="button-second"
                id="places"
                aria-expanded={isOpen}
                onClick={() => setOpen(!isOpen)}
              >
                {text.places}
              </button>
            )}
            <Link to="/" className="brand">
              <img src="/seal.svg" alt="" width="30" height="30" />
              <span>{text.brand}</span>
            </Link>
            <Account me={me} onLocale={onLocale} />
          </Layout.Header>
          <Layout hasSider>
            <Layout.Sider
              width={212}
              breakpoint="lg"
              collapsedWidth={0}
              trigger={null}
              collapsed={isFolded}
              onBreakpoint={setNarrow}
              className="staff-sider"
            >
              <nav aria-label={text.nav} hidden={isFolded}>
                <ul className="staff-nav">
                  {entriesOf(text).map(({ title, entries }) => {
                    const mine = entries.filter(
                      ({ permission }) => !permission || me.permissions.includes(permission),
                    )
                    return (
                      mine.length > 0 && (
                        <li key={title}>
                          <p className="staff-nav-title">{title}</p>
                          <ul>
                            {mine.map(({ to, label }) => (
                              <li key={to}>
                                <Link to={to} {...(to === current?.to ? { 'aria-current': 'page' } : {})}>
                                  {label}
                                </Link>
                              </li>
                            ))}
                          </ul>
                        </li>
                      )
                    )
                  })}
                </ul>
              </nav>
            </Layout.Sider>
            <Layout.Content id="main" tabIndex={-1}>
              {children}
            </Layout.Content>
          </Layout>
        </Layout>
      </App>
    </ConfigProvider>
  )
}

function Account({ me, onLocale }: { me: Viewer; onLocale: (locale: Locale) => void }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const locale = useLocale()
  return (
    <div className="staff-account">
      <div className="languages" role="group" aria-label={text.language}>
        {LOCALES.map((known) => (
          <button
            key={known.locale}
            type="button"
            lang={known.tag}
            data-locale={known.locale}
            aria-pressed={known.locale === locale}
            onClick={() => onLocale(known.locale)}
          >
            {known.label}
          </button>
        ))}
      </div>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'organisation', label: say(me.organisation.name), disabled: true },
            {
              key: 'role',
              label: me.roles.map((role) => words('role', role)).join(text.comma),
              disabled: true,
            },
            { type: 'divider' },
            { key: 'sign-out', label: text.signOut },
          ],
          onClick: ({ key }) => {
            if (key === 'sign-out') void signOut()
          },
        }}
      >
        <Button type="text">
          {say(me.name)} · {say(me.organisation.name)} ·{' '}
          {me.roles.map((role) => words('role', role)).join(text.comma)} ▾
        </Button>
      </Dropdown>
    </div>
  )
}

/** Who is shown which place; the server decides each call again, whatever is drawn here. */
function entriesOf(text: typeof TEXT.zh): readonly { title: string; entries: readonly Entry[] }[] {
  return [
    {
      title: text.desk,
      entries: [
        { to: '/desk', label: text.tasks },
        { to: '/desk/cases', label: text.cases, permission: 'service.readCase' },
        { to: '/desk/absences', label: text.absences, permission: 'organisation.readColleagues' },
      ],
    },
    {
      title: text.data,
      entries: [
        { to: '/directory', label: text.directory, permission: 'catalog.readEntry' },
        { to: '/directory/desk', label: text.entries, permission: 'catalog.registerEntry' },
        { to: '/data', label: text.datasets, permission: 'catalog.readDataset' },
        { to: '/data/quarantine', label: text.quarantine, permission: 'ingest.settleRow' },
        { to: '/data/reviews', label: text.reviews, permission: 'golden.confirmDecision' },
        { to: '/data/corrections', label: text.corrections, permission: 'golden.confirmDecision' },
        { to: '/data/sources', label: text.sources, permission: 'catalog.readSource' },
        { to: '/catalogue', label: text.catalogue, permission: 'golden.searchRecords' },
      ],
    },
    {
      title: text.standards,
      entries: [
        { to: '/standards', label: text.schemas },
        { to: '/standards/elements', label: text.elements },
        { to: '/standards/code-lists', label: text.codeLists },
        { to: '/standards/import', label: text.importStandards, permission: 'standards.draftStandard' },
      ],
    },
    {
      title: text.processes,
      entries: [
        { to: '/processes', label: text.definitions, permission: 'workflow.readDefinition' },
        { to: '/decisions', label: text.decisions, permission: 'workflow.evaluateDecision' },
        { to: '/insight', label: text.insight, permission: 'workflow.readDefinition' },
        { to: '/processes/instances', label: text.instances, permission: 'workflow.readDefinition' },
        { to: '/processes/incidents', label: text.incidents, permission: 'workflow.readDefinition' },
      ],
    },
  ]
}

const TEXT = {
  zh: {
    skip: '跳到正文',
    brand: '一窗通办 · 工作台',
    nav: '工作台导航',
    places: '菜单',
    language: '语言',
    comma: '、',
    signOut: '退出登录',
    desk: '办件',
    tasks: '待办任务',
    cases: '全部办件',
    absences: '离岗代办',
    data: '数据',
    directory: '资源目录',
    entries: '目录编制',
    datasets: '数据集',
    quarantine: '待治理',
    reviews: '匹配核对',
    corrections: '更正',
    sources: '数据源',
    catalogue: '单位目录',
    standards: '标准',
    schemas: '数据集模式',
    elements: '数据元',
    codeLists: '代码集',
    importStandards: '导入标准',
    processes: '流程',
    definitions: '流程定义',
    decisions: '决策',
    insight: '流程洞察',
    instances: '流程实例',
    incidents: '流程异常',
  },
  en: {
    skip: 'Skip to main content',
    brand: 'One Window · desk',
    nav: 'Work desk',
    places: 'Menu',
    language: 'Language',
    comma: ', ',
    signOut: 'Sign out',
    desk: 'Cases',
    tasks: 'Tasks',
    cases: 'All cases',
    absences: 'Absences',
    data: 'Data',
    directory: 'Resource directory',
    entries: 'Directory desk',
    datasets: 'Datasets',
    quarantine: 'Quarantine',
    reviews: 'Matching',
    corrections: 'Corrections',
    sources: 'Sources',
    catalogue: 'Organisations',
    standards: 'Standards',
    schemas: 'Record schemas',
    elements: 'Data elements',
    codeLists: 'Code lists',
    importStandards: 'Import',
    processes: 'Processes',
    definitions: 'Definitions',
    decisions: 'Decisions',
    insight: 'Insight',
    instances: 'Instances',
    incidents: 'Incidents',
  },
}
