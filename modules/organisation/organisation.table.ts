import type { Generated, JSONColumnType } from 'kysely'
import type { Texts } from '../../core/errors.ts'
import type { OrganisationKind } from './organisation.ts'

declare module '../../core/database.ts' {
  interface Database {
    'organisation.organisation': {
      id: string
      name: JSONColumnType<Texts>
      kind: OrganisationKind
      parentId: string | null
      creditCode: string | null
      regionCode: string | null
      personId: string | null
      establishedAt: Date
    }
    'organisation.person': {
      id: Generated<string>
      name: JSONColumnType<Texts>
      registeredAt: Date
    }
    'organisation.membership': {
      personId: string
      organisationId: string
      roles: string[]
      employedAt: Date
      dismissedAt: Date | null
    }
  }
}
