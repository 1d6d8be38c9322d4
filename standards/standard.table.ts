import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Day } from '../core/day.ts'
import type { Texts } from '../core/errors.ts'
import type { Precision, Successor } from './codelist.ts'
import type { UserKind } from './dependency.ts'
import type { Binding, StandardKind, StandardStatus } from './standard.ts'

declare module '../core/database.ts' {
  interface Database {
    'standards.standard': {
      id: Generated<string>
      kind: StandardKind
      code: string
      version: string
      status: StandardStatus
      organisationId: string
      draftedBy: string
      editedBy: ColumnType<string[], readonly string[], readonly string[]>
      submittedBy: string | null
      approvedBy: string | null
      draftedAt: Date
      publishedAt: Date | null
      remark: string | null
      inForceFrom: Day | null
      inForceTo: Day | null
      retroactiveBasis: string | null
      replacedBy: string | null
      endedBecause: string | null
      deprecatedAt: Date | null
      retiredAt: Date | null
      revision: number
      reviewId: string | null
      content: JSONColumnType<object>
      search: ColumnType<string, unknown, unknown>
    }
    'standards.dependency': {
      userKind: UserKind
      userId: string
      standardId: string | null
      userCode: string
      userVersion: string
      userName: JSONColumnType<Texts>
      organisationId: string
      current: boolean
      place: string
      usedKind: Binding['kind']
      usedCode: string
      usedRange: string | null
      historical: boolean
      /** Null for all codes. */
      usedValues: ColumnType<string[] | null, string | null, string | null>
      /** Null for everybody. */
      readers: string[] | null
    }
    'standards.codeValue': {
      listId: string
      code: string
      parent: string | null
      level: number
      ordinal: number
      name: JSONColumnType<Texts>
      spellings: string[]
      owner: string | null
      validFrom: Day | null
      validTo: Day | null
      precision: Precision
      definition: string | null
      includes: string | null
      excludes: string | null
      successors: JSONColumnType<readonly Successor[]>
      search: ColumnType<string, unknown, unknown>
    }
    'standards.pack': {
      id: string
      sha256: string
      loadedAt: Date
    }
  }
}
