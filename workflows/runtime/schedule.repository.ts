import type { TransactionContext } from '../../core/context.ts'
import '../workflow.table.ts'

/** A timer start event of a deployed version, and when it starts an instance next. */
export interface Schedule {
  readonly id: string
  readonly definitionId: string
  readonly node: string
  readonly dueAt: Date
  /** -1 without end; null for what starts one instance only. */
  readonly repeatLeft: number | null
}

/** The schedules of a new version take the place of the older versions'. */
export async function replace(
  ctx: TransactionContext,
  definition: { readonly id: string; readonly key: string },
  schedules: readonly Pick<Schedule, 'node' | 'dueAt' | 'repeatLeft'>[],
): Promise<void> {
  await ctx.db
    .updateTable('workflow.schedule')
    .set({ status: 'replaced' })
    .where('definitionKey', '=', definition.key)
    .where('status', '=', 'armed')
    .execute()
  if (schedules.length === 0) return
  const rows = schedules.map((schedule) => ({
    ...schedule,
    definitionId: definition.id,
    definitionKey: definition.key,
    status: 'armed' as const,
  }))
  await ctx.db.insertInto('workflow.schedule').values(rows).execute()
}

/** One that is due, held; those of a suspended process wait. */
export async function claim(ctx: TransactionContext): Promise<Schedule | undefined> {
  return ctx.db
    .selectFrom('workflow.schedule')
    .select(['id', 'definitionId', 'node', 'dueAt', 'repeatLeft'])
    .where('status', '=', 'armed')
    .where('dueAt', '<=', ctx.now())
    .where('definitionKey', 'not in', (query) =>
      query.selectFrom('workflow.process').select('key').where('suspendedAt', 'is not', null),
    )
    .orderBy('dueAt')
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
}

/** Set to its next time, or done. */
export async function settle(
  ctx: TransactionContext,
  id: string,
  next: Pick<Schedule, 'dueAt' | 'repeatLeft'> | undefined,
): Promise<void> {
  await ctx.db
    .updateTable('workflow.schedule')
    .set(next ?? { status: 'done' })
    .where('id', '=', id)
    .execute()
}
