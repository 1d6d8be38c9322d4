import { DBOS } from '@dbos-inc/dbos-sdk'
import PgBoss from 'pg-boss'
import { addressOf, createDatabase, dropDatabase, SERVER } from '../support/database.ts'
import { openProcessWorld } from '../workflows/process-world.ts'
import { chainOf, completed, instancesOf, openTasks, together } from './process-desk.ts'
import type { BenchRow } from './row.ts'

const CONNECTIONS = 8
const ROUNDS = 3
const COMPLETIONS = 240
const TOGETHER = 256
const SINGLY = 240
const BATCH = 100
const BATCHED = 2_000
const WORKFLOWS = [1, 8, 16] as const
const STEPS = 12

/** One of those that are measured by turns; answers how many it did in how many seconds. */
interface Contestant {
  readonly name: string
  turn(): Promise<{ count: number; seconds: number }>
}

interface Contest {
  readonly contestants: readonly Contestant[]
  close(): Promise<void>
}

/**
 * Peers on the same server, by turns with ours in the same run: a job of pg-boss fetched and completed, and a
 * step of a DBOS workflow, each what its makers offer for work that survives a crash. Neither knows of people's
 * tasks, rights, forms or an audit trail; the ratio says what those cost.
 */
export async function peers(): Promise<BenchRow[]> {
  if (SERVER === undefined) {
    process.stderr.write('process: peers skipped, DATABASE_URL names no PostgreSQL server\n')
    return []
  }
  const contests: Contest[] = []
  try {
    for (const open of [ours, pgBoss, dbos]) contests.push(await open(SERVER))
    const rates = await byTurns(contests.flatMap(({ contestants }) => contestants))
    const [single = 0, together64 = 0, ...others] = rates
    const names = contests.slice(1).flatMap(({ contestants }) => contestants.map(({ name }) => name))
    return names.map((reference, index) => {
      const isBatch = reference.includes('batches')
      const value = isBatch ? together64 : single
      const referenceValue = Math.round(others[index] ?? 0)
      return {
        name: `completions of user tasks, ${isBatch ? `${TOGETHER} under way` : `${CONNECTIONS} at a time`}`,
        value: Math.round(value),
        unit: '/s',
        reference,
        referenceValue,
        ratio: value / referenceValue,
      }
    })
  } finally {
    for (const contest of contests) await contest.close()
  }
}

/** How many each does a second over all rounds. */
async function byTurns(contestants: readonly Contestant[]): Promise<number[]> {
  const totals = contestants.map(() => ({ count: 0, seconds: 0 }))
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, contestant] of contestants.entries()) {
      const { count, seconds } = await contestant.turn()
      const total = totals[index]
      if (total) Object.assign(total, { count: total.count + count, seconds: total.seconds + seconds })
    }
  return totals.map(({ count, seconds }) => count / seconds)
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

async function ours(): Promise<Contest> {
  const world = await openProcessWorld()
  const most = Math.max(COMPLETIONS, TOGETHER * 4)
  await instancesOf(world, 'desk', chainOf('desk', 2 * ROUNDS + 1), most)
  const turn = async (count: number, atOnce: number) => {
    const open = await openTasks(world, count)
    return { count, seconds: await together(open, atOnce, (one) => completed(world, one)) }
  }
  return {
    contestants: [
      { name: `${CONNECTIONS} at a time`, turn: () => turn(COMPLETIONS, CONNECTIONS) },
      { name: `${TOGETHER} together`, turn: () => turn(TOGETHER * 4, TOGETHER) },
    ],
    close: () => world.close(),
  }
}

async function pgBoss(server: string): Promise<Contest> {
  const name = await createDatabase(server)
  const boss = new PgBoss({
    connectionString: addressOf(server, name),
    max: CONNECTIONS,
    supervise: false,
    schedule: false,
  })
  // The database is dropped under the last closing connections.
  boss.on('error', () => undefined)
  await boss.start()
  const turn = async (queue: string, count: number, batchSize: number) => {
    await boss.createQueue(queue)
    await boss.insert(numbers(count).map((index) => ({ name: queue, data: { index } })))
    const seconds = await together(numbers(count / batchSize), CONNECTIONS, async () => {
      const jobs = await boss.fetch(queue, { batchSize })
      await boss.complete(
        queue,
        jobs.map(({ id }) => id),
      )
    })
    return { count, seconds }
  }
  return {
    contestants: [
      {
        name: `pg-boss jobs fetched and completed singly, ${CONNECTIONS} at a time`,
        turn: () => turn('singly', SINGLY, 1),
      },
      {
        name: `pg-boss jobs fetched and completed in batches of ${BATCH}`,
        turn: () => turn('batched', BATCHED, BATCH),
      },
    ],
    async close() {
      await boss.stop({ graceful: false, wait: true })
      await dropDatabase(server, name)
    },
  }
}

async function dbos(server: string): Promise<Contest> {
  const name = await createDatabase(server)
  const silent = () => undefined
  DBOS.setConfig({
    name: 'gdbos-bench',
    systemDatabaseUrl: addressOf(server, name),
    systemDatabasePoolSize: 16,
    logger: { info: silent, debug: silent, warn: silent, error: silent },
  })
  const workflow = DBOS.registerWorkflow(
    async (steps: number) => {
      for (let step = 0; step < steps; step++)
        await DBOS.runStep(() => Promise.resolve(step), { name: 'step' })
    },
    { name: 'steps' },
  )
  await DBOS.launch()
  return {
    contestants: WORKFLOWS.map((workflows) => ({
      name: `DBOS steps, ${workflows} workflow${workflows === 1 ? '' : 's'} at a time`,
      async turn() {
        const seconds = await together(numbers(workflows), workflows, () => workflow(STEPS))
        return { count: workflows * STEPS, seconds }
      },
    })),
    async close() {
      await DBOS.shutdown()
      await dropDatabase(server, name)
    },
  }
}
