import { PGlite, type Results } from '@electric-sql/pglite'
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

/** PGlite in this process, so that a world costs no socket. */
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
  readonly #leave: () => Promise<void>

  /** `leave` is told when nobody asks this database any more. */
  constructor(pglite: PGlite, leave: () => Promise<void> = () => pglite.close()) {
    this.#pglite = pglite
    this.#leave = leave
  }

  createAdapter() {
    return new SingleSessionAdapter()
  }

  createDriver(): Driver {
    return new PGliteDriver(this.#pglite, this.#leave)
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
  readonly #leave: () => Promise<void>
  #left = false
  #queue: Promise<void> = Promise.resolve()
  readonly #releases = new Map<DatabaseConnection, () => void>()

  constructor(pglite: PGlite, leave: () => Promise<void>) {
    this.#pglite = pglite
    this.#leave = leave
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
    const connection = new Connection((query) => {
      if (this.#left) throw new Error('the database of this world is closed')
      return this.#pglite.query(query.sql, [...query.parameters])
    })
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
    this.#left = true
    await this.#leave()
  }
}

class Connection implements DatabaseConnection {
  readonly #ask: (query: CompiledQuery) => Promise<Results>

  constructor(ask: (query: CompiledQuery) => Promise<Results>) {
    this.#ask = ask
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, affectedRows } = await this.#ask(query)
    return { rows: rows as R[], numAffectedRows: BigInt(affectedRows ?? 0) }
  }

  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('PGlite does not stream')
  }
}
