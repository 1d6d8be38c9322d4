import type { Kysely, Transaction } from 'kysely'
import type { Crypto } from './crypto.ts'
import type { Database } from './database.ts'
import type { Loaders } from './loader.ts'
import type { ObjectStore } from './objects.ts'
import type { Plane } from './plane/plane.ts'
import type { Policy } from './policy.ts'
import type { Log } from './telemetry/log.ts'

/** Who is acting: a person, another system, or a process on somebody's behalf. */
export interface Actor {
  readonly id: string
  /** The body, enterprise or, for a citizen, the person (`citizen:<person id>`) the actor acts for. */
  readonly organisationId: string
  readonly roles: readonly string[]
  /** The person a process or system acts for; absent when the actor acts for itself. */
  readonly onBehalfOf?: string
}

/** What one use case may touch. The first argument of every function that does I/O. */
export interface Context {
  readonly actor: Actor
  readonly db: Kysely<Database>
  readonly objects: ObjectStore
  readonly plane: Plane
  readonly policy: Policy
  readonly crypto: Crypto
  readonly log: Log
  /** The address people reach the portal at, without a trailing slash. */
  readonly publicUrl: string
  readonly requestId: string
  /** Names of the subscribers of each event, from the manifests. */
  readonly subscribers: ReadonlyMap<string, readonly string[]>
  /** Per-request batching of child reads; a fresh one for each request. */
  readonly loaders: Loaders
  /** The only clock. Tests set it. */
  readonly now: () => Date
  /** Called after a commit that left work behind, so that workers need not wait for their poll. */
  readonly wake: () => void
}

/** A context whose `db` is an open transaction. Ask for it when a write must not stand alone. */
export interface TransactionContext extends Context {
  readonly db: Transaction<Database>
}

/**
 * Runs `work` in one transaction, joining the caller's when there is one.
 * Name the callback's parameter `ctx` too: the outer handle is then out of reach.
 */
export async function transaction<T>(
  ctx: Context,
  work: (ctx: TransactionContext) => Promise<T>,
): Promise<T> {
  if (isTransaction(ctx)) return work(ctx)
  const result = await ctx.db.transaction().execute((db) => work({ ...ctx, db }))
  ctx.wake()
  return result
}

/** Whether somebody outside has a transaction open, which what is done now belongs to. */
export function isTransaction(ctx: Context): ctx is TransactionContext {
  return ctx.db.isTransaction
}

/** The same context acting as a part of the platform itself, for a subscriber, job or process. */
export function actingAs<Ctx extends Context>(ctx: Ctx, actor: Actor): Ctx {
  return { ...ctx, actor }
}
