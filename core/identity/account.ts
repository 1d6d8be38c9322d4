import { defineErrors } from '../errors.ts'

export const errors = defineErrors('IDENTITY', {
  TOKEN_INVALID: {
    kind: 'unauthenticated',
    zh: '请先登录',
    en: 'Please sign in first',
  },
  SESSION_ENDED: {
    kind: 'unauthenticated',
    zh: '登录已结束，请重新登录',
    en: 'Your session has ended; please sign in again',
  },
  LOGIN_REFUSED: {
    kind: 'unauthenticated',
    zh: '账号或口令不正确',
    en: 'The login or the password is not right',
  },
  ACCOUNT_LOCKED: {
    kind: 'unavailable',
    status: 429,
    zh: '登录失败次数过多，请在{minutes}分钟后再试',
    en: 'Too many failed sign-ins; try again in {minutes} minutes',
  },
  LOGIN_INVALID: {
    kind: 'invalid',
    zh: '账号须为2至64位小写字母、数字、点、下划线或连字符',
    en: 'A login is 2 to 64 lower-case letters, digits, dots, underscores or hyphens',
  },
  LOGIN_TAKEN: {
    kind: 'conflict',
    zh: '账号“{login}”已被使用',
    en: 'The login “{login}” is taken',
  },
  PASSWORD_WEAK: {
    kind: 'invalid',
    zh: '口令至少{length}位，且不能是常见口令或包含账号',
    en: 'A password has at least {length} characters, is not a common one and does not hold the login',
  },
})

/** Decides how long a session may idle: 15 minutes for staff, 30 for citizens and enterprises (SES1). */
export type Audience = 'staff' | 'public'

export interface Account {
  readonly id: string
  readonly login: string
  readonly personId: string
  readonly audience: Audience
  readonly disabledAt: Date | null
}

export interface Session {
  readonly tokenSha256: string
  readonly accountId: string
  /** The organisation chosen at sign-in; null for the person's only or first one. */
  readonly organisationId: string | null
  readonly createdAt: Date
  readonly lastSeenAt: Date
  readonly endedAt: Date | null
}

export interface Attempts {
  readonly failures: number
  readonly lastFailedAt: Date
  readonly lockedUntil: Date | null
}

const MINUTE_MS = 60_000
const IDLE_MS: Record<Audience, number> = { staff: 15 * MINUTE_MS, public: 30 * MINUTE_MS }
const ABSOLUTE_MS = 8 * 60 * MINUTE_MS
const LOCK_MS = 15 * MINUTE_MS
const MAX_FAILURES = 5

/** Whether a session still stands at `now` (SES1, ASVS 7.3). */
export function stands(session: Session, audience: Audience, now: Date): boolean {
  if (session.endedAt !== null) return false
  return (
    now.getTime() - session.lastSeenAt.getTime() < IDLE_MS[audience] &&
    now.getTime() - session.createdAt.getTime() < ABSOLUTE_MS
  )
}

/** How long the sign-in of this login is refused, in minutes rounded up; 0 when it is not. */
export function lockedMinutes(attempts: Attempts | undefined, now: Date): number {
  const remaining = (attempts?.lockedUntil?.getTime() ?? 0) - now.getTime()
  return Math.max(0, Math.ceil(remaining / MINUTE_MS))
}

/** The count after one more failure: the fifth within 15 minutes of the last one locks for 15 minutes (AUT2). */
export function afterFailure(attempts: Attempts | undefined, now: Date): Attempts {
  const fresh = attempts === undefined || now.getTime() - attempts.lastFailedAt.getTime() >= LOCK_MS
  const failures = fresh ? 1 : attempts.failures + 1
  const lockedUntil = failures >= MAX_FAILURES ? new Date(now.getTime() + LOCK_MS) : null
  return { failures, lastFailedAt: now, lockedUntil }
}

/** @throws IDENTITY_LOGIN_INVALID */
export function checkLogin(login: string): void {
  if (!/^[a-z0-9][a-z0-9._-]{1,63}$/.test(login)) throw errors.LOGIN_INVALID()
}
