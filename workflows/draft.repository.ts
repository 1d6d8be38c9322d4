import type { Context, TransactionContext } from '../core/context.ts'
import type { Draft } from './draft.ts'
import './draft.table.ts'

const COLUMNS = [
  ...(['id', 'key', 'organisationId', 'definitionId', 'files', 'version'] as const),
  ...(['createdBy', 'createdAt', 'changedBy', 'changedAt'] as const),
] as const

export async function find(ctx: Context, id: string): Promise<Draft | undefined> {
  return ctx.db.selectFrom('workflow.draft').select(COLUMNS).where('id', '=', id).executeTakeFirst()
}

/** The draft, held against every other change until the transaction ends. */
export async function lock(ctx: TransactionContext, id: string): Promise<Draft | undefined> {
  return ctx.db
    .selectFrom('workflow.draft')
    .select(COLUMNS)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** Drafts of one organisation, the one changed last first. */
export async function ofOrganisation(ctx: Context, organisationId: string): Promise<Draft[]> {
  return ctx.db
    .selectFrom('workflow.draft')
    .select(COLUMNS)
    .where('organisationId', '=', organisationId)
    .orderBy('changedAt', 'desc')
    .limit(100)
    .execute()
}

/** Undefined when the organisation has a draft of the process already. */
export async function insert(
  ctx: TransactionContext,
  { files, ...draft }: Omit<Draft, 'id'>,
): Promise<Draft | undefined> {
  return ctx.db
    .insertInto('workflow.draft')
    .values({ ...draft, files: JSON.stringify(files) })
    .onConflict((conflict) => conflict.columns(['organisationId', 'key']).doNothing())
    .returning(COLUMNS)
    .executeTakeFirst()
}

export async function update(ctx: TransactionContext, draft: Draft): Promise<void> {
  const { id, files, version, changedBy, changedAt } = draft
  await ctx.db
    .updateTable('workflow.draft')
    .set({ files: JSON.stringify(files), version, changedBy, changedAt })
    .where('id', '=', id)
    .execute()
}

export async function remove(ctx: TransactionContext, id: string): Promise<void> {
  await ctx.db.deleteFrom('workflow.draft').where('id', '=', id).execute()
}
