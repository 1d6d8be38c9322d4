import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { complete } from '../../workflows/index.ts'
import { addressOf, createDatabase, dropDatabase, SERVER } from '../support/database.ts'
import { chain, model, userTask } from '../workflows/models.ts'
import { offers, openProcessWorld, type ProcessWorld } from '../workflows/process-world.ts'
import type { BenchRow } from './row.ts'

const CONNECTIONS = 8
const INSTANCES = 300
/** User tasks one after the other in each instance. */
const STEPS = 5

/**
 * Completions of user tasks a second, each a whole use case (lock, rights, form, step, one commit), beside
 * the least a database can do for it: an UPDATE and two INSERTs in one statement, at as many connections.
 */
export async function bench(): Promise<BenchRow[]> {
  const world = await openProcessWorld()
  try {
    await begin(world)
    const latencies: number[] = []
    let seconds = 0
    // The bare transaction runs between our rounds, so that a busy moment of the machine hits both.
    const bare: number[] = []
    for (let step = 0; step < STEPS; step++) {
      seconds += await completeAll(world, latencies)
      if (SERVER !== undefined) bare.push(await bareTransactions(SERVER))
    }
    const perSecond = latencies.length / seconds
    const reference = bare.length > 0 ? bare.reduce((sum, each) => sum + each, 0) / bare.length : undefined
    latencies.sort((a, b) => a - b)
    const at = (share: number) => round(latencies[Math.floor(latencies.length * share)] ?? 0)
    return [
      {
        name: `completions of user tasks, ${CONNECTIONS} at once, on ${SERVER === undefined ? 'PGlite (set DATABASE_URL for the comparison)' : 'PostgreSQL'}`,
        value: Math.round(perSecond),
        unit: '/s',
        ...(reference !== undefined && {
          reference: 'bare transaction: UPDATE + 2 INSERTs in one statement',
          referenceValue: Math.round(reference),
          ratio: perSecond / reference,
        }),
      },
      { name: 'completion, median', value: at(0.5), unit: 'ms' },
      { name: 'completion, 95 of 100', value: at(0.95), unit: 'ms' },
      {
        name: 'peak memory of the process',
        value: Math.round(process.resourceUsage().maxRSS / 1024),
        unit: 'MB',
      },
    ]
  } finally {
    await world.close()
  }
}

async function begin(world: ProcessWorld): Promise<void> {
  const nodes = Array.from({ length: STEPS }, (_, index) => `u${index}`)
  const start = '<startEvent id="s"><messageEventDefinition id="d" messageRef="m_opened"/></startEvent>'
  const tasks = nodes.map((node) => userTask(node, 'gdbos:candidateRole="clerk"')).join('')
  const xml = model(`${start}${tasks}<endEvent id="e"/>${chain(`s ${nodes.join(' ')} e`)}`, {
    before: '<message id="m_opened" name="opened"/>',
  })
  await world.deploy(xml)
  for (let instance = 0; instance < INSTANCES; instance++)
    await world.tell('area.matter.opened', {
      matterId: randomUUID(),
      organisationId: 'demo-bureau',
      processPack: 'p',
    })
  await world.settle()
}

/** Completes every open task; answers the seconds it took. */
async function completeAll(world: ProcessWorld, latencies: number[]): Promise<number> {
  const open = await world.world.db
    .selectFrom('workflow.task')
    .select(['id', 'version'])
    .where('status', '=', 'open')
    .execute()
  if (open.length !== INSTANCES) throw new Error(`${open.length} tasks are open, not ${INSTANCES}`)
  return timed(async () => {
    for (let next = open.pop(); next; next = open.pop()) {
      const began = performance.now()
      const { id, version } = next
      const completion = { commandId: randomUUID(), id, expectedVersion: version, output: {} }
      await complete(world.as('clerk'), completion, offers)
      latencies.push(performance.now() - began)
    }
  })
}

/** Transactions a second of the same kind without us. */
async function bareTransactions(server: string): Promise<number> {
  const name = await createDatabase(server)
  const pool = new pg.Pool({ connectionString: addressOf(server, name), max: CONNECTIONS })
  // The database is dropped under the last closing connections.
  pool.on('error', () => undefined)
  try {
    await pool.query('create table instance (id int primary key, version int not null, state jsonb not null)')
    await pool.query('create table task (id uuid primary key, instance_id int not null)')
    await pool.query('create table event (id bigserial primary key, payload jsonb not null)')
    await pool.query("insert into instance select n, 0, '{}' from generate_series(1, $1::int) n", [INSTANCES])
    const left = Array.from({ length: INSTANCES * 4 }, (_, index) => (index % INSTANCES) + 1)
    const count = left.length
    const seconds = await timed(async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop())
        await pool.query(
          `with moved as (update instance set version = version + 1, state = $2 where id = $1 returning id),
                tasks as (insert into task select $3, id from moved)
           insert into event (payload) select $2 from moved`,
          [id, JSON.stringify({ tokens: [{ id: 1, node: 'u1' }] }), randomUUID()],
        )
    })
    return count / seconds
  } finally {
    await pool.end()
    await dropDatabase(server, name)
  }
}

/** Seconds that as many workers as connections took. */
async function timed(worker: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await Promise.all(Array.from({ length: CONNECTIONS }, worker))
  return (performance.now() - began) / 1000
}

const round = (milliseconds: number) => Math.round(milliseconds * 100) / 100
