import { sql } from 'kysely'
import { openProcessWorld } from '../workflows/process-world.ts'
import { drained, instancesOf, processOf, rowsOfDrained } from './process-desk.ts'
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
    const told = await drained(world, 'workflow.messages')
    return rowsOfDrained('messages delivered to as many instances by one node', 'message', told)
  } finally {
    await world.close()
  }
}
