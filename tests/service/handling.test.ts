import { expect } from 'chai'
import type { Context } from '../../core/context.ts'
import { download } from '../../modules/certificate/index.ts'
import { clocksOf } from '../../modules/clock/index.ts'
import * as applications from '../../modules/service/application.service.ts'
import type { ItemCase } from '../../modules/service/case.ts'
import * as cases from '../../modules/service/case.service.ts'
import { resubmit, withdraw } from '../../modules/service/correction.service.ts'
import * as decisions from '../../modules/service/decision.service.ts'
import * as intake from '../../modules/service/intake.service.ts'
import * as review from '../../modules/service/review.service.ts'
import { noticesByCases, suspensionsOf } from '../../modules/service/review.repository.ts'
import { refusal } from '../support/refusal.ts'
import { noon, openWindow, type Window } from './window.ts'

const COMPLETE = {
  outcome: 'complete',
  points: [],
  verdicts: [],
  reason: null,
  clause: null,
  competentBody: null,
} as const
const POINTS = [
  { kind: 'field', target: 'premisesAddress', remark: '请写到门牌号' },
  { kind: 'material', target: 'M3', remark: '请标注操作流程' },
] as const
const INCOMPLETE = { ...COMPLETE, outcome: 'incomplete', points: POINTS } as const

describe('handling a case', function () {
  this.timeout(180_000)
  let window: Window
  let file: ItemCase

  beforeEach(async () => {
    window = await openWindow({ byHand: true, now: '2026-07-06T10:00:00+08:00' })
    file = (await window.apply(window.drafter())).file
  })
  afterEach(() => window.world.close())

  const platform = () => window.world.platform()
  const day = (on: string) => {
    window.world.now = noon(on)
  }
  const dates = async () =>
    Object.fromEntries(
      (await clocksOf(platform(), file.id)).map(({ kind, state, dueOn }) => [kind, [state, dueOn]]),
    )
  const statusNow = async () => (await window.find(file.id)).status

  async function toAccepted() {
    await intake.checkIntake(window.clerk(), file.id, COMPLETE)
    await intake.accept(platform(), file.id)
  }

  async function toReview() {
    await toAccepted()
    await review.startReview(platform(), file.id)
  }

  async function endBranches() {
    await review.reviewDocuments(window.reviewer(), file.id, { agrees: true, note: null })
    await review.bookVisit(platform(), file.id)
    await review.recordVisit(window.inspector(), file.id, { passed: true, score: 92, note: '符合要求' })
    await review.giveOpinion(window.urbanReviewer(), file.id, { agrees: true, note: '油烟净化达标' })
  }

  /** Runs a refused attempt and shows that case, clocks and documents stayed as they were. */
  async function refused(attempt: () => Promise<unknown>): Promise<string> {
    const state = async () => [
      await window.find(file.id),
      await clocksOf(platform(), file.id),
      await noticesByCases(platform(), [file.id]),
      (await cases.historyOf(platform(), file)).length,
    ]
    const before = await state()
    const { code } = await refusal(attempt())
    expect(await state()).to.deep.equal(before)
    return code
  }

  it('pauses both clocks for the on-site check: promised 20 July, legal 27 July (13.1, date test)', async () => {
    await toReview()
    expect(await dates()).to.deep.include({
      promised: ['running', '2026-07-13'],
      legal: ['running', '2026-07-20'],
    })

    day('2026-07-09')
    await review.suspend(platform(), file.id, { reason: 'inspection' })
    expect((await suspensionsOf(platform(), file.id))[0]?.plannedUntil).to.equal('2026-07-15')
    expect((await window.find(file.id)).flags.map(({ name }) => name)).to.deep.equal(['suspended'])
    day('2026-07-16')
    await review.resume(platform(), file.id, 'inspection')

    expect(await dates()).to.deep.include({
      promised: ['running', '2026-07-20'],
      legal: ['running', '2026-07-27'],
    })
    expect((await window.find(file.id)).flags).to.be.empty
  })

  it('ends a pause by itself the day after its planned end (R1.5), also when nobody resumes', async () => {
    await toReview()
    day('2026-07-09')
    await review.suspend(platform(), file.id, { reason: 'inspection' })

    day('2026-07-17')
    await window.world.settle()

    expect((await window.find(file.id)).flags).to.be.empty
    expect(await dates()).to.deep.include({ promised: ['running', '2026-07-20'] })
    expect((await review.resume(platform(), file.id, 'inspection')).status).to.equal('in-review')
  })

  it('asks for corrections once, each on a field or a document, and counts intake anew after the answer', async () => {
    await intake.checkIntake(window.clerk(), file.id, INCOMPLETE)
    await intake.requestCorrection(platform(), file.id)
    expect(await dates()).to.deep.include({
      intake: ['stopped', '2026-07-13'],
      correction: ['running', '2026-08-03'],
    })
    expect(
      (await cases.pointsOf(window.drafter(), file)).map(({ label, answered }) => [label.zh, answered]),
    ).to.deep.equal([
      ['经营场所地址', false],
      ['经营场所布局和设备图', false],
    ])

    day('2026-07-08')
    const before = await window.find(file.id)
    const half = await refused(() =>
      resubmit(window.drafter(), file.id, before.version, { premisesAddress: '人民路28号' }),
    )
    expect(half).to.equal('SERVICE_CASE_CORRECTION_UNANSWERED')
    await window.upload(window.drafter(), file.applicationId, 'M3')
    await resubmit(window.drafter(), file.id, before.version, { premisesAddress: '人民路28号门面' })

    const after = await window.find(file.id)
    expect([after.status, after.receivedOn]).to.deep.equal(['correction-submitted', '2026-07-08'])
    expect(await dates()).to.deep.include({ intake: ['running', '2026-07-15'] })
    const again = await refused(() => intake.checkIntake(window.clerk(), file.id, INCOMPLETE))
    expect(again).to.equal('SERVICE_CASE_CORRECTION_REPEATED')
    const { answers } = await applications.read(window.drafter(), file.applicationId)
    expect(answers['premisesAddress']?.value).to.equal('人民路28号门面')
    const files = await cases.materialsOf(platform(), { id: file.applicationId })
    expect(files.filter(({ code }) => code === 'M3')).to.have.length(1)
    await toAccepted()
    expect(await statusNow()).to.equal('accepted')
  })

  it('ends the case when the correction does not come in time (T07)', async () => {
    await intake.checkIntake(window.clerk(), file.id, INCOMPLETE)
    await intake.requestCorrection(platform(), file.id)

    day('2026-08-03')
    await window.world.settle()
    expect(await statusNow()).to.equal('correction-requested')
    day('2026-08-04')
    await window.world.settle()

    expect(await statusNow()).to.equal('terminated')
    expect(await window.world.eventsNamed('service.case.terminated')).to.have.length(1)
  })

  it('accepts by silence as of the day of receipt, also when the server was away (T11, C02, C03)', async () => {
    await window.world.close()
    window = await openWindow({ byHand: true, now: '2026-01-02T10:00:00+08:00' })
    file = (await window.apply(window.drafter())).file
    expect(await dates()).to.deep.equal({ intake: ['running', '2026-01-08'] })

    day('2026-01-08')
    await window.world.settle()
    expect(await statusNow()).to.equal('submitted')
    day('2026-01-14')
    await window.world.settle()

    const accepted = await window.find(file.id)
    expect([accepted.status, accepted.acceptedOn, accepted.acceptedBy]).to.deep.equal([
      'accepted',
      '2026-01-02',
      null,
    ])
    expect(accepted.flags.map(({ name }) => name)).to.deep.equal(['deemed'])
    // Promised 5, legal 10 working days from 2 January; C03's 10 and 20 lead to 15 and 29 January in the clock's own tests.
    expect(await dates()).to.deep.include({
      promised: ['running', '2026-01-08'],
      legal: ['running', '2026-01-15'],
    })
    expect(
      (await window.world.eventsNamed('service.case.accepted')).map(({ payload }) => payload),
    ).to.deep.equal([
      {
        caseId: file.id,
        applicationId: file.applicationId,
        organisationId: file.organisationId,
        deemed: true,
        acceptedOn: '2026-01-02',
      },
    ])
  })

  it('settles first: a clerk who is late finds the case accepted (13)', async () => {
    day('2026-07-14')

    const late = await refused(() => intake.checkIntake(window.clerk(), file.id, INCOMPLETE))
    await intake.checkIntake(window.clerk(), file.id, COMPLETE)

    expect(late).to.equal('SERVICE_CASE_CORRECTION_LATE')
    const accepted = await window.find(file.id)
    expect([accepted.status, accepted.acceptedOn]).to.deep.equal(['accepted', '2026-07-06'])
    expect((await intake.accept(platform(), file.id)).version).to.equal(accepted.version)
  })

  it('refuses intake with reason, clause and the competent body (T08)', async () => {
    const given = {
      ...COMPLETE,
      outcome: 'not-competent',
      reason: '属于区级职权',
      clause: '第七条',
      competentBody: '某区局',
    } as const
    const check = (change: object) => () =>
      intake.checkIntake(window.clerk(), file.id, { ...given, ...change })

    expect(await refused(check({ clause: ' ' }))).to.equal('SERVICE_CASE_REASON_MISSING')
    expect(await refused(check({ competentBody: null }))).to.equal('SERVICE_CASE_COMPETENT_BODY_MISSING')
    await check({})()
    await intake.refuseIntake(platform(), file.id)
    await decisions.serveNotices(platform(), file.id)

    const [notices = []] = await noticesByCases(platform(), [file.id])
    expect(await statusNow()).to.equal('not-accepted')
    expect(notices[0]?.body.zh).to.match(/某区局.*行政复议/)
    expect(notices[0]?.servedAt).not.to.equal(null)
    expect(await dates()).to.deep.include({ intake: ['stopped', '2026-07-13'] })
  })

  it('grants when every part of the review has ended, and delivers by the holder’s download (T22, T23)', async () => {
    await toReview()
    await review.reviewDocuments(window.reviewer(), file.id, { agrees: true, note: null })
    const grant = () =>
      decisions.decide(window.signer(), file.id, { outcome: 'granted', reason: null, clause: null })
    expect(await refused(grant)).to.equal('SERVICE_CASE_BRANCH_OPEN')
    await review.bookVisit(platform(), file.id)
    await review.recordVisit(window.inspector(), file.id, { passed: true, score: 92, note: null })
    await review.giveOpinion(window.urbanReviewer(), file.id, { agrees: true, note: null })

    await grant()
    const certificate = await decisions.issueCertificate(platform(), file.id)
    const same = await decisions.issueCertificate(platform(), file.id)
    await window.world.settle()

    expect(same?.id).to.equal(certificate?.id)
    expect(certificate?.number).to.match(/^JY\d{14}$/)
    expect(certificate?.holder).to.equal('示例县好味来餐饮有限公司')
    expect(await refused(grant)).to.equal('SERVICE_CASE_TRANSITION_INVALID')
    expect(await dates()).to.deep.include({ delivery: ['running', '2026-07-13'] })
    ;(await download(window.drafter(), certificate?.id ?? '')).content.resume()
    await window.world.settle()
    expect(await statusNow()).to.equal('delivered')
    expect(await dates()).to.deep.include({ delivery: ['stopped', '2026-07-13'] })
  })

  it('refuses a licence with reason and clause, closing what is still open', async () => {
    await toReview()
    const decide = (reason: string | null) => () =>
      decisions.decide(window.signer(), file.id, { outcome: 'refused', reason, clause: '第三十三条' })

    expect(await refused(decide(null))).to.equal('SERVICE_CASE_REASON_MISSING')
    await decide('场所不符合要求')()
    await decisions.writeRefusal(platform(), file.id)
    await decisions.serveNotices(platform(), file.id)
    await decisions.handOver(platform(), file.id, 'electronic-notice')

    const decided = await window.find(file.id)
    expect([decided.status, decided.outcome]).to.deep.equal(['delivered', 'refused'])
    expect(decided.branches.map(({ result }) => result)).to.deep.equal(['closed', 'closed', 'closed'])
  })

  it('parts the duties: whoever accepted does not sign', async () => {
    const clerkAndSigner = window.world.kernel.contextFor({
      id: 'one-person',
      organisationId: 'demo-market-bureau',
      roles: ['clerk', 'signer'],
    })
    await intake.checkIntake(clerkAndSigner, file.id, COMPLETE)
    await intake.accept(platform(), file.id)
    await review.startReview(platform(), file.id)
    await endBranches()

    const sign = () =>
      decisions.decide(clerkAndSigner, file.id, { outcome: 'granted', reason: null, clause: null })

    expect(await refused(sign)).to.equal('SERVICE_CASE_DUTIES_NOT_SEPARATED')
    const standsIn = window.world.kernel.contextFor({
      id: 'another-person',
      organisationId: 'demo-market-bureau',
      roles: ['signer'],
      onBehalfOf: 'one-person',
    })
    const inHerPlace = () =>
      decisions.decide(standsIn, file.id, { outcome: 'granted', reason: null, clause: null })
    expect(await refused(inHerPlace)).to.equal('SERVICE_CASE_DUTIES_NOT_SEPARATED')
  })

  it('suspends only for what the law allows, once and not too long (T14), and decides nothing meanwhile', async () => {
    await toReview()
    const suspend = (input: review.Suspend) => () => review.suspend(platform(), file.id, input)

    expect(await refused(suspend({ reason: 'holiday' }))).to.equal('SERVICE_CASE_SUSPENSION_UNFOUNDED')
    const long = { reason: 'inspection', plannedUntil: '2026-07-11' }
    expect(await refused(suspend(long))).to.equal('SERVICE_CASE_SUSPENSION_TOO_LONG')
    await suspend({ reason: 'inspection' })()
    expect(await refused(suspend({ reason: 'inspection' }))).to.equal('SERVICE_CASE_SUSPENSION_OPEN')
    await endBranches()
    const grant = () =>
      decisions.decide(window.signer(), file.id, { outcome: 'granted', reason: null, clause: null })
    expect(await refused(grant)).to.equal('SERVICE_CASE_DECISION_BLOCKED')
  })

  it('lets the applicant withdraw before acceptance, and then apply again (T19)', async () => {
    const stale = await refused(() => withdraw(window.drafter(), file.id, file.version + 1))
    expect(stale).to.equal('SERVICE_CASE_VERSION_STALE')

    await withdraw(window.drafter(), file.id, file.version)

    expect(await statusNow()).to.equal('withdrawn')
    expect(await dates()).to.deep.equal({ intake: ['stopped', '2026-07-13'] })
    expect((await window.apply(window.drafter())).file.status).to.equal('submitted')
    const again = await refused(() => withdraw(window.drafter(), file.id, file.version + 1))
    expect(again).to.equal('SERVICE_CASE_TRANSITION_INVALID')
  })

  it('refuses to withdraw an accepted case, and to accept one twice', async () => {
    await toAccepted()
    const { version } = await window.find(file.id)

    expect(await refused(() => withdraw(window.drafter(), file.id, version))).to.equal(
      'SERVICE_CASE_WITHDRAWAL_LATE',
    )
    expect(await refused(() => intake.accept(platform(), file.id))).to.equal(
      'SERVICE_CASE_TRANSITION_INVALID',
    )
  })

  it('refuses a correction that names nothing, or a document that is not right', async () => {
    const check = (change: object) => () =>
      intake.checkIntake(window.clerk(), file.id, { ...INCOMPLETE, ...change })

    expect(await refused(check({ points: [] }))).to.equal('SERVICE_CASE_CORRECTION_UNSPECIFIC')
    const vague = [{ kind: 'field', target: 'everything', remark: '请修改' }]
    expect(await refused(check({ points: vague }))).to.equal('SERVICE_CASE_CORRECTION_UNSPECIFIC')
    const silent = [{ kind: 'material', target: 'M3', remark: ' ' }]
    expect(await refused(check({ points: silent }))).to.equal('SERVICE_CASE_CORRECTION_UNSPECIFIC')
    const bad = { ...COMPLETE, verdicts: [{ code: 'M4', verdict: 'unreadable', note: '看不清' }] } as const
    expect(await refused(() => intake.checkIntake(window.clerk(), file.id, bad))).to.equal(
      'SERVICE_MATERIAL_MISSING',
    )
  })

  describe('seen by others', () => {
    const everybody: [string, (window: Window) => Context, string | undefined][] = [
      ['its applicant', (w) => w.drafter(), undefined],
      ['a clerk of the deciding body', (w) => w.clerk(), undefined],
      ['a reviewer of the body that gives its opinion', (w) => w.urbanReviewer(), undefined],
      ['the supervisor of the county', (w) => w.supervisor(), undefined],
      ['a reviewer of a body that takes no part', (w) => w.taxReviewer(), 'SERVICE_CASE_NOT_FOUND'],
      ['another firm', (w) => w.rival(), 'SERVICE_CASE_NOT_FOUND'],
      [
        'a data steward of the deciding body',
        (w) => w.world.as('data-steward', 'demo-market-bureau'),
        'SERVICE_CASE_NOT_FOUND',
      ],
      ['a visitor', (w) => w.world.as('anonymous', 'public'), 'SERVICE_CASE_NOT_FOUND'],
    ]
    for (const [who, contextOf, code] of everybody) {
      it(`${code === undefined ? 'is shown to' : 'does not exist for'} ${who}`, async () => {
        const reading = cases.read(contextOf(window), file.id)

        if (code === undefined) expect((await reading).id).to.equal(file.id)
        else expect((await refusal(reading)).code).to.equal(code)
        expect((await cases.findVisible(contextOf(window), file.id)) === null).to.equal(code !== undefined)
      })
    }

    it('stands in the lists of those who take part and of the supervisor, and in no other', async () => {
      const numbers = async (ctx: Context) =>
        (await cases.list(ctx, { first: 10 })).edges.map(({ node }) => node.number)

      for (const ctx of [window.clerk(), window.urbanReviewer(), window.supervisor()])
        expect(await numbers(ctx)).to.deep.equal([file.number])
      expect(await numbers(window.taxReviewer())).to.be.empty
      expect((await refusal(cases.list(window.rival(), { first: 10 }))).code).to.equal('POLICY_FORBIDDEN')
      expect((await cases.list(window.clerk(), { first: 10 }, 'decided')).edges).to.be.empty
    })

    it('leaves a record of each office that read what the applicant told, and none of the applicant’s own', async () => {
      const application = (ctx: Context) => applications.read(ctx, file.applicationId)
      for (const ctx of [window.drafter(), window.clerk()])
        await applications.answersOf(ctx, await application(ctx))

      const rows = await window.world.db
        .selectFrom('core.access')
        .select(['actorId', 'purpose', 'fields'])
        .where('subject', '=', `service.application:${file.applicationId}`)
        .execute()
      expect(rows).to.deep.equal([
        { actorId: window.clerk().actor.id, purpose: 'case-handling', fields: ['answers'] },
      ])
    })

    it('is touched by nobody who may not', async () => {
      const attempts: [string, (ctx: Context) => Promise<unknown>][] = [
        ['check', (ctx) => intake.checkIntake(ctx, file.id, COMPLETE)],
        ['resubmit', (ctx) => resubmit(ctx, file.id, file.version, {})],
        ['withdraw', (ctx) => withdraw(ctx, file.id, file.version)],
        ['documents', (ctx) => review.reviewDocuments(ctx, file.id, { agrees: true, note: null })],
        ['opinion', (ctx) => review.giveOpinion(ctx, file.id, { agrees: true, note: null })],
        ['visit', (ctx) => review.recordVisit(ctx, file.id, { passed: true, score: null, note: null })],
        [
          'decide',
          (ctx) => decisions.decide(ctx, file.id, { outcome: 'granted', reason: null, clause: null }),
        ],
        ['hand over', (ctx) => decisions.handOver(ctx, file.id, 'signature', file.version)],
        ['resolve', (ctx) => intake.resolveMaterials(ctx, file.id)],
        ['accept', (ctx) => intake.accept(ctx, file.id)],
        ['suspend', (ctx) => review.suspend(ctx, file.id, { reason: 'inspection' })],
        ['issue', (ctx) => decisions.issueCertificate(ctx, file.id)],
      ]
      for (const [, attempt] of attempts) {
        for (const stranger of [window.taxReviewer(), window.rival()])
          expect(await refused(() => attempt(stranger))).to.equal('SERVICE_CASE_NOT_FOUND')
        expect(await refused(() => attempt(window.supervisor()))).to.equal('POLICY_FORBIDDEN')
      }
      const byOther = () => intake.checkIntake(window.urbanReviewer(), file.id, COMPLETE)
      expect(await refused(byOther)).to.equal('POLICY_FORBIDDEN')
      const ownOpinion = () => review.giveOpinion(window.reviewer(), file.id, { agrees: true, note: null })
      expect(await refused(ownOpinion)).to.equal('POLICY_FORBIDDEN')
    })
  })

  it('tells its history to the applicant without the names of the staff', async () => {
    await toReview()

    const steps = await cases.historyOf(window.drafter(), file)

    expect(steps.map(({ event }) => event.replace(/^service\./, ''))).to.deep.equal([
      'application.submitted',
      'case.released',
      'case.checked',
      'case.accepted',
      'case.review-started',
    ])
    expect(steps.every(({ actor }) => actor === null)).to.equal(true)
  })
})
