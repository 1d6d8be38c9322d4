import { expect } from 'chai'
import {
  type Calendar,
  calendarOf,
  checkDays,
  isWorkingDay,
  receiptDay,
  workingDaysBefore,
  workingDaysBetween,
} from '../../modules/clock/calendar.ts'
import {
  type ClockEvent,
  deadline,
  isOverdue,
  type Limit,
  remainingDays,
} from '../../modules/clock/deadline.ts'
import { shippedCalendar, shippedCalendars } from '../../modules/clock/packs.ts'
import { addDays } from '../../core/day.ts'

// specs/one-window.md 6.2: rule R1, national calendar 2026.
describe('the due day of a clock (R1, calendar 2026)', () => {
  let calendar: Calendar

  before(async () => {
    calendar = await shippedCalendar()
  })

  it('stands on 248 working days in 2026, month by month as published', () => {
    const months = [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]
    for (const [index, expected] of months.entries()) {
      const month = `2026-${String(index + 1).padStart(2, '0')}`
      let worked = 0
      for (let day = `${month}-01`; day.startsWith(month); day = addDays(day, 1))
        if (isWorkingDay(calendar, day)) worked += 1
      expect(worked, month).to.equal(expected)
    }
  })

  it('C01: Spring Festival off, the Saturdays before and after worked', () => {
    expect(due(days(10), start('2026-02-04'))).to.equal('2026-02-25')
    expect(due(days(20), start('2026-02-04'))).to.equal('2026-03-10')
  })

  it('C02: received on a holiday, counted from the Sunday worked', () => {
    const intake = at(days(5), start('2026-01-02'))

    expect(intake.dueOn).to.equal('2026-01-08')
    expect(counted(intake)).to.deep.equal([
      '2026-01-04',
      '2026-01-05',
      '2026-01-06',
      '2026-01-07',
      '2026-01-08',
    ])
    expect(remainingDays(intake, '2026-01-06')).to.equal(2)
    expect(isOverdue(intake, '2026-01-08')).to.equal(false)
    expect(isOverdue(intake, '2026-01-09')).to.equal(true)
  })

  it('C03: acceptance by silence dates back to the day of receipt, however late the timer', () => {
    expect(due(days(10), start('2026-01-02'))).to.equal('2026-01-15')
    expect(due(days(20), start('2026-01-02'))).to.equal('2026-01-29')
  })

  it('C04: after a correction the intake clock starts anew, or goes on where it stood', () => {
    const first = [start('2026-04-27')]
    expect(due(days(5), ...first)).to.equal('2026-05-07')

    const restarted = at(days(5), ...first, event('stop', '2026-04-30'), start('2026-05-09'))
    expect(restarted.dueOn).to.equal('2026-05-15')
    expect(restarted).to.include({ startedOn: '2026-05-09', state: 'running' })

    const paused = at(days(5), ...first, pause('2026-04-30', 'correction'))
    expect(paused).to.include({ dueOn: null, estimatedOn: null, state: 'paused', usedDays: 2 })
    const resumed = at(
      days(5),
      ...first,
      pause('2026-04-30', 'correction'),
      resume('2026-05-09', 'correction'),
    )
    expect(resumed.dueOn).to.equal('2026-05-12')
    expect(counted(resumed)).to.deep.equal([
      '2026-04-28',
      '2026-04-29',
      '2026-05-09',
      '2026-05-11',
      '2026-05-12',
    ])

    expect(due(days(20), start('2026-05-09'))).to.equal('2026-06-05')
  })

  it('C05: overlapping pauses are one union of days, never a sum', () => {
    const events = [
      start('2026-06-08'),
      pause('2026-06-11', 'inspection'),
      resume('2026-06-24', 'inspection'),
      pause('2026-06-17', 'testing'),
      resume('2026-07-01', 'testing'),
    ]

    expect(at(days(10), ...events)).to.include({ dueOn: '2026-07-10', pausedDays: 13 })
    expect(due(days(20), ...events)).to.equal('2026-07-24')
    expect(due(days(10), start('2026-06-08'))).to.equal('2026-06-23')
    expect(due(days(20), start('2026-06-08'))).to.equal('2026-07-07')
    expect(at(days(10), ...events.slice(0, 3)).pausedDays).to.equal(8)
    expect(at(days(10), start('2026-06-08'), ...events.slice(3)).pausedDays).to.equal(9)
  })

  it('C06: an extension adds days and is no pause', () => {
    const extended = [start('2026-02-04'), { ...event('extend', '2026-02-25'), days: 10 }]

    expect(at(days(10), ...extended)).to.include({ dueOn: '2026-03-10', pausedDays: 0 })
    expect(due(days(20), ...extended)).to.equal('2026-03-24')
  })

  it('C07: the promised day, and the warning of the tolerance clock at three remaining days', () => {
    expect(due(days(10), start('2026-09-16'))).to.equal('2026-09-30')
    expect(workingDaysBetween(calendar, '2026-09-23', '2026-09-29')).to.equal(3)
  })

  it('C08: 45 working days over the National Day, then 15 more', () => {
    expect(due(days(45), start('2026-08-28'))).to.equal('2026-11-05')
    expect(due(days(45), start('2026-08-28'), { ...event('extend', '2026-11-05'), days: 15 })).to.equal(
      '2026-11-26',
    )
  })

  it('C09: an immediate item is due that day, or on the next working day', () => {
    expect(due(days(0), start('2026-05-03'))).to.equal('2026-05-06')
    expect(due(days(0), start('2026-05-09'))).to.equal('2026-05-09')
  })

  it('C10, C11: delivery and complaint', () => {
    expect(due(days(10), start('2026-09-18'))).to.equal('2026-10-09')
    expect(due(days(5), start('2026-04-30'))).to.equal('2026-05-11')
    expect(due(days(15), start('2026-04-30'))).to.equal('2026-05-25')
  })

  it('C12: hearing: last day to ask, last day to hold, and notice counted back', () => {
    expect(due(days(5), start('2026-03-27'))).to.equal('2026-04-03')
    expect(due(days(20), start('2026-04-03'))).to.equal('2026-05-07')
    expect(workingDaysBefore(calendar, '2026-05-07', 7)).to.equal('2026-04-23')
  })

  it('C13: a pause recorded afterwards moves the day as if it had been recorded in time', () => {
    const events = [start('2026-02-04'), pause('2026-02-10', 's'), resume('2026-02-26', 's')]

    expect(at(days(10), ...events)).to.include({ dueOn: '2026-03-05', pausedDays: 7 })
    expect(due(days(20), ...events)).to.equal('2026-03-19')
  })

  it('C14: the days on which the promised day is one and more than five working days past', () => {
    expect(workingDaysBetween(calendar, '2026-02-25', '2026-02-26')).to.equal(1)
    expect(workingDaysBetween(calendar, '2026-02-25', '2026-03-03')).to.equal(5)
    expect(workingDaysBetween(calendar, '2026-02-25', '2026-03-04')).to.equal(6)
    expect(isOverdue(at(days(20), start('2026-02-04')), '2026-03-11')).to.equal(true)
  })

  it('C15: beyond the last published year the day is provisional', () => {
    expect(at(days(10), start('2026-12-22'))).to.include({ dueOn: '2027-01-06', provisional: true })
    expect(at(days(10), start('2026-12-14'))).to.include({ dueOn: '2026-12-28', provisional: false })
  })

  it('C16: the days of a region go before those of the nation', async () => {
    const rows = ['2026-04-20', '2026-04-21'].map((date) => ({
      date,
      work: 'false',
      name: '三月三',
      source: 'test',
    }))
    const override = { region: '990000', year: 2026, version: 1, days: checkDays(rows) }
    const regional = calendarOf('990101', [...(await shippedCalendars()), override])

    expect(due(days(5), start('2026-04-15'))).to.equal('2026-04-22')
    const inRegion = deadline([{ ...start('2026-04-15'), seq: 1 }], days(5), 'R1', regional)
    expect(inRegion.dueOn).to.equal('2026-04-24')
    expect(inRegion.steps.find(({ on }) => on === '2026-04-20')?.why.zh).to.equal('三月三')
    expect(regional.version).to.equal('990000/2026/1 CN/2026/1')
  })

  it('C17, C18: calendar days and months roll to a working day, months clipped at their end', () => {
    expect(due({ amount: 15, unit: 'calendar-day' }, start('2026-09-17'))).to.equal('2026-10-08')
    expect(due({ amount: 60, unit: 'calendar-day' }, start('2026-08-03'))).to.equal('2026-10-08')
    const months = at({ amount: 6, unit: 'month' }, start('2026-08-31'))
    expect(months).to.include({ dueOn: '2027-03-01', provisional: true })
  })

  it('tells of each day whether it counted and why, in both languages', () => {
    const { steps } = at(
      days(10),
      start('2026-02-12'),
      pause('2026-02-25', 'inspection'),
      resume('2026-02-27', 'inspection'),
    )
    const why = (on: string) => steps.find((step) => step.on === on)

    expect(why('2026-02-14')).to.deep.include({
      counted: true,
      why: { zh: '春节调休上班', en: 'worked in exchange: Spring Festival' },
    })
    expect(why('2026-02-16')).to.deep.include({ counted: false, why: { zh: '春节', en: 'Spring Festival' } })
    expect(why('2026-02-26')).to.deep.include({
      counted: false,
      why: { zh: '暂停计时：检验、现场核查', en: 'paused: inspection' },
    })
    expect(why('2026-03-01')).to.deep.include({ counted: false, why: { zh: '周末', en: 'weekend' } })
  })

  it('estimates the day while a pause is open, by its planned end (R1.5)', () => {
    const open = at(days(10), start('2026-06-08'), {
      ...pause('2026-06-11', 'inspection'),
      plannedUntil: '2026-06-23',
    })

    expect(open).to.include({ dueOn: null, state: 'paused', usedDays: 2 })
    const closed = due(
      days(10),
      start('2026-06-08'),
      pause('2026-06-11', 'inspection'),
      resume('2026-06-24', 'inspection'),
    )
    expect(open.estimatedOn).to.equal(closed)
  })

  it('forgets an event that was voided', () => {
    const events = numbered([start('2026-02-04'), pause('2026-02-10', 's'), resume('2026-02-26', 's')])
    const voids = { seq: 4, kind: 'void', effectiveOn: '2026-03-02', voids: 2 } as const

    expect(deadline([...events, voids], days(10), 'R1', calendar).dueOn).to.equal('2026-02-25')
  })

  it('keeps the due day of a stopped clock and counts no day from the stop on', () => {
    const stopped = at(days(10), start('2026-02-04'), event('stop', '2026-02-10'))

    expect(stopped).to.include({ state: 'stopped', dueOn: '2026-02-25', usedDays: 3 })
    expect(isOverdue(stopped, '2026-03-30')).to.equal(false)
  })

  it('counts a receipt on its day, or on the next working day past a cut-off (R1.9)', () => {
    const late = { day: '2026-04-30', time: '17:31' }

    expect(receiptDay(calendar, late)).to.equal('2026-04-30')
    expect(receiptDay(calendar, late, '17:30')).to.equal('2026-05-06')
    expect(receiptDay(calendar, { ...late, time: '17:30' }, '17:30')).to.equal('2026-04-30')
  })

  it('refuses a region nobody published a calendar for, and one that contradicts itself', async () => {
    const published = await shippedCalendars()

    expect(() => calendarOf('TW', published))
      .to.throw()
      .with.property('code', 'CLOCK_CALENDAR_MISSING')
    const rows = ['true', 'false'].map((work) => ({ date: '2026-04-20', work, name: 'x', source: 'x' }))
    expect(() => checkDays(rows))
      .to.throw()
      .with.property('code', 'CLOCK_CALENDAR_CONTRADICTORY')
    const broken = { date: '2026-02-30', work: 'true', name: 'x', source: 'x' }
    expect(() => checkDays([broken]))
      .to.throw()
      .with.property('code', 'CLOCK_CALENDAR_ROW_INVALID')
  })

  type Unnumbered = Omit<ClockEvent, 'seq'>
  const days = (amount: number): Limit => ({ amount, unit: 'working-day' })
  const event = (kind: ClockEvent['kind'], effectiveOn: string): Unnumbered => ({ kind, effectiveOn })
  const start = (on: string) => event('start', on)
  const pause = (on: string, spanId: string): Unnumbered => ({
    ...event('pause', on),
    spanId,
    reason: spanId,
  })
  const resume = (on: string, spanId: string): Unnumbered => ({ ...event('resume', on), spanId })
  const numbered = (events: Unnumbered[]): ClockEvent[] =>
    events.map((each, index) => ({ ...each, seq: index + 1 }))
  const at = (limit: Limit, ...events: Unnumbered[]) => deadline(numbered(events), limit, 'R1', calendar)
  const due = (limit: Limit, ...events: Unnumbered[]) => at(limit, ...events).dueOn
  const counted = ({ steps }: { steps: readonly { on: string; counted: boolean }[] }) =>
    steps.filter((step) => step.counted).map((step) => step.on)
})
