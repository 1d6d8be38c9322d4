import { createHash } from 'node:crypto'
import {
  type CompiledQuery,
  CamelCasePlugin,
  CompiledQuery as Query,
  HandleEmptyInListsPlugin,
  Kysely,
  PostgresAdapter,
  PostgresDialect,
  type PostgresDialectConfig,
  replaceWithNoncontingentExpression,
} from 'kysely'
import pg from 'pg'
import { COPIED, type Database, PREPARED } from '../database.ts'
import { CopyIn } from './copy-in.ts'
import { PARSERS } from './types.ts'

/** The role the platform works under; it owns nothing and may not change what is append-only. */
export const APPLICATION_ROLE = 'gdbos_app'

export interface Connection {
  readonly connectionString?: string
  /** Folder of the socket file, for the embedded database. */
  readonly socketFolder?: string
  readonly poolSize: number
  /** Absent while migrating, which needs the owner's rights. */
  readonly role?: string
  /** The embedded database is one session: no advisory locks, and a role set once holds for all. */
  readonly embedded: boolean
}

/** An empty list is an ordinary thing to ask about: `in ()` is false rather than a syntax error. */
export const plugins = () => [
  new CamelCasePlugin({ maintainNestedObjectKeys: true }),
  new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression }),
]

/** A kysely handle on a PostgreSQL server, or on the embedded database through its socket file. */
export function openPostgres(connection: Connection): Kysely<Database> {
  const pool = new pg.Pool({
    ...(connection.connectionString === undefined
      ? { host: connection.socketFolder, user: 'postgres', database: 'postgres' }
      : { connectionString: connection.connectionString }),
    max: connection.poolSize,
    // The connections of the embedded database are one session, in which a name stands once.
    ...(!connection.embedded && { Client: PreparingClient }),
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    types: { getTypeParser: (oid, format) => PARSERS[oid] ?? pg.types.getTypeParser(oid, format) },
  })
  // A server that restarts closes idle connections; the pool drops them and dials again when next asked.
  pool.on('error', () => undefined)
  const config: PostgresDialectConfig = {
    pool,
    ...(connection.role !== undefined && {
      onCreateConnection: async (client) => {
        await client.executeQuery(setRole(connection.role ?? APPLICATION_ROLE))
      },
    }),
  }
  return new Kysely<Database>({
    dialect: connection.embedded ? new EmbeddedDialect(config) : new PostgresDialect(config),
    plugins: plugins(),
  })
}

/** Runs what begins with `PREPARED` as a statement of its own name, and copies what begins with `COPIED`. */
class PreparingClient extends pg.Client {
  override query(...args: unknown[]): never {
    const [text, values] = args
    const ask = (...asked: unknown[]) => (super.query as (...args: unknown[]) => never).apply(this, asked)
    if (typeof text !== 'string' || !Array.isArray(values)) return ask(...args)
    if (text.startsWith(PREPARED)) return ask({ name: nameOf(text), text, values: values as unknown[] })
    if (!text.startsWith(COPIED)) return ask(...args)
    const copy = new CopyIn(text, values[0] as Buffer)
    ask(copy)
    return copy.result as never
  }
}

const names = new Map<string, string>()

/** Texts differ by their parts alone, so that there are some tens of them. */
function nameOf(text: string): string {
  const known = names.get(text) ?? `gdbos_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`
  names.set(text, known)
  return known
}

function setRole(role: string): CompiledQuery {
  return Query.raw(`set role "${role.replaceAll('"', '""')}"`)
}

class EmbeddedDialect extends PostgresDialect {
  override createAdapter(): PostgresAdapter {
    return new SingleSessionAdapter()
  }
}

/** One process holds the folder's lock, so migrations need no lock of the database's. */
export class SingleSessionAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}
