import { type Kysely, sql } from 'kysely'

/** A large list is read level by level. */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`create index code_value_parent on standards.code_value (list_id, parent, ordinal)`.execute(db)
}
