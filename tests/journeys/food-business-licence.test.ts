import { expect } from 'chai'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import {
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

const REGISTERS = join(import.meta.dirname, '..', '..', 'gateway', 'demo', 'registers')

/** What the three dirty registers hold, counted by hand: read = accepted + rejected + duplicate + filtered. */
const LOADS = [
  {
    steward: 'steward-market',
    title: '市场主体登记信息',
    file: 'market-registrations.csv',
    counts: [263, 253, 7, 3, 0],
  },
  { steward: 'steward-tax', title: '纳税人登记信息', file: 'taxpayers.csv', counts: [234, 228, 4, 2, 0] },
  { steward: 'steward-um', title: '店招店牌备案信息', file: 'shop-signs.csv', counts: [113, 109, 3, 1, 0] },
] as const

const PDF = Buffer.from('%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n')

describe('a food business licence, from the registers to the certificate', function () {
  this.timeout(420_000)
  let server: DemoServer
  let browser: Browser
  let firm: Page
  /** Paths of the application and of the case it became. */
  let application: string
  let file: string

  before(async function () {
    requireChromium(this)
    server = await startDemoServer({ GDBOS_MUTATIONS_PER_MINUTE: '600', GDBOS_REQUESTS_PER_MINUTE: '6000' })
    browser = await launchBrowser()
    firm = await open('enterprise-drafter')
  })
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  it('begins with a schema that one person drafts and another publishes', async () => {
    await at('standards-drafter', '/standards/schemas/new/draft', async (page) => {
      await page.locator('#code').fill('catering-premises')
      await page.locator('#name-zh').fill('餐饮场所清单')
      await page.locator('#name-en').fill('List of catering premises')
      for (const name of ['统一社会信用代码', '机构名称']) {
        await page.locator('#pick-element').fill(name)
        await page.locator('.ant-select-item-option', { hasText: name }).first().click()
      }
      await page.locator('main tbody input[type="checkbox"]').first().check()
      await page.locator('#save-schema').click()
      await page.locator('#submit-standard').click()
      await page.locator('[data-status="REVIEW"]').waitFor()
      expect(await page.locator('#publish-standard').count(), 'the drafter may not publish').to.equal(0)
    })

    await at('standards-approver', '/standards/schemas/catering-premises', async (page) => {
      await page.locator('#publish-standard').click()
      await page.locator('[data-status="PUBLISHED"]').waitFor()
    })
  })

  for (const { steward, title, file, counts } of LOADS)
    it(`loads ${file} as ${steward} confirms it, every row accounted for`, async () => {
      await at(steward, '/data', async (page) => {
        await page.locator('main tbody a', { hasText: title }).click()
        await page.locator('#register-file').setInputFiles(join(REGISTERS, file))
        await page.locator('#confirm-mapping').click()
        await page.locator('[data-batch-status="PUBLISHED"]').waitFor({ timeout: 60_000 })

        const shown: number[] = []
        for (const name of ['read', 'accepted', 'rejected', 'duplicate', 'filtered'])
          shown.push(Number((await page.locator(`[data-count="${name}"]`).innerText()).replaceAll(/\D/g, '')))
        expect(shown).to.deep.equal(counts)
        const [read = 0, ...parts] = shown
        expect(parts.reduce((sum, part) => sum + part)).to.equal(read)
        await picture(page, 'batch')
      })
    })

  it('finds a firm by two characters and shows where each value comes from', async () => {
    await at('clerk', `/catalogue?q=${encodeURIComponent('餐饮')}`, async (page) => {
      expect(await page.locator('main tbody tr').count()).to.be.greaterThan(5)

      await page.goto(`${server.url}/catalogue/91990121MAEH7Y1G65?purpose=case-handling`)
      await settled(page)

      const name = page.locator('main tr', { hasText: '示例县好味来餐饮有限公司' }).first()
      expect(await name.innerText())
        .to.include('示例县市场监督管理局')
        .and.to.include('市场主体登记信息')
      await picture(page, 'record')
    })
  })

  it('tells the firm before it begins who may apply, with what, in how many days, for how much', async () => {
    await firm.goto(`${server.url}/`)
    await firm.locator('#search').fill('食品经营许可')
    await firm.locator('#search').press('Enter')
    await firm.locator('main h2 a').first().click()
    await settled(firm)

    const told = await firm.locator('main').innerText()
    for (const part of ['5 个工作日', '不收费', '谁可以办', '食品安全规章制度', '法定期限 10 个工作日'])
      expect(told).to.include(part)
    await picture(firm, 'service')
  })

  it('fills the form from the registers and refuses to be sent without its documents', async () => {
    await firm.locator('main a.button').first().click()
    await answerQuestions({ q1: 'new', q2: 'catering' })
    await firm.locator('main .button').click()
    await firm.waitForURL(/\/applications\/[0-9a-f-]{36}$/)
    application = new URL(firm.url()).pathname
    await firm.goto(`${server.url}${application}/form`)
    await settled(firm)

    expect(await firm.locator('#field-name').inputValue()).to.equal('示例县好味来餐饮有限公司')
    expect(await firm.locator('#field-legalRepresentative').inputValue()).to.equal('林晓梅')
    expect(await firm.locator('[data-origin="register"]').first().innerText()).to.match(/示例县.*局/)
    await picture(firm, 'form')
    await fillForm(firm)
    await firm.goto(`${server.url}${application}/check`)
    await settled(firm)
    await firm.locator('#submit').click()

    const refusal = firm.locator('.error-summary')
    await refusal.waitFor()
    expect(await refusal.innerText()).to.include('食品安全规章制度')
    expect(new URL(firm.url()).pathname).to.equal(`${application}/check`)
  })

  it('makes one case of a double click and gives a receipt', async () => {
    await firm.goto(`${server.url}${application}/materials`)
    for (const code of ['M3', 'M4']) await attach(code)
    await firm.goto(`${server.url}${application}/check`)
    await settled(firm)
    await firm.locator('#submit').dblclick()
    await firm.waitForURL(/\/receipt$/)
    const cases = firm.locator('main a[href^="/cases/"]')
    await cases.first().waitFor()

    expect(await cases.count()).to.equal(1)
    file = String(await cases.first().getAttribute('href'))
    await server.restart('SIGKILL')
  })

  it('keeps the case from another firm and from an office that has no part in it', async () => {
    await at('other-enterprise', file, async (page) => {
      expect(await page.locator('[data-code]').first().getAttribute('data-code')).to.equal(
        'SERVICE_CASE_NOT_FOUND',
      )
    })
    await at('steward-tax', `/desk${file}`, async (page) => {
      await page.locator('[data-code="SERVICE_CASE_NOT_FOUND"]').first().waitFor()
    })
  })

  it('asks for one correction, named point by point, and takes it', async () => {
    await work('clerk', async (page) => {
      await page.locator('#field-outcome').selectOption('incomplete')
      await page.locator('#field-correctionPoints').click()
      await page.locator('#field-correctionPoints').selectOption('material:M3')
      await page.locator('.point textarea').fill('请标注操作流程')
    })
    await server.restart('SIGKILL')
    await caseShows('[data-status="CORRECTION_REQUESTED"]')
    expect(await firm.locator('main').innerText()).to.include('请标注操作流程')

    await firm.goto(`${server.url}${file}/correct`)
    await settled(firm)
    await attach('M3')
    await firm.locator('#resubmit[aria-disabled="false"]').click()
    await firm.waitForURL(`${server.url}${file}`)
    await caseShows('[data-status="CORRECTION_SUBMITTED"]')
  })

  it('is accepted with both dates, and pauses its clock for the inspection', async () => {
    await work('clerk', (page) => page.locator('#field-outcome').selectOption('complete'))
    await server.restart('SIGKILL')
    await caseShows('[data-clock="PROMISED"]')
    await caseShows('[data-clock="LEGAL"]')
    await caseShows('[data-clock="PROMISED"] .tag-warn')
    await picture(firm, 'case')
  })

  it('is reviewed by two departments at once, one after an inspection on site', async () => {
    await work('um-reviewer', (page) => page.locator('#field-agrees').selectOption('yes'))
    await work('reviewer', (page) => page.locator('#field-agrees').selectOption('yes'))
    await server.restart('SIGKILL')
    await work('inspector', async (page) => {
      await page.locator('#field-passed').selectOption('yes')
      await page.locator('#field-score').fill('92')
      await picture(page, 'task')
    })
  })

  it('is decided by the signer, and the certificate verifies for anybody', async () => {
    await work('signer', (page) => page.locator('#field-outcome').selectOption('granted'))
    await server.restart('SIGKILL')
    await caseShows('a[href^="/api/certificates/"]')
    const verify = String(await firm.locator('a[href^="/verify?c="]').first().getAttribute('href'))
    const anybody = await (await openContext(browser)).newPage()
    await anybody.goto(`${server.url}${verify}`)
    await anybody.locator('[data-result="valid"]').waitFor()
    expect(await anybody.locator('main').innerText()).to.include('示例县好味来餐饮有限公司')
    await picture(anybody, 'verify')

    const altered = `${verify.slice(0, -1)}${verify.endsWith('A') ? 'B' : 'A'}`
    await anybody.goto(`${server.url}${altered}`)
    await anybody.locator('[data-result="altered"]').waitFor()
  })

  it('is finished when the firm has its certificate', async () => {
    const [download] = await Promise.all([
      firm.waitForEvent('download'),
      firm.locator('a[href^="/api/certificates/"]').click(),
    ])
    const chunks: Buffer[] = []
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer)

    expect(Buffer.concat(chunks).subarray(0, 5).toString()).to.equal('%PDF-')
    await caseShows('[data-status="DELIVERED"]')
    for (const clerk of ['clerk', 'reviewer', 'signer', 'inspector'])
      await at(clerk, '/desk', async (page) => {
        expect(await page.locator('main tbody button').count(), `tasks left for ${clerk}`).to.equal(0)
      })
  })

  async function open(login: string): Promise<Page> {
    const context = await openContext(browser, { locale: 'zh-CN' })
    const page = await context.newPage()
    await signIn(page, server, login)
    return page
  }

  /** Signs in on a browser of its own and goes to a place. */
  async function at(login: string, path: string, act: (page: Page) => Promise<unknown>): Promise<void> {
    const page = await open(login)
    await page.goto(`${server.url}${path}`)
    await settled(page)
    await act(page)
    await page.context().close()
  }

  /** Takes the task that is offered, fills in the form, completes it. */
  function work(login: string, fill: (page: Page) => Promise<unknown>): Promise<void> {
    return at(login, '/desk', async (page) => {
      const claim = page.locator('main tbody button').first()
      await until(claim, () => page.reload())
      await claim.click()
      await page.locator('#complete').waitFor()
      await fill(page)
      await page.locator('#complete').click()
      await page.waitForURL(/\/desk$/)
    })
  }

  /** The process works on while people wait, also after a crash. */
  async function caseShows(wanted: string): Promise<void> {
    await firm.goto(`${server.url}${file}`)
    await until(firm.locator(wanted).first(), () => firm.reload())
  }

  async function answerQuestions(answers: Readonly<Record<string, string>>): Promise<void> {
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

  async function attach(code: string): Promise<void> {
    await settled(firm)
    const name = `${code}.pdf`
    const given = firm.locator(`[data-material="${code}"] .task-list > li`)
    const before = await given.count()
    await firm.setInputFiles(`#material-${code}`, { name, mimeType: 'application/pdf', buffer: PDF })
    await given.nth(before).waitFor()
  }
})
