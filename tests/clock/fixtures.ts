import { randomUUID } from 'node:crypto'
import { type ClockKind, pause, start } from '../../modules/clock/index.ts'
import type { World } from '../support/world.ts'

export const BUREAU = 'sample-bureau'
export const REGION = '990101'

export const noon = (day: string) => new Date(`${day}T12:00:00+08:00`)

/** What the tests of stored clocks do again and again, in one world. */
export function clocksIn(world: () => World) {
  const clerk = () => world().as('clerk', BUREAU)

  function begin(caseId: string, kind: ClockKind, amount: number, effectiveOn: string, region = REGION) {
    const limit = { amount, unit: 'working-day' as const }
    return start(clerk(), { caseId, organisationId: BUREAU, kind, limit, effectiveOn, region })
  }

  /** A case of its own with these clocks, in working days. */
  async function given(on: string, limits: Partial<Record<ClockKind, number>>): Promise<string> {
    const caseId = randomUUID()
    for (const [kind, amount] of Object.entries(limits)) await begin(caseId, kind as ClockKind, amount, on)
    return caseId
  }

  const pauseFor = (caseId: string, effectiveOn: string, plannedUntil: string | null) =>
    pause(clerk(), {
      caseId,
      kinds: ['promised', 'legal', 'node'],
      spanId: 'inspection',
      reason: 'inspection',
      effectiveOn,
      plannedUntil,
    })

  async function eventCount(caseId: string): Promise<number> {
    const rows = await world()
      .db.selectFrom('clock.clockEvent')
      .innerJoin('clock.clock', 'clock.clock.id', 'clock.clockEvent.clockId')
      .select('clock.clockEvent.seq')
      .where('clock.clock.caseId', '=', caseId)
      .execute()
    return rows.length
  }

  async function payloads<Name extends 'clock.due' | 'clock.deadline.recomputed'>(
    name: Name,
    caseId: string,
  ) {
    const events = await world().eventsNamed(name)
    return events.map(({ payload }) => payload).filter((each) => each.caseId === caseId)
  }

  return {
    clerk,
    begin,
    given,
    pauseFor,
    eventCount,
    dueEvents: (caseId: string) => payloads('clock.due', caseId),
    recomputed: (caseId: string) => payloads('clock.deadline.recomputed', caseId),
  }
}
