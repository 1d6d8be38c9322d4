import type { Module } from '../../core/module.ts'
import { resolvers, typeDefs } from './clock.graphql.ts'
import { jobs, pollers } from './clock.pollers.ts'

export {
  type Calendar,
  type CalendarYear,
  calendarOf,
  isWorkingDay,
  receiptDay,
  workingDayFrom,
  workingDaysBefore,
  workingDaysBetween,
} from './calendar.ts'
export { calendarFor, loadCalendars, publishCalendars } from './calendar.service.ts'
export { type Approval, type Clock, type ClockKind, checkLimit, errors, refusePauseOutside } from './clock.ts'
export { clocksByCases, clocksOf, extend, overdue, start, stop, voidEvent } from './clock.service.ts'
export {
  type ClockEvent,
  type ClockState,
  type ClockStep,
  type Deadline,
  deadline,
  isOverdue,
  type Limit,
  type LimitUnit,
  remainingDays,
} from './deadline.ts'
export { checkDays } from './ledger.ts'
export { pause, resume } from './pause.service.ts'
export { shippedCalendar } from './packs.ts'

export const clock = {
  name: 'clock',
  migrations: new URL('./migrations/', import.meta.url),
  permissions: {},
  typeDefs,
  resolvers,
  jobs,
  pollers,
  appendOnly: ['clock.clock_event', 'clock.calendar', 'clock.calendar_day'],
} satisfies Module
