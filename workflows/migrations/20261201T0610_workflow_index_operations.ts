import { type Kysely, sql } from 'kysely'

/**
 * The operations of one instance and the open incidents of all are read as lists. The index of the facts holds those
 * of operators only: a step, of which there are thousands a second, pays nothing for it.
 */
export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `create index event_operated on core.event ((payload ->> 'instanceId'), id)
    where name = 'workflow.instance.operated'`,
  `create index incident_list on workflow.incident (created_at, id) where resolved_at is null`,
]
