import type { Context, TransactionContext } from '../../core/context.ts'
import './record.table.ts'

/** The organisation whose word counts for an element (数源单位). */
export interface LegalSource {
  readonly elementCode: string
  readonly organisationId: string
}

/** One for each element at most; some hundreds in all. */
const MAX = 5000

export async function list(ctx: Context): Promise<LegalSource[]> {
  return ctx.db
    .selectFrom('golden.legalSource')
    .select(['elementCode', 'organisationId'])
    .orderBy('elementCode')
    .limit(MAX)
    .execute()
}

export async function save(ctx: TransactionContext, source: LegalSource): Promise<void> {
  const { organisationId } = source
  const named = { organisationId, namedBy: ctx.actor.id, namedAt: ctx.now() }
  await ctx.db
    .insertInto('golden.legalSource')
    .values({ ...source, ...named })
    .onConflict((conflict) => conflict.column('elementCode').doUpdateSet(named))
    .execute()
}
