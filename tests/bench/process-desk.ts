import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../core/database.ts'
import { PLATFORM } from '../../core/kernel.ts'
import { APPLICATION_ROLE } from '../../core/database/postgres.ts'
import { complete } from '../../workflows/index.ts'
import { chain, model, userTask } from '../workflows/models.ts'
import { BODY, offers, type ProcessWorld } from '../workflows/process-world.ts'
import { microseconds, type Processor, sessionsOf, used } from './processor.ts'
import type { BenchRow } from './row.ts'

const START = '<startEvent id="s"><messageEventDefinition id="d" messageRef="m_opened"/></startEvent>'

/** A process of these elements between its start `s` and its end `e`, in the order of `nodes`. */
export const processOf = (key: string, nodes: readonly string[], elements: string): string =>
  model(`${START}${elements}<endEvent id="e"/>${chain(`s ${nodes.join(' ')} e`)}`, {
    key,
    before: '<message id="m_opened" name="opened"/>',
  })

/** A process of `steps` user tasks one after the other. */
export function chainOf(key: string, steps: number): string {
  const nodes = Array.from({ length: steps }, (_, index) => `u${index}`)
  return processOf(key, nodes, nodes.map((node) => userTask(node, 'gdbos:candidateRole="clerk"')).join(''))
}

/**
 * Deploys a process and starts one instance as a fact does; the others are copies of its rows, so that a
 * million cost a minute. Copies wait where the first waits, with its tasks, timers and what it
 * waits to hear by its own key.
 */
export async function instancesOf(
  world: ProcessWorld,
  key: string,
  xml: string,
  count: number,
): Promise<void> {
  await world.deploy(xml, { key })
  await world.tell('area.matter.opened', {
    matterId: randomUUID(),
    organisationId: BODY,
    processPack: key,
  })
  await world.settle()
  const MOST = 100_000
  for (let made = 1; made < count; made += MOST)
    await copies(world.world.db, key, Math.min(MOST, count - made))
  await analyzed(world.world.db)
}

/** As its owner: rows that came in the ordinary way would have been counted by the server long since. */
async function analyzed(db: Kysely<Database>): Promise<void> {
  await db.connection().execute(async (db) => {
    await sql`reset role`.execute(db)
    await sql`analyze workflow.instance, workflow.task, workflow.timer, workflow.subscription`.execute(db)
    await sql`set role ${sql.id(APPLICATION_ROLE)}`.execute(db)
  })
}

async function copies(db: Kysely<Database>, key: string, count: number): Promise<void> {
  const first = sql`(select * from workflow.instance where definition_key = ${key} order by started_at, id limit 1)`
  await sql`
    with first as ${first},
    instances as (
      insert into workflow.instance (definition_id, definition_key, business_key, version, status, state,
        variables, visited, organisation_id, on_behalf_of, started_at)
      select definition_id, definition_key, gen_random_uuid()::text, version, status, state, variables, visited,
        organisation_id, on_behalf_of, started_at + interval '1 second'
      from first, generate_series(1, ${count}::int)
      returning id, business_key),
    tasks as (
      insert into workflow.task (instance_id, token, node, form_key, candidate_role, organisation_id,
        candidate_groups, status, created_at, due_at, on_behalf_of)
      select instances.id, token, node, form_key, candidate_role, organisation_id, candidate_groups, status,
        created_at, due_at, on_behalf_of
      from instances, (select * from workflow.task where instance_id = (select id from first)) task),
    subscriptions as (
      insert into workflow.subscription (kind, message, correlation_key, instance_id, token, node)
      select kind, message, instances.business_key, instances.id, token, node
      from instances, (select * from workflow.subscription where instance_id = (select id from first)) subscription)
    insert into workflow.timer (instance_id, token, node, due_at, status)
    select instances.id, token, node, due_at, status
    from instances, (select * from workflow.timer where instance_id = (select id from first)) timer`.execute(
    db,
  )
}

export interface OpenTask {
  readonly id: string
  readonly version: number
}

export async function openTasks(world: ProcessWorld, count: number): Promise<OpenTask[]> {
  const open = await world.world.db
    .selectFrom('workflow.task')
    .select(['id', 'version'])
    .where('status', '=', 'open')
    .limit(count)
    .execute()
  if (open.length < count) throw new Error(`${open.length} tasks are open, not ${count}`)
  return open
}

/** Completes a task as a clerk; answers the milliseconds until the answer. */
export async function completed(world: ProcessWorld, { id, version }: OpenTask): Promise<number> {
  const began = performance.now()
  const completion = { commandId: randomUUID(), id, expectedVersion: version, output: {} }
  await complete(world.as('clerk'), completion, offers)
  return performance.now() - began
}

/** Milliseconds that `share` of the latencies stay under, to a hundredth. */
export function percentile(latencies: readonly number[], share: number): number {
  const sorted = latencies.toSorted((a, b) => a - b)
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 100) / 100
}

/** Seconds that `atOnce` workers took for all items. */
export async function together<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<unknown>,
): Promise<number> {
  const left = [...items]
  const began = performance.now()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) await work(next)
    }),
  )
  return (performance.now() - began) / 1000
}

export interface Drained {
  readonly done: number
  readonly seconds: number
  readonly processor: Processor
}

/** What one poller of the node does until nothing is left, or until it has done `most`. */
export async function drained(
  { kernel, world }: ProcessWorld,
  name: string,
  most = Infinity,
): Promise<Drained> {
  const poller = kernel.pollers.find((each) => each.name === name)
  if (!poller) throw new Error(`the node has no poller ${name}`)
  const ctx = kernel.contextFor(PLATFORM)
  const { signal } = new AbortController()
  let done = 0
  const began = performance.now()
  const processor = await used(
    () => sessionsOf(world.db),
    async () => {
      for (let last = -1; last !== 0 && done < most; done += last) last = await poller.poll(ctx, signal)
    },
  )
  return { done, seconds: (performance.now() - began) / 1000, processor }
}

/** The rows of it: how many a second, and what each took of the processors. */
export const rowsOfDrained = (
  name: string,
  each: string,
  { done, seconds, processor }: Drained,
): BenchRow[] => [
  { name, value: Math.round(done / seconds), unit: '/s' },
  {
    name: `of which processor time a ${each}, ours and the server’s`,
    value: microseconds(processor, done),
    unit: 'µs',
  },
]
