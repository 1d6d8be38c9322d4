import { type Context, transaction } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { type Connection, connection, type PageRequest, readCursor, rowsToRead } from '../../core/page.ts'
import { authorize } from '../../core/policy.ts'
import { childrenOf, organisationById } from '../organisation/index.ts'
import { administers, requireSeen } from './entry.access.ts'
import { bindEntry } from './entry.binding.ts'
import { labelsToday } from './entry.held.service.ts'
import { confirmed, isStranger, published, returned, reviewed, withdrawn } from './entry.life.ts'
import type { Entry, EntryStatus } from './entry.ts'
import * as repository from './entry.repository.ts'
import { can } from './policy.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'catalog.entry.moved': { entryId: string; code: string; organisationId: string; status: EntryStatus }
    'catalog.entry.confirmed': { entryId: string; code: string; organisationId: string }
  }
}

/**
 * The review of another person than its authors: an administrator of the directory of the provider itself, or
 * of the government above it.
 *
 * @throws CATALOG_ENTRY_NOT_FOUND, POLICY_FORBIDDEN, CATALOG_ENTRY_STATUS_UNFIT, CATALOG_ENTRY_SELF_REVIEWED
 */
export const reviewEntry = (ctx: Context, id: string): Promise<Entry> =>
  move(ctx, id, (entry) => reviewed(entry, ctx.actor.id))

/** Back to its author. @throws as {@link reviewEntry}, CATALOG_ENTRY_REMARK_MISSING */
export const returnEntry = (ctx: Context, id: string, remark: string): Promise<Entry> =>
  move(ctx, id, (entry) => returned(entry, ctx.actor.id, remark))

/**
 * @throws CATALOG_ENTRY_NOT_FOUND, POLICY_FORBIDDEN, CATALOG_ENTRY_STATUS_UNFIT, CATALOG_DATASET_FIELDS_UNMAPPED,
 * CATALOG_ENTRY_OPEN_REFUSED
 */
export const publishEntry = (ctx: Context, id: string): Promise<Entry> =>
  move(ctx, id, async (entry, ctx) =>
    published(entry, entry.open ? await labelsToday(ctx, entry) : [], ctx.now()),
  )

/** @throws CATALOG_ENTRY_NOT_FOUND, POLICY_FORBIDDEN, CATALOG_ENTRY_STATUS_UNFIT, CATALOG_ENTRY_REMARK_MISSING */
export const withdrawEntry = (ctx: Context, id: string, reason: string): Promise<Entry> =>
  move(ctx, id, (entry) => withdrawn(entry, reason))

/** What these states change of who uses a standard, and who may know. */
const MOVES_USE: readonly EntryStatus[] = ['published', 'withdrawn']

async function move(
  ctx: Context,
  id: string,
  decide: (entry: Entry, ctx: Context) => Entry | Promise<Entry>,
): Promise<Entry> {
  return transaction(ctx, async (ctx) => {
    const before = await requireSeen(ctx, id, await repository.lock(ctx, id))
    if (!(await administers(ctx, before.organisationId))) await authorize(ctx, can.reviewEntry, before)
    const after = await decide(before, ctx)
    await repository.update(ctx, after)
    if (MOVES_USE.includes(after.status)) await bindEntry(ctx, after)
    const { code, organisationId, status } = after
    await emit(ctx, 'catalog.entry.moved', { entryId: id, code, organisationId, status })
    return after
  })
}

/** The custodian's yearly word that the entry still holds. @throws as changeEntry of its rights and status */
export async function confirmEntry(ctx: Context, id: string): Promise<Entry> {
  return transaction(ctx, async (ctx) => {
    const before = await requireSeen(ctx, id, await repository.lock(ctx, id))
    await authorize(ctx, can.registerEntry, before)
    const after = confirmed(before, ctx.now())
    await repository.update(ctx, after)
    const { code, organisationId } = after
    await emit(ctx, 'catalog.entry.confirmed', { entryId: id, code, organisationId })
    return after
  })
}

/** The providers whose directory the actor administers. */
async function administered(ctx: Context): Promise<string[]> {
  const own = ctx.actor.organisationId
  const found = [own]
  if ((await organisationById(ctx, own)).kind !== 'government') return found
  for (let at = 0; at < found.length; at++)
    for (const child of await childrenOf(ctx, found[at] ?? own))
      if (child.kind === 'body') found.push(child.id)
  return found
}

export type EntryDesk = 'own' | 'to-review' | 'to-publish' | 'overdue' | 'closed'

/**
 * The lists of those who keep the directory, by code: what one's own organisation wrote; what waits for a
 * review or for publication, whose data is overdue, and what was taken out of the open directory, among the
 * providers that the actor administers.
 *
 * @throws POLICY_FORBIDDEN, GRAPHQL_PAGE_INVALID, GRAPHQL_CURSOR_INVALID
 */
export async function entryDesk(
  ctx: Context,
  { desk, ...page }: PageRequest & { readonly desk: EntryDesk },
): Promise<Connection<Entry>> {
  const after = readCursor(`entries ${desk}`, ['text'], page)
  const limit = rowsToRead(page)
  const isAdministrator = await ctx.policy.allows(ctx, can.reviewEntry, ctx.actor)
  // A custodian is told what of its own was closed; whoever administers, of all.
  const isOwn = desk === 'own' || (desk === 'closed' && !isAdministrator)
  await authorize(ctx, isOwn ? can.registerEntry : can.reviewEntry, ctx.actor)
  const organisationIds = isOwn ? [ctx.actor.organisationId] : await administered(ctx)
  const rows = await repository.list(ctx, {
    organisationIds,
    ...WANTED[desk],
    overdueAt: desk === 'overdue' ? ctx.now() : undefined,
    after: after && String(after[0]),
    limit,
  })
  return connection(`entries ${desk}`, rows, page, ({ code }) => [code])
}

const WANTED: Readonly<
  Record<EntryDesk, { readonly statuses?: readonly EntryStatus[]; readonly closedOnly?: boolean }>
> = {
  own: {},
  'to-review': { statuses: ['registered'] },
  'to-publish': { statuses: ['reviewed'] },
  overdue: { statuses: ['published'] },
  closed: { closedOnly: true },
}

/** Whether the actor may review it now: it administers the provider's directory and wrote nothing of it. */
export async function mayReviewEntry(ctx: Context, entry: Entry): Promise<boolean> {
  return isStranger(entry, ctx.actor.id) && administers(ctx, entry.organisationId)
}
