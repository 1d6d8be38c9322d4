import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Texts } from '../../core/errors.ts'
import type { Branch, CaseStatus, CorrectionTarget, Flag, IntakeCheck, Outcome } from './case.ts'
import type { MaterialVerdict } from './material.ts'
import type { NoticeKind } from './notice.ts'

declare module '../../core/database.ts' {
  interface Database {
    'service.itemCase': {
      id: Generated<string>
      number: string
      applicationId: string
      itemId: string
      itemVersionId: string
      applicantId: string
      organisationId: string
      regionCode: string
      status: CaseStatus
      version: number
      flags: JSONColumnType<Flag[]>
      branches: JSONColumnType<Branch[]>
      submittedAt: Date
      receivedOn: string
      intakeCheck: ColumnType<IntakeCheck | null, string | null, string | null>
      acceptedOn: string | null
      acceptedBy: string | null
      outcome: Outcome | null
      outcomeReason: string | null
      outcomeClause: string | null
      decidedBy: string | null
      decidedOn: string | null
      competentBody: string | null
      deliveredOn: string | null
      openPlace: number | null
    }
    'service.caseParticipant': {
      caseId: string
      organisationId: string
      role: 'deciding' | 'joint'
    }
    'service.queueRow': {
      organisationId: string
      caseId: string
      role: 'deciding' | 'joint'
      queue: string
      status: CaseStatus
      flags: string[]
      sortAt: Date
      dueOn: string | null
      itemId: string
      region: string
      applicantKey: string
      title: string
    }
    'service.correction': {
      id: Generated<string>
      caseId: string
      number: string
      issuedOn: string
      issuedAt: Date
      dueOn: string | null
      points: JSONColumnType<CorrectionTarget[]>
      answeredAt: Date | null
    }
    'service.suspension': {
      id: string
      caseId: string
      reason: string
      startedOn: string
      plannedUntil: string
      endedOn: string | null
    }
    'service.siteVisit': {
      id: Generated<string>
      caseId: string
      at: Date
      score: number | null
      passed: boolean | null
      note: string | null
      inspectorId: string | null
    }
    'service.material': {
      id: Generated<string>
      applicationId: string
      code: string
      fileName: string
      mediaType: string
      sizeBytes: string
      sha256: string
      obtainedBy: string
      verdict: MaterialVerdict | null
      verdictNote: string | null
      verdictBy: string | null
      createdAt: Date
      createdBy: string
      removedAt: Date | null
    }
    'service.notice': {
      id: Generated<string>
      caseId: string
      kind: NoticeKind
      cause: string
      number: string
      body: JSONColumnType<Texts>
      preparedAt: Date
      servedAt: Date | null
    }
  }
}
