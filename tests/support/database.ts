import type { PGlite } from '@electric-sql/pglite'
import { Kysely, sql } from 'kysely'
import { randomBytes } from 'node:crypto'
import type { Database } from '../../core/database.ts'
import { migrate } from '../../core/database/migrate.ts'
import type { OpenDatabase } from '../../core/database/open.ts'
import { APPLICATION_ROLE, openPostgres, plugins } from '../../core/database/postgres.ts'
import type { Module } from '../../core/module.ts'
import { atEnd } from './end.ts'
import { openInProcess, PGliteDialect } from './pglite.ts'
import { rememberState } from './rewind.ts'
import { digestOfSources, kept } from './snapshots.ts'

/** The server to test on; absent, worlds live in PGlite. */
export const SERVER = process.env['DATABASE_URL'] || undefined

/** What a database holds beyond the one before it; `prepare` runs under the application role. */
export interface Stage {
  /** Tells it from any other, with all that it depends on. */
  readonly name: string
  prepare(db: Kysely<Database>): Promise<void>
}

/** A database of its own with all migrations and these stages: each is made once, then cloned. */
export function cloneDatabase(manifests: readonly Module[], stages: readonly Stage[]): Promise<OpenDatabase> {
  return SERVER === undefined ? cloneSnapshot(manifests, stages) : cloneTemplate(SERVER, manifests, stages)
}

const nameOf = (stages: readonly Stage[]) => ['migrated', ...stages.map(({ name }) => name)].join(' ')

const snapshots = new Map<string, Promise<Blob>>()

/** An opened copy that no world uses now. */
interface Idle {
  readonly pglite: PGlite
  rewind(): void
}

const idle = new Map<string, Idle[]>()
const opened: PGlite[] = []

/** A copy of its own for one world; the next of the same stages gets it, as it was at first. */
async function cloneSnapshot(manifests: readonly Module[], stages: readonly Stage[]): Promise<OpenDatabase> {
  const name = nameOf(stages)
  const copies = idle.get(name) ?? []
  idle.set(name, copies)
  const copy = copies.pop() ?? (await openCopy(await snapshotOf(manifests, stages)))
  const dialect = new PGliteDialect(copy.pglite, async () => {
    await copy.pglite.runExclusive(async () => copy.rewind())
    copies.push(copy)
  })
  const db = new Kysely<Database>({ dialect, plugins: plugins() })
  return { db, kind: 'embedded', applied: [], close: () => db.destroy() }
}

async function openCopy(snapshot: Blob): Promise<Idle> {
  const pglite = openInProcess(snapshot)
  opened.push(pglite)
  // What a first use loads is part of what is remembered.
  await pglite.exec(`set role ${APPLICATION_ROLE}; do $$ begin perform 1; end $$`)
  return { pglite, rewind: rememberState(pglite) }
}

function snapshotOf(manifests: readonly Module[], stages: readonly Stage[]): Promise<Blob> {
  const name = nameOf(stages)
  const known = snapshots.get(name)
  if (known) return known
  // What ships is the same for every process; what a test adds is that test's.
  const make = () => makeSnapshot(manifests, stages)
  const made = stages.length === 1 ? kept(`${name.replaceAll(' ', '-')}.tar`, make) : make()
  snapshots.set(name, made)
  return made
}

async function makeSnapshot(manifests: readonly Module[], stages: readonly Stage[]): Promise<Blob> {
  const last = stages.at(-1)
  const pglite = openInProcess(last && (await snapshotOf(manifests, stages.slice(0, -1))))
  const db = kyselyOn(pglite)
  if (last) {
    await sql`set role ${sql.id(APPLICATION_ROLE)}`.execute(db)
    await last.prepare(db)
    await sql`reset role`.execute(db)
  } else {
    await migrate(db, manifests)
    await dropTemplatesOf(db)
  }
  await sql`checkpoint`.execute(db)
  const dump = await pglite.dumpDataDir('none')
  await db.destroy()
  return dump
}

/** Two thirds of a fresh database's files; nothing is created from them here. */
async function dropTemplatesOf(db: Kysely<Database>): Promise<void> {
  await sql`update pg_database set datistemplate = false`.execute(db)
  await sql`drop database template0`.execute(db)
  await sql`drop database template1`.execute(db)
}

const kyselyOn = (pglite: PGlite) =>
  new Kysely<Database>({ dialect: new PGliteDialect(pglite), plugins: plugins() })

async function cloneTemplate(
  server: string,
  manifests: readonly Module[],
  stages: readonly Stage[],
): Promise<OpenDatabase> {
  const name = await createDatabase(server, await templateOf(server, manifests, stages))
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

const templates = new Map<string, Promise<string>>()

function templateOf(server: string, manifests: readonly Module[], stages: readonly Stage[]): Promise<string> {
  const name = nameOf(stages)
  const known = templates.get(name)
  if (known) return known
  const make = () => makeTemplate(server, manifests, stages)
  const made = stages.length === 1 ? keptTemplate(server, make) : make()
  templates.set(name, made)
  return made
}

const KEPT = 'gdbos_kept_'
const DAY_MS = 24 * 60 * 60_000

/** What ships, for every process of this day that runs the same sources. */
const keptName = async () => `${KEPT}${today()}_${await digestOfSources()}`
const today = () => Math.floor(Date.now() / DAY_MS)

/** One process makes it, and whoever else wants it meanwhile waits for that one; those of other days are dropped. */
async function keptTemplate(server: string, make: () => Promise<string>): Promise<string> {
  const name = await keptName()
  await asOwner(server, async (db) => {
    // Held as long as the connection is.
    await sql`select pg_advisory_lock(hashtext(${name}))`.execute(db)
    const standing = await databasesLike(server, `${KEPT}%`)
    if (standing.includes(name)) return
    const made = await make()
    for (const old of standing)
      if (Number(old.slice(KEPT.length).split('_')[0]) < today() - 1) await dropDatabase(server, old)
    await sql`alter database ${sql.id(made)} rename to ${sql.id(name)}`.execute(db)
  })
  return name
}

/** A database of its own with what ships, once a world was opened in this process; drop it with {@link dropDatabase}. */
export async function createShippedDatabase(server: string): Promise<string> {
  return createDatabase(server, await keptName())
}

async function databasesLike(server: string, pattern: string): Promise<string[]> {
  let names: string[] = []
  await asOwner(server, async (db) => {
    const found = await sql<{ datname: string }>`
      select datname from pg_database where datname like ${pattern}`.execute(db)
    names = found.rows.map(({ datname }) => datname)
  })
  return names
}

async function makeTemplate(
  server: string,
  manifests: readonly Module[],
  stages: readonly Stage[],
): Promise<string> {
  const last = stages.at(-1)
  const name = await createDatabase(
    server,
    last && (await templateOf(server, manifests, stages.slice(0, -1))),
  )
  const connectionString = addressOf(server, name)
  const role = last && { role: APPLICATION_ROLE }
  const db = openPostgres({ connectionString, poolSize: last ? 2 : 1, ...role, embedded: false })
  await (last ? last.prepare(db) : migrate(db, manifests))
  await db.destroy()
  return name
}

/** Drops the copies and templates of this process, beside the one kept for others. */
atEnd(async () => {
  idle.clear()
  for (const pglite of opened.splice(0)) await pglite.close()
  if (SERVER === undefined) return
  for (const name of await Promise.all(templates.values()))
    if (!name.startsWith(KEPT)) await dropDatabase(SERVER, name)
  templates.clear()
})

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
