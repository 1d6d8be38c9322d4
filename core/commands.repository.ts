import type { TransactionContext } from './context.ts'

declare module './database.ts' {
  interface Database {
    'core.command': {
      actorId: string
      commandId: string
      name: string
      inputSha256: string
      answer: unknown
      createdAt: Date
    }
  }
}

export interface Command {
  readonly actorId: string
  readonly commandId: string
  readonly name: string
  readonly inputSha256: string
}

/** False when the actor used the id before; waits while another transaction holds the same id. */
export async function claim(ctx: TransactionContext, command: Command): Promise<boolean> {
  const made = await ctx.db
    .insertInto('core.command')
    .values({ ...command, answer: null, createdAt: ctx.now() })
    .onConflict((conflict) => conflict.columns(['actorId', 'commandId']).doNothing())
    .returning('commandId')
    .executeTakeFirst()
  return made !== undefined
}

export async function find(ctx: TransactionContext, { actorId, commandId }: Command) {
  return ctx.db
    .selectFrom('core.command')
    .select(['name', 'inputSha256', 'answer'])
    .where('actorId', '=', actorId)
    .where('commandId', '=', commandId)
    .executeTakeFirst()
}

/** `answer` is JSON text. */
export async function store(
  ctx: TransactionContext,
  { actorId, commandId }: Command,
  answer: string,
): Promise<void> {
  await ctx.db
    .updateTable('core.command')
    .set({ answer })
    .where('actorId', '=', actorId)
    .where('commandId', '=', commandId)
    .execute()
}
