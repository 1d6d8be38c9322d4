import { sql } from 'kysely'
import { PLATFORM } from '../../core/kernel.ts'
import { openProcessWorld } from '../workflows/process-world.ts'
import { instancesOf, processOf } from './process-desk.ts'
import { sessionsOf, used } from './processor.ts'
import type { BenchRow } from './row.ts'

const MESSAGES = 5_000

/** Messages that as many instances wait for, delivered by one node: each a step, from what was received to its events. */
export async function messages(): Promise<BenchRow[]> {
  const world = await openProcessWorld()
  try {
    await instancesOf(
      world,
      'late',
      processOf('late', ['r'], '<receiveTask id="r" messageRef="m_go"/>'),
      MESSAGES,
    )
    await sql`
      insert into workflow.message (message, correlation_key, payload, dedup_key, status, run_after, received_at)
      select message, correlation_key, '{}', 'bench:' || id, 'new', ${world.world.now}, ${world.world.now}
      from workflow.subscription`.execute(world.world.db)
    const poller = world.kernel.pollers.find(({ name }) => name === 'workflow.messages')
    const ctx = world.kernel.contextFor(PLATFORM)
    const { signal } = new AbortController()
    let told = 0
    const began = performance.now()
    const { ours, servers } = await used(
      () => sessionsOf(world.world.db),
      async () => {
        for (let done = -1; poller && done !== 0; told += done) done = await poller.poll(ctx, signal)
      },
    )
    const seconds = (performance.now() - began) / 1000
    return [
      {
        name: 'messages delivered to as many instances by one node',
        value: Math.round(told / seconds),
        unit: '/s',
      },
      {
        name: 'of which processor time a message, ours and the server’s',
        value: Math.round(((ours + servers) / told) * 1e6),
        unit: 'µs',
      },
    ]
  } finally {
    await world.close()
  }
}
