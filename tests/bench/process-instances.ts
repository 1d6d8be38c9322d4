import { sql } from 'kysely'
import { MemoryProcess, type ProcessDefinition } from '../../workflows/index.ts'
import { storedState } from '../../workflows/runtime/instance.ts'
import { among, type Random, randomFrom } from '../workflows/crash-model.ts'
import { openProcessWorld, type ProcessWorld } from '../workflows/process-world.ts'
import { chainOf, completed, instancesOf, openTasks, together } from './process-desk.ts'
import type { BenchRow } from './row.ts'

const WALKS = 300
const LONGEST = 80
const INSTANCES = 500
const STEPS = 5

/** What an instance weighs: the state at every wait of the shipped processes, and all rows of one that has ended. */
export async function instances(): Promise<BenchRow[]> {
  const world = await openProcessWorld()
  try {
    const shipped = await world.world.db
      .selectFrom('workflow.definition')
      .select(['key', 'compiled'])
      .orderBy('key')
      .execute()
    const states = shipped.map(({ key, compiled }): BenchRow => ({
      name: `largest state of ${key} at any wait, of ${WALKS} ways through it`,
      value: largestState(compiled, world.world.now),
      unit: 'bytes',
      target: '< 2048',
    }))
    return [...states, ...(await rowsOfOne(world))]
  } finally {
    await world.close()
  }
}

/** Walks at random through a definition; what conditions compare variables with is what tasks answer. */
function largestState(definition: ProcessDefinition, now: Date): number {
  const random = randomFrom(1)
  let largest = 0
  for (let walk = 0; walk < WALKS; walk++) {
    const process = new MemoryProcess(definition, now)
    begin(process, definition)
    for (let length = 0; length < LONGEST && process.result.status === 'running'; length++) {
      largest = Math.max(largest, Buffer.byteLength(JSON.stringify(storedState(process.saved.state))))
      move(process, definition, random)
    }
  }
  return largest
}

function begin(process: MemoryProcess, definition: ProcessDefinition): void {
  const start = Object.values(definition.nodes).find((node) => node.kind === 'startEvent')
  const awaits = start?.kind === 'startEvent' ? start.awaits : undefined
  if (awaits?.kind === 'message') process.play({ message: awaits.message, key: 'a-case', payload: {} })
  else process.begin()
}

function move(process: MemoryProcess, definition: ProcessDefinition, random: Random): void {
  const node = definition.nodes[among(random, process.result.waiting)]
  if (!node) throw new Error('the process waits nowhere')
  if ('awaits' in node && node.awaits.kind === 'message')
    return process.play({ message: node.awaits.message, key: 'a-case', payload: {} })
  if ('awaits' in node) return process.play({ advance: 'P1Y' })
  process.play({ complete: node.id, output: answers(definition, random) })
}

/** For each variable that some condition compares with a text: one of those texts, or none of them. */
function answers(definition: ProcessDefinition, random: Random): Record<string, unknown> {
  const texts = new Map<string, string[]>()
  for (const { condition = '' } of Object.values(definition.flows))
    for (const [, path = '', text = ''] of condition.matchAll(/([\w.]+) = "([^"]*)"/g))
      texts.set(path, [...(texts.get(path) ?? []), text])
  const given: Record<string, unknown> = {}
  for (const [path, options] of texts) {
    const [variable = '', member] = path.split('.')
    const value = among(random, [...options, 'none of them'])
    given[variable] = member === undefined ? value : { [member]: value }
  }
  return given
}

/** Bytes of all tables and indexes that grew while instances of some user tasks went from start to end. */
async function rowsOfOne(world: ProcessWorld): Promise<BenchRow[]> {
  const before = await bytes(world)
  await instancesOf(world, 'desk', chainOf('desk', STEPS), INSTANCES)
  for (let step = 0; step < STEPS; step++)
    await together(await openTasks(world, INSTANCES), 8, (one) => completed(world, one))
  const { rows } = await sql<{ state: number; row: number }>`
    select avg(pg_column_size(state))::float8 as state, avg(pg_column_size(instance))::float8 as row
    from workflow.instance instance where definition_key = 'desk'`.execute(world.world.db)
  const grown = (await bytes(world)) - before
  return [
    { name: 'state of an ended instance, as stored', value: Math.round(rows[0]?.state ?? 0), unit: 'bytes' },
    { name: 'its row', value: Math.round(rows[0]?.row ?? 0), unit: 'bytes' },
    {
      name: `an instance of ${STEPS} completed user tasks: all its rows, events and indexes`,
      value: Math.round(grown / INSTANCES),
      unit: 'bytes',
    },
  ]
}

async function bytes(world: ProcessWorld): Promise<number> {
  const { rows } = await sql<{ bytes: string }>`
    select sum(pg_total_relation_size(c.oid)) as bytes from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('workflow', 'core')`.execute(world.world.db)
  return Number(rows[0]?.bytes ?? 0)
}
