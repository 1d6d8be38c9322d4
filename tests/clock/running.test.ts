import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import {
  clocksOf,
  extend,
  overdue,
  pause,
  resume,
  start,
  stop,
  voidEvent,
} from '../../modules/clock/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { BUREAU, clocksIn, noon } from './fixtures.ts'

describe('the clocks of a case', () => {
  let world: World
  const { begin, clerk, eventCount, given, pauseFor, recomputed } = clocksIn(() => world)

  before(async () => {
    world = await openWorld()
  })
  beforeEach(() => {
    world.now = noon('2026-02-04')
  })
  after(() => world.close())

  it('C01: show both due days, the days used and left, and each day’s reason', async () => {
    const caseId = await given('2026-02-04', { promised: 10, legal: 20 })
    world.now = noon('2026-02-12')

    const [promised, legal] = await clocksOf(clerk(), caseId)

    expect(promised).to.include({
      kind: 'promised',
      dueOn: '2026-02-25',
      usedDays: 6,
      remainingDays: 4,
      overdue: false,
    })
    expect(promised).to.include({
      state: 'running',
      ruleVersion: 'R1',
      calendarVersion: 'CN/2026/1',
      provisional: false,
    })
    expect(legal).to.include({ kind: 'legal', dueOn: '2026-03-10' })
    expect(promised?.steps.at(-1)).to.deep.include({ on: '2026-02-25', counted: true })
  })

  it('C03: date back when silence accepts, however late the server comes back', async () => {
    world.now = noon('2026-01-02')
    const caseId = await given('2026-01-02', { intake: 5 })
    world.now = noon('2026-01-30')

    expect(
      (await overdue(clerk(), caseId, '2026-01-30')).map(({ kind, dueOn }) => [kind, dueOn]),
    ).to.deep.equal([['intake', '2026-01-08']])
    await stop(clerk(), { caseId, kind: 'intake', effectiveOn: '2026-01-09' })
    const promised = await begin(caseId, 'promised', 10, '2026-01-02')
    const legal = await begin(caseId, 'legal', 20, '2026-01-02')

    expect([promised.dueOn, legal.dueOn]).to.deep.equal(['2026-01-15', '2026-01-29'])
  })

  it('C04: start anew after a correction', async () => {
    world.now = noon('2026-04-27')
    const caseId = await given('2026-04-27', { intake: 5 })
    world.now = noon('2026-04-30')
    await stop(clerk(), { caseId, kind: 'intake', effectiveOn: '2026-04-30' })
    world.now = noon('2026-05-09')

    await begin(caseId, 'intake', 5, '2026-05-09')

    expect(await clocksOf(clerk(), caseId)).to.have.length(1)
    expect((await clocksOf(clerk(), caseId))[0]).to.include({ dueOn: '2026-05-15', startedOn: '2026-05-09' })
  })

  it('C05: stand still once for two pauses that overlap', async () => {
    world.now = noon('2026-06-08')
    const caseId = await given('2026-06-08', { promised: 10, legal: 20 })
    const span = (spanId: string, effectiveOn: string) =>
      pause(clerk(), {
        caseId,
        kinds: ['promised', 'legal'],
        spanId,
        reason: spanId,
        effectiveOn,
        plannedUntil: null,
      })

    world.now = noon('2026-06-11')
    await span('inspection', '2026-06-11')
    world.now = noon('2026-06-17')
    await span('testing', '2026-06-17')
    world.now = noon('2026-06-24')
    await resume(clerk(), { caseId, spanId: 'inspection', effectiveOn: '2026-06-24' })
    expect((await clocksOf(clerk(), caseId))[0]).to.include({
      state: 'paused',
      dueOn: null,
      remainingDays: null,
    })
    world.now = noon('2026-07-01')
    await resume(clerk(), { caseId, spanId: 'testing', effectiveOn: '2026-07-01' })

    const [promised, legal] = await clocksOf(clerk(), caseId)
    expect(promised).to.include({ dueOn: '2026-07-10', pausedDays: 13, state: 'running' })
    expect(legal).to.include({ dueOn: '2026-07-24', pausedDays: 13 })
  })

  it('C06: are extended on the due day, not on the day after', async () => {
    const [caseId, late] = [
      await given('2026-02-04', { promised: 10 }),
      await given('2026-02-04', { promised: 10 }),
    ]
    world.now = noon('2026-02-25')

    const [extended] = await extend(clerk(), {
      caseId,
      kinds: ['promised', 'legal'],
      days: 10,
      effectiveOn: '2026-02-25',
    })

    expect(extended).to.include({ dueOn: '2026-03-10' })
    world.now = noon('2026-02-26')
    const refused = extend(clerk(), {
      caseId: late,
      kinds: ['promised'],
      days: 10,
      effectiveOn: '2026-02-26',
    })
    expect((await refusal(refused)).code).to.equal('CLOCK_EXTEND_LATE')
  })

  it('C13: take a pause of the past only with approval and its paper, and log both due days', async () => {
    const caseId = await given('2026-02-04', { promised: 10 })
    world.now = noon('2026-03-02')
    const input = { caseId, kinds: ['promised' as const], spanId: 's', reason: 'testing', plannedUntil: null }
    const approval = { approvedBy: 'supervisor', documentId: 'paper-1', documentOn: '2026-02-10' }

    const without = pause(clerk(), { ...input, effectiveOn: '2026-02-10' })
    expect((await refusal(without)).code).to.equal('CLOCK_EVENT_BACKDATED')
    const younger = { ...approval, documentOn: '2026-02-11' }
    const youngPaper = pause(clerk(), { ...input, effectiveOn: '2026-02-10', approval: younger })
    expect((await refusal(youngPaper)).code).to.equal('CLOCK_EVENT_BACKDATED')
    expect(await eventCount(caseId)).to.equal(1)

    await pause(clerk(), { ...input, effectiveOn: '2026-02-10', approval })
    const [clock] = await resume(clerk(), { caseId, spanId: 's', effectiveOn: '2026-02-26' })

    expect(clock?.dueOn).to.equal('2026-03-05')
    expect((await recomputed(caseId)).map(({ before, after }) => [before, after])).to.deep.equal([
      ['2026-02-25', null],
      [null, '2026-03-05'],
    ])
  })

  describe('refuse', () => {
    it('a pause before the start, after the due day, or planned to end before it begins', async () => {
      const caseId = await given('2026-02-04', { promised: 10 })
      const attempt = (effectiveOn: string, plannedUntil: string | null = null) =>
        pause(clerk(), {
          caseId,
          kinds: ['promised'],
          spanId: 's',
          reason: 'testing',
          effectiveOn,
          plannedUntil,
        })

      for (const bad of [attempt('2026-02-03'), attempt('2026-02-26'), attempt('2026-02-10', '2026-02-09')])
        expect((await refusal(bad)).code).to.equal('CLOCK_PAUSE_OUT_OF_RANGE')
      expect(await eventCount(caseId)).to.equal(1)
      expect((await attempt('2026-02-25'))[0]?.state).to.equal('paused')
    })

    it('a resumption without its pause, or before it', async () => {
      const caseId = await given('2026-02-04', { promised: 10 })
      const unknown = resume(clerk(), { caseId, spanId: 'none', effectiveOn: '2026-02-05' })
      expect((await refusal(unknown)).code).to.equal('CLOCK_RESUME_UNMATCHED')

      await pauseFor(caseId, '2026-02-06', null)
      const before = resume(clerk(), { caseId, spanId: 'inspection', effectiveOn: '2026-02-05' })
      expect((await refusal(before)).code).to.equal('CLOCK_RESUME_UNMATCHED')
      expect(await eventCount(caseId)).to.equal(2)
    })

    it('a start, stop or extension in the future', async () => {
      const caseId = await given('2026-02-04', { promised: 10 })

      const attempts = [
        begin(randomUUID(), 'legal', 20, '2026-02-05'),
        stop(clerk(), { caseId, kind: 'promised', effectiveOn: '2026-02-05' }),
        extend(clerk(), { caseId, kinds: ['promised'], days: 1, effectiveOn: '2026-02-05' }),
      ]
      for (const attempt of attempts) expect((await refusal(attempt)).code).to.equal('CLOCK_EVENT_IN_FUTURE')
      expect(await eventCount(caseId)).to.equal(1)
    })

    it('a region without any calendar, before anything is written', async () => {
      const caseId = randomUUID()
      const attempt = start(clerk(), {
        caseId,
        organisationId: BUREAU,
        kind: 'intake',
        limit: { amount: 5, unit: 'working-day' },
        effectiveOn: '2026-02-04',
        region: 'TW',
      })

      expect((await refusal(attempt)).code).to.equal('CLOCK_CALENDAR_MISSING')
      expect(await clocksOf(clerk(), caseId)).to.deep.equal([])
    })

    it('a second start while the clock runs, a limit and a day that are none', async () => {
      const caseId = await given('2026-02-04', { promised: 10 })
      world.now = noon('2026-02-05')

      expect((await refusal(begin(caseId, 'promised', 10, '2026-02-05'))).code).to.equal(
        'CLOCK_ALREADY_STARTED',
      )
      expect((await refusal(begin(caseId, 'legal', -1, '2026-02-05'))).code).to.equal('CLOCK_LIMIT_INVALID')
      expect((await refusal(begin(caseId, 'legal', 1, '2026-02-30'))).code).to.equal('CLOCK_DAY_INVALID')
    })
  })

  it('change nothing when a task runs twice', async () => {
    const caseId = await given('2026-02-04', { promised: 10 })
    world.now = noon('2026-02-10')
    for (let time = 0; time < 2; time++) {
      await begin(caseId, 'promised', 10, '2026-02-04')
      await pauseFor(caseId, '2026-02-06', '2026-02-09')
    }
    for (let time = 0; time < 2; time++)
      await resume(clerk(), { caseId, spanId: 'inspection', effectiveOn: '2026-02-10' })
    for (let time = 0; time < 2; time++)
      await stop(clerk(), { caseId, kind: 'promised', effectiveOn: '2026-02-10' })

    expect(await eventCount(caseId)).to.equal(4)
  })

  it('take the mistake of an event back by a further one', async () => {
    const caseId = await given('2026-02-04', { promised: 10 })
    await pauseFor(caseId, '2026-02-06', null)
    const { seq } = await world.db
      .selectFrom('clock.clockEvent')
      .select('seq')
      .where('kind', '=', 'pause')
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow()

    const repaired = await voidEvent(clerk(), { caseId, seq: Number(seq), documentId: 'paper-2' })

    expect(repaired).to.include({ state: 'running', dueOn: '2026-02-25' })
    const again = voidEvent(clerk(), { caseId, seq: Number(seq), documentId: 'paper-2' })
    expect((await refusal(again)).code).to.equal('CLOCK_EVENT_NOT_FOUND')
  })
})
