import { setTimeout as pause } from 'node:timers/promises'
import { SERVER } from '../support/database.ts'
import { timer } from '../workflows/models.ts'
import { openProcessWorld, type ProcessWorld } from '../workflows/process-world.ts'
import { chainOf, completed, instancesOf, openTasks, percentile, processOf } from './process-desk.ts'
import type { BenchRow } from './row.ts'

const TIMERS = 1_000_000
/** Clerks who complete a task and think. */
const CLERKS = 8
const THOUGHT_MS = 100
const WINDOW_MS = 20_000

/**
 * A million timers of a million instances fall due at the same moment, as at the end of a legal day. The node's
 * workers fire them while clerks work through the same node: their p99 beside what it was before.
 */
export async function timers(): Promise<BenchRow[]> {
  const asked = process.argv.find((argument) => argument.startsWith('--timers='))?.slice('--timers='.length)
  const count = Number(asked ?? (SERVER === undefined ? 10_000 : TIMERS))
  const world = await openProcessWorld()
  try {
    // Enough for both windows, were each completion instant.
    await instancesOf(world, 'desk', chainOf('desk', 1), (2 * CLERKS * WINDOW_MS) / THOUGHT_MS)
    const late = `<intermediateCatchEvent id="t">${timer('P30D')}</intermediateCatchEvent>`
    const began = performance.now()
    await instancesOf(world, 'late', processOf('late', ['t'], late), count)
    const armedIn = (performance.now() - began) / 1000
    const alone = await clerks(world)

    world.advance(31 * 86_400_000)
    const firedBefore = await fired(world)
    world.kernel.startWorkers()
    const storm = await clerks(world)
    const firedNow = (await fired(world)) - firedBefore
    await world.kernel.stopWorkers()
    const left = await armed(world)
    if (left === 0) process.stderr.write('process: the timers were all fired before the window ended\n')
    return [
      { name: 'timers armed, by SQL, of as many instances', value: count, unit: 'timers' },
      { name: 'which took', value: Math.round(armedIn), unit: 's' },
      {
        name: `timers fired in batches of one node while ${CLERKS} clerks work`,
        value: Math.round(firedNow / (WINDOW_MS / 1000)),
        unit: '/s',
      },
      {
        name: 'completion of a clerk, p99, while they are fired',
        value: percentile(storm, 0.99),
        unit: 'ms',
        reference: 'the same clerks before they fell due',
        referenceValue: percentile(alone, 0.99),
        ratio: percentile(storm, 0.99) / percentile(alone, 0.99),
        target: '< 200 ms',
      },
      {
        name: 'the same, p50',
        value: percentile(storm, 0.5),
        unit: 'ms',
        reference: 'the same clerks before they fell due',
        referenceValue: percentile(alone, 0.5),
        ratio: percentile(storm, 0.5) / percentile(alone, 0.5),
      },
      { name: 'completions meanwhile', value: storm.length, unit: 'tasks' },
    ]
  } finally {
    await world.close()
  }
}

/** The latencies of what clerks complete within the window, in milliseconds. */
async function clerks(world: ProcessWorld): Promise<number[]> {
  const until = performance.now() + WINDOW_MS
  const open = await openTasks(world, (CLERKS * WINDOW_MS) / THOUGHT_MS)
  const latencies: number[] = []
  await Promise.all(
    Array.from({ length: CLERKS }, async () => {
      for (let next = open.pop(); next && performance.now() < until; next = open.pop()) {
        latencies.push(await completed(world, next))
        await pause(THOUGHT_MS)
      }
    }),
  )
  return latencies
}

const timersThat = async (world: ProcessWorld, status: 'armed' | 'fired') => {
  const { count } = await world.world.db
    .selectFrom('workflow.timer')
    .select((row) => row.fn.countAll<string>().as('count'))
    .where('status', '=', status)
    .executeTakeFirstOrThrow()
  return Number(count)
}
const fired = (world: ProcessWorld) => timersThat(world, 'fired')
const armed = (world: ProcessWorld) => timersThat(world, 'armed')
