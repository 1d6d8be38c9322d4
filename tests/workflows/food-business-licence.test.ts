import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Context } from '../../core/context.ts'
import { assemble } from '../../core/kernel.ts'
import { manifests } from '../../gateway/platform.ts'
import { certificateOf, download, verify } from '../../modules/certificate/index.ts'
import { clocksOf } from '../../modules/clock/index.ts'
import type { ItemCase } from '../../modules/service/case.ts'
import * as cases from '../../modules/service/case.service.ts'
import { resubmit, withdraw } from '../../modules/service/correction.service.ts'
import {
  complete,
  gate,
  knownNames,
  offersOf,
  processInstance,
  readDecisions,
  task as readTask,
  tasks,
} from '../../workflows/index.ts'
import { CATERER, FIRM, MARKET, noon, openWindow, URBAN, type Window } from '../service/window.ts'
import { refusal } from '../support/refusal.ts'

const offers = offersOf(manifests)

describe('the food business licence', function () {
  this.timeout(180_000)
  let window: Window
  let file: ItemCase

  beforeEach(async () => {
    window = await openWindow({ now: '2026-07-06T10:00:00+08:00' })
  })
  afterEach(() => window.world.close())

  const on = (day: string) => {
    window.world.now = noon(day)
  }

  /** As after a crash: a kernel that remembers nothing, over the same database. */
  async function restart(): Promise<void> {
    const { kernel } = window.world
    const fresh = assemble({ ...kernel, now: () => window.world.now })
    await fresh.settle()
  }

  async function apply(questions: object = CATERER): Promise<void> {
    file = (await window.apply(window.drafter(), questions)).file
    await restart()
  }

  const statusNow = async () => (await window.find(file.id)).status
  const waiting = async () => {
    const instance = await processInstance(window.process(), file.id)
    return instance?.state.tokens.map(({ node }) => node).sort() ?? []
  }

  async function taskAt(ctx: Context, node: string) {
    const { edges } = await tasks(ctx, { first: 50 })
    const found = edges.map((edge) => edge.node).find((task) => task.node === node)
    if (!found) throw new Error(`no task ${node} is offered; waiting: ${(await waiting()).join(', ')}`)
    return found
  }

  async function finish(ctx: Context, node: string, output: Record<string, unknown>): Promise<void> {
    const { id, version } = await taskAt(ctx, node)
    await complete(ctx, { commandId: randomUUID(), id, expectedVersion: version, output }, offers)
    await restart()
  }

  /** Runs the platform's work bit by bit and stops it where the case has come to `status`. */
  async function runUntil(status: string): Promise<void> {
    const { signal } = new AbortController()
    for (let round = 0; round < 100; round++)
      for (const poller of window.world.kernel.pollers) {
        await poller.poll(window.process(), signal)
        if ((await statusNow()) === status) return
      }
    throw new Error(`the case did not come to ${status}`)
  }

  const check = (output: Record<string, unknown>) => finish(window.clerk(), 'check_intake', output)
  const sign = (output: Record<string, unknown>) => finish(window.signer(), 'sign_decision', output)
  const due = async () =>
    Object.fromEntries((await clocksOf(window.process(), file.id)).map(({ kind, dueOn }) => [kind, dueOn]))

  it('passes the gate, with its forms, commands and tasks known', async () => {
    const pack = new URL('../../workflows/packs/food-business-licence/', import.meta.url)
    const xml = await readFile(new URL('food-business-licence.bpmn', pack), 'utf8')
    const { forms } = JSON.parse(await readFile(new URL('pack.json', pack), 'utf8')) as { forms: string[] }
    const decisions = [await readDecisions(await readFile(new URL('route.dmn', pack), 'utf8'))]

    const report = await gate(xml, { known: { ...knownNames(manifests), forms: new Set(forms), decisions } })

    expect([report.valid, report.findings, report.warnings]).to.deep.equal([true, [], []])
  })

  it('goes from one correction through two departments and a paused clock to a certificate', async () => {
    await apply()
    expect([await statusNow(), await waiting()]).to.deep.equal(['submitted', ['check_intake']])

    await check({
      outcome: 'incomplete',
      verdictM3: 'incomplete',
      remarkM3: '请标注操作流程',
      verdictM4: 'ok',
      correctionPoints: 'premisesAddress：请写到门牌号',
    })
    expect([await statusNow(), await waiting()]).to.deep.equal([
      'correction-requested',
      ['wait_for_correction'],
    ])
    const points = await cases.pointsOf(window.drafter(), file)
    expect(points.map(({ kind, target, remark }) => [kind, target, remark])).to.deep.equal([
      ['material', 'M3', '请标注操作流程'],
      ['field', 'premisesAddress', '请写到门牌号'],
    ])
    await window.upload(window.drafter(), file.applicationId, 'M3')
    const { version } = await window.find(file.id)
    await resubmit(window.drafter(), file.id, version, { premisesAddress: '示例县城关镇人民路28号门面' })
    await restart()
    expect([await statusNow(), await waiting()]).to.deep.equal(['correction-submitted', ['check_intake']])

    await check({ outcome: 'complete' })
    expect(await statusNow()).to.equal('in-review')
    expect(await waiting()).to.deep.equal(['give_opinion', 'record_visit', 'review_documents'])
    expect((await window.find(file.id)).flags.map(({ name }) => name)).to.deep.equal(['suspended'])

    await finish(window.reviewer(), 'review_documents', { agrees: 'yes' })
    await finish(window.urbanReviewer(), 'give_opinion', { agrees: 'yes', note: '油烟净化达标' })
    on('2026-07-13')
    await finish(window.inspector(), 'record_visit', { passed: 'yes', score: 92, note: '符合要求' })
    // Paused from the 6th; five working days later it counts again: promised 5, legal 10 working days from the 6th.
    expect(await due()).to.deep.include({ promised: '2026-07-17', legal: '2026-07-24' })
    expect(await waiting()).to.deep.equal(['sign_decision'])

    await sign({ outcome: 'granted' })
    expect([await statusNow(), await waiting()]).to.deep.equal(['decided', ['wait_for_delivery']])
    const certificate = await certificateOf(window.drafter(), file.id)
    expect((await verify(window.world.as('anonymous', 'public'), certificate?.token ?? '')).result).to.equal(
      'valid',
    )
    ;(await download(window.drafter(), certificate?.id ?? '')).content.resume()
    await restart()

    expect(await statusNow()).to.equal('delivered')
    expect((await processInstance(window.process(), file.id))?.state.status).to.equal('completed')
    const names = [
      ...(['released', 'correction-requested', 'corrected', 'accepted', 'review-started'] as const),
      ...(['suspended', 'resumed', 'decided', 'delivered'] as const),
    ]
    for (const name of names)
      expect(await window.world.eventsNamed(`service.case.${name}`), name).to.have.length(1)
  })

  it('pauses for the on-site check of 9 to 16 July: promised 20, legal 27 July (13.1, date test)', async () => {
    await apply()
    const { id, version } = await taskAt(window.clerk(), 'check_intake')
    const output = { outcome: 'complete' }
    await complete(window.clerk(), { commandId: randomUUID(), id, expectedVersion: version, output }, offers)
    await runUntil('accepted')
    expect(await due()).to.deep.include({ promised: '2026-07-13', legal: '2026-07-20' })

    // The server stood still after the acceptance of Monday the 6th; the check is arranged on Thursday the 9th.
    on('2026-07-09')
    await restart()
    expect(await due()).to.deep.include({ promised: null, legal: null })
    on('2026-07-16')
    await finish(window.inspector(), 'record_visit', { passed: 'yes' })

    expect((await window.find(file.id)).flags).to.be.empty
    expect(await due()).to.deep.include({ promised: '2026-07-20', legal: '2026-07-27' })
  })

  it('skips the other department’s opinion where there is no catering', async () => {
    await apply({ ...CATERER, q2: 'sale' })

    await check({ outcome: 'complete' })

    expect(await waiting()).to.deep.equal(['record_visit', 'review_documents'])
    expect((await tasks(window.urbanReviewer(), { first: 10 })).edges).to.be.empty
    expect((await refusal(cases.read(window.urbanReviewer(), file.id))).code).to.equal(
      'SERVICE_CASE_NOT_FOUND',
    )
  })

  it('decides at once on a commitment', async () => {
    await apply({ ...CATERER, q7: 'yes' })

    await check({ outcome: 'complete' })

    expect([await statusNow(), await waiting()]).to.deep.equal(['in-review', ['sign_decision']])
    await sign({ outcome: 'granted' })
    expect(await waiting()).to.deep.equal(['wait_for_delivery'])
  })

  it('delivers a refusal with its notice, and ends', async () => {
    await apply({ ...CATERER, q7: 'yes' })
    await check({ outcome: 'complete' })
    const { id, version } = await taskAt(window.signer(), 'sign_decision')

    const bare = complete(
      window.signer(),
      { commandId: randomUUID(), id, expectedVersion: version, output: { outcome: 'refused' } },
      offers,
    )
    expect((await refusal(bare)).code).to.equal('SERVICE_CASE_REASON_MISSING')
    expect([await statusNow(), (await readTask(window.signer(), id)).status]).to.deep.equal([
      'in-review',
      'open',
    ])
    await sign({ outcome: 'refused', reason: '场所不符合要求', clause: '第三十三条' })

    const decided = await window.find(file.id)
    expect([decided.status, decided.outcomeReason]).to.deep.equal(['delivered', '场所不符合要求'])
    expect(await certificateOf(window.drafter(), file.id)).to.equal(null)
    expect(await waiting()).to.be.empty
  })

  for (const [outcome, status] of [
    ['not-required', 'not-required'],
    ['not-competent', 'not-accepted'],
  ] as const)
    it(`ends as ${status} when intake finds it ${outcome}`, async () => {
      await apply()

      await check({ outcome, reason: '属于其他机关职权', clause: '第七条', competentBody: '某区市场监管局' })

      expect([await statusNow(), await waiting()]).to.deep.equal([status, []])
    })

  it('goes on to the review when silence accepts the case (T11)', async () => {
    await apply()

    on('2026-07-14')
    await restart()

    const accepted = await window.find(file.id)
    expect([accepted.status, accepted.acceptedOn]).to.deep.equal(['in-review', '2026-07-06'])
    expect(await waiting()).not.to.include('check_intake')
    expect((await tasks(window.clerk(), { first: 10 })).edges).to.be.empty
  })

  it('lets nobody stand in a queue when the applicant withdraws, at intake or in the correction', async () => {
    await apply()
    await withdraw(window.drafter(), file.id, (await window.find(file.id)).version)
    await restart()
    expect([await statusNow(), await waiting()]).to.deep.equal(['withdrawn', []])

    await apply()
    await check({ outcome: 'incomplete', correctionPoints: 'M3: 请标注操作流程' })
    await withdraw(window.drafter(), file.id, (await window.find(file.id)).version)
    await restart()

    expect([await statusNow(), await waiting()]).to.deep.equal(['withdrawn', []])
    expect((await tasks(window.clerk(), { first: 10 })).edges).to.be.empty
  })

  it('ends when the correction does not come in time (T07)', async () => {
    await apply()
    await check({ outcome: 'incomplete', correctionPoints: 'M3: 请标注操作流程' })

    on('2026-08-04')
    await restart()

    expect([await statusNow(), await waiting()]).to.deep.equal(['terminated', []])
  })

  it('refuses a completion whose command is refused, and leaves case and task as they were', async () => {
    await apply()
    const { id, version } = await taskAt(window.clerk(), 'check_intake')
    const before = await window.find(file.id)
    const attempt = (output: Record<string, unknown>) =>
      complete(window.clerk(), { commandId: randomUUID(), id, expectedVersion: version, output }, offers)

    const refusals: [Record<string, unknown>, string][] = [
      [{ outcome: 'incomplete' }, 'SERVICE_CASE_CORRECTION_UNSPECIFIC'],
      [{ outcome: 'incomplete', correctionPoints: 'everything' }, 'SERVICE_CASE_CORRECTION_UNSPECIFIC'],
      [{ outcome: 'not-competent', reason: '无', clause: '无' }, 'SERVICE_CASE_COMPETENT_BODY_MISSING'],
      [{ outcome: 'not-required' }, 'SERVICE_CASE_REASON_MISSING'],
      [{ outcome: 'complete', verdictM3: 'unreadable' }, 'SERVICE_MATERIAL_MISSING'],
    ]
    for (const [output, code] of refusals) expect((await refusal(attempt(output))).code).to.equal(code)

    expect(await window.find(file.id)).to.deep.equal(before)
    expect((await readTask(window.clerk(), id)).status).to.equal('open')
  })

  it('offers each task to its role in its body, and to nobody else', async () => {
    await apply()
    const { id, version } = await taskAt(window.clerk(), 'check_intake')
    const strangers = [
      window.signer(),
      window.urbanReviewer(),
      window.taxReviewer(),
      window.drafter(),
      window.world.as('clerk', URBAN),
      window.world.as('enterprise-drafter', FIRM),
    ]

    for (const stranger of strangers) {
      const output = { outcome: 'complete' }
      const attempt = complete(
        stranger,
        { commandId: randomUUID(), id, expectedVersion: version, output },
        offers,
      )
      expect((await refusal(attempt)).code).to.equal('WORKFLOW_TASK_NOT_FOUND')
    }
    expect((await taskAt(window.world.as('clerk', MARKET, 'another'), 'check_intake')).id).to.equal(id)
  })
})
