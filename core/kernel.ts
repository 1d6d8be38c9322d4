import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Config } from './config.ts'
import type { Actor, Context } from './context.ts'
import type { Crypto } from './crypto.ts'
import { keysIn } from './crypto/keys.ts'
import { openCrypto } from './crypto/provider.ts'
import { type OpenDatabase, openDatabase } from './database/open.ts'
import type { Subscriber } from './events.ts'
import { deliveries } from './events/dispatcher.ts'
import type { Poller } from './jobs.ts'
import { jobQueue } from './jobs/queue.ts'
import { startWorkers, type Workers } from './jobs/workers.ts'
import { Loaders } from './loader.ts'
import type { Module } from './module.ts'
import type { ObjectStore } from './objects.ts'
import { openObjects } from './objects/open.ts'
import type { Plane } from './plane/plane.ts'
import { openPlane } from './plane/open.ts'
import type { Policy } from './policy.ts'
import { openPolicy } from './policy/enforcer.ts'
import { type Log, openLog } from './telemetry/log.ts'

/** Everything a node of the platform holds open, and the one place where it is closed. */
export interface Kernel {
  readonly config: Config
  readonly database: OpenDatabase
  readonly objects: ObjectStore
  readonly plane: Plane
  readonly policy: Policy
  readonly crypto: Crypto
  readonly log: Log
  readonly manifests: readonly Module[]
  readonly pollers: readonly Poller[]
  contextFor(actor: Actor, requestId?: string): Context
  startWorkers(): void
  /** Runs everything that is due until nothing is left, without workers: for start-up work and tests. */
  settle(): Promise<void>
  stopWorkers(): Promise<void>
  close(): Promise<void>
}

export interface KernelOptions {
  /** Reach a folder that a running server holds through that server (for commands beside it). */
  readonly shareFolder?: boolean
  /** The clock; tests set it. */
  readonly now?: () => Date
}

/** The platform's own actor, for start-up work and commands of the operator. */
export const PLATFORM: Actor = { id: 'system:platform', organisationId: 'platform', roles: ['system'] }

/**
 * Opens database, objects, plane, policy and log. What was opened before a failure is closed again.
 *
 * @throws CONFIG_FOLDER_IN_USE, CONFIG_SCHEMA_NEWER, DATABASE_SERVER_UNAVAILABLE
 */
export async function openKernel(
  config: Config,
  manifests: readonly Module[],
  options: KernelOptions = {},
): Promise<Kernel> {
  const log = openLog(config.logLevel)
  const database = await openDatabase(config, manifests, options)
  try {
    const crypto = openCrypto(await keysIn(config.dataFolder))
    const objects = await openObjects(config)
    const plane = await openPlane({
      folder: join(config.dataFolder, 'plane'),
      loadMemoryMb: config.planeMemoryMb,
      spillMb: config.planeSpillMb,
    })
    return assemble({
      config,
      database,
      objects,
      plane,
      crypto,
      log,
      manifests,
      now: options.now ?? (() => new Date()),
    })
  } catch (error) {
    await database.close()
    throw error
  }
}

/** No poller may go on for ever; a journey takes some tens of rounds. */
const MAX_ROUNDS = 5_000

/** What {@link assemble} needs; a test builds it from its own parts. */
export interface Parts {
  readonly config: Config
  readonly database: OpenDatabase
  readonly objects: ObjectStore
  readonly plane: Plane
  readonly crypto: Crypto
  readonly log: Log
  readonly manifests: readonly Module[]
  readonly now: () => Date
}

export function assemble(parts: Parts): Kernel {
  const { config, database, objects, plane, crypto, log, manifests, now } = parts
  const policy = openPolicy(manifests.flatMap((module) => Object.values(module.permissions)))
  const subscribers = manifests.flatMap((module) => module.subscribers ?? [])
  const jobs = Object.assign({}, ...manifests.map((module) => module.jobs ?? {}))
  const pollers = [
    deliveries(subscribers),
    jobQueue(jobs),
    ...manifests.flatMap((module) => module.pollers ?? []),
  ]
  const names = namesByEvent(subscribers)
  let workers: Workers | undefined

  function contextFor(actor: Actor, requestId: string = randomUUID()): Context {
    return {
      actor,
      db: database.db,
      objects,
      plane,
      policy,
      crypto,
      log,
      publicUrl: config.publicUrl,
      requestId,
      subscribers: names,
      loaders: new Loaders(),
      now,
      wake: () => workers?.wake(),
    }
  }

  const workerContext = (poller: string) =>
    contextFor({ ...PLATFORM, id: `system:${poller}` }, `${poller}:${randomUUID()}`)

  async function settle() {
    const { signal } = new AbortController()
    for (let round = 0; round < MAX_ROUNDS; round++) {
      let done = 0
      for (const poller of pollers) {
        // Looking commits too: it wakes no worker, or each look would make them all look.
        const ctx = { ...workerContext(poller.name), wake: () => undefined }
        done += await poller.poll(ctx, signal)
      }
      if (done === 0) return
    }
    throw new Error(`the platform did not come to rest in ${MAX_ROUNDS} rounds`)
  }

  async function stopWorkers() {
    await workers?.stop()
    workers = undefined
  }

  return {
    ...parts,
    policy,
    pollers,
    contextFor,
    startWorkers() {
      const others = database.notifications
      workers ??= startWorkers(workerContext, pollers, {
        alone: database.kind === 'embedded',
        ...(others && { others: (heard) => others(heard, log) }),
      })
    },
    settle,
    stopWorkers,
    async close() {
      await stopWorkers()
      await plane.close()
      await database.close()
    },
  }
}

function namesByEvent(subscribers: readonly Subscriber[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>()
  for (const { event, name } of subscribers) names.set(event, [...(names.get(event) ?? []), name])
  return names
}
