import type { Target, Writer } from './writer.ts'

/** A cell as text; null where the source has no value. */
export type Cell = string | null
export type Row = readonly Cell[]

export type SourceKind = 'postgres' | 'mysql' | 'mongo' | 'rest' | 'files'

/** Where a database is and as whom we come; the secret is kept elsewhere. */
export interface ServerConnection {
  readonly kind: 'postgres' | 'mysql' | 'mongo'
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly tls: boolean
  /** MongoDB: the database that knows the account. */
  readonly authDatabase?: string | undefined
}

export type Paging =
  | { readonly type: 'none' }
  | { readonly type: 'link' }
  | {
      readonly type: 'page' | 'offset'
      readonly parameter: string
      readonly sizeParameter: string
      readonly size: number
      /** Number of the first page. */
      readonly first: number
    }
  | { readonly type: 'cursor'; readonly parameter: string; readonly nextPath: string }

/** Where a token is asked for (OAuth 2.0 client credentials, RFC 6749, section 4.4); the source's secret is the client's. */
export interface OauthClient {
  readonly tokenUrl: string
  readonly clientId: string
  /** Space-separated; empty for what the server grants by itself. */
  readonly scope: string
}

/** A service that answers JSON: how it is asked, and where in the answer the records are. */
export interface RestConnection {
  readonly kind: 'rest'
  readonly url: string
  readonly auth: 'none' | 'header' | 'basic' | 'oauth'
  /** `header`: the name of the header that carries the secret. */
  readonly header: string
  /** `basic`. */
  readonly user: string
  /** `oauth`. */
  readonly oauth?: OauthClient | undefined
  readonly paging: Paging
  /** Dotted path of the array of records; empty when the answer is the array. */
  readonly recordPath: string
  /** The parameter that asks for records from a watermark on; null when the service has none. */
  readonly sinceParameter: string | null
  readonly maxResponseBytes: number
  readonly timeoutSeconds: number
  readonly maxPages: number
  /** Least time between two requests. */
  readonly pauseMs: number
}

/** Files that the department places in the platform's own object store, each of them a whole register. */
export interface FilesConnection {
  readonly kind: 'files'
  /** `inbox/<organisation>/…/` */
  readonly prefix: string
}

/** What is reached over a network. */
export type RemoteConnection = ServerConnection | RestConnection
export type Connection = RemoteConnection | FilesConnection

/** Where a source may lead us. */
export interface Network {
  /** Names or addresses, exact. */
  readonly hosts: readonly string[]
  /** Internal networks (CIDR) an administrator permitted for this source. */
  readonly permitted: readonly string[]
}

/** All that is needed to reach a source; lives only as long as the call. */
export interface Access {
  readonly connection: RemoteConnection
  /** Empty when there is none. */
  readonly secret: string
  readonly network: Network
}

export interface SourceColumn {
  readonly name: string
  /** As the source declares it; null where it declares nothing. */
  readonly declaredType: string | null
  readonly nullable: boolean | null
  /** Part of the declared primary key. */
  readonly key: boolean
}

export interface Cursor {
  readonly column: string
  /** The watermark: read from this value on, itself included; null reads all. */
  readonly after: string | null
  /** Seconds for times, units for numbers, read again before the watermark. */
  readonly overlap: number
}

export interface ReadRequest {
  readonly collection: string
  /** In the order in which cells come. */
  readonly columns: readonly string[]
  /** Rows come in the order of its column. */
  readonly cursor: Cursor | null
}

/** Whole records as text: RFC 4180, UTF-8, a line feed after each; nothing and the empty text are both an empty cell. */
export interface CopiedText {
  readonly text: Buffer
  readonly rows: number
  /** The last of the records. */
  readonly last: Buffer
}

/** Why a column cannot be a cursor. */
export type CursorFault = 'nullable' | 'decreasing' | 'unordered' | 'unknown'

/** An open, logged-in connection. Every method ends when the signal it was opened with is aborted. */
export interface Session {
  /** Tables, views, collections; at most 1,000, by name. */
  collections(): Promise<string[]>
  /** @throws CATALOG_SOURCE_COLLECTION_UNKNOWN */
  columns(collection: string): Promise<SourceColumn[]>
  /** Undefined when the column may serve as a cursor. `after`: the watermark it must not have fallen behind. */
  cursorFault(collection: string, column: string, after: string | null): Promise<CursorFault | undefined>
  /** Batches of rows in one consistent view where the source has one; the next batch is read when asked for. */
  read(request: ReadRequest): AsyncIterable<Row[]>
  /** The same rows as text the source writes itself, several times faster; of at least two columns. */
  copy?(request: ReadRequest): AsyncIterable<CopiedText>
  /**
   * Opens a table or collection to be written after comparing its columns; absent where nothing can be written.
   *
   * @throws CATALOG_SOURCE_COLLECTION_UNKNOWN, CATALOG_TARGET_MISMATCHED, CATALOG_SOURCE_WRITE_FAILED
   */
  write?(target: Target): Promise<Writer>
  close(): Promise<void>
}

/** Logs in at an address that was checked. @throws CATALOG_SOURCE_UNREACHABLE, CATALOG_SOURCE_LOGIN_REFUSED */
export type Connector<Kind extends RemoteConnection> = (
  connection: Kind,
  access: Access,
  address: Address,
  signal: AbortSignal,
) => Promise<Session>

/** The resolved address we connect to. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly address: string
  readonly family: 4 | 6
}

export const BATCH_ROWS = 2_000
export const MAX_COLLECTIONS = 1_000
