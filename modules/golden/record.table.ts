import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { FormerName } from './former-name.ts'
import type { Finding } from './merging.ts'
import type { FieldDescription, FieldSource, StoredField } from './record.ts'
import type { MergeInput, RunStatus } from './run.ts'

/** Instants are texts inside a JSON document. */
export type JsonSource = Omit<FieldSource, 'asOfAt'> & { readonly asOfAt: string }
export type JsonField = Omit<StoredField, 'source' | 'runnersUp'> & {
  readonly source: JsonSource | null
  readonly runnersUp: readonly JsonSource[]
}

export type JsonFormerName = Omit<FormerName, 'source'> & { readonly source: JsonSource | null }

declare module '../../core/database.ts' {
  interface Database {
    'golden.mergeRun': {
      id: Generated<string>
      number: Generated<string>
      entity: 'legal-entity'
      status: RunStatus
      attempt: Generated<number>
      generation: string | number | null
      fingerprint: string | null
      inputs: JSONColumnType<MergeInput[], string | undefined>
      fields: JSONColumnType<FieldDescription[], string | undefined>
      overrides: JSONColumnType<string[], string | undefined>
      rulings: JSONColumnType<string[], string | undefined>
      nameHistory: Generated<boolean>
      findings: JSONColumnType<Finding[], string | undefined>
      records: number | null
      changed: number | null
      removed: number | null
      contentSha256: string | null
      errorCode: string | null
      requestedBy: string
      requestedAt: Date
      startedAt: Date | null
      heartbeatAt: Date | null
      endedAt: Date | null
    }
    'golden.served': {
      entity: 'legal-entity'
      generation: string | number
      runId: string | null
    }
    'golden.legalSource': {
      elementCode: string
      organisationId: string
      namedBy: string
      namedAt: Date
    }
    'golden.organisationRecord': {
      key: string
      since: string | number
      until: string | number | null
      name: string
      entities: number
      fields: JSONColumnType<JsonField[]>
      formerNames: JSONColumnType<JsonFormerName[]>
      search: ColumnType<string, string, string>
      asOfAt: Date
      mergeId: string
      contentSha256: string
    }
  }
}
