import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../core/config.ts'
import type { Context } from '../../core/context.ts'
import type { DomainEvent, EventName } from '../../core/events.ts'
import { freshKeys } from '../../core/crypto/keys.ts'
import { openCrypto } from '../../core/crypto/provider.ts'
import { assemble, PLATFORM } from '../../core/kernel.ts'
import type { S3Settings } from '../../core/objects/minio.ts'
import { openObjects } from '../../core/objects/open.ts'
import { openLog } from '../../core/telemetry/log.ts'
import { seed } from '../../gateway/seed.ts'
import { manifests } from '../../gateway/platform.ts'
import { packIds, TOWNSHIPS } from '../../standards/index.ts'
import { cloneDatabase, type Stage } from './database.ts'
import { atEnd } from './end.ts'
import { lendPlane } from './plane.ts'

/** Every world is a copy: without the 44,703 divisions, which one test loads. */
export const WORLD_PACKS: readonly string[] = packIds().filter((id) => id !== TOWNSHIPS)

export interface WorldOptions {
  /** The platform's clock at the start. */
  readonly now?: string
  /** Objects in this server's bucket instead of a folder. */
  readonly s3?: S3Settings
  /** What the world holds beyond what ships: made once a process and cloned from then on. */
  readonly prepared?: Preparation
}

export interface Preparation {
  /** Tells it from any other in this process, together with the clock. */
  readonly name: string
  /** Writes to the database only. */
  prepare(platform: Context): Promise<void>
}

/** What ships is loaded then; one moment for all worlds, whichever is opened first. */
const SHIPPED_AT = '2026-01-05T09:00:00+08:00'
/** One for all worlds: what one was prepared with, another reads. */
const keys = freshKeys()

const opened = new Set<{ close(): Promise<void> }>()

/** Closes the worlds whose test failed before it could: an open database keeps the run from ending. */
atEnd(async () => {
  for (const world of opened) await world.close()
})

/** A whole platform: real database, every migration and shipped pack, real plane and objects, a clock the test sets. */
export async function openWorld({ now = SHIPPED_AT, s3, prepared }: WorldOptions = {}) {
  const dataFolder = await mkdtemp(join(tmpdir(), 'gdbos-world-'))
  const config = {
    ...readConfig({ dataFolder, logLevel: process.env['GDBOS_LOG'] ?? 'silent' }, {}),
    ...(s3 && { s3 }),
  }
  const clock = { now: new Date(now) }
  const { folder: planeFolder, plane } = await lendPlane()
  const shared = {
    config,
    objects: await openObjects(config),
    plane,
    crypto: openCrypto(keys),
    log: openLog(config.logLevel),
    manifests,
    now: () => clock.now,
  }
  const stage = (name: string, at: string, prepare: (platform: Context) => Promise<void>): Stage => ({
    name: `${name} ${at}`,
    prepare: (db) =>
      prepare(
        assemble({
          ...shared,
          now: () => new Date(at),
          database: { db, kind: 'embedded', applied: [], close: () => db.destroy() },
        }).contextFor(PLATFORM),
      ),
  })
  const database = await cloneDatabase(manifests, [
    stage('shipped', SHIPPED_AT, (platform) => seed(platform, WORLD_PACKS)),
    ...(prepared ? [stage(prepared.name, now, prepared.prepare)] : []),
  ])
  const kernel = assemble({ ...shared, database })

  const world = {
    kernel,
    db: database.db,
    dataFolder,
    planeFolder,

    get now() {
      return clock.now
    },
    set now(instant: Date) {
      clock.now = instant
    },

    /** A context acting in `role` for `organisationId`. */
    as(role: string, organisationId = 'tax-bureau', person = role): Context {
      return kernel.contextFor(
        { id: `${person}@${organisationId}`, organisationId, roles: [role] },
        randomUUID(),
      )
    },

    /** A context of the platform itself. */
    platform: (): Context => kernel.contextFor(PLATFORM),

    /** Runs deliveries, jobs, timers and process jobs until nothing is left that is due now. */
    settle: (): Promise<void> => kernel.settle(),

    /** In their order; the name and the payload were written by `emit`, which types them together. */
    eventsNamed<Name extends EventName>(name: Name): Promise<DomainEvent<Name>[]> {
      return database.db
        .selectFrom('core.event')
        .select([
          'id',
          'name',
          'actorId',
          'organisationId',
          'onBehalfOf',
          'requestId',
          'payload',
          'occurredAt',
        ])
        .where('name', '=', name)
        .orderBy('id')
        .$castTo<DomainEvent<Name>>()
        .execute()
    },

    async close() {
      opened.delete(world)
      await kernel.close()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
  opened.add(world)
  return world
}

export type World = Awaited<ReturnType<typeof openWorld>>
