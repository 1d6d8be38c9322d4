import { sql } from 'kysely'
import type { Context } from '../core/context.ts'
import type { DecidedAt } from './events.ts'

/** What a process decided by its rules in one step. */
export interface MadeDecision extends DecidedAt {
  readonly at: Date
}

/** The decisions of an instance in the order they were made, at most 500; each is kept with the step that made it. */
export async function madeBy(ctx: Context, instanceId: string): Promise<MadeDecision[]> {
  const rows = await ctx.db
    .selectFrom('core.event')
    .select(['occurredAt', sql<DecidedAt[]>`payload -> 'decisions'`.as('decisions')])
    .where(sql`payload ->> 'instanceId'`, '=', instanceId)
    .where(sql<boolean>`payload ? 'decisions'`)
    .where('name', '=', 'workflow.instance.stepped')
    .orderBy('id')
    .limit(500)
    .execute()
  return rows.flatMap(({ occurredAt, decisions }) =>
    decisions.map((decision) => ({ ...decision, at: occurredAt })),
  )
}
