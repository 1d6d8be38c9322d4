import { randomUUID } from 'node:crypto'
import type { Context } from '../context.ts'
import { actingAs, transaction, type TransactionContext } from '../context.ts'
import type { Subscriber } from '../events.ts'
import type { Poller } from '../jobs.ts'
import { backoff } from '../jobs/backoff.ts'
import * as repository from './delivery.repository.ts'

/** After this many failures a delivery waits for an operator. */
const MAX_ATTEMPTS = 8

/** Brings committed events to their subscribers: one transaction a delivery, which also marks it done. */
export function deliveries(subscribers: readonly Subscriber[]): Poller {
  const byName = new Map(subscribers.map((subscriber) => [subscriber.name, subscriber]))
  return {
    name: 'core.deliveries',
    async poll(ctx) {
      const claimed: { delivery?: repository.WaitingDelivery } = {}
      try {
        return await transaction(ctx, async (ctx) => {
          const delivery = await repository.claim(ctx, [...byName.keys()])
          if (!delivery) return 0
          claimed.delivery = delivery
          const subscriber = byName.get(delivery.subscriber)
          await subscriber?.run(contextOf(ctx, delivery), delivery.event)
          await repository.complete(ctx, delivery)
          return 1
        })
      } catch (error) {
        if (!claimed.delivery) throw error
        await postpone(ctx, claimed.delivery, error)
        return 1
      }
    },
  }
}

function contextOf(ctx: TransactionContext, { subscriber, event }: repository.WaitingDelivery) {
  return {
    ...actingAs(ctx, {
      id: `system:${subscriber}`,
      organisationId: event.organisationId,
      roles: ['system'],
      onBehalfOf: event.onBehalfOf ?? event.actorId,
    }),
    requestId: `event:${event.id}:${randomUUID()}`,
  }
}

async function postpone(ctx: Context, delivery: repository.WaitingDelivery, error: unknown): Promise<void> {
  const { subscriber, event, attempts } = delivery
  ctx.log.error({ err: error, subscriber, event: event.name, eventId: event.id }, 'delivery failed')
  await repository.postpone(ctx, delivery, {
    status: attempts + 1 >= MAX_ATTEMPTS ? 'failed' : 'waiting',
    runAfter: backoff(ctx.now(), attempts),
    lastError: error instanceof Error ? error.message : String(error),
  })
}
