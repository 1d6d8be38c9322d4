import type { Insertable } from 'kysely'
import type { Context, TransactionContext } from './context.ts'
import type { Database } from './database.ts'
import { insert } from './events.repository.ts'
import { together } from './together.ts'

/** Every domain event and its payload. Modules add theirs where they emit them. */
export interface EventMap {}

export type EventName = keyof EventMap & string

/** A recorded fact as a subscriber receives it. */
export interface DomainEvent<Name extends EventName = EventName> {
  readonly id: string
  readonly name: Name
  readonly payload: EventMap[Name]
  readonly actorId: string
  readonly organisationId: string
  readonly onBehalfOf: string | null
  readonly occurredAt: Date
}

/**
 * Hears of an event after its commit, at least once. `run` gets an open transaction that also marks the
 * delivery done, so what it writes to the database happens exactly once; it must call nothing outside.
 */
export interface Subscriber {
  /** Unique, `module.what-it-does`; stored in the delivery rows. */
  readonly name: string
  readonly event: string
  run(ctx: TransactionContext, event: DomainEvent): Promise<void>
  /**
   * The same for many at once, in the order recorded, for whoever does with a few statements for all what `run` does for
   * each; as the platform itself. When it fails, each is run alone, so that one does not keep the others.
   */
  runAll?(ctx: TransactionContext, events: readonly DomainEvent[]): Promise<void>
}

/** Lets `run` infer the payload from the event's name. */
export function defineSubscriber<Name extends EventName>(subscriber: {
  readonly name: string
  readonly event: Name
  run(ctx: TransactionContext, event: DomainEvent<Name>): Promise<void>
  runAll?(ctx: TransactionContext, events: readonly DomainEvent<Name>[]): Promise<void>
}): Subscriber {
  return subscriber as unknown as Subscriber
}

/** A fact as it is recorded: what, who, on whose behalf, when. */
export interface Fact {
  readonly name: string
  readonly payload: object
  readonly actorId: string
  readonly organisationId: string
  readonly onBehalfOf: string | null
  readonly requestId: string
  readonly occurredAt: Date
}

/** The fact that `ctx` makes true, for a statement that records it with the change itself. */
export function factOf<Name extends EventName>(
  { actor, requestId, now }: Context,
  name: Name,
  payload: EventMap[Name] & object,
): Fact {
  const { id: actorId, organisationId, onBehalfOf = null } = actor
  return { name, payload, actorId, organisationId, onBehalfOf, requestId, occurredAt: now() }
}

/**
 * Records a fact in the transaction that made it true. The row is both the audit
 * trail and the outbox: a delivery row for each subscriber is written with it.
 */
export async function emit<Name extends EventName>(
  ctx: TransactionContext,
  name: Name,
  payload: EventMap[Name] & object,
): Promise<void> {
  await insert(ctx, [factOf(ctx, name, payload)])
}

export interface AccessEntry {
  readonly kind: 'read' | 'refusal' | 'login'
  /** What was read or refused; never an identity number in clear. */
  readonly subject: string
  readonly purpose?: string
  readonly fields?: readonly string[]
  /** The refusal's code. */
  readonly code?: string
}

/**
 * Writes one row of the access log. Reads of personal data call it in their own transaction before the
 * answer leaves; the gateway and the runner call it for refusals after rollback. What many ask to be written
 * at once is committed together: a commit waits for the disk, and one wait does for all of them.
 */
export async function recordAccess(ctx: Context, entry: AccessEntry): Promise<void> {
  const { actor, db } = ctx
  const row = {
    kind: entry.kind,
    subject: entry.subject,
    purpose: entry.purpose ?? null,
    fields: entry.fields ? [...entry.fields] : null,
    code: entry.code ?? null,
    actorId: actor.id,
    organisationId: actor.organisationId,
    onBehalfOf: actor.onBehalfOf ?? null,
    requestId: ctx.requestId,
    occurredAt: ctx.now(),
  }
  await recorded(db, row)
}

const recorded = together(async (db, rows: readonly Insertable<Database['core.access']>[]) => {
  await db.insertInto('core.access').values(rows).execute()
  return rows.map(() => undefined)
})
