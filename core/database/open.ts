import { type Kysely, sql } from 'kysely'
import type { Config } from '../config.ts'
import type { Database } from '../database.ts'
import { DomainError } from '../errors.ts'
import type { Module } from '../module.ts'
import { lockFolder } from './lock.ts'
import { migrate } from './migrate.ts'
import { type OpenNotifications, openNotifications } from './notifications.ts'
import { embeddedAnswers, socketFolderOf, startEmbedded } from './pglite.ts'
import { APPLICATION_ROLE, openPostgres } from './postgres.ts'

export interface OpenDatabase {
  readonly db: Kysely<Database>
  readonly kind: 'server' | 'embedded'
  /** Migrations applied while opening. */
  readonly applied: readonly string[]
  /** How nodes on the same server wake each other; absent where there is one node only. */
  readonly notifications?: OpenNotifications
  close(): Promise<void>
}

/**
 * Opens the configured database, migrates it and leaves a handle with the application role. With
 * `shareFolder`, a folder held by a running server is reached through that server's socket file.
 *
 * @throws CONFIG_FOLDER_IN_USE, CONFIG_SCHEMA_NEWER
 */
export async function openDatabase(
  config: Config,
  manifests: readonly Module[],
  { shareFolder = false } = {},
): Promise<OpenDatabase> {
  if (config.databaseUrl !== undefined) return openServer(config, config.databaseUrl, manifests)
  try {
    return await openEmbedded(config, manifests)
  } catch (error) {
    const held = error instanceof DomainError && error.code === 'CONFIG_FOLDER_IN_USE'
    if (!held || !shareFolder || !(await embeddedAnswers(config.dataFolder))) throw error
    return openShared(config)
  }
}

async function openServer(
  config: Config,
  connectionString: string,
  manifests: readonly Module[],
): Promise<OpenDatabase> {
  const owner = openPostgres({ connectionString, poolSize: 1, embedded: false })
  const applied = await migrate(owner, manifests).finally(() => owner.destroy())
  const db = openPostgres({
    connectionString,
    poolSize: config.databasePoolSize,
    role: APPLICATION_ROLE,
    embedded: false,
  })
  const notifications = openNotifications(connectionString)
  return { db, kind: 'server', applied, notifications, close: () => db.destroy() }
}

async function openEmbedded(config: Config, manifests: readonly Module[]): Promise<OpenDatabase> {
  // What was opened is closed again in the opposite order, also when the next thing fails to open.
  const opened: (() => Promise<void>)[] = []
  const close = async () => {
    for (const undo of opened.splice(0).reverse()) await undo()
  }
  try {
    const lock = await lockFolder(config.dataFolder)
    opened.push(() => lock.release())
    const server = await startEmbedded(config.dataFolder)
    opened.push(() => server.close())
    const db = openPostgres({ socketFolder: server.socketFolder, poolSize: 8, embedded: true })
    opened.push(() => db.destroy())
    const applied = await migrate(db, manifests)
    await sql`set role ${sql.id(APPLICATION_ROLE)}`.execute(db)
    return { db, kind: 'embedded', applied, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Another process's embedded database: already migrated, its role already set for the one session. */
function openShared(config: Config): OpenDatabase {
  const db = openPostgres({ socketFolder: socketFolderOf(config.dataFolder), poolSize: 1, embedded: true })
  return { db, kind: 'embedded', applied: [], close: () => db.destroy() }
}
