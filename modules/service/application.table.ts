import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Texts } from '../../core/errors.ts'
import type { Receipt } from './application.ts'
import type { Answers } from './form.ts'
import type { QuestionAnswers } from './scenario.ts'

declare module '../../core/database.ts' {
  interface Database {
    'service.application': {
      id: Generated<string>
      number: string | null
      itemId: string
      itemVersionId: string
      applicantId: string
      draftedBy: string
      status: 'draft' | 'submitted' | 'expired'
      version: number
      questions: JSONColumnType<QuestionAnswers>
      scenarioId: string
      answers: JSONColumnType<Answers>
      prefillNotice: ColumnType<Texts | null, string | null, string | null>
      receipt: ColumnType<Receipt | null, string | null, string | null>
      createdAt: Date
      editedAt: Date
      expiresAt: Date
      submittedAt: Date | null
      submittedBy: string | null
    }
  }
}
