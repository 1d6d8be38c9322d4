import { PGlite } from '@electric-sql/pglite'
import {
  type CompiledQuery,
  CompiledQuery as Query,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import { SingleSessionAdapter } from '../../core/database/postgres.ts'
import { PARSERS } from '../../core/database/types.ts'

/** As much as a test's database holds; the 128 MB that are usual are zeroed at each start. */
const SHARED_BUFFERS = ['-c', 'shared_buffers=16MB']
/** The 16 MB that are usual would be most of a snapshot. */
const SMALL_LOG = ['--wal-segsize=1']

/** PGlite in this process, so that a world costs a loaded snapshot and no socket. */
export function openInProcess(snapshot?: Blob): PGlite {
  return new PGlite({
    parsers: PARSERS,
    startParams: [...PGlite.defaultStartParams, ...SHARED_BUFFERS],
    initDbStartParams: SMALL_LOG,
    ...(snapshot && { loadDataDir: snapshot }),
  })
}

export class PGliteDialect implements Dialect {
  readonly #pglite: PGlite

  constructor(pglite: PGlite) {
    this.#pglite = pglite
  }

  createAdapter() {
    return new SingleSessionAdapter()
  }

  createDriver(): Driver {
    return new PGliteDriver(this.#pglite)
  }

  createIntrospector(db: Kysely<unknown>) {
    return new PostgresIntrospector(db)
  }

  createQueryCompiler() {
    return new PostgresQueryCompiler()
  }
}

/** One connection, handed to one holder at a time: like the server's embedded database. */
class PGliteDriver implements Driver {
  readonly #pglite: PGlite
  #queue: Promise<void> = Promise.resolve()
  readonly #releases = new Map<DatabaseConnection, () => void>()

  constructor(pglite: PGlite) {
    this.#pglite = pglite
  }

  async init() {
    await this.#pglite.waitReady
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const previous = this.#queue
    let release: () => void = () => undefined
    this.#queue = new Promise((resolve) => {
      release = resolve
    })
    await previous
    const connection = new Connection(this.#pglite)
    this.#releases.set(connection, release)
    return connection
  }

  async beginTransaction(connection: DatabaseConnection) {
    await connection.executeQuery(Query.raw('begin'))
  }

  async commitTransaction(connection: DatabaseConnection) {
    await connection.executeQuery(Query.raw('commit'))
  }

  async rollbackTransaction(connection: DatabaseConnection) {
    await connection.executeQuery(Query.raw('rollback'))
  }

  async releaseConnection(connection: DatabaseConnection) {
    this.#releases.get(connection)?.()
    this.#releases.delete(connection)
  }

  async destroy() {
    await this.#pglite.close()
  }
}

class Connection implements DatabaseConnection {
  readonly #pglite: PGlite

  constructor(pglite: PGlite) {
    this.#pglite = pglite
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, affectedRows } = await this.#pglite.query<R>(query.sql, [...query.parameters])
    return { rows, numAffectedRows: BigInt(affectedRows ?? 0) }
  }

  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('PGlite does not stream')
  }
}
