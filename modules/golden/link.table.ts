import type { Generated, JSONColumnType } from 'kysely'
import type { LinkDecision, LinkMethod } from './link.ts'
import type { WeightPart } from './match.ts'
import type { RowMarks, RulingAnswer, RulingStatus } from './ruling.ts'

declare module '../../core/database.ts' {
  interface Database {
    'golden.link': {
      number: Generated<string>
      runId: string
      datasetId: string
      organisationId: string
      rowId: string
      line: number | null
      key: string
      method: LinkMethod
      decision: LinkDecision
      weight: number | null
      prior: number | null
      parts: JSONColumnType<WeightPart[]>
    }
    'golden.ruling': {
      id: Generated<string>
      number: Generated<string>
      datasetId: string
      organisationId: string
      rowId: string
      line: number | null
      marks: JSONColumnType<RowMarks> | null
      key: string
      answer: RulingAnswer
      reason: string
      status: RulingStatus
      weight: number | null
      decidedBy: string
      decidedAt: Date
      confirmedBy: string | null
      confirmedAt: Date | null
      undoAskedBy: string | null
      undoAskedAt: Date | null
      undoneBy: string | null
      undoneAt: Date | null
    }
  }
}
