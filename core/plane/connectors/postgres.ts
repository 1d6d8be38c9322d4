import pg from 'pg'
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
import { copiedOut } from './postgres-copy.ts'
import { openPostgresWriter } from './postgres-writer.ts'
import { codeOf, errors } from './refusals.ts'

const CONNECT_MS = 10_000
const STATEMENT_MS = 600_000
/** Login, certificate and database refusals: SQLSTATE class 28, a missing database, and those of TLS. */
const LOGIN = /^(28\w{3}|3D000|DEPTH_ZERO|SELF_SIGNED|CERT_|UNABLE_TO|ERR_TLS|ERR_SSL)/
const NUMBERS = /^(smallint|integer|bigint|numeric|real|double precision)/
const TIMES = /^(date|timestamp)/
const WORDS = /^(text|character|uuid|"char")/

/** Every value as PostgreSQL writes it. */
const AS_TEXT = { getTypeParser: () => (value: string) => value }

/**
 * PostgreSQL: reads tables and views through a server-side cursor in one read-only transaction at
 * `repeatable read`, so that a long read sees one state.
 */
export const openPostgresSource: Connector<ServerConnection> = async (
  connection,
  access,
  address,
  signal,
) => {
  const { host, port } = address
  const client = new pg.Client({
    host: address.address,
    port,
    database: connection.database,
    user: connection.user,
    // Given even when empty: the client would look for a password of its own machine's.
    password: access.secret,
    ssl: connection.tls ? { servername: host, rejectUnauthorized: true } : false,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    application_name: 'gdbos',
  })
  // A connection that breaks between two calls must not end the process; the next call tells.
  client.on('error', () => undefined)
  const abort = () => client.connection.stream.destroy()
  signal.addEventListener('abort', abort, { once: true })
  async function close() {
    signal.removeEventListener('abort', abort)
    if (signal.aborted) return
    await client.end()
  }
  try {
    await client.connect()
    await client.query("set timezone = 'UTC'")
    await client.query("set datestyle = 'ISO, YMD'")
    return sessionOn(client, signal, close)
  } catch (error) {
    abort()
    throw loginFailure(error, address)
  }
}

function loginFailure(error: unknown, { host, port }: Address) {
  const reason = codeOf(error)
  if (LOGIN.test(reason) || reason === 'Error') return errors.SOURCE_LOGIN_REFUSED({ host, reason })
  return errors.SOURCE_UNREACHABLE({ host, port, reason })
}

function sessionOn(client: pg.Client, signal: AbortSignal, close: () => Promise<void>): Session {
  async function ask(
    sql: string,
    values: readonly string[],
    collection: string,
  ): Promise<(string | null)[][]> {
    signal.throwIfAborted()
    try {
      const query = { text: sql, values: [...values], rowMode: 'array' as const, types: AS_TEXT }
      return (await client.query<(string | null)[]>(query)).rows
    } catch (error) {
      signal.throwIfAborted()
      throw errors.SOURCE_READ_FAILED({ collection, reason: codeOf(error) })
    }
  }

  async function columns(collection: string): Promise<SourceColumn[]> {
    const rows = await ask(COLUMNS, [collection], collection)
    if (rows.length === 0) throw errors.SOURCE_COLLECTION_UNKNOWN({ collection })
    return rows.map(([name, type, nullable, key]) => ({
      name: String(name),
      declaredType: type ?? null,
      nullable: nullable === 't',
      key: key === 't',
    }))
  }

  /** The collection as the catalogue spells it, quoted; never the caller's text. */
  async function tableOf(collection: string): Promise<string> {
    const [row] = await ask(TABLE, [collection], collection)
    if (!row?.[0]) throw errors.SOURCE_COLLECTION_UNKNOWN({ collection })
    return row[0]
  }

  return {
    async collections() {
      return (await ask(TABLES, [], '*')).map(([name]) => String(name))
    },
    columns,

    async cursorFault(collection, column, after): Promise<CursorFault | undefined> {
      const found = (await columns(collection)).find(({ name }) => name === column)
      if (!found) return 'unknown'
      const type = found.declaredType ?? ''
      if (![NUMBERS, TIMES, WORDS].some((known) => known.test(type))) return 'unordered'
      const table = await tableOf(collection)
      const name = client.escapeIdentifier(column)
      // A view declares nothing about nulls: look.
      if (found.nullable === true) {
        const holds = await ask(`select 1 from ${table} where ${name} is null limit 1`, [], collection)
        if (holds.length > 0 || !(await isView(collection))) return 'nullable'
      }
      if (after === null) return undefined
      const [row] = await ask(`select max(${name}) < $1::${type} from ${table}`, [after], collection)
      return row?.[0] === 't' ? 'decreasing' : undefined
    },

    async *copy(request: ReadRequest) {
      // The empty text would be written in quotes.
      const select = await selection(request, (cell) => `nullif(${cell}, '')`)
      await ask('begin isolation level repeatable read read only', [], request.collection)
      try {
        yield* copiedOut(client, `copy (${select}) to stdout (format csv)`)
      } catch (error) {
        signal.throwIfAborted()
        throw errors.SOURCE_READ_FAILED({ collection: request.collection, reason: codeOf(error) })
      } finally {
        if (!signal.aborted) await client.query('rollback').catch(() => undefined)
      }
    },

    async *read(request: ReadRequest) {
      const { collection } = request
      const select = await selection(request, (cell) => cell)
      await ask('begin isolation level repeatable read read only', [], collection)
      try {
        await ask(`declare gdbos_rows no scroll cursor for ${select}`, [], collection)
        for (;;) {
          const rows: Row[] = await ask(`fetch ${BATCH_ROWS} from gdbos_rows`, [], collection)
          if (rows.length === 0) break
          yield rows
        }
      } finally {
        if (!signal.aborted) await client.query('rollback').catch(() => undefined)
      }
    },
    write: (target) => openPostgresWriter(client, target, signal),
    close,
  }

  async function selection(
    { collection, columns: names, cursor }: ReadRequest,
    of: (cell: string) => string,
  ) {
    const known = await columns(collection)
    const table = await tableOf(collection)
    const cells = names.map((name) => of(`${client.escapeIdentifier(name)}::text`)).join(', ')
    return `select ${cells} from ${table}${tail(known, cursor)}`
  }

  async function isView(collection: string): Promise<boolean> {
    return (await ask(`${TABLE} and c.relkind in ('v', 'm')`, [collection], collection)).length > 0
  }

  function tail(known: readonly SourceColumn[], cursor: ReadRequest['cursor']): string {
    if (cursor === null) return ''
    const name = client.escapeIdentifier(cursor.column)
    const type = known.find(({ name }) => name === cursor.column)?.declaredType ?? 'text'
    if (cursor.after === null) return ` order by ${name}`
    const overlap = TIMES.test(type)
      ? ` - make_interval(secs => ${Number(cursor.overlap)})`
      : NUMBERS.test(type)
        ? ` - ${Number(cursor.overlap)}`
        : ''
    return ` where ${name} >= ${client.escapeLiteral(cursor.after)}::${type}${overlap} order by ${name}`
  }
}

const VISIBLE = `
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname !~ '^pg_(toast|temp)'`
const TABLES = `
  select n.nspname || '.' || c.relname ${VISIBLE} and has_table_privilege(c.oid, 'select')
  order by 1 limit ${MAX_COLLECTIONS}`
const TABLE = `
  select quote_ident(n.nspname) || '.' || quote_ident(c.relname) ${VISIBLE} and n.nspname || '.' || c.relname = $1`
const COLUMNS = `
  select a.attname, format_type(a.atttypid, a.atttypmod), not a.attnotnull,
    exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey))
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname || '.' || c.relname = $1 and a.attnum > 0 and not a.attisdropped
  order by a.attnum`
