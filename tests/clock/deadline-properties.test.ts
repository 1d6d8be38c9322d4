import { expect } from 'chai'
import fc from 'fast-check'
import { addDays } from '../../core/day.ts'
import { type Calendar, isWorkingDay } from '../../modules/clock/calendar.ts'
import { type ClockEvent, deadline, type Limit, type LimitUnit } from '../../modules/clock/deadline.ts'
import { shippedCalendar } from '../../modules/clock/packs.ts'

// specs/one-window.md 6.2, the property tests listed at its foot.
describe('the due day of any clock', () => {
  let calendar: Calendar

  before(async () => {
    calendar = await shippedCalendar()
  })

  it('is a working day', () => {
    fc.assert(
      fc.property(limits, starts, pauses, (limit, start, spans) => {
        const { dueOn } = at(limit, start, spans)
        expect(dueOn !== null && isWorkingDay(calendar, dueOn)).to.equal(true)
      }),
    )
  })

  it('never becomes earlier by a pause', () => {
    fc.assert(
      fc.property(limits, starts, pauses, pauses, (limit, start, some, more) => {
        expect(
          String(at(limit, start, [...some, ...more]).dueOn) >= String(at(limit, start, some).dueOn),
        ).to.equal(true)
      }),
    )
  })

  it('does not change when a pause is split into two that adjoin', () => {
    fc.assert(
      fc.property(limits, starts, fc.nat(30), fc.nat(20), fc.nat(20), (limit, start, from, first, second) => {
        const whole = at(limit, start, [{ from, length: first + second }])
        const split = at(limit, start, [
          { from, length: first },
          { from: from + first, length: second },
        ])
        expect([split.dueOn, split.pausedDays]).to.deep.equal([whole.dueOn, whole.pausedDays])
      }),
    )
  })

  it('does not depend on the order in which events were recorded', () => {
    fc.assert(
      fc.property(limits, starts, pauses, fc.infiniteStream(fc.nat()), (limit, start, spans, keys) => {
        const events = eventsOf(start, spans).map((event) => ({ event, key: Number(keys.next().value) }))
        const shuffled = events
          .sort((a, b) => a.key - b.key)
          .map(({ event }, index) => ({ ...event, seq: index + 1 }))
        expect(deadline(shuffled, limit, 'R1', calendar)).to.deep.include({
          dueOn: at(limit, start, spans).dueOn,
        })
      }),
    )
  })

  it('is the same after one extension as after two that make up its days', () => {
    fc.assert(
      fc.property(limits, starts, pauses, fc.nat(20), fc.nat(20), (limit, start, spans, n, m) => {
        const base = eventsOf(start, spans)
        const extended = (...parts: number[]) =>
          parts.map((days, index) => ({
            seq: base.length + index + 1,
            kind: 'extend' as const,
            effectiveOn: start,
            days,
          }))
        const once = deadline([...base, ...extended(n + m)], limit, 'R1', calendar)
        const twice = deadline([...base, ...extended(n, m)], limit, 'R1', calendar)
        expect(twice.dueOn).to.equal(once.dueOn)
      }),
    )
  })

  interface Pause {
    readonly from: number
    readonly length: number
  }

  const limits: fc.Arbitrary<Limit> = fc.record({
    amount: fc.integer({ min: 0, max: 70 }),
    unit: fc.constantFrom<LimitUnit[]>('working-day', 'calendar-day', 'month'),
  })
  const starts = fc.nat(500).map((offset) => addDays('2026-01-01', offset))
  const pauses: fc.Arbitrary<Pause[]> = fc.array(fc.record({ from: fc.nat(60), length: fc.nat(30) }), {
    maxLength: 4,
  })
  const at = (limit: Limit, start: string, spans: readonly Pause[]) =>
    deadline(eventsOf(start, spans), limit, 'R1', calendar)

  function eventsOf(start: string, spans: readonly Pause[]): ClockEvent[] {
    const events = spans.flatMap(({ from, length }, index) => [
      { kind: 'pause' as const, effectiveOn: addDays(start, from), spanId: `s${index}`, reason: 'testing' },
      { kind: 'resume' as const, effectiveOn: addDays(start, from + length), spanId: `s${index}` },
    ])
    return [{ kind: 'start' as const, effectiveOn: start }, ...events].map((event, index) => ({
      ...event,
      seq: index + 1,
    }))
  }
})
