import { expect } from 'chai'
import type { Browser, Locator, Page } from 'playwright-core'
import {
  auditOn,
  type DemoServer,
  launchBrowser,
  openContext,
  picture,
  requireChromium,
  settled,
  signIn,
  startDemoServer,
  until,
} from '../support/browser.ts'

import { hearings, OPERATED, sent } from './operated-process.ts'

const DEPLOY = `mutation ($xml: String!) { deployProcess(key: "${OPERATED}", xml: $xml) { id } }`
const PROCESS = 'food-business-licence'
const RENAMED = '受理审查（新）'

/** What is done at each stop of the short way: a commitment, accepted, granted, collected. */
const WAY: readonly { readonly choice: string; readonly values?: object }[] = [
  {
    choice: 'start released',
    values: {
      answers: { q3: 'no', q4: 'no', q5: 'no', q7: 'yes' },
      organisationId: 'demo-market-bureau',
    },
  },
  { choice: 'complete resolve_materials' },
  { choice: 'complete check_intake', values: { intakeOutcome: 'complete' } },
  { choice: 'complete accept' },
  { choice: 'complete start_review' },
  { choice: 'complete sign_decision', values: { decisionOutcome: 'granted' } },
  { choice: 'complete issue_certificate' },
  { choice: 'complete serve_notice' },
  { choice: 'message wait_for_delivery' },
]

describe('the process console', function () {
  this.timeout(420_000)
  let server: DemoServer
  let browser: Browser
  let page: Page
  /** Without a slash at the end. */
  let draft: string
  /** The supervisor of the same body. */
  let head: Page
  /** Address of an instance that stands. */
  let operated: string
  const refusedByPolicy: string[] = []

  before(async function () {
    requireChromium(this)
    server = await startDemoServer()
    browser = await launchBrowser()
    page = await (await openContext(browser, { viewport: { width: 1500, height: 1100 } })).newPage()
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) refusedByPolicy.push(message.text())
    })
    await signIn(page, server, 'process-designer')
  })

  after(async () => {
    await browser?.close()
    await server?.close()
  })

  it('lets a designer begin a draft of a process of the own organisation', async () => {
    await page.goto(`${server.url}/processes`)
    await row(page, PROCESS).locator('a').click()
    await drawn()
    await page.locator('#edit:not(.ant-btn-loading)').click()
    await page.waitForURL(/\/processes\/drafts\/[0-9a-f-]{36}$/)
    draft = page.url()
    await drawn()

    await page.locator('[data-valid="true"]').waitFor()
    expect(await page.locator('[data-severity="ERROR"]').count()).to.equal(0)
    await picture(page, 'process-editor')
  })

  it('marks what breaks the process while it is typed, on the diagram and in words, and what repairs it', async () => {
    await element('check_intake').click()
    const form = page.locator('[data-property="formKey"]')
    expect(await form.inputValue()).to.equal('check-intake')

    await form.fill('no-such-form')

    const finding = page.locator('[data-rule="form-unknown"]')
    await finding.waitFor()
    expect(await finding.innerText()).to.match(/错误[\s\S]*check_intake/)
    expect(await element('check_intake').getAttribute('class')).to.include('mark-error')
    await page.locator('[data-valid="false"]').waitFor()

    await form.fill('check-intake')
    await finding.waitFor({ state: 'detached' })
    await page.locator('[data-valid="true"]').waitFor()
    await page.locator('[data-property="name"]').fill(RENAMED)
    await element('check_intake').locator('text', { hasText: '新' }).waitFor()
  })

  it('keeps what was typed on the way to another file, and saves it', async () => {
    await page.locator('.console-files a', { hasText: 'forms/sign-decision.json' }).click()
    await page.locator('.form-preview fieldset').first().waitFor()
    await page.locator('.console-files a', { hasText: `${PROCESS}.bpmn` }).click()
    await drawn()
    await element('check_intake').locator('text', { hasText: '新' }).waitFor()

    await page.locator('#save').click()
    await page.locator('#save:disabled').waitFor()
    await page.reload()
    await drawn()
    await element('check_intake').click()

    expect(await page.locator('[data-property="name"]').inputValue()).to.equal(RENAMED)
  })

  it('plays the draft to its end, token by token, and goes back in time', async () => {
    await page.locator('#simulate').click()
    await page.waitForURL(/\/simulate$/)
    await drawn()
    for (const [index, { choice, values }] of WAY.entries()) {
      const form = page.locator(`form[data-choice="${choice}"]`)
      await form.waitFor()
      if (values) await form.locator('textarea[name="values"]').fill(JSON.stringify(values))
      if (
        !(await form
          .locator('details')
          .getAttribute('open')
          .then((open) => open !== null))
      )
        await form.locator('summary').click()
      await form.locator('button[type="submit"]').click()
      await page.locator('.trace [aria-current]', { hasText: `${index + 1}. ` }).waitFor()
    }
    await page.locator('[data-status="completed"]').waitFor()
    expect(await element('finished').getAttribute('class')).to.include('mark-visited')

    await page.locator('.trace button', { hasText: '2. ' }).click()

    await page.locator('[data-status="running"]').waitFor()
    expect(await element('check_intake').getAttribute('class')).to.include('mark-waiting')
    expect(await page.locator('.badge-token').count()).to.equal(1)
    await picture(page, 'process-simulation')
  })

  it('shows what deployment changes and rehearses, deploys, and compares the two versions', async () => {
    await page.goto(`${draft}/deploy`)
    await settled(page)
    await page.locator('[data-change="CHANGED"]').waitFor()
    expect(await changed().innerText())
      .to.include('name')
      .and.include(RENAMED)

    await page.locator('#deploy-now').click()
    await page.waitForURL(/\/processes\/[0-9a-f-]{36}$/)
    await drawn()

    await row(page, '第 2 版').locator('a', { hasText: '与第 1 版比较' }).click()
    await page.waitForURL(/\/processes\/compare\//)
    await page.locator('[data-drawn="yes"]').nth(1).waitFor()
    expect(await page.locator('[data-change]').count()).to.equal(1)
    expect(await changed().innerText()).to.include('check_intake')
    expect(await page.locator('[data-element-id="check_intake"].mark-changed').count()).to.equal(2)
    await picture(page, 'process-comparison')
    await page.goto(`${server.url}/processes`)
    await settled(page)
    expect(await page.locator('a[href^="/processes/drafts/"]').count()).to.equal(0)
  })

  it('shows where a process stands to a designer, who may put no hand in, by the page or past it', async () => {
    const deployed = await sent(page, DEPLOY, { xml: hearings('汇总意见') })
    expect(deployed.code).to.equal(undefined)
    const stands = page.locator('main tbody a[href*="/processes/instances/"]').first()
    await page.goto(`${server.url}/processes/incidents?key=${OPERATED}`)
    await until(stands, () => page.reload())
    await stands.click()
    await drawn()

    expect(await page.locator('[data-token="hear"]').innerText()).to.include('循环的次数或集合算不出来')
    expect(await page.locator('[data-act], #show-variables').count()).to.equal(0)
    const id = new URL(page.url()).searchParams.get('of')
    const ended = await sent(
      page,
      `mutation ($commandId: UUID!, $id: UUID!) {
        terminateInstance(commandId: $commandId, id: $id, expectedVersion: 1, reason: "x") { id } }`,
      { id },
    )
    expect(ended.code).to.equal('POLICY_FORBIDDEN')
    operated = page.url()
  })

  it('lets the head of the body put a variable right, try the incident again and move the token on the diagram', async () => {
    head = await (await openContext(browser, { viewport: { width: 1500, height: 1100 } })).newPage()
    await signIn(head, server, 'supervisor')
    await head.goto(operated)
    await head.locator('#show-variables').click()
    const people = head.locator('[data-variable="people"] textarea')
    await people.fill('{"no": "list"}')
    await head.locator('[data-variable="people"] [role="alert"]').waitFor()
    await people.fill('["甲", "乙"]')
    await head.locator('[data-operation="set-variables"] input').fill('补上名单')
    await head.locator('[data-operation="set-variables"] button[type="submit"]').click()
    await head.locator('[data-done="set-variables"]').waitFor()

    await head.locator('[data-token="hear"] [data-act="retry"]').click()
    await head.locator('#operation-go').click()
    await head.locator('[data-done="retry"]').waitFor()
    await head.locator('[data-status="running"]').waitFor()
    expect(await head.locator('[data-token="hear"]').count()).to.equal(3)

    const move = head.locator('[data-token="hear"] [data-act="move"]').first()
    await pressed(move, head.locator('#operation-title'))
    await head.keyboard.press('Escape')
    await head.locator('form.operation').waitFor({ state: 'detached' })
    await seenFocus(move)
    await pressed(move, head.locator('#operation-title'))
    await head.locator('[data-element-id="check"].mark-target').first().click()
    expect(await head.locator('#operation-target').inputValue()).to.equal('check')
    await head.locator('#operation-reason').fill('意见已书面收齐')
    await picture(head, 'process-operation')
    await head.locator('#operation-go').click()
    await head.locator('[data-token="check"]').waitFor()
    expect(await head.locator('[data-token="hear"]').count()).to.equal(0)
    expect(await head.locator('[data-done="move"]').innerText()).to.include('意见已书面收齐')
  })

  it('rehearses the migration of what runs to a new version, executes it and undoes it', async () => {
    const second = await sent(page, DEPLOY, { xml: hearings('汇总并公示意见') })
    expect(second.code).to.equal(undefined)
    await head.goto(`${server.url}/processes/migrations/${OPERATED}?from=1&to=2`)
    await head.locator('[data-drawn="yes"]').nth(1).waitFor()
    expect(await head.locator('[data-node="check"]').getAttribute('data-mapped')).to.equal('mapped')
    await head.locator('form.operation input').fill('新版增加公示')
    await head.locator('form.operation button[type="submit"]').click()
    await head.waitForURL(/\/migrations\/[^/]+\/[0-9a-f-]{36}/)

    await head.locator('[data-act="REHEARSE"]').click()
    await head.locator('[data-status="REHEARSED"]').waitFor()
    expect(await head.locator('[data-outcome="MOVABLE"] strong').innerText()).to.equal('1')
    await picture(head, 'process-migration')
    for (const [act, status] of [
      ['EXECUTE', 'DONE'],
      ['UNDO', 'UNDONE'],
    ]) {
      const ask = head.locator(`[data-act="${act}"]`)
      await pressed(ask, head.locator('form.operation p').first())
      await head.keyboard.press('Escape')
      await seenFocus(ask)
      await pressed(ask, head.locator('form.operation p').first())
      await head.keyboard.press('Tab')
      await head.keyboard.type('按方案办理')
      await head.keyboard.press('Enter')
      await head.locator(`[data-status="${status}"]`).waitFor()
    }
    expect(await head.locator('[data-outcome="UNDONE"] strong').innerText()).to.equal('1')
    expect(await head.locator('main').innerText()).to.match(/拟定.*开始迁移或撤回（按方案办理）/s)
  })

  it('meets WCAG 2.2 AA in both languages, and runs no style or script its content policy forbids', async () => {
    await page.goto(`${server.url}/processes`)
    await row(page, PROCESS).locator('a').click()
    await page.locator('#edit:not(.ant-btn-loading)').click()
    await page.waitForURL(/\/drafts\//)
    await drawn()
    const begun = page.url()
    const found: string[] = []

    for (const path of ['', '?file=forms/sign-decision.json', '/simulate', '/deploy'])
      for (const locale of ['zh', 'en']) found.push(...(await auditOn(page, `${begun}${path}`, locale)))
    found.push(...(await auditOn(page, `${server.url}/processes/instances`, 'zh')))
    for (const address of [
      operated,
      `${server.url}/processes/incidents`,
      `${server.url}/processes/migrations/${OPERATED}?from=1&to=2`,
    ])
      for (const locale of ['zh', 'en']) found.push(...(await auditOn(head, address, locale)))

    expect(found).to.deep.equal([])
    expect(refusedByPolicy).to.deep.equal([])
  })

  describe('forms and decisions', () => {
    let begun: string

    before(async () => {
      await page.goto(`${server.url}/processes`)
      await page.locator('a[href^="/processes/drafts/"]').first().click()
      await page.waitForURL(/\/drafts\//)
      begun = page.url()
    })

    it('lets a designer change a form where it is drawn, loses nothing of it, and says what is wrong', async () => {
      const file = `${begun}?file=forms/check-intake.json`
      await page.goto(`${file}&source=1`)
      const before = await fieldsInSource()
      await page.goto(file)
      await drawn()

      await page.locator('.form-palette [data-field-type="money"]').click()
      await property('field-name').fill('fineFen')
      await property('label-zh').fill('罚款')
      await property('label-en').fill('Fine')
      await property('min').fill('one')

      await page.locator('[data-rule="file-invalid"]', { hasText: 'check-intake' }).first().waitFor()
      await property('min').fill('100')
      await page.locator('[data-rule="file-invalid"]').first().waitFor({ state: 'detached' })
      await page.locator('.form-preview', { hasText: '罚款（元）' }).waitFor()
      await picture(page, 'process-form-editor')
      await page.locator('#save').click()
      await page.locator('#save:disabled').waitFor()
      await page.goto(`${file}&source=1`)
      const after = await fieldsInSource()
      expect(after.filter(({ name }) => name !== 'fineFen')).to.deep.equal(before)
      expect(after.find(({ name }) => name === 'fineFen')).to.deep.equal({
        ...{ name: 'fineFen', label: { zh: '罚款', en: 'Fine' }, widget: 'money', min: 100 },
      })
    })

    it('draws a decision table of a newer edition in Chinese, and keeps its edition when it is changed', async () => {
      await page.goto(`${begun}?file=route.dmn`)
      await drawn()
      await page.locator('.dmn-canvas', { hasText: '命中策略' }).waitFor()
      const mark = page.locator('.dmn-canvas .bjs-powered-by').first()
      expect(await mark.getAttribute('style')).to.include('position: absolute')

      await page.locator('.dmn-canvas .add-rule').first().click()
      await page.locator('#save:enabled').waitFor()
      await page.locator('a', { hasText: '源文件' }).click()
      const source = await page.locator('textarea.source').inputValue()

      expect(source).to.include('https://www.omg.org/spec/DMN/20230324/MODEL/').and.not.include('20191111')
    })

    it('lists the decisions, shows one as a table, and tries it', async () => {
      await page.goto(`${server.url}/decisions`)
      await row(page, 'route').locator('a').first().click()
      await page.locator('main td', { hasText: 'other-item' }).first().waitFor()

      await page.locator('[data-input="answers"]').fill('{"q3":"no","q4":"no","q5":"yes","q7":"yes"}')
      await page.locator('#evaluate').click()

      await page.locator('[data-result]').waitFor()
      expect(await page.locator('[data-result]').innerText()).to.equal('inspection')
      expect(await page.locator('tr[data-fired="true"] th').innerText()).to.match(/^4/)
      await picture(page, 'decision')
      await page.locator('[data-input="answers"]').fill('{"q3"')
      await page.locator('#evaluate').click()
      await page.locator('.field-bad').waitFor()
    })

    it('meet WCAG 2.2 AA in both languages, and run no style or script the content policy forbids', async () => {
      await page.goto(`${server.url}/decisions`)
      await row(page, 'route').locator('a').first().click()
      await page.waitForURL(/\/decisions\/.+\//)
      const decision = page.url()
      const found: string[] = []

      for (const address of [`${server.url}/decisions`, decision, `${begun}?file=forms/check-intake.json`])
        for (const locale of ['en', 'zh']) found.push(...(await auditOn(page, address, locale)))

      expect(found).to.deep.equal([])
      expect(refusedByPolicy).to.deep.equal([])
    })

    const property = (name: string) => page.locator(`#properties [data-property="${name}"]`)
    async function fieldsInSource() {
      const text = await page.locator('textarea.source').inputValue()
      return (JSON.parse(text) as { fields: { name: string }[] }).fields
    }
  })

  /** By the keyboard alone: what is asked for opens, and has the focus. */
  async function pressed(button: Locator, opened: Locator) {
    await button.focus()
    await button.press('Enter')
    await seenFocus(opened)
  }

  /** The focus comes with the next frame, and the eye can follow it. */
  async function seenFocus(element: Locator) {
    await element.and(element.page().locator(':focus')).waitFor()
    expect(await element.evaluate((node) => node.matches(':focus-visible'))).to.equal(true)
  }

  const drawn = () => page.locator('[data-drawn="yes"]').first().waitFor()
  const element = (id: string): Locator => page.locator(`.djs-element[data-element-id="${id}"]`).first()
  const row = (page: Page, text: string) => page.locator('main tbody tr', { hasText: text }).first()
  const changed = () => page.locator('main tbody tr', { hasText: 'check_intake' }).first()
})
