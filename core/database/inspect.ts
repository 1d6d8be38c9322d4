import { type Kysely, sql } from 'kysely'
import type { Config } from '../config.ts'
import type { Database } from '../database.ts'
import { DomainError } from '../errors.ts'
import type { Module } from '../module.ts'
import { lockFolder } from './lock.ts'
import { migrationState } from './migrate.ts'
import { embeddedAnswers, socketFolderOf, startEmbedded } from './pglite.ts'
import { openPostgres } from './postgres.ts'

export interface DatabaseState {
  readonly version: string
  /** Migrations of this program that the database does not have. */
  readonly pending: readonly string[]
  /** A migration of the database that this program does not know. */
  readonly newer: string | undefined
  /** How far the database's clock is ahead of ours. */
  readonly driftSeconds: number
}

/** Looks at the configured database without changing it; a folder that a server holds is reached through it. */
export async function inspectDatabase(config: Config, manifests: readonly Module[]): Promise<DatabaseState> {
  if (config.databaseUrl !== undefined)
    return inspect(
      openPostgres({ connectionString: config.databaseUrl, poolSize: 1, embedded: false }),
      manifests,
    )

  const embedded = () =>
    openPostgres({ socketFolder: socketFolderOf(config.dataFolder), poolSize: 1, embedded: true })
  try {
    const lock = await lockFolder(config.dataFolder)
    try {
      const server = await startEmbedded(config.dataFolder)
      return await inspect(embedded(), manifests).finally(() => server.close())
    } finally {
      await lock.release()
    }
  } catch (error) {
    const held = error instanceof DomainError && error.code === 'CONFIG_FOLDER_IN_USE'
    if (!held || !(await embeddedAnswers(config.dataFolder))) throw error
    return inspect(embedded(), manifests)
  }
}

async function inspect(db: Kysely<Database>, manifests: readonly Module[]): Promise<DatabaseState> {
  try {
    const { rows } = await sql<{ version: string; at: Date }>`
      select current_setting('server_version') as version, clock_timestamp() as at`.execute(db)
    const { version = 'unknown', at = new Date() } = rows[0] ?? {}
    const driftSeconds = (at.getTime() - Date.now()) / 1000
    return { version, driftSeconds, ...(await migrationState(db, manifests)) }
  } finally {
    await db.destroy()
  }
}
