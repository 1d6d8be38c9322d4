import type { Context, TransactionContext } from '../context.ts'
import type { Account, Attempts, Session } from './account.ts'
import './identity.table.ts'

const ACCOUNT = ['id', 'login', 'personId', 'audience', 'disabledAt'] as const

type Credentials = Account & { readonly passwordHash: string }

/** Answers undefined when the login is taken. */
export async function insertAccount(
  ctx: TransactionContext,
  account: Omit<Credentials, 'id'>,
): Promise<Account | undefined> {
  return ctx.db
    .insertInto('core.account')
    .values({ ...account, createdAt: ctx.now() })
    .onConflict((conflict) => conflict.column('login').doNothing())
    .returning(ACCOUNT)
    .executeTakeFirst()
}

export async function credentialsOf(ctx: Context, login: string): Promise<Credentials | undefined> {
  return ctx.db
    .selectFrom('core.account')
    .select([...ACCOUNT, 'passwordHash'])
    .where('login', '=', login)
    .executeTakeFirst()
}

export async function findAccountOfPerson(ctx: Context, personId: string): Promise<Account | undefined> {
  return ctx.db.selectFrom('core.account').select(ACCOUNT).where('personId', '=', personId).executeTakeFirst()
}

export async function anyAccount(ctx: Context): Promise<boolean> {
  return (await ctx.db.selectFrom('core.account').select('id').limit(1).executeTakeFirst()) !== undefined
}

export async function updateAccount(
  ctx: TransactionContext,
  id: string,
  change: { readonly passwordHash?: string; readonly disabledAt?: Date | null },
): Promise<void> {
  await ctx.db.updateTable('core.account').set(change).where('id', '=', id).execute()
}

export async function findAttempts(ctx: Context, loginSha256: string): Promise<Attempts | undefined> {
  return ctx.db
    .selectFrom('core.loginAttempt')
    .select(['failures', 'lastFailedAt', 'lockedUntil'])
    .where('loginSha256', '=', loginSha256)
    .executeTakeFirst()
}

/** Reads the count and holds it, making the row first, so that parallel failures are all counted. */
export async function lockAttempts(
  ctx: TransactionContext,
  loginSha256: string,
): Promise<Attempts | undefined> {
  const made = await ctx.db
    .insertInto('core.loginAttempt')
    .values({ loginSha256, failures: 0, lastFailedAt: ctx.now(), lockedUntil: null })
    .onConflict((conflict) => conflict.column('loginSha256').doNothing())
    .returning('failures')
    .executeTakeFirst()
  if (made) return undefined
  return ctx.db
    .selectFrom('core.loginAttempt')
    .select(['failures', 'lastFailedAt', 'lockedUntil'])
    .where('loginSha256', '=', loginSha256)
    .forUpdate()
    .executeTakeFirst()
}

export async function saveAttempts(
  ctx: TransactionContext,
  loginSha256: string,
  attempts: Attempts,
): Promise<void> {
  await ctx.db.updateTable('core.loginAttempt').set(attempts).where('loginSha256', '=', loginSha256).execute()
}

export async function clearAttempts(ctx: Context, loginSha256: string): Promise<void> {
  await ctx.db.deleteFrom('core.loginAttempt').where('loginSha256', '=', loginSha256).execute()
}

export async function insertSession(ctx: TransactionContext, session: Session): Promise<void> {
  await ctx.db.insertInto('core.session').values(session).execute()
}

export async function findSession(
  ctx: Context,
  tokenSha256: string,
): Promise<{ session: Session; account: Account } | undefined> {
  const row = await ctx.db
    .selectFrom('core.session')
    .innerJoin('core.account', 'core.account.id', 'core.session.accountId')
    .select(['tokenSha256', 'accountId', 'organisationId', 'core.session.createdAt', 'lastSeenAt', 'endedAt'])
    .select(['core.account.id', 'login', 'personId', 'audience', 'disabledAt'])
    .where('tokenSha256', '=', tokenSha256)
    .executeTakeFirst()
  if (!row) return undefined
  const { id, login, personId, audience, disabledAt, ...session } = row
  return { session, account: { id, login, personId, audience, disabledAt } }
}

export async function touchSession(ctx: Context, tokenSha256: string): Promise<void> {
  await ctx.db
    .updateTable('core.session')
    .set({ lastSeenAt: ctx.now() })
    .where('tokenSha256', '=', tokenSha256)
    .where('endedAt', 'is', null)
    .execute()
}

export async function endSession(ctx: Context, tokenSha256: string): Promise<void> {
  await ctx.db
    .updateTable('core.session')
    .set({ endedAt: ctx.now() })
    .where('tokenSha256', '=', tokenSha256)
    .where('endedAt', 'is', null)
    .execute()
}

export async function endSessionsOf(ctx: TransactionContext, accountId: string): Promise<void> {
  await ctx.db
    .updateTable('core.session')
    .set({ endedAt: ctx.now() })
    .where('accountId', '=', accountId)
    .where('endedAt', 'is', null)
    .execute()
}

/** Forgets what ended before `before`: it could only be answered as ended, and unknown looks the same to a person. */
export async function sweep(ctx: TransactionContext, before: Date): Promise<void> {
  await ctx.db.deleteFrom('core.session').where('createdAt', '<', before).execute()
  await ctx.db.deleteFrom('core.loginAttempt').where('lastFailedAt', '<', before).execute()
}
