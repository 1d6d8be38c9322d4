import { randomUUID } from 'node:crypto'
import type { Context } from '../context.ts'
import { actingAs, transaction, type TransactionContext } from '../context.ts'
import type { Subscriber } from '../events.ts'
import type { Poller } from '../jobs.ts'
import { backoff } from '../jobs/backoff.ts'
import * as repository from './delivery.repository.ts'

/** After this many failures a delivery waits for an operator. */
const MAX_ATTEMPTS = 8

/** What a subscriber that takes many gets in one transaction. */
const MOST_AT_ONCE = 200

/**
 * Brings committed events to their subscribers in a transaction that also marks the deliveries done: one each, or
 * those that wait for a subscriber that takes many.
 */
export function deliveries(subscribers: readonly Subscriber[]): Poller {
  const byName = new Map(subscribers.map((subscriber) => [subscriber.name, subscriber]))
  const names = [...byName.keys()]

  /** Claims and runs; answers how many were done, and by themselves those left to be tried alone. */
  async function bring(ctx: Context, only?: repository.WaitingDelivery): Promise<Brought> {
    const claimed: repository.WaitingDelivery[] = []
    try {
      return await transaction(ctx, async (ctx) => {
        const delivery = await repository.claim(ctx, names, only)
        if (!delivery) return { done: 0, alone: [] }
        claimed.push(delivery)
        const subscriber = byName.get(delivery.subscriber)
        if (only === undefined && subscriber?.runAll)
          claimed.push(...(await repository.claimAfter(ctx, delivery, MOST_AT_ONCE - 1)))
        if (claimed.length > 1)
          await subscriber?.runAll?.(
            ctx,
            claimed.map(({ event }) => event),
          )
        else await subscriber?.run(contextOf(ctx, delivery), delivery.event)
        await repository.complete(ctx, claimed)
        return { done: claimed.length, alone: [] }
      })
    } catch (error) {
      const [first, ...others] = claimed
      if (!first) throw error
      if (others.length > 0) {
        ctx.log.warn(
          { err: error, subscriber: first.subscriber, deliveries: claimed.length },
          'deliveries failed',
        )
        return { done: 0, alone: claimed }
      }
      await postpone(ctx, first, error)
      return { done: 1, alone: [] }
    }
  }

  return {
    name: 'core.deliveries',
    async poll(ctx) {
      const { done, alone } = await bring(ctx)
      for (const delivery of alone) await bring(ctx, delivery)
      return done + alone.length
    },
  }
}

interface Brought {
  readonly done: number
  readonly alone: readonly repository.WaitingDelivery[]
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
