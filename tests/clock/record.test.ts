import { expect } from 'chai'
import { sql } from 'kysely'
import { randomUUID } from 'node:crypto'
import { calendarFor, clocksOf, loadCalendars, publishCalendars, stop } from '../../modules/clock/index.ts'
import { openWorld, type World } from '../support/world.ts'
import { clocksIn, noon, REGION } from './fixtures.ts'

describe('the record of clocks and calendars', () => {
  let world: World
  const { begin, clerk, eventCount, given, recomputed } = clocksIn(() => world)

  before(async () => {
    world = await openWorld()
  })
  beforeEach(() => {
    world.now = noon('2026-02-04')
  })
  after(() => world.close())

  it('can be neither changed nor removed by the platform’s own role', async () => {
    const caseId = await given('2026-02-04', { promised: 10 })

    for (const statement of [
      sql`update clock.clock_event set effective_on = '2026-01-01'`,
      sql`delete from clock.clock_event`,
      sql`truncate clock.clock_event`,
      sql`update clock.calendar_day set work = true`,
    ]) {
      const outcome = await statement.execute(world.db).then(
        () => 'done',
        (error: Error) => error.message,
      )
      expect(outcome).to.match(/permission denied/)
    }
    expect(await eventCount(caseId)).to.equal(1)
  })

  it('keeps one version of a calendar however often it is loaded', async () => {
    await loadCalendars(world.platform())

    expect((await calendarFor(world.platform(), REGION)).version).to.equal('CN/2026/1')
  })

  it('is worked out anew when a further year or version is published, for open clocks alone (R1.10)', async () => {
    world.now = noon('2026-12-22')
    const [open, closed] = [
      await given('2026-12-22', { promised: 10 }),
      await given('2026-12-22', { promised: 10 }),
    ]
    await stop(clerk(), { caseId: closed, kind: 'promised', effectiveOn: '2026-12-22' })
    expect((await clocksOf(clerk(), open))[0]).to.include({ dueOn: '2027-01-06', provisional: true })

    const day = { date: '2027-01-04', work: false, name: '元旦', source: 'test' }
    await publishCalendars(world.platform(), [{ region: 'CN', year: 2027, version: 1, days: [day] }])
    await world.settle()

    const [clock] = await clocksOf(clerk(), open)
    expect(clock).to.include({
      dueOn: '2027-01-06',
      provisional: false,
      calendarVersion: 'CN/2026/1 CN/2027/1',
    })
    expect((await clocksOf(clerk(), closed))[0]).to.include({
      calendarVersion: 'CN/2026/1',
      provisional: true,
    })

    await publishCalendars(world.platform(), [
      { region: 'CN', year: 2027, version: 1, days: [day, { ...day, date: '2027-01-05' }] },
    ])
    await world.settle()
    expect((await clocksOf(clerk(), open))[0]).to.include({ dueOn: '2027-01-07' })
    expect((await recomputed(open)).at(-1)).to.include({ before: '2027-01-06', after: '2027-01-07' })
  })

  it('follows a region’s own days before those of the nation (C16)', async () => {
    const days = ['2026-04-20', '2026-04-21'].map((date) => ({
      date,
      work: false,
      name: '三月三',
      source: 'test',
    }))
    await publishCalendars(world.platform(), [{ region: '980000', year: 2026, version: 1, days }])
    world.now = noon('2026-04-15')

    expect((await begin(randomUUID(), 'promised', 5, '2026-04-15', '980101')).dueOn).to.equal('2026-04-24')
    expect((await begin(randomUUID(), 'promised', 5, '2026-04-15')).dueOn).to.equal('2026-04-22')
  })
})
