import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import {
  auditOn,
  type DemoServer,
  fillForm,
  launchBrowser,
  openContext,
  picture,
  requireChromium,
  settled,
  signIn,
  startDemoServer,
  until,
} from '../support/browser.ts'

const PDF = Buffer.from('%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n')

describe('the desk of an office', function () {
  this.timeout(420_000)
  let server: DemoServer
  let browser: Browser
  let clerk: Page
  let deputy: Page
  let head: Page

  before(async function () {
    requireChromium(this)
    server = await startDemoServer({ GDBOS_MUTATIONS_PER_MINUTE: '600', GDBOS_REQUESTS_PER_MINUTE: '6000' })
    browser = await launchBrowser()
    await apply()
    ;[clerk, deputy, head] = [await open('clerk'), await open('clerk-deputy'), await open('market-head')]
  })
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  const row = (page: Page) => page.locator('main tbody tr')

  it('shows what there is to do, by the filter in its address, and meets WCAG 2.2 AA', async () => {
    await go(clerk, '/desk')
    await until(row(clerk), () => clerk.reload())
    await picture(clerk, 'desk')

    await clerk.locator('select').first().selectOption('overdue')
    await clerk.locator('.empty').waitFor()
    expect(new URL(clerk.url()).search).to.equal('?due=overdue')
    await go(clerk, '/desk?q=食品经营&sort=due')
    await row(clerk).waitFor()
    expect(await clerk.locator('.ant-segmented-item-selected').innerText()).to.equal('我能办的 1')
    for (const locale of ['zh', 'en'])
      expect(await auditOn(clerk, `${server.url}/desk`, locale)).to.deep.equal([])
    await clerk.locator('[data-locale="zh"]').click()
  })

  it('keeps what the clerk types, delegates it to her deputy and takes it back with the answer', async () => {
    await go(clerk, '/desk')
    await clerk.locator('main tbody button').first().click()
    await clerk.locator('#field-reason').fill('待核')
    await clerk.locator('#draft-state', { hasText: '只有您能看到' }).waitFor()
    await clerk.reload()
    await settled(clerk)
    expect(await clerk.locator('#field-reason').inputValue()).to.equal('待核')
    await clerk.locator('#follow-up').fill('2030-01-02')
    await clerk.locator('form.staff-choice button').click()
    await picture(clerk, 'task')
    await clerk.locator('#colleague').selectOption({ label: '何静' })
    await clerk.locator('#delegate').click()
    await clerk.locator('.notice', { hasText: '您已委托同事办理' }).waitFor()

    await go(deputy, '/desk?show=mine')
    await row(deputy).locator('text=王芳委托').waitFor()
    await row(deputy).locator('a').first().click()
    await deputy.locator('#field-outcome').selectOption('complete')
    await picture(deputy, 'delegated')
    expect(await auditOn(deputy, deputy.url(), 'zh')).to.deep.equal([])
    await deputy.locator('#complete').click()
    await deputy.waitForURL(/\/desk$/)

    await clerk.reload()
    await settled(clerk)
    expect(await clerk.locator('#field-outcome').inputValue()).to.equal('complete')
    expect(await clerk.locator('#field-reason').inputValue()).to.equal('待核')
    expect(await auditOn(clerk, clerk.url(), 'en')).to.deep.equal([])
    await clerk.locator('[data-locale="zh"]').click()
  })

  it('lets the head give tasks to another, who says who stands in while she is away', async () => {
    await go(head, '/desk?show=body')
    await row(head).locator('input').first().check()
    await head.locator('#assign-to').selectOption({ label: '何静' })
    await picture(head, 'assign')
    await head.locator('.staff-chosen button', { hasText: '分派' }).click()
    await row(head).locator('text=何静').waitFor()

    await go(deputy, '/desk/absences')
    await deputy.locator('#substitute').selectOption({ label: '王芳' })
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date())
    for (const id of ['from', 'until']) await deputy.locator(`#${id}`).fill(today)
    await deputy.locator('form button[type="submit"]').click()
    await row(deputy).waitFor()
    await picture(deputy, 'absences')
    for (const locale of ['zh', 'en'])
      expect(await auditOn(deputy, `${server.url}/desk/absences`, locale)).to.deep.equal([])
  })

  it('tells the substitute for whom she works, and records it', async () => {
    await go(clerk, '/desk?show=standing-in')
    await row(clerk).locator('text=何静不在岗，由您代办').waitFor()
    await row(clerk).locator('a').first().click()
    const task = clerk.url()
    await clerk.locator('.notice', { hasText: '何静不在岗' }).waitFor()
    await clerk.locator('#complete').click()
    expect(await clerk.locator('.error-summary').innerText()).to.include('请选择')
    await clerk.locator('#field-outcome').selectOption('complete')
    await picture(clerk, 'standing-in')
    await clerk.locator('#complete').click()
    await clerk.waitForURL(/\/desk$/)

    await clerk.goto(task)
    await clerk.locator('.notice', { hasText: '代何静办理' }).waitFor()
  })

  async function open(login: string): Promise<Page> {
    const page = await (await openContext(browser)).newPage()
    await signIn(page, server, login)
    return page
  }

  async function go(page: Page, path: string): Promise<void> {
    await page.goto(`${server.url}${path}`)
    await settled(page)
  }

  /** A firm applies, which opens the first task. */
  async function apply(): Promise<void> {
    const firm = await open('enterprise-drafter')
    await go(firm, '/services?q=食品经营许可')
    await firm.locator('main h2 a').first().click()
    await settled(firm)
    await firm.locator('main a.button').first().click()
    await answerQuestions(firm, { q1: 'new', q2: 'catering' })
    await firm.locator('main .button').click()
    await firm.waitForURL(/\/applications\/[0-9a-f-]{36}$/)
    const application = new URL(firm.url()).pathname
    await go(firm, `${application}/form`)
    await fillForm(firm)
    for (const code of ['M3', 'M4']) {
      const file = { name: `${code}.pdf`, mimeType: 'application/pdf', buffer: PDF }
      await firm.setInputFiles(`#material-${code}`, file)
      await firm.locator(`[data-material="${code}"] .task-list > li`).first().waitFor()
    }
    await go(firm, `${application}/check`)
    await firm.locator('#submit').click()
    await firm.waitForURL(/\/receipt$/)
  }

  async function answerQuestions(firm: Page, answers: Readonly<Record<string, string>>): Promise<void> {
    const question = firm.locator('fieldset[data-question]')
    await question.waitFor()
    for (;;) {
      const id = String(await question.getAttribute('data-question'))
      await question.locator(`input[value="${answers[id] ?? 'no'}"]`).check()
      await firm.keyboard.press('Enter')
      const next = firm.locator(`fieldset[data-question]:not([data-question="${id}"])`)
      await next.or(firm.locator('.notice-good')).waitFor()
      if ((await next.count()) === 0) return
    }
  }
})
