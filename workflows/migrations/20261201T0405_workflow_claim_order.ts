import { type Kysely, sql } from 'kysely'

/**
 * Due rows are claimed in the order of an index that holds due rows only. A million timers due at the same
 * moment were sorted whole for every batch, since the index ordered them by that moment alone.
 */
export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `create index timer_next on workflow.timer (due_at, id) where status = 'armed'`,
  `drop index workflow.timer_due`,
  `create index message_next on workflow.message (id) where status = 'new'`,
  `drop index workflow.message_new`,
  `create index job_next on workflow.job (run_after, id) where status = 'waiting'`,
  `drop index workflow.job_due`,
]
