import type { Generated } from 'kysely'
import type { ClockKind } from './clock.ts'
import type { ClockEventKind, ClockState, LimitUnit, RuleVersion } from './deadline.ts'

declare module '../../core/database.ts' {
  interface Database {
    'clock.calendar': { region: string; year: number; version: number; sha256: string; publishedAt: Date }
    'clock.calendarDay': {
      region: string
      year: number
      version: number
      date: string
      work: boolean
      name: string
      source: string
    }
    'clock.clock': {
      id: Generated<string>
      caseId: string
      organisationId: string
      kind: ClockKind
      subject: string
      limitAmount: number
      limitUnit: LimitUnit
      region: string
      ruleVersion: RuleVersion
      calendarVersion: string
      state: ClockState
      dueOn: string | null
      returnsOn: string | null
      announced: boolean
      createdAt: Date
    }
    'clock.clockEvent': {
      /** A bigint, which arrives as text. */
      seq: Generated<string>
      clockId: string
      kind: ClockEventKind
      effectiveOn: string
      spanId: string | null
      reason: string | null
      plannedUntil: string | null
      days: number | null
      voids: string | null
      legalBasisId: string | null
      documentId: string | null
      actorId: string
      recordedAt: Date
    }
  }
}
