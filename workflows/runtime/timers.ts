import { actingAs, type Context, transaction } from '../../core/context.ts'
import type { Poller } from '../../core/jobs.ts'
import { actorOf, advance } from './advance.ts'
import * as due from './due.repository.ts'
import * as instances from './instance.repository.ts'
import { ENDLESS } from './save.parts.repository.ts'
import { type StepCommand, stands } from './step/index.ts'
import { MOST_TOGETHER, stepTogether } from './group-commit.ts'

const LEASE_MS = 30_000

/**
 * Fires due timers: those of different instances in one commit, and by itself each that could not be among them,
 * so that one that fails leaves the others be. One batch at a time, so that a storm leaves room for people.
 */
export const timerPoller: Poller = {
  name: 'workflow.timers',
  recover: due.releaseTimers,
  async poll(ctx, stopping) {
    const timers = await due.claimTimers(ctx, MOST_TOGETHER, LEASE_MS)
    for (const timer of await fireTogether(ctx, timers)) {
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

/** Answers those that are left to be fired alone: one of each instance is fired here. */
async function fireTogether(ctx: Context, timers: readonly due.DueTimer[]): Promise<due.DueTimer[]> {
  if (timers.length < 2) return [...timers]
  const byInstance = new Map<string, due.DueTimer>()
  for (const timer of timers) if (!byInstance.has(timer.instanceId)) byInstance.set(timer.instanceId, timer)
  try {
    const held = await due.armedWithInstances(ctx, [...byInstance.values()])
    const asked = held.flatMap(({ timer, instance }) =>
      stands(instance.state, timer.token)
        ? [{ timer, ctx: actingAs(ctx, actorOf(instance)), instance, command: commandOf(timer) }]
        : [],
    )
    const saved = await stepTogether(ctx, asked)
    const fired = new Set(asked.filter((_, place) => saved[place]).map(({ timer }) => timer.id))
    if (fired.size > 0) ctx.wake()
    return timers.filter(({ id }) => !fired.has(id))
  } catch (error) {
    ctx.log.warn({ err: error, timers: timers.length }, 'timers failed together')
    return [...timers]
  }
}

function commandOf({ token, node, dueAt, repeatLeft }: due.DueTimer): StepCommand {
  const left = repeatLeft === ENDLESS ? null : repeatLeft
  return { ...{ kind: 'timer', token, node, dueAt }, ...(repeatLeft !== null && { left }) }
}

async function fire(ctx: Context, timer: due.DueTimer): Promise<void> {
  await transaction(ctx, async (ctx) => {
    const instance = await instances.lock(ctx, timer.instanceId)
    if (!instance || !(await due.isArmed(ctx, timer.id))) return
    if (!stands(instance.state, timer.token)) return due.disarm(ctx, timer.id)
    await advance(actingAs(ctx, actorOf(instance)), instance, commandOf(timer))
  })
}
