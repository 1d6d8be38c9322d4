import type { Context } from '../../core/context.ts'
import { governmentOf } from '../organisation/index.ts'
import { type Entry, errors } from './entry.ts'
import { can } from './policy.ts'

/** The entry, as one that is not there to whoever may not see it. @throws CATALOG_ENTRY_NOT_FOUND */
export async function requireSeen(ctx: Context, id: string, found: Entry | undefined): Promise<Entry> {
  if (found && (await maySee(ctx, found))) return found
  throw errors.ENTRY_NOT_FOUND({ id })
}

async function maySee(ctx: Context, entry: Entry): Promise<boolean> {
  if (entry.status === 'published' && (entry.open || (await ctx.policy.allows(ctx, can.readEntry))))
    return true
  return (await mayWriteEntry(ctx, entry)) || administers(ctx, entry.organisationId)
}

/** Who answers for an entry, and what was said of it, is for the offices. */
export const maySeePersons = (ctx: Context): Promise<boolean> => ctx.policy.allows(ctx, can.readEntry)

export const mayWriteEntry = (ctx: Context, entry: Pick<Entry, 'organisationId'>): Promise<boolean> =>
  ctx.policy.allows(ctx, can.registerEntry, entry)

/** Whether the actor administers the directory of a provider: its own, or one under its own government. */
export async function administers(ctx: Context, organisationId: string): Promise<boolean> {
  if (await ctx.policy.allows(ctx, can.reviewEntry, { organisationId })) return true
  if (!(await ctx.policy.allows(ctx, can.reviewEntry, ctx.actor))) return false
  return (await governmentOf(ctx, organisationId))?.id === ctx.actor.organisationId
}
