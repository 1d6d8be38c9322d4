import { type Kysely, type Migration, type MigrationProvider, Migrator, sql } from 'kysely'
import { readdir } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { errors } from '../config.ts'
import type { Database } from '../database.ts'
import type { Module } from '../module.ts'
import { APPLICATION_ROLE } from './postgres.ts'

const CORE = new URL('./migrations/', import.meta.url)
/** What core itself only ever adds to. */
const APPEND_ONLY = ['core.event', 'core.access']
/** Advisory lock of those who give the application role its privileges. */
const GRANT_LOCK = 4_247_001

/**
 * Brings the database to this program's schema and gives the application role its privileges.
 * Answers the names of the migrations applied. `db` must have the owner's rights.
 *
 * @throws CONFIG_SCHEMA_NEWER
 */
export async function migrate(db: Kysely<Database>, manifests: readonly Module[]): Promise<string[]> {
  const folders = [CORE, ...manifests.map((module) => module.migrations)]
  const provider = new FolderProvider(folders)
  await refuseNewer(db, Object.keys(await provider.getMigrations()))
  const migrator = new Migrator({
    db,
    provider,
    migrationTableSchema: 'core',
    migrationTableName: 'migration',
    migrationLockTableName: 'migration_lock',
    allowUnorderedMigrations: true,
  })
  const { error, results } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
  const applied = (results ?? []).map((result) => result.migrationName)
  // Each time: a node may have died between migrating and granting. One node after another, all or nothing.
  await db.transaction().execute(async (db) => {
    await sql`select pg_advisory_xact_lock(${GRANT_LOCK})`.execute(db)
    await grant(db, [...APPEND_ONLY, ...manifests.flatMap((module) => module.appendOnly ?? [])])
  })
  return applied
}

/** What the database lacks of this program's migrations, and the first it has that this program does not know. */
export async function migrationState(
  db: Kysely<Database>,
  manifests: readonly Module[],
): Promise<{ pending: string[]; newer: string | undefined }> {
  const known = Object.keys(
    await new FolderProvider([CORE, ...manifests.map((module) => module.migrations)]).getMigrations(),
  )
  const applied = await appliedNames(db)
  return {
    pending: known.filter((name) => !applied.includes(name)),
    newer: applied.find((name) => !known.includes(name)),
  }
}

async function refuseNewer(db: Kysely<Database>, known: readonly string[]): Promise<void> {
  const foreign = (await appliedNames(db)).find((name) => !known.includes(name))
  if (foreign !== undefined) throw errors.SCHEMA_NEWER({ migration: foreign })
}

async function appliedNames(db: Kysely<Database>): Promise<string[]> {
  const { rows: tables } = await sql<{ exists: boolean }>`
    select to_regclass('core.migration') is not null as exists`.execute(db)
  if (tables[0]?.exists !== true) return []
  const { rows } = await sql<{ name: string }>`select name from core.migration order by name`.execute(db)
  return rows.map(({ name }) => name)
}

/** Full rights on rows, none on the schema; tables that only grow keep select and insert alone. */
async function grant(db: Kysely<Database>, appendOnly: readonly string[]): Promise<void> {
  const role = sql.id(APPLICATION_ROLE)
  await sql`
    do $$ begin
      create role ${role} nologin;
    exception when duplicate_object or unique_violation then null;
    end $$
  `.execute(db)
  await sql`grant ${role} to current_user`.execute(db)
  const { rows } = await sql<{ name: string }>`
    select nspname as name from pg_namespace
    where nspname not like 'pg\\_%' and nspname not in ('information_schema', 'public')
  `.execute(db)
  for (const { name } of rows) {
    const schema = sql.id(name)
    await sql`grant usage on schema ${schema} to ${role}`.execute(db)
    await sql`grant select, insert, update, delete on all tables in schema ${schema} to ${role}`.execute(db)
    await sql`grant usage, select on all sequences in schema ${schema} to ${role}`.execute(db)
  }
  await sql`revoke insert, update, delete on core.migration, core.migration_lock from ${role}`.execute(db)
  for (const table of appendOnly)
    await sql`revoke update, delete, truncate on ${sql.table(table)} from ${role}`.execute(db)
}

class FolderProvider implements MigrationProvider {
  readonly #folders: readonly URL[]

  constructor(folders: readonly URL[]) {
    this.#folders = folders
  }

  async getMigrations(): Promise<Record<string, Migration>> {
    const migrations: Record<string, Migration> = {}
    for (const folder of this.#folders) {
      for (const file of await readdir(folder)) {
        if (!/^\d{8}T\d{4}_\w+\.[jt]s$/.test(file)) continue
        migrations[basename(file, extname(file))] = (await import(new URL(file, folder).href)) as Migration
      }
    }
    return migrations
  }
}
