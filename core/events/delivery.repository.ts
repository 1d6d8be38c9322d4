import type { Context, TransactionContext } from '../context.ts'
import type { DomainEvent } from '../events.ts'

export interface WaitingDelivery {
  readonly subscriber: string
  readonly attempts: number
  readonly event: DomainEvent
}

/** The oldest delivery that is due and that no other worker holds. */
export async function claim(
  ctx: TransactionContext,
  subscribers: readonly string[],
): Promise<WaitingDelivery | undefined> {
  if (subscribers.length === 0) return undefined
  const row = await ctx.db
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
    .where('delivery.subscriber', 'in', subscribers)
    .orderBy('delivery.eventId')
    .orderBy('delivery.subscriber')
    .limit(1)
    .forUpdate('delivery')
    .skipLocked()
    .executeTakeFirst()
  if (!row) return undefined
  const { subscriber, attempts, ...event } = row
  // The name and payload were written by emit, which types them together.
  return { subscriber, attempts, event: event as DomainEvent }
}

export async function complete(
  ctx: TransactionContext,
  { subscriber, event }: WaitingDelivery,
): Promise<void> {
  await ctx.db
    .updateTable('core.delivery')
    .set({ status: 'done', lastError: null })
    .where('eventId', '=', event.id)
    .where('subscriber', '=', subscriber)
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
