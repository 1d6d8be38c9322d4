import type { PGlite } from '@electric-sql/pglite'
import { Kysely, sql } from 'kysely'
import { randomBytes } from 'node:crypto'
import type { Database } from '../../core/database.ts'
import { migrate } from '../../core/database/migrate.ts'
import type { OpenDatabase } from '../../core/database/open.ts'
import { APPLICATION_ROLE, openPostgres, plugins } from '../../core/database/postgres.ts'
import type { Module } from '../../core/module.ts'
import { openInProcess, PGliteDialect } from './pglite.ts'

/** The server to test on; absent, worlds live in PGlite. */
export const SERVER = process.env['DATABASE_URL'] || undefined

type Prepare = (db: Kysely<Database>) => Promise<void>

let snapshot: Promise<Blob> | undefined
let template: Promise<string> | undefined

/**
 * A database of its own with all migrations and the shipped packs: migrated once a run, then cloned.
 * `prepare` fills the template and runs under the application role.
 */
export function cloneDatabase(manifests: readonly Module[], prepare: Prepare): Promise<OpenDatabase> {
  return SERVER === undefined ? cloneSnapshot(manifests, prepare) : cloneTemplate(SERVER, manifests, prepare)
}

async function cloneSnapshot(manifests: readonly Module[], prepare: Prepare): Promise<OpenDatabase> {
  snapshot ??= makeSnapshot(manifests, prepare)
  const pglite = openInProcess(await snapshot)
  const db = kyselyOn(pglite)
  await sql`set role ${sql.id(APPLICATION_ROLE)}`.execute(db)
  return { db, kind: 'embedded', applied: [], close: () => db.destroy() }
}

async function makeSnapshot(manifests: readonly Module[], prepare: Prepare): Promise<Blob> {
  const pglite = openInProcess()
  const db = kyselyOn(pglite)
  await migrate(db, manifests)
  await sql`set role ${sql.id(APPLICATION_ROLE)}`.execute(db)
  await prepare(db)
  await sql`reset role`.execute(db)
  const dump = await pglite.dumpDataDir('none')
  await db.destroy()
  return dump
}

const kyselyOn = (pglite: PGlite) =>
  new Kysely<Database>({ dialect: new PGliteDialect(pglite), plugins: plugins() })

async function cloneTemplate(
  server: string,
  manifests: readonly Module[],
  prepare: Prepare,
): Promise<OpenDatabase> {
  template ??= makeTemplate(server, manifests, prepare)
  const name = await createDatabase(server, await template)
  const db = openPostgres({
    connectionString: addressOf(server, name),
    poolSize: 16,
    role: APPLICATION_ROLE,
    embedded: false,
  })
  return {
    db,
    kind: 'server',
    applied: [],
    async close() {
      await db.destroy()
      await dropDatabase(server, name)
    },
  }
}

async function makeTemplate(server: string, manifests: readonly Module[], prepare: Prepare): Promise<string> {
  const name = await createDatabase(server)
  const connectionString = addressOf(server, name)
  const owner = openPostgres({ connectionString, poolSize: 1, embedded: false })
  await migrate(owner, manifests)
  await owner.destroy()
  const db = openPostgres({ connectionString, poolSize: 2, role: APPLICATION_ROLE, embedded: false })
  await prepare(db)
  await db.destroy()
  templates.push(name)
  return name
}

const templates: string[] = []

/** Drops the run's template; mocha's root hook calls it. */
export async function dropTemplates(): Promise<void> {
  if (SERVER === undefined) return
  for (const name of templates.splice(0)) await dropDatabase(SERVER, name)
}

/** An empty database on the test server, or a copy of `from`; drop it with {@link dropDatabase}. */
export async function createDatabase(server: string, from?: string): Promise<string> {
  const name = `gdbos_test_${randomBytes(6).toString('hex')}`
  await asOwner(server, async (db) => {
    if (from === undefined) await sql`create database ${sql.id(name)}`.execute(db)
    else await sql`create database ${sql.id(name)} template ${sql.id(from)}`.execute(db)
  })
  return name
}

export function dropDatabase(server: string, name: string): Promise<void> {
  return asOwner(server, async (db) => {
    await sql`drop database if exists ${sql.id(name)} with (force)`.execute(db)
  })
}

export function addressOf(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

async function asOwner(server: string, work: (db: Kysely<Database>) => Promise<void>): Promise<void> {
  const db = openPostgres({ connectionString: server, poolSize: 1, embedded: false })
  await work(db).finally(() => db.destroy())
}
