import { type Kysely, sql } from 'kysely'

/** The steps of an instance that decided something, among all that ever happened. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index event_decisions on core.event ((payload ->> 'instanceId'), id)
    where payload ? 'decisions'`.execute(db)
}
