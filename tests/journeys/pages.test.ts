import { expect } from 'chai'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import {
  auditOn,
  type DemoServer,
  fillForm,
  launchBrowser,
  openContext,
  requireChromium,
  settled,
  signIn,
  startDemoServer,
  until,
} from '../support/browser.ts'

const LOCALES = ['zh', 'en'] as const

/** The answers that lead to an application for a new catering licence (one-window 13.1, row 6 of the table). */
const ANSWERS: Readonly<Record<string, string>> = { q1: 'new', q2: 'catering' }

/** More stops than any page of the window has. */
const MAX_STOPS = 80

describe('the pages of the portal', function () {
  this.timeout(420_000)
  let server: DemoServer
  let browser: Browser
  let context: BrowserContext
  let page: Page
  /** Path of the application that the keyboard journey begins. */
  let application: string
  /** Path of the case it becomes. */
  let file: string

  before(async function () {
    requireChromium(this)
    server = await startDemoServer()
    browser = await launchBrowser()
    context = await openContext(browser)
    page = await context.newPage()
  })

  after(async () => {
    await browser?.close()
    await server?.close()
  })

  it('meet WCAG 2.2 AA for a visitor of the window in both languages', async () => {
    const service = await serviceFor('食品经营许可')
    const paths = [
      '/',
      '/services',
      '/services?q=食品',
      service,
      `${service}/check`,
      '/open-data',
      '/verify',
      '/verify?c=wrong',
    ]

    const violations = await auditAll([...paths, '/signin', '/no-such-page'])

    expect(violations).to.deep.equal([])
  })

  it('lead from the search to an application by keyboard alone, focus always in sight', async () => {
    await page.goto(`${server.url}/`)
    await settled(page)

    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').getAttribute('href')).to.equal('#main')
    await tabTo(page.locator('#search'))
    await page.keyboard.type('食品')
    await page.keyboard.press('Enter')
    await tabTo(page.locator('main h2 a').first())
    await page.keyboard.press('Enter')
    await tabTo(page.locator('main a.button').first())
    await page.keyboard.press('Enter')
    await answerAllQuestions()
    await tabTo(page.locator('main .button'))
    await page.keyboard.press('Enter')
    await tabTo(page.locator('#login'))
    await page.keyboard.type('enterprise-drafter')
    await page.keyboard.press('Tab')
    await page.keyboard.type(server.password)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/check\?/)
    await tabTo(page.locator('main .button'))
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/applications\/[0-9a-f-]{36}$/)
    application = new URL(page.url()).pathname
    await tabTo(page.locator(`main a[href="${application}/form"]`).first())
    await page.keyboard.press('Enter')
    await page.locator('#field-creditCode').waitFor()

    expect(await page.locator('[data-origin="register"]').count()).to.be.greaterThan(0)
  })

  it('meet WCAG 2.2 AA for an applicant in both languages', async () => {
    const violations = await auditAll([
      '/applications',
      application,
      `${application}/form`,
      `${application}/materials`,
      `${application}/check`,
    ])

    expect(violations).to.deep.equal([])
  })

  it('put what is wrong first, say so in the title, and lead to the field', async () => {
    await page.goto(`${server.url}${application}/form`)
    await settled(page)
    const wanted = page.locator('main input[type="text"][required]:not([readonly])').first()
    await wanted.fill('')
    await page.locator('main form button.button').click()

    const summary = page.locator('.error-summary')
    await summary.waitFor()
    expect(await isFocused(summary)).to.equal(true)
    expect(await page.title()).to.match(/^(错误：|Error: )/)
    const first = summary.locator('a').first()
    const field = (await first.getAttribute('href'))!.slice(1)
    await first.click()
    expect(await page.locator(':focus').getAttribute('id')).to.equal(field)
    expect(await audit(page.url(), 'zh')).to.deep.equal([])
  })

  it('refuse a file that is not what its name says, and keep the page', async () => {
    await fillDraft()
    await page.setInputFiles('#material-M3', upload('plan.pdf', 'no PDF at all'))

    const refusal = page.locator('[data-material="M3"] [role="alert"]')
    await refusal.waitFor()
    expect(await refusal.getAttribute('data-code')).to.equal('SERVICE_MATERIAL_TYPE_MISMATCH')
  })

  it('make one case of a double click, and meet WCAG 2.2 AA on receipt and case', async () => {
    for (const code of ['M3', 'M4']) {
      await page.setInputFiles(`#material-${code}`, upload(`${code}.pdf`, '%PDF-1.4\n%%EOF\n'))
      await page.locator(`[data-material="${code}"] .task-list`).waitFor()
    }
    await page.goto(`${server.url}${application}/check`)
    await page.locator('#submit').dblclick()
    await page.waitForURL(/\/receipt$/)
    const cases = page.locator('main a[href^="/cases/"]')
    await cases.first().waitFor()

    expect(await cases.count()).to.equal(1)
    file = (await cases.first().getAttribute('href'))!
    expect(await auditAll([application, `${application}/receipt`, file])).to.deep.equal([])
  })

  it('let the clerk name what to correct, and show the applicant exactly that', async () => {
    await asStaff('clerk', async (desk) => {
      await desk.goto(`${server.url}/desk`)
      const claim = desk.locator('main tbody button').first()
      await until(claim, () => desk.reload())
      await claim.click()
      await desk.locator('#complete').waitFor()
      await desk.locator('#field-outcome').selectOption('incomplete')
      await desk.locator('#field-correctionPoints').click()
      await desk.locator('#field-correctionPoints').selectOption('field:areaSquareMetres')
      await desk.locator('.point textarea').fill('面积与租赁合同不一致')
      await desk.locator('#complete').click()
      await desk.waitForURL(/\/desk$/)
    })
    await page.goto(`${server.url}${file}`)
    await until(page.locator('#correction'), () => page.reload())

    expect(await auditAll([file, `${file}/correct`])).to.deep.equal([])
    expect(await page.locator('.field-named').count()).to.equal(1)
    expect(await page.locator('#field-areaSquareMetres').isVisible()).to.equal(true)
  })

  it('meet WCAG 2.2 AA for the people of the offices', async () => {
    const places: Readonly<Record<string, readonly string[]>> = {
      clerk: ['/desk', '/desk/cases', `/desk${file}`],
      'directory-county': ['/directory', '/directory?q=xydm', '/directory/desk?desk=OVERDUE'],
      'steward-market': [
        ...['/directory/register', '/directory/desk', '/data', '/data/quarantine', '/data/corrections'],
        ...['/data/reviews', '/data/sources', '/catalogue?q=餐饮'],
      ],
      'standards-drafter': [
        ...['/standards', '/standards/schemas/new/draft', '/standards/schemas/business-registration'],
        ...['/standards/elements', '/standards/elements/DE00000002', '/standards/life/element/DE00000002'],
        ...['/standards/code-lists/GB%2FT%202261.1%402003', '/standards/import'],
      ],
      'process-designer': ['/processes', `/processes/instances/${file.split('/').at(-1)}`],
    }
    const found: string[] = []
    for (const [login, paths] of Object.entries(places))
      await asStaff(login, async (desk) => {
        for (const path of paths) found.push(...(await auditOn(desk, `${server.url}${path}`, 'zh')))
      })

    expect(found).to.deep.equal([])
  })

  it('lead the steward to the rows held back and the versions, and meet WCAG 2.2 AA there', async () => {
    await asStaff('steward-market', async (desk) => {
      const first = async (path: string, links: string) => {
        await desk.goto(`${server.url}${path}`)
        await settled(desk)
        return String(await desk.locator(links).first().getAttribute('href'))
      }
      const rows = await first('/data/quarantine', 'main tbody a[href$="/quarantine"]')
      const dataset = await first('/data', 'main tbody a[href^="/data/datasets/"]')

      expect(await auditOn(desk, `${server.url}${rows}`, 'zh')).to.deep.equal([])
      expect(await auditOn(desk, `${server.url}${dataset}/versions`, 'zh')).to.deep.equal([])
      expect(await desk.locator('[role="status"]').innerText()).to.match(/第 1 版/)
      expect(await auditOn(desk, `${server.url}${dataset}/lineage`, 'zh')).to.deep.equal([])
      expect(await desk.locator('.lineage a').count()).to.be.greaterThan(2)
      const record = await first('/catalogue?q=餐饮', 'main tbody a[href^="/catalogue/"]')
      const field = await first(`${record}?purpose=quality`, 'main tbody a[href*="/fields/"]')
      expect(await auditOn(desk, `${server.url}${field}`, 'zh')).to.deep.equal([])
    })
  })

  it('lead from the directory to an entry and its form, and meet WCAG 2.2 AA there', async () => {
    await asStaff('steward-tax', async (desk) => {
      await desk.goto(`${server.url}/directory?q=纳税人`)
      await settled(desk)
      const entry = String(await desk.locator('main tbody a').first().getAttribute('href'))

      expect(await auditOn(desk, `${server.url}${entry}`, 'zh')).to.deep.equal([])
      expect(await desk.locator('h1').innerText()).to.equal('纳税人登记信息')
      expect(await auditOn(desk, `${server.url}${entry}/edit`, 'zh')).to.deep.equal([])
      expect(await desk.locator('#name').inputValue()).to.equal('纳税人登记信息')
    })
  })

  it('open a code list at its own address, whose name holds a slash', async () => {
    await asStaff('standards-drafter', async (desk) => {
      await desk.goto(`${server.url}/standards/code-lists`)
      await settled(desk)
      const list = desk.locator('main tbody a').first()
      const name = await list.innerText()

      await desk.goto(`${server.url}${await list.getAttribute('href')}`)

      await desk.locator('h1', { hasText: name }).waitFor()
      await desk.locator('main tbody tr').first().waitFor()
    })
  })

  it('speak the Taiwanese the build made, and keep the choice', async () => {
    await page.goto(`${server.url}/`)
    await page.locator('[data-locale="zh-TW"]').click()
    await page.reload()
    await settled(page)

    expect(await page.locator('html').getAttribute('lang')).to.equal('zh-TW')
    expect(await page.locator('h1').innerText()).to.equal('您想辦什麼事？')
    await page.locator('[data-locale="zh"]').click()
  })

  it('show nothing of the person who has signed out', async () => {
    const other = await openContext(browser)
    const theirs = await other.newPage()
    await signIn(theirs, server, 'citizen')
    await theirs.locator('.window-account .button-plain').click()
    await theirs.locator('.window-account a[href="/signin"]').waitFor()

    await theirs.goto(`${server.url}${application}`)

    await theirs.waitForURL(/\/signin\?next=/)
    await other.close()
  })

  /** The page of the first service that a search finds. */
  async function serviceFor(search: string): Promise<string> {
    await page.goto(`${server.url}/services?q=${encodeURIComponent(search)}`)
    await settled(page)
    return (await page.locator('main h2 a').first().getAttribute('href'))!
  }

  async function auditAll(paths: readonly string[]): Promise<string[]> {
    const found: string[] = []
    for (const path of paths)
      for (const locale of LOCALES) found.push(...(await audit(`${server.url}${path}`, locale)))
    return found
  }

  const audit = (address: string, locale: string) => auditOn(page, address, locale)

  /** Signs in on a browser of its own, as a colleague at another desk. */
  async function asStaff(login: string, work: (desk: Page) => Promise<void>): Promise<void> {
    const theirs = await openContext(browser)
    const desk = await theirs.newPage()
    await signIn(desk, server, login)
    await work(desk)
    await theirs.close()
  }

  /** The whole form of the draft, then on to its documents. */
  async function fillDraft(): Promise<void> {
    await page.goto(`${server.url}${application}/form`)
    await fillForm(page)
  }

  /** Presses Tab until the control has the focus; each stop on the way must be seen to have it. */
  async function tabTo(wanted: Locator): Promise<void> {
    await wanted.waitFor()
    for (let stop = 0; stop < MAX_STOPS; stop++) {
      await page.keyboard.press('Tab')
      expect(await page.evaluate(FOCUS_IS_VISIBLE), `stop ${stop}`).to.equal(true)
      if (await isFocused(wanted)) return
    }
    throw new Error(`${wanted} is not reached by Tab`)
  }

  async function answerAllQuestions(): Promise<void> {
    const question = page.locator('fieldset[data-question]')
    await question.waitFor()
    for (;;) {
      const id = (await question.getAttribute('data-question'))!
      await tabTo(question.locator('input').first())
      await page.keyboard.press('Space')
      const wanted = ANSWERS[id] ?? 'no'
      while ((await question.locator('input:checked').getAttribute('value')) !== wanted)
        await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      const next = page.locator(`fieldset[data-question]:not([data-question="${id}"])`)
      await next.or(page.locator('.notice-good')).waitFor()
      if ((await next.count()) === 0) return
    }
  }
})

const upload = (name: string, content: string) => ({
  name,
  mimeType: 'application/pdf',
  buffer: Buffer.from(content),
})

const isFocused = (element: Locator): Promise<boolean> => element.evaluate((node) => node.matches(':focus'))

/** Runs in the page, where an outline of two pixels or more is what the eye can follow. */
const FOCUS_IS_VISIBLE = `(() => {
  const focused = document.activeElement
  if (!focused || focused === document.body) return true
  const { outlineStyle, outlineWidth } = getComputedStyle(focused)
  return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
})()`
