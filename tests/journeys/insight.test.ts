import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import type { Browser, Page } from 'playwright-core'
import { PLATFORM } from '../../core/kernel.ts'
import { knownNames, deploy, definitions, type Deployed } from '../../workflows/index.ts'
import { manifests } from '../../gateway/platform.ts'
import { openServed, PASSWORD, type Served } from '../gateway/served.ts'
import { auditOn, launchBrowser, openContext, picture, requireChromium, settled } from '../support/browser.ts'
import { live, type Life } from '../workflows/lived-cases.ts'

const KEY = 'food-business-licence'

describe('a leader who looks into a process', function () {
  this.timeout(420_000)
  let served: Served
  let browser: Browser
  let page: Page

  before(async function () {
    requireChromium(this)
    build()
    served = await openServed({ mutationsPerMinute: 1000 })
    await served.person('leader', ['supervisor'], 'county-market-bureau')
    await livedCases()
    browser = await launchBrowser()
    page = await (await openContext(browser)).newPage()
    await page.goto(`${served.base}/signin`)
    await page.locator('#login').fill('leader')
    await page.locator('#password').fill(PASSWORD)
    await page.locator('#password').press('Enter')
    await page.waitForURL((url) => url.pathname !== '/signin')
  })
  after(async () => {
    await browser?.close()
    await served?.close()
  })

  it('sees the diagram with a figure on each step, and where the time goes', async () => {
    await page.goto(`${served.base}/insight`)
    await settled(page)
    await page.locator(`a[href="/insight/${KEY}"]`).first().click()
    await page.locator('.heat-canvas g.djs-element').first().waitFor()
    await page.locator('#version').selectOption('1')
    await page.locator('.heat-canvas g.heat-5[data-element-id="record_visit"]').waitFor()

    expect(await page.locator('.heat-badge').count()).to.be.greaterThan(5)
    expect(await page.locator('[data-row="record_visit"] th').first().textContent()).to.equal('记录现场核查')
    await picture(page, 'process-insight')
    expect(await page.locator('.facts dd').nth(1).textContent()).to.equal('32')
  })

  it('compares two versions and replays the finished cases of one on the other', async () => {
    await page.goto(`${served.base}/insight/${KEY}?version=1`)
    await settled(page)
    await page.locator('#target').selectOption('2')
    await page.locator('form button[type=submit]').click()
    await page.waitForURL(/replay=/)
    const report = page.locator('section[aria-busy=false] p[role=status]')
    await report.filter({ hasText: '32 / 32' }).waitFor()

    expect(await page.locator('section[aria-busy=false] dl').textContent()).to.contain('走法相同')
  })

  it('meets WCAG 2.2 AA, in both languages', async () => {
    for (const locale of ['zh', 'en']) expect(await auditOn(page, page.url(), locale)).to.deep.equal([])
  })

  /** 32 finished cases of version 1 and 2 that run, 5 finished of version 2, which has no opinion asked. */
  async function livedCases() {
    const platform = served.kernel.contextFor(PLATFORM)
    const first = (await definitions(platform)).find(({ key }) => key === KEY) as Deployed
    const lives = Array.from({ length: 32 }, (_, index) => life(index))
    const { answers, ...running } = life(3)
    await live(platform, first, [
      ...lives,
      { ...running, answers: answers.slice(0, 4) },
      { ...running, answers: answers.slice(0, 1) },
    ])
    const xml = first.xml.replace('name="食品经营许可"', 'name="食品经营许可（新）"')
    const second = await deploy(platform, { key: KEY, xml, pack: first.pack }, knownNames(manifests))
    await live(platform, second, lives.slice(0, 5))
  }

  function life(index: number): Life {
    const byCommitment = index % 4 === 0
    const slow = 1 + (index % 7)
    return {
      organisationId: 'county-market-bureau',
      startedAt: new Date(Date.parse('2025-12-01T01:00:00Z') + index * 7_200_000),
      startedBy: 'case.released',
      variables: {
        intakeOutcome: 'complete',
        // The pack's table “route” decides by these: a promise instead of an inspection.
        answers: {
          ...{ q2: index % 3 === 0 ? 'catering' : 'retail', q3: 'no', q4: 'no', q5: 'no' },
          q7: byCommitment ? 'yes' : 'no',
        },
        decisionOutcome: index % 9 === 0 ? 'refused' : 'granted',
      },
      answers: [
        { node: 'resolve_materials', hours: 0 },
        { node: 'check_intake', hours: 5 * slow },
        { node: 'accept', hours: 0 },
        { node: 'start_review', hours: 0 },
        ...(byCommitment
          ? []
          : [
              { node: 'review_documents', hours: 9 },
              { node: 'suspend', hours: 0 },
              { node: 'book_visit', hours: 0 },
              { node: 'record_visit', hours: 30 * slow },
              { node: 'resume', hours: 0 },
              ...(index % 3 === 0 ? [{ node: 'give_opinion', hours: 6 }] : []),
            ]),
        { node: 'sign_decision', hours: 3 },
        { node: index % 9 === 0 ? 'write_refusal' : 'issue_certificate', hours: 0 },
        { node: 'serve_notice', hours: 0 },
        index % 9 === 0
          ? { node: 'hand_over', hours: 0 }
          : { node: 'wait_for_delivery', hours: 20 * slow, message: true },
      ],
    }
  }
})

function build(): void {
  for (const args of [
    ['--import', 'tsx', 'gateway/graphql/generate.ts'],
    [
      'node_modules/vite/bin/vite.js',
      'build',
      '--config',
      'gateway/portal/vite.config.ts',
      '--logLevel',
      'error',
    ],
  ]) {
    const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`)
  }
}
