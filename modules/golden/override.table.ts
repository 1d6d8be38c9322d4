import type { ColumnType, Generated } from 'kysely'
import type { Texts } from '../../core/errors.ts'
import type { OrderAnswer } from './correction-order.ts'
import type { OverrideStatus } from './override.ts'

declare module '../../core/database.ts' {
  interface Database {
    'golden.override': {
      id: Generated<string>
      number: Generated<string>
      key: string
      name: string
      field: string
      elementCode: string
      label: ColumnType<Texts, string, never>
      personal: boolean
      value: string
      reason: string
      basis: string
      evidence: string
      expiresOn: string
      status: OverrideStatus
      organisationId: string
      requestedBy: string
      requestedAt: Date
      confirmedBy: string | null
      confirmedAt: Date | null
      withdrawalAskedBy: string | null
      withdrawalAskedAt: Date | null
      withdrawnBy: string | null
      withdrawnAt: Date | null
    }
    'golden.correctionOrder': {
      id: Generated<string>
      number: Generated<string>
      overrideId: string
      organisationId: string
      openedAt: Date
      answer: OrderAnswer | null
      answerText: string | null
      answeredBy: string | null
      answeredAt: Date | null
    }
  }
}
