import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import type { Instance } from './instance.ts'
import { INSTANCE, readable } from './instance.repository.ts'
import '../workflow.table.ts'

export interface Message {
  readonly id: string
  readonly message: string
  readonly correlationKey: string | null
  readonly payload: Record<string, unknown>
  /** Keys of definitions whose instance ends with this message. */
  readonly terminates: readonly string[]
  readonly attempts: number
  /** Whose message it is; null for a fact, which starts nothing here. */
  readonly organisationId: string | null
  readonly onBehalfOf: string | null
}

export interface Subscription {
  readonly message: string
  readonly correlationKey: string | null
  readonly instanceId: string
  readonly token: number
  readonly node: string
}

const MESSAGE = [
  ...(['id', 'message', 'correlationKey', 'payload', 'terminates', 'attempts'] as const),
  ...(['organisationId', 'onBehalfOf'] as const),
] as const

/** The same `dedupKey` again is the same message. */
export async function receive(
  ctx: TransactionContext,
  message: Omit<Message, 'id' | 'attempts'> & { readonly dedupKey: string },
): Promise<void> {
  await ctx.db
    .insertInto('workflow.message')
    .values({
      message: message.message,
      correlationKey: message.correlationKey,
      payload: JSON.stringify(message.payload),
      terminates: [...message.terminates],
      dedupKey: message.dedupKey,
      status: 'new',
      runAfter: ctx.now(),
      receivedAt: ctx.now(),
      consumedBy: null,
      organisationId: message.organisationId,
      onBehalfOf: message.onBehalfOf,
    })
    .onConflict((conflict) => conflict.column('dedupKey').doNothing())
    .execute()
}

/** The oldest messages that are due to be delivered and that no other worker holds, in their order. */
export async function claim(ctx: TransactionContext, limit: number): Promise<Message[]> {
  return ctx.db
    .selectFrom('workflow.message')
    .select(MESSAGE)
    .where('status', '=', 'new')
    .where('runAfter', '<=', ctx.now())
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
}

/** Who waits for it now, by instance; of one instance alone. */
export async function hearers(
  ctx: Context,
  { message, correlationKey }: Message,
  instanceId?: string,
): Promise<Subscription[]> {
  if (correlationKey === null) return []
  const query = ctx.db
    .selectFrom('workflow.subscription')
    .select(['message', 'correlationKey', 'instanceId', 'token', 'node'])
    .where('kind', '=', 'message')
    .where('message', '=', message)
    .where('correlationKey', '=', correlationKey)
    .orderBy('instanceId')
    .orderBy('id')
    .limit(1_000)
  return (instanceId === undefined ? query : query.where('instanceId', '=', instanceId)).execute()
}

export interface Hearer {
  readonly messageId: string
  readonly instanceId: string
  readonly token: number
  readonly node: string
  /** As it is at that moment, not held; undefined for one that cannot be read. */
  readonly instance: Instance | undefined
}

/** Who waits for the messages now; of each message no more than two, which is not one. */
export async function hearersWithInstances(ctx: Context, messages: readonly Message[]): Promise<Hearer[]> {
  const rows = await ctx.db
    .selectFrom('workflow.message as message')
    .innerJoinLateral(
      (query) =>
        query
          .selectFrom('workflow.subscription')
          .select(['instanceId', 'token', 'node'])
          .where('kind', '=', 'message')
          .whereRef('workflow.subscription.message', '=', 'message.message')
          .whereRef('workflow.subscription.correlationKey', '=', 'message.correlationKey')
          .limit(2)
          .as('heard'),
      (join) => join.onTrue(),
    )
    .innerJoin('workflow.instance as instance', 'instance.id', 'heard.instanceId')
    .select(['message.id as messageId', 'heard.token', 'heard.node'])
    .select(INSTANCE.map((column) => `instance.${column}` as const))
    .where(
      'message.id',
      'in',
      messages.map(({ id }) => id),
    )
    .execute()
  return rows.map(({ messageId, token, node, ...row }) => ({
    ...{ messageId, instanceId: row.id, token, node },
    instance: readable(row),
  }))
}

/** Who waits in an instance, for messages. */
export async function subscriptionsOf(ctx: Context, instanceId: string): Promise<Subscription[]> {
  return ctx.db
    .selectFrom('workflow.subscription')
    .select(['message', 'correlationKey', 'instanceId', 'token', 'node'])
    .where('kind', '=', 'message')
    .where('instanceId', '=', instanceId)
    .orderBy('id')
    .limit(1_000)
    .execute()
}

/** Messages that nobody waited for are delivered again: a process that begins with them is there now. */
export async function reconsider(ctx: TransactionContext, messages: readonly string[]): Promise<void> {
  if (messages.length === 0) return
  await ctx.db
    .updateTable('workflow.message')
    .set({ status: 'new', attempts: 0, runAfter: ctx.now() })
    .where('status', '=', 'kept')
    .where('message', 'in', messages)
    .where('organisationId', 'is not', null)
    .execute()
}

interface Wanted {
  readonly message: string
  readonly key: string | null
}

/** See {@link mayKeep}: to be held from before one looks whether something is kept until one's commit. */
async function holdPlaces(ctx: TransactionContext, subscriptions: readonly Wanted[]) {
  const wanted = subscriptions.flatMap(({ message, key }) => (key === null ? [] : [[message, key] as const]))
  if (wanted.length > 0)
    await sql`select pg_advisory_xact_lock_shared(hashtextextended(place, 0))
      from unnest(${wanted.map(([message, key]) => placeOf(message, key))}::text[]) place`.execute(ctx.db)
  return wanted
}

/** What is kept for these subscriptions, made in this transaction, is delivered again. */
export async function deliverAgain(ctx: TransactionContext, subscriptions: readonly Wanted[]): Promise<void> {
  const wanted = await holdPlaces(ctx, subscriptions)
  if (wanted.length === 0) return
  const places = wanted.map(([message, key]) => ({ message, key }))
  await sql`
    update workflow.message as message
    set status = 'new', attempts = 0, run_after = ${ctx.now()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(places)}::jsonb) as wanted (message text, key text)
    where message.status = 'kept' and message.message = wanted.message
      and message.correlation_key = wanted.key`.execute(ctx.db)
}

/** What is kept for one of these subscriptions, the oldest first; what a deliverer holds is left to it. */
export async function keptFor(
  ctx: TransactionContext,
  subscriptions: readonly Wanted[],
): Promise<Message | undefined> {
  const wanted = await holdPlaces(ctx, subscriptions)
  if (wanted.length === 0) return undefined
  return ctx.db
    .selectFrom('workflow.message')
    .select(MESSAGE)
    .where('status', '<>', 'consumed')
    .where((is) => is.or(wanted.map(([message, key]) => is.and({ message, correlationKey: key }))))
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
}

const placeOf = (message: string, key: string) => `workflow.message ${key} ${message}`

/**
 * Whether a message nobody heard may be left to whoever comes. Who begins to wait passes over one that is
 * held here, and is not seen from here until its commit: so it holds the place of the message from its look
 * to its commit, and the message is kept only when nobody holds that place and nobody has come meanwhile.
 */
export async function mayKeep(ctx: TransactionContext, message: Message): Promise<boolean> {
  if (message.correlationKey === null) return true
  const { rows } = await sql<{ free: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${placeOf(message.message, message.correlationKey)}, 0))
      as free`.execute(ctx.db)
  return rows[0]?.free === true && (await hearers(ctx, message)).length === 0
}

export async function consume(ctx: TransactionContext, id: string, instanceId: string | null): Promise<void> {
  await ctx.db
    .updateTable('workflow.message')
    .set({ status: 'consumed', consumedBy: instanceId })
    .where('id', '=', id)
    .execute()
}

/** Each by the instance that heard it. */
export async function consumeAll(
  ctx: TransactionContext,
  heard: readonly { readonly id: string; readonly instanceId: string }[],
): Promise<void> {
  await sql`
    update workflow.message as message set status = 'consumed', consumed_by = heard."instanceId"
    from jsonb_to_recordset(${JSON.stringify(heard)}::jsonb) as heard (id bigint, "instanceId" uuid)
    where message.id = heard.id`.execute(ctx.db)
}

/** Nobody waited: looked at again at `runAfter`, or kept for whoever comes. */
export async function postpone(
  ctx: TransactionContext,
  id: string,
  state: { readonly status: 'new' | 'kept'; readonly runAfter: Date },
): Promise<void> {
  await ctx.db
    .updateTable('workflow.message')
    .set({ ...state, attempts: sql`attempts + 1` })
    .where('id', '=', id)
    .execute()
}
