import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import '../workflow.table.ts'

export interface Signal {
  readonly id: string
  readonly signal: string
  readonly payload: Record<string, unknown>
  /** Whose signal it is: an instance it starts is of this body. */
  readonly organisationId: string
  readonly onBehalfOf: string | null
  /** Ids of the last subscription it was delivered to, and of the last there was when it was sent. */
  readonly heardTo: string
  readonly hearsTo: string
}

const SIGNAL = [
  ...(['id', 'signal', 'payload', 'organisationId', 'onBehalfOf', 'heardTo', 'hearsTo'] as const),
] as const

/** The same `dedupKey` again is the same signal. Who begins to wait from now on does not hear it. */
export async function receive(
  ctx: TransactionContext,
  {
    signal,
    payload,
    organisationId,
    onBehalfOf,
    dedupKey,
  }: Omit<Signal, 'id' | 'heardTo' | 'hearsTo'> & {
    readonly dedupKey: string
  },
): Promise<void> {
  await ctx.db
    .insertInto('workflow.signal')
    .values((row) => ({
      ...{ signal, organisationId, onBehalfOf, dedupKey },
      payload: JSON.stringify(payload),
      hearsTo: row
        .selectFrom('workflow.subscription')
        .select(sql<string>`coalesce(max(id), 0)`.as('last'))
        .where('kind', '=', 'signal')
        .where('message', '=', signal),
      status: 'new',
      receivedAt: ctx.now(),
    }))
    .onConflict((conflict) => conflict.column('dedupKey').doNothing())
    .execute()
}

/** The oldest signal that is not delivered to everybody yet and that no other worker holds. */
export async function claim(ctx: TransactionContext): Promise<Signal | undefined> {
  return ctx.db
    .selectFrom('workflow.signal')
    .select(SIGNAL)
    .where('status', '=', 'new')
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
}

export interface Hearer {
  readonly id: string
  readonly instanceId: string
  readonly token: number
  readonly node: string
}

/** The next of those who wait, at most `limit`. An instance that is held hears nothing. */
export async function hearers(
  ctx: Context,
  { signal, heardTo, hearsTo }: Signal,
  limit: number,
): Promise<Hearer[]> {
  return ctx.db
    .selectFrom('workflow.subscription')
    .innerJoin('workflow.instance as instance', 'instance.id', 'workflow.subscription.instanceId')
    .select(['workflow.subscription.id', 'instanceId', 'token', 'node'])
    .where('kind', '=', 'signal')
    .where('message', '=', signal)
    .where('workflow.subscription.id', '>', heardTo)
    .where('workflow.subscription.id', '<=', hearsTo)
    .where('instance.suspendedAt', 'is', null)
    .orderBy('workflow.subscription.id')
    .limit(limit)
    .execute()
}

/** Where a held instance waits for it still: a migration gives a subscription another node, or ends it. */
export async function nodeOf(
  ctx: TransactionContext,
  { signal }: Signal,
  id: Hearer['id'],
): Promise<string | undefined> {
  const row = await ctx.db
    .selectFrom('workflow.subscription')
    .select('node')
    .where('id', '=', id)
    .where('message', '=', signal)
    .executeTakeFirst()
  return row?.node
}

/** It has been delivered as far as `heardTo`; with null to everybody. */
export async function mark(ctx: TransactionContext, id: string, heardTo: string | null): Promise<void> {
  await ctx.db
    .updateTable('workflow.signal')
    .set(heardTo === null ? { status: 'done' } : { heardTo })
    .where('id', '=', id)
    .execute()
}
