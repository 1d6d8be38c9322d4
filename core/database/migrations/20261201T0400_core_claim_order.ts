import { type Kysely, sql } from 'kysely'

/**
 * Due rows are claimed in the order of an index that holds due rows only: however many wait, the first is
 * the first of the index, and nothing is sorted.
 */
export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `create index delivery_next on core.delivery (event_id, subscriber) where status = 'waiting'`,
  `drop index core.delivery_waiting`,
  `create index job_next on core.job (run_after, id) where status = 'waiting'`,
  `drop index core.job_waiting`,
]
