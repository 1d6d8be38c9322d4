import type { Context, TransactionContext } from '../context.ts'
import type { DomainEvent } from '../events.ts'

export interface WaitingDelivery {
  readonly subscriber: string
  readonly attempts: number
  readonly event: DomainEvent
}

/** The oldest delivery that is due and that no other worker holds; or `only` that one, if it is so still. */
export async function claim(
  ctx: TransactionContext,
  subscribers: readonly string[],
  only?: WaitingDelivery,
): Promise<WaitingDelivery | undefined> {
  if (subscribers.length === 0) return undefined
  let query = due(ctx).where('delivery.subscriber', 'in', subscribers).limit(1)
  if (only)
    query = query
      .where('delivery.eventId', '=', only.event.id)
      .where('delivery.subscriber', '=', only.subscriber)
  const row = await query.executeTakeFirst()
  return row && waitingOf(row)
}

/** Those after `first` that are due for the same subscriber and that no other worker holds, the oldest first. */
export async function claimAfter(
  ctx: TransactionContext,
  { subscriber, event }: WaitingDelivery,
  limit: number,
): Promise<WaitingDelivery[]> {
  const rows = await due(ctx)
    .where('delivery.subscriber', '=', subscriber)
    .where('delivery.eventId', '>', event.id)
    .limit(limit)
    .execute()
  return rows.map(waitingOf)
}

const due = (ctx: TransactionContext) =>
  ctx.db
    .selectFrom('core.delivery as delivery')
    .innerJoin('core.event as event', 'event.id', 'delivery.eventId')
    .select([
      'delivery.subscriber',
      'delivery.attempts',
      'event.id',
      'event.name',
      'event.payload',
      'event.actorId',
      'event.organisationId',
      'event.onBehalfOf',
      'event.occurredAt',
    ])
    .where('delivery.status', '=', 'waiting')
    .where('delivery.runAfter', '<=', ctx.now())
    .orderBy('delivery.eventId')
    .orderBy('delivery.subscriber')
    .forUpdate('delivery')
    .skipLocked()

function waitingOf({
  subscriber,
  attempts,
  ...event
}: { subscriber: string; attempts: number } & Omit<DomainEvent, 'name' | 'payload'> & {
    name: string
    payload: object
  }): WaitingDelivery {
  // The name and payload were written by emit, which types them together.
  return { subscriber, attempts, event: event as DomainEvent }
}

/** Marks deliveries of one subscriber done. */
export async function complete(
  ctx: TransactionContext,
  deliveries: readonly WaitingDelivery[],
): Promise<void> {
  const [first] = deliveries
  if (!first) return
  await ctx.db
    .updateTable('core.delivery')
    .set({ status: 'done', lastError: null })
    .where(
      'eventId',
      'in',
      deliveries.map(({ event }) => event.id),
    )
    .where('subscriber', '=', first.subscriber)
    .execute()
}

/** Leaves a delivery alone that another node has completed meanwhile. */
export async function postpone(
  ctx: Context,
  { subscriber, event }: WaitingDelivery,
  state: { status: 'waiting' | 'failed'; runAfter: Date; lastError: string },
): Promise<void> {
  await ctx.db
    .updateTable('core.delivery')
    .set((row) => ({ ...state, attempts: row('attempts', '+', 1) }))
    .where('eventId', '=', event.id)
    .where('subscriber', '=', subscriber)
    .where('status', '=', 'waiting')
    .execute()
}
