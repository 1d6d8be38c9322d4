import type { Context } from '../../core/context.ts'
import { authorize, definePermissions } from '../../core/policy.ts'

export const can = definePermissions('ingest', {
  /** Batches and their quarantine, for the department whose rows they are. */
  readBatch: { roles: ['data-steward'], ownOrganisation: true },
  loadBatch: { roles: ['data-steward'], ownOrganisation: true },
  /** Correct, explain and replay rejected rows of one's own department. */
  settleRow: { roles: ['data-steward'], ownOrganisation: true },
  /** Publish what a threshold stopped, as the second person. */
  overrideBatch: { roles: ['data-steward', 'directory-admin'], ownOrganisation: true },
  /** The platform's own operator, on the command line. */
  loadAnyBatch: { roles: ['system'] },
})

interface Owned {
  readonly organisationId: string
}

/** Batches and quarantine are seen by their own department, and by the platform itself. */
export async function maySee(ctx: Context, owned: Owned): Promise<boolean> {
  return (await ctx.policy.allows(ctx, can.loadAnyBatch)) || ctx.policy.allows(ctx, can.readBatch, owned)
}

/** Operators load for any department, stewards for their own. @throws POLICY_FORBIDDEN */
export async function authorizeLoad(ctx: Context, owned: Owned): Promise<void> {
  if (await ctx.policy.allows(ctx, can.loadAnyBatch)) return
  await authorize(ctx, can.loadBatch, owned)
}
