import type { Generated } from 'kysely'
import type { Audience } from './account.ts'

declare module '../database.ts' {
  interface Database {
    'core.account': {
      id: Generated<string>
      login: string
      personId: string
      audience: Audience
      passwordHash: string
      disabledAt: Date | null
      createdAt: Date
    }
    'core.session': {
      tokenSha256: string
      accountId: string
      organisationId: string | null
      createdAt: Date
      lastSeenAt: Date
      endedAt: Date | null
    }
    'core.loginAttempt': {
      loginSha256: string
      failures: number
      lastFailedAt: Date
      lockedUntil: Date | null
    }
  }
}
