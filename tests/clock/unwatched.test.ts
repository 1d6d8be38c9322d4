import { expect } from 'chai'
import { clocksOf, overdue, resume, stop } from '../../modules/clock/index.ts'
import { openWorld, type World } from '../support/world.ts'
import { BUREAU, clocksIn, noon } from './fixtures.ts'

describe('the clocks of a case that nobody watches', () => {
  let world: World
  const { begin, clerk, dueEvents, given, pauseFor } = clocksIn(() => world)

  before(async () => {
    world = await openWorld()
  })
  beforeEach(() => {
    world.now = noon('2026-02-04')
  })
  after(() => world.close())

  it('tell once that they are due, on the day after, and again after a new event', async () => {
    const caseId = await given('2026-02-04', { promised: 10 })
    world.now = noon('2026-02-25')
    await world.settle()
    expect(await dueEvents(caseId)).to.deep.equal([])

    world.now = new Date('2026-02-26T00:00:00+08:00')
    await world.settle()
    await world.settle()

    const [due, ...more] = await dueEvents(caseId)
    expect(more).to.deep.equal([])
    expect(due).to.include({ caseId, kind: 'promised', dueOn: '2026-02-25', organisationId: BUREAU })
    const [event] = (await world.eventsNamed('clock.due')).slice(-1)
    expect(event?.organisationId).to.equal(BUREAU)

    await stop(clerk(), { caseId, kind: 'promised', effectiveOn: '2026-02-26' })
    await begin(caseId, 'promised', 1, '2026-02-26')
    world.now = noon('2026-03-02')
    await world.settle()
    expect((await dueEvents(caseId)).map(({ dueOn }) => dueOn)).to.deep.equal(['2026-02-25', '2026-02-27'])
  })

  it('say nothing while paused or when stopped', async () => {
    const [paused, stopped] = [
      await given('2026-02-04', { promised: 10 }),
      await given('2026-02-04', { promised: 10 }),
    ]
    await pauseFor(paused, '2026-02-06', null)
    await stop(clerk(), { caseId: stopped, kind: 'promised', effectiveOn: '2026-02-04' })

    world.now = noon('2026-05-06')
    await world.settle()

    expect([...(await dueEvents(paused)), ...(await dueEvents(stopped))]).to.deep.equal([])
    expect(await overdue(clerk(), paused, '2026-05-06')).to.deep.equal([])
  })

  it('go on by themselves after the planned end of a pause, with its legal day (R1.5)', async () => {
    const caseId = await given('2026-02-04', { promised: 10 })
    await pauseFor(caseId, '2026-02-06', '2026-02-11')
    world.now = noon('2026-02-11')
    await world.settle()
    expect((await clocksOf(clerk(), caseId))[0]?.state).to.equal('paused')

    world.now = noon('2026-02-13')
    await world.settle()

    expect((await clocksOf(clerk(), caseId))[0]).to.include({
      state: 'running',
      pausedDays: 4,
      dueOn: '2026-03-02',
    })
    const ended = (await world.eventsNamed('clock.span-ended')).map(({ payload }) => payload)
    expect(ended).to.deep.include({
      caseId,
      organisationId: BUREAU,
      spanId: 'inspection',
      reason: 'inspection',
      effectiveOn: '2026-02-12',
    })
    expect(await resume(clerk(), { caseId, spanId: 'inspection', effectiveOn: '2026-02-13' })).to.deep.equal(
      [],
    )
  })

  it('are settled first, in the order of their days, when the server was away', async () => {
    const caseId = await given('2026-02-04', { promised: 10, legal: 20, intake: 5 })
    await pauseFor(caseId, '2026-02-06', '2026-02-11')
    world.now = noon('2026-04-01')

    const settled = await overdue(clerk(), caseId, '2026-04-01')

    expect(settled.map(({ kind, dueOn }) => [kind, dueOn])).to.deep.equal([
      ['intake', '2026-02-11'],
      ['promised', '2026-03-02'],
      ['legal', '2026-03-16'],
    ])
  })

  it('are all told of, more than one look takes at once', async () => {
    world.now = noon('2026-03-02')
    const cases: string[] = []
    for (let index = 0; index < 60; index++) cases.push(await given('2026-03-02', { node: 1 }))

    world.now = noon('2026-03-04')
    await world.settle()

    const told = (await world.eventsNamed('clock.due')).map(({ payload }) => payload as { caseId: string })
    expect(cases.every((caseId) => told.filter((each) => each.caseId === caseId).length === 1)).to.equal(true)
  })
})
