import { DBOS } from '@dbos-inc/dbos-sdk'
import PgBoss from 'pg-boss'
import { addressOf, createDatabase, dropDatabase, SERVER } from '../support/database.ts'
import { openProcessWorld } from '../workflows/process-world.ts'
import { chainOf, completed, instancesOf, openTasks, perSecond, together } from './process-desk.ts'
import type { BenchRow } from './row.ts'

const CONNECTIONS = 8
const COMPLETIONS = 400
const SINGLY = 400
const BATCH = 100
const BATCHED = 4_000
const WORKFLOWS = [1, 8, 16] as const
const STEPS = 20

/**
 * Peers on the same server in the same run: a job of pg-boss fetched and completed, and a step of a DBOS
 * workflow, each what its makers offer for work that survives a crash. Neither knows of people's tasks, rights,
 * forms or an audit trail; the ratio says what those may cost at most.
 */
export async function peers(): Promise<BenchRow[]> {
  if (SERVER === undefined) {
    process.stderr.write('process: peers skipped, DATABASE_URL names no PostgreSQL server\n')
    return []
  }
  const ours = await oursPerSecond()
  const rows: BenchRow[] = []
  const beside = (reference: string, referenceValue: number) =>
    rows.push({
      name: `completions of user tasks, ${CONNECTIONS} at a time`,
      value: ours,
      unit: '/s',
      reference,
      referenceValue,
      ratio: ours / referenceValue,
    })
  const boss = await pgBoss(SERVER)
  beside(`pg-boss jobs fetched and completed singly, ${CONNECTIONS} at a time`, boss.singly)
  beside(`pg-boss jobs fetched and completed in batches of ${BATCH}`, boss.batched)
  for (const [workflows, steps] of await dbosSteps(SERVER))
    beside(`DBOS steps, ${workflows} workflow${workflows === 1 ? '' : 's'} at a time`, steps)
  return rows
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

async function oursPerSecond(): Promise<number> {
  const world = await openProcessWorld()
  try {
    await instancesOf(world, 'desk', chainOf('desk', 2), COMPLETIONS)
    const seconds = await together(await openTasks(world, COMPLETIONS), CONNECTIONS, (one) =>
      completed(world, one),
    )
    return perSecond(COMPLETIONS, seconds)
  } finally {
    await world.close()
  }
}

async function pgBoss(server: string): Promise<{ singly: number; batched: number }> {
  const name = await createDatabase(server)
  const boss = new PgBoss({
    connectionString: addressOf(server, name),
    max: CONNECTIONS,
    supervise: false,
    schedule: false,
  })
  // The database is dropped under the last closing connections.
  boss.on('error', () => undefined)
  try {
    await boss.start()
    const measure = async (queue: string, count: number, batchSize: number, atOnce: number) => {
      await boss.createQueue(queue)
      await boss.insert(Array.from({ length: count }, (_, index) => ({ name: queue, data: { index } })))
      const seconds = await together(numbers(count / batchSize), atOnce, async () => {
        const jobs = await boss.fetch(queue, { batchSize })
        await boss.complete(
          queue,
          jobs.map(({ id }) => id),
        )
      })
      return perSecond(count, seconds)
    }
    return {
      singly: await measure('singly', SINGLY, 1, CONNECTIONS),
      batched: await measure('batched', BATCHED, BATCH, CONNECTIONS),
    }
  } finally {
    await boss.stop({ graceful: false, wait: true })
    await dropDatabase(server, name)
  }
}

async function dbosSteps(server: string): Promise<[number, number][]> {
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
  try {
    await DBOS.launch()
    const measured: [number, number][] = []
    for (const workflows of WORKFLOWS) {
      const seconds = await together(numbers(workflows), workflows, () => workflow(STEPS))
      measured.push([workflows, perSecond(workflows * STEPS, seconds)])
    }
    return measured
  } finally {
    await DBOS.shutdown()
    await dropDatabase(server, name)
  }
}
