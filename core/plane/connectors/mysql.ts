import type { Connection as Client } from 'mysql2'
import { connect } from 'node:net'
import type { Readable } from 'node:stream'
import {
  type Address,
  BATCH_ROWS,
  type Connector,
  type CursorFault,
  MAX_COLLECTIONS,
  type ReadRequest,
  type Row,
  type ServerConnection,
  type Session,
  type SourceColumn,
} from './connector.ts'
import { copiedRows, rowText } from './mysql-copy.ts'
import { openMysqlWriter } from './mysql-writer.ts'
import { codeOf, errors } from './refusals.ts'

const CONNECT_MS = 10_000
const LOGIN =
  /^(ER_ACCESS_DENIED|ER_DBACCESS_DENIED|ER_BAD_DB|ER_NOT_SUPPORTED_AUTH|ER_SSL|HANDSHAKE|AUTH_|DEPTH_ZERO|SELF_SIGNED|CERT_|UNABLE_TO|ERR_TLS|ERR_SSL)/
const NUMBERS = /^(tinyint|smallint|mediumint|int|bigint|decimal|float|double|year)/
const TIMES = /^(date|datetime|timestamp)/
const WORDS = /^(char|varchar|tinytext|text|mediumtext|longtext|uuid)/
const BYTES = /^(binary|varbinary|tinyblob|blob|mediumblob|longblob)/
const SHAPES = /^(geometry|point|linestring|polygon|multi\w+|geometrycollection)/

/**
 * MySQL and MariaDB: one streaming query in a read-only transaction with a consistent snapshot, `utf8mb4`,
 * every value as the server writes it, so that zero dates stay what they are.
 */
export const openMysqlSource: Connector<ServerConnection> = async (connection, access, address, signal) => {
  const { host, port } = address
  // Loaded where it is used, like the other drivers that most installations do without.
  const { default: mysql } = await import('mysql2')
  const socket = connect({ host: address.address, port })
  const client = mysql.createConnection({
    // The name is for the certificate; the connection is the one below.
    host,
    port,
    stream: socket,
    user: connection.user,
    password: access.secret,
    database: connection.database,
    charset: 'utf8mb4',
    connectTimeout: CONNECT_MS,
    // A server could else ask for files of this machine.
    flags: ['-LOCAL_FILES'],
    ...(connection.tls && { ssl: { rejectUnauthorized: true, verifyIdentity: true } }),
  })
  // The driver tells the connection that it was lost, and not the query that waits for its rows.
  const lost = new AbortController()
  client.on('error', (error) => lost.abort(error))
  const ended = AbortSignal.any([signal, lost.signal])
  const breakOff = () => {
    client.destroy()
    socket.destroy()
  }
  signal.addEventListener('abort', breakOff, { once: true })
  try {
    await asked(client, ended, "set session time_zone = '+00:00'")
  } catch (error) {
    breakOff()
    throw loginFailure(error, address)
  }
  return sessionOn(
    { client, database: connection.database, breakOff, signal, ended },
    {
      async close() {
        signal.removeEventListener('abort', breakOff)
        if (!ended.aborted) await new Promise<void>((resolve) => client.end(() => resolve()))
      },
    },
  )
}

/** An open connection. */
interface Line {
  readonly client: Client
  readonly database: string
  /** Closes it at once, whatever is under way. */
  readonly breakOff: () => void
  /** Aborted by who opened it. */
  readonly signal: AbortSignal
  /** Aborted by him, or because the connection was lost. */
  readonly ended: AbortSignal
}

function loginFailure(error: unknown, { host, port }: Address) {
  const reason = codeOf(error)
  if (LOGIN.test(reason)) return errors.SOURCE_LOGIN_REFUSED({ host, reason })
  return errors.SOURCE_UNREACHABLE({ host, port, reason })
}

const options = (sql: string, values: readonly string[]) => ({
  sql,
  values: [...values],
  rowsAsArray: true,
  typeCast: (field: { string(): string | null }) => field.string(),
})

/** @throws what the server answers, and the reason of `ended`: a connection that is broken off answers nothing */
function asked(
  client: Client,
  ended: AbortSignal,
  sql: string,
  values: readonly string[] = [],
): Promise<(string | null)[][]> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(ended.reason as Error)
    if (ended.aborted) return stop()
    ended.addEventListener('abort', stop, { once: true })
    client.query(options(sql, values), (error, rows) => {
      ended.removeEventListener('abort', stop)
      if (error) reject(error)
      else resolve(Array.isArray(rows) ? (rows as unknown as (string | null)[][]) : [])
    })
  })
}

function sessionOn(
  { client, database, breakOff, signal, ended }: Line,
  { close }: Pick<Session, 'close'>,
): Session {
  async function ask(sql: string, values: readonly string[], collection: string) {
    signal.throwIfAborted()
    try {
      return await asked(client, ended, sql, values)
    } catch (error) {
      signal.throwIfAborted()
      throw errors.SOURCE_READ_FAILED({ collection, reason: codeOf(error) })
    }
  }

  async function columns(collection: string): Promise<SourceColumn[]> {
    const rows = await ask(COLUMNS, [database, collection], collection)
    if (rows.length === 0) throw errors.SOURCE_COLLECTION_UNKNOWN({ collection })
    return rows.map(([name, type, nullable, key]) => ({
      name: String(name),
      declaredType: type ?? null,
      nullable: nullable === 'YES',
      key: key === 'PRI',
    }))
  }

  async function selected({ collection, columns: names, cursor }: ReadRequest) {
    const types = new Map(
      (await columns(collection)).map(({ name, declaredType }) => [name, declaredType ?? '']),
    )
    const { where, values } = tail(cursor, types)
    return {
      cells: names.map((name) => cell(name, types.get(name) ?? '')),
      tail: `from ${quoted(collection)}${where}`,
      values,
    }
  }

  /** In one view of the data; a reading that does not come to its end ends the connection. */
  async function* reading<Piece>(
    collection: string,
    pieces: () => AsyncIterable<Piece>,
  ): AsyncGenerator<Piece> {
    await ask('set session transaction isolation level repeatable read', [], collection)
    await ask('start transaction with consistent snapshot, read only', [], collection)
    let whole = false
    try {
      for await (const piece of pieces()) {
        signal.throwIfAborted()
        yield piece
      }
      signal.throwIfAborted()
      whole = true
    } catch (error) {
      signal.throwIfAborted()
      throw errors.SOURCE_READ_FAILED({ collection, reason: codeOf(error) })
    } finally {
      // The rest of an unfinished answer would else have to be read to its end.
      if (whole) await asked(client, ended, 'rollback').catch(() => undefined)
      else breakOff()
    }
  }

  async function* rowsOf(sql: string, values: string[]): AsyncGenerator<Row[]> {
    const stream: Readable = client
      .query({ ...options(sql, values), typeCast: false })
      .stream({ highWaterMark: BATCH_ROWS })
    // A connection that is broken off tells its stream nothing: who waits for the next row would wait for ever.
    const stop = () => stream.destroy(ended.reason as Error)
    ended.addEventListener('abort', stop, { once: true })
    try {
      let batch: Row[] = []
      for await (const row of stream) {
        // Bytes as they came, decoded here: a wrapper of the driver's around each cell takes twice the time.
        batch.push((row as (Buffer | null)[]).map((cell) => (cell === null ? null : cell.toString())))
        if (batch.length < BATCH_ROWS) continue
        yield batch
        batch = []
      }
      if (batch.length > 0) yield batch
    } finally {
      ended.removeEventListener('abort', stop)
    }
  }

  return {
    async collections() {
      return (await ask(TABLES, [database], '*')).map(([name]) => String(name))
    },
    columns,

    async cursorFault(collection, column, after): Promise<CursorFault | undefined> {
      const found = (await columns(collection)).find(({ name }) => name === column)
      if (!found) return 'unknown'
      if (![NUMBERS, TIMES, WORDS].some((known) => known.test(found.declaredType ?? ''))) return 'unordered'
      if (found.nullable === true) return 'nullable'
      if (after === null) return undefined
      const name = quoted(column)
      const table = quoted(collection)
      const [row] = await ask(`select max(${name}) < ? from ${table}`, [after], collection)
      return row?.[0] === '1' ? 'decreasing' : undefined
    },

    async *copy(request: ReadRequest) {
      const { cells, tail, values } = await selected(request)
      yield* reading(request.collection, () =>
        copiedRows(client, { sql: `select ${rowText(cells)} ${tail}`, values }, ended),
      )
    },

    async *read(request: ReadRequest) {
      const { cells, tail, values } = await selected(request)
      yield* reading(request.collection, () => rowsOf(`select ${cells.join(', ')} ${tail}`, values))
    },
    write: (target) => openMysqlWriter(client, database, target, signal),
    close,
  }
}

/** A name as an identifier. */
const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``

function cell(name: string, type: string): string {
  const column = quoted(name)
  if (BYTES.test(type)) return `hex(${column})`
  if (SHAPES.test(type)) return `st_astext(${column})`
  if (/^bit/.test(type)) return `cast(${column} as unsigned)`
  return column
}

function tail(cursor: ReadRequest['cursor'], types: ReadonlyMap<string, string>) {
  if (cursor === null) return { where: '', values: [] }
  const name = quoted(cursor.column)
  if (cursor.after === null) return { where: ` order by ${name}`, values: [] }
  const type = types.get(cursor.column) ?? ''
  const overlap = Number(cursor.overlap)
  const from = TIMES.test(type)
    ? `cast(? as datetime(6)) - interval ${overlap} second`
    : NUMBERS.test(type)
      ? `cast(? as decimal(65, 10)) - ${overlap}`
      : '?'
  return { where: ` where ${name} >= ${from} order by ${name}`, values: [cursor.after] }
}

const TABLES = `
  select table_name from information_schema.tables where table_schema = ?
  order by table_name limit ${MAX_COLLECTIONS}`
const COLUMNS = `
  select column_name, column_type, is_nullable, column_key from information_schema.columns
  where table_schema = ? and table_name = ? order by ordinal_position`
