import type { Context } from '../context.ts'

declare module '../database.ts' {
  interface Database {
    'core.policyRule': {
      organisationId: string
      role: string
      permission: string
      effect: 'allow' | 'deny'
    }
    'core.policyVersion': { onlyRow: boolean; version: string }
  }
}

export interface PolicyRule {
  readonly role: string
  readonly permission: string
  readonly effect: 'allow' | 'deny'
}

export async function rulesOf(ctx: Context, organisationId: string): Promise<PolicyRule[]> {
  return ctx.db
    .selectFrom('core.policyRule')
    .select(['role', 'permission', 'effect'])
    .where('organisationId', '=', organisationId)
    .execute()
}

/** The version of all rules, asked once a request. */
export async function versions(ctx: Context, keys: readonly string[]): Promise<string[]> {
  const { version } = await ctx.db
    .selectFrom('core.policyVersion')
    .select('version')
    .executeTakeFirstOrThrow()
  return keys.map(() => version)
}
