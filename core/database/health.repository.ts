import { sql } from 'kysely'
import type { Context } from '../context.ts'

/** Fails when the database does not answer a query. */
export async function ping(ctx: Context): Promise<void> {
  await sql`select 1`.execute(ctx.db)
}
