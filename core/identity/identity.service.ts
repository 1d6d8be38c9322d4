import { createHash, randomBytes } from 'node:crypto'
import { type Context, transaction } from '../context.ts'
import { emit, recordAccess } from '../events.ts'
import {
  type Account,
  afterFailure,
  type Audience,
  checkLogin,
  errors,
  lockedMinutes,
  type Session,
  stands,
} from './account.ts'
import * as repository from './identity.repository.ts'
import { checkPassword, hashPassword, matches, matchesNothing } from './password.ts'

declare module '../events.ts' {
  interface EventMap {
    'core.account.opened': { accountId: string; personId: string; audience: Audience }
    'core.account.password-changed': { accountId: string }
    'core.account.disabled': { accountId: string }
    'core.account.unlocked': { accountId: string }
  }
}

/** How often a session in use is written back; far below the shortest idle limit. */
const TOUCH_MS = 60_000
const KEPT_MS = 24 * 3_600_000

export interface NewAccount {
  readonly login: string
  readonly password: string
  readonly personId: string
  readonly audience: Audience
}

/**
 * Opens the account of a person. Who may do so is the caller's question.
 *
 * @throws IDENTITY_LOGIN_INVALID, IDENTITY_PASSWORD_WEAK, IDENTITY_LOGIN_TAKEN
 */
export async function openAccount(ctx: Context, account: NewAccount): Promise<Account> {
  const { login, password, personId, audience } = account
  checkLogin(login)
  checkPassword(login, password)
  const passwordHash = await hashPassword(password)
  return transaction(ctx, async (ctx) => {
    const opened = await repository.insertAccount(ctx, {
      login,
      personId,
      audience,
      passwordHash,
      disabledAt: null,
    })
    if (!opened) throw errors.LOGIN_TAKEN({ login })
    await emit(ctx, 'core.account.opened', { accountId: opened.id, personId, audience })
    return opened
  })
}

export interface SignIn {
  readonly login: string
  readonly password: string
  /** The organisation the person wants to act for. */
  readonly organisationId?: string | undefined
  /** A session the browser still holds; it ends, so that no id outlives a login (SES1). */
  readonly replaces?: string | undefined
}

/** Makes sure the person may act for the organisation asked for; called with the password already right. */
type Admit = (account: Account, organisationId: string | undefined) => Promise<void>

/**
 * Answers the token of a new session; only its digest is kept. A failure is counted whether or not the
 * login exists, and takes as long.
 *
 * @throws IDENTITY_LOGIN_REFUSED, IDENTITY_ACCOUNT_LOCKED, and what `admit` throws
 */
export async function signIn(
  ctx: Context,
  attempt: SignIn,
  admit: Admit = async () => {},
): Promise<{ token: string; account: Account }> {
  const login = attempt.login.toLowerCase()
  const loginSha256 = digest(login)
  const minutes = lockedMinutes(await repository.findAttempts(ctx, loginSha256), ctx.now())
  if (minutes > 0) throw errors.ACCOUNT_LOCKED({ minutes })

  const found = await repository.credentialsOf(ctx, login)
  const right = found
    ? await matches(attempt.password, found.passwordHash)
    : await matchesNothing(attempt.password)
  if (!found || !right || found.disabledAt !== null) return refuse(ctx, loginSha256)

  const { passwordHash: _, ...account } = found
  await admit(account, attempt.organisationId)
  const token = randomBytes(32).toString('base64url')
  await transaction(ctx, async (ctx) => {
    const now = ctx.now()
    // Guesses sent all at once passed the check above before the failures among them were counted.
    const minutes = lockedMinutes(await repository.lockAttempts(ctx, loginSha256), now)
    if (minutes > 0) throw errors.ACCOUNT_LOCKED({ minutes })
    await repository.sweep(ctx, new Date(now.getTime() - KEPT_MS))
    await repository.clearAttempts(ctx, loginSha256)
    if (attempt.replaces !== undefined) await repository.endSession(ctx, digest(attempt.replaces))
    await repository.insertSession(ctx, {
      tokenSha256: digest(token),
      accountId: account.id,
      organisationId: attempt.organisationId ?? null,
      createdAt: now,
      lastSeenAt: now,
      endedAt: null,
    })
    const actor = { id: account.personId, organisationId: attempt.organisationId ?? 'none', roles: [] }
    await recordAccess({ ...ctx, actor }, { kind: 'login', subject: 'core.session' })
  })
  return { token, account }
}

/** Counts in a transaction of its own and refuses after it: a rollback would forget the failure. */
async function refuse(ctx: Context, loginSha256: string): Promise<never> {
  const attempts = await transaction(ctx, async (ctx) => {
    const counted = afterFailure(await repository.lockAttempts(ctx, loginSha256), ctx.now())
    await repository.saveAttempts(ctx, loginSha256, counted)
    return counted
  })
  ctx.log.warn(
    { requestId: ctx.requestId, login: loginSha256.slice(0, 12), failures: attempts.failures },
    'sign-in refused',
  )
  throw errors.LOGIN_REFUSED()
}

/**
 * The session and account a token stands for, and notes that it is in use.
 *
 * @throws IDENTITY_TOKEN_INVALID for what was never a token, IDENTITY_SESSION_ENDED for a session that is over
 */
export async function resume(ctx: Context, token: string): Promise<{ session: Session; account: Account }> {
  if (!/^[\w-]{43}$/.test(token)) throw errors.TOKEN_INVALID()
  const found = await repository.findSession(ctx, digest(token))
  if (!found) throw errors.TOKEN_INVALID()

  const { session, account } = found
  const now = ctx.now()
  if (account.disabledAt !== null || !stands(session, account.audience, now)) throw errors.SESSION_ENDED()
  if (now.getTime() - session.lastSeenAt.getTime() >= TOUCH_MS)
    await repository.touchSession(ctx, session.tokenSha256)
  return found
}

/** Ends the session of a token; ending one twice, or none, is no error. */
export async function signOut(ctx: Context, token: string): Promise<void> {
  await repository.endSession(ctx, digest(token))
}

/** Ends every session of the account, on all nodes (SES2). @throws IDENTITY_LOGIN_REFUSED, IDENTITY_PASSWORD_WEAK */
export async function changePassword(
  ctx: Context,
  login: string,
  password: { readonly current: string; readonly next: string },
): Promise<void> {
  const found = await repository.credentialsOf(ctx, login)
  if (!found || !(await matches(password.current, found.passwordHash))) return refuse(ctx, digest(login))
  checkPassword(login, password.next)
  const passwordHash = await hashPassword(password.next)
  await transaction(ctx, async (ctx) => {
    await repository.updateAccount(ctx, found.id, { passwordHash })
    await repository.endSessionsOf(ctx, found.id)
    await emit(ctx, 'core.account.password-changed', { accountId: found.id })
  })
}

/** Who may do so is the caller's question. */
export async function disable(ctx: Context, accountId: string): Promise<void> {
  await transaction(ctx, async (ctx) => {
    await repository.updateAccount(ctx, accountId, { disabledAt: ctx.now() })
    await repository.endSessionsOf(ctx, accountId)
    await emit(ctx, 'core.account.disabled', { accountId })
  })
}

/** Clears the lock of too many failures. Who may do so is the caller's question. */
export async function unlock(ctx: Context, login: string): Promise<void> {
  const found = await repository.credentialsOf(ctx, login)
  if (!found) return
  await transaction(ctx, async (ctx) => {
    await repository.clearAttempts(ctx, digest(login))
    await emit(ctx, 'core.account.unlocked', { accountId: found.id })
  })
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex')
