import type { Day } from '../../core/day.ts'
import type { CaseStatus, ItemCase, Outcome } from './case.ts'

/** What every fact about a case carries. */
export interface CaseFact {
  readonly caseId: string
  readonly applicationId: string
  /** The deciding body. */
  readonly organisationId: string
  /** What the office said, shown in the history. */
  readonly note?: string
}

/** What every fact about an application carries. */
export interface ApplicationFact {
  readonly applicationId: string
  readonly applicantId: string
  /** The body whose item it is. */
  readonly organisationId: string
}

declare module '../../core/events.ts' {
  interface EventMap {
    'service.application.drafted': ApplicationFact & { itemId: string; scenarioId: string }
    'service.application.saved': ApplicationFact & { fields: readonly string[] }
    'service.application.expired': ApplicationFact
    'service.application.submitted': ApplicationFact & {
      number: string
      caseId: string
      answersSha256: string
    }
    'service.material.added': ApplicationFact & { materialId: string; code: string; sha256: string }
    'service.material.removed': ApplicationFact & { materialId: string; code: string }
    'service.materials.resolved': CaseFact & { steps: readonly ResolveStep[]; missing: readonly string[] }
    /** Starts the item's process once. */
    'service.case.released': CaseFact & { processPack: string; variables: Readonly<Record<string, unknown>> }
    'service.case.checked': CaseFact & { outcome: string }
    'service.case.correction-requested': CaseFact & { number: string; dueOn: Day | null; points: number }
    'service.case.corrected': CaseFact & { receivedOn: Day }
    'service.case.accepted': CaseFact & { deemed: boolean; acceptedOn: Day }
    'service.case.intake-refused': CaseFact & { status: CaseStatus; competentBody: string | null }
    'service.case.review-started': CaseFact & { branches: readonly string[] }
    'service.case.branch-ended': CaseFact & { branch: string; result: string }
    'service.case.suspended': CaseFact & { spanId: string; reason: string; from: Day; plannedUntil: Day }
    'service.case.resumed': CaseFact & { spanId: string; reason: string; on: Day }
    'service.visit.booked': CaseFact & { visitId: string; at: string }
    'service.visit.recorded': CaseFact & { visitId: string; passed: boolean; score: number | null }
    'service.case.decided': CaseFact & { outcome: Outcome }
    'service.notice.served': CaseFact & { numbers: readonly string[] }
    'service.case.delivered': CaseFact & { proof: string }
    'service.case.withdrawn': CaseFact
    'service.case.terminated': CaseFact
    'service.case.closed': CaseFact
  }
}

/** One look for one material (5). */
export interface ResolveStep {
  readonly code: string
  readonly way: string
  readonly outcome: 'found' | 'not-found' | 'skipped'
}

export function factOf({ id, applicationId, organisationId }: ItemCase, note?: string | null): CaseFact {
  const fact = { caseId: id, applicationId, organisationId }
  return note === undefined || note === null || note === '' ? fact : { ...fact, note }
}
