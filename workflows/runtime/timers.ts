import { actingAs, type Context, transaction } from '../../core/context.ts'
import type { Poller } from '../../core/jobs.ts'
import { actorOf, advance } from './advance.ts'
import * as due from './due.repository.ts'
import * as instances from './instance.repository.ts'
import { ENDLESS } from './save.parts.repository.ts'
import { stands } from './step/index.ts'

/** Timers are taken in small batches, so that a storm of them leaves room for people. */
const BATCH = 32
const LEASE_MS = 30_000

/** Fires due timers; each in a transaction of its own, so that one that fails leaves the others be. */
export const timerPoller: Poller = {
  name: 'workflow.timers',
  recover: due.releaseTimers,
  async poll(ctx, stopping) {
    const timers = await due.claimTimers(ctx, BATCH, LEASE_MS)
    for (const timer of timers) {
      if (stopping.aborted) break
      try {
        await fire(ctx, timer)
      } catch (error) {
        // Its lease runs out and it is tried again.
        ctx.log.error({ err: error, timer: timer.id, instance: timer.instanceId }, 'timer failed')
      }
    }
    return timers.length
  },
}

async function fire(ctx: Context, timer: due.DueTimer): Promise<void> {
  const { id, instanceId, token, node, dueAt, repeatLeft } = timer
  await transaction(ctx, async (ctx) => {
    const instance = await instances.lock(ctx, instanceId)
    if (!instance || !(await due.isArmed(ctx, id))) return
    if (!stands(instance.state, token)) return due.disarm(ctx, id)
    const left = repeatLeft === ENDLESS ? null : repeatLeft
    await advance(actingAs(ctx, actorOf(instance)), instance, {
      ...{ kind: 'timer', token, node, dueAt },
      ...(repeatLeft !== null && { left }),
    })
  })
}
