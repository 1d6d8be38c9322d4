import type { Resolvers } from '../../core/module.ts'

export const typeDefs = /* GraphQL */ `
  "A legal or promised time limit of a case, with the reckoning of every day."
  type Clock {
    id: UUID!
    kind: ClockKind!
    limit: Limit!
    state: ClockState!
    "Not counted itself; the limit counts from the next day."
    startedOn: Date
    "The last day in time; null while a pause has no end."
    dueOn: Date
    "As dueOn, taking open pauses to end as planned."
    estimatedOn: Date
    "Counted days after today up to and including the due day."
    remainingDays: Int
    usedDays: Int!
    pausedDays: Int!
    "A year whose calendar is not published yet took part."
    provisional: Boolean!
    overdue: Boolean!
    ruleVersion: String!
    calendarVersion: String!
    steps: [ClockStep!]!
  }

  type Limit {
    amount: Int!
    unit: LimitUnit!
  }

  enum LimitUnit {
    WORKING_DAY
    CALENDAR_DAY
    MONTH
  }

  enum ClockKind {
    INTAKE
    CORRECTION
    LEGAL
    PROMISED
    NODE
    TOLERANCE
    DELIVERY
    HEARING_REQUEST
    HEARING
    RATING
    COMPLAINT
    BUNDLE
  }

  enum ClockState {
    RUNNING
    PAUSED
    STOPPED
  }

  type ClockStep {
    on: Date!
    counted: Boolean!
    why: LocalText!
  }
`

export const resolvers: Resolvers = {
  LimitUnit: { WORKING_DAY: 'working-day', CALENDAR_DAY: 'calendar-day', MONTH: 'month' },
  ClockKind: {
    INTAKE: 'intake',
    CORRECTION: 'correction',
    LEGAL: 'legal',
    PROMISED: 'promised',
    NODE: 'node',
    TOLERANCE: 'tolerance',
    DELIVERY: 'delivery',
    HEARING_REQUEST: 'hearing-request',
    HEARING: 'hearing',
    RATING: 'rating',
    COMPLAINT: 'complaint',
    BUNDLE: 'bundle',
  },
  ClockState: { RUNNING: 'running', PAUSED: 'paused', STOPPED: 'stopped' },
}
