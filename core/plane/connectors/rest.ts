import { setTimeout as pause } from 'node:timers/promises'
import {
  type Access,
  type Address,
  type Connector,
  type CursorFault,
  type ReadRequest,
  type RestConnection,
  type Row,
  type Session,
  type SourceColumn,
} from './connector.ts'
import { columnsOf, flatten, rowOf } from './documents.ts'
import { DomainError } from '../../errors.ts'
import { getJson, type JsonAnswer, type Limits, portOf } from './http.ts'
import { type Headers, tokenKeeper } from './oauth.ts'
import { errors } from './refusals.ts'

/** A service has one collection, its records. */
export const RECORDS = 'records'
const SAMPLE_PAGES = 3

/** JSON over HTTP, read page by page; a page is asked for when the one before has been taken. */
export const openRestSource: Connector<RestConnection> = async (connection, access, address, signal) => {
  const addresses = new Map<string, Address>([[hostKey(new URL(connection.url)), address]])
  const session = sessionOn(connection, access, addresses, signal)
  await session.columns(RECORDS)
  return session
}

const hostKey = (url: URL) => `${url.hostname}:${portOf(url)}`

function sessionOn(
  connection: RestConnection,
  access: Access,
  addresses: Map<string, Address>,
  signal: AbortSignal,
): Session {
  const ask = askerOf(connection, access, addresses, signal)
  const pages = (since: string | null) => pagesOf(connection, ask, signal, since)

  async function sample(): Promise<object[]> {
    const records: object[] = []
    let taken = 0
    for await (const page of pages(null)) {
      records.push(...page)
      taken += 1
      if (taken === SAMPLE_PAGES) break
    }
    return records
  }

  async function columns(collection: string): Promise<SourceColumn[]> {
    if (collection !== RECORDS) throw errors.SOURCE_COLLECTION_UNKNOWN({ collection })
    return columnsOf((await sample()).map((record) => flatten(record)))
  }

  return {
    collections: () => Promise.resolve([RECORDS]),
    columns,

    /** A service sorts by itself: what the first pages show must not decrease. */
    async cursorFault(collection, column): Promise<CursorFault | undefined> {
      if (collection !== RECORDS) throw errors.SOURCE_COLLECTION_UNKNOWN({ collection })
      if (connection.sinceParameter === null) return 'unordered'
      const cells = (await sample()).map((record) => flatten(record).get(column))
      if (cells.every((cell) => cell === undefined)) return 'unknown'
      const values = cells.flatMap((cell) => cell ?? [])
      if (values.length < cells.length) return 'nullable'
      const decreasing = values.some((value, at) => at > 0 && compare(values[at - 1] ?? '', value) > 0)
      return decreasing ? 'decreasing' : undefined
    },

    async *read({ collection, columns: names, cursor }: ReadRequest) {
      if (collection !== RECORDS) throw errors.SOURCE_COLLECTION_UNKNOWN({ collection })
      const since = cursor === null ? null : earlier(cursor.after, cursor.overlap)
      for await (const page of pages(since)) {
        const rows: Row[] = page.map((record) => rowOf(flatten(record), names))
        if (rows.length > 0) yield rows
      }
    },
    close: () => Promise.resolve(),
  }
}

/**
 * The records of a service as it gives them, page by page.
 *
 * @throws CATALOG_SOURCE_CONNECTION_INVALID for a source that is no service, and what reading a source throws
 */
export async function* readRecords(access: Access, signal: AbortSignal): AsyncGenerator<object[]> {
  const { connection } = access
  if (connection.kind !== 'rest') throw errors.SOURCE_CONNECTION_INVALID({ reason: 'kind' })
  yield* pagesOf(connection, askerOf(connection, access, new Map(), signal), signal, null)
}

type Asker = (url: URL) => Promise<JsonAnswer>

/** Asks for a page, with the secret or the token of the source where it is our own service's. */
function askerOf(
  connection: RestConnection,
  access: Access,
  addresses: Map<string, Address>,
  signal: AbortSignal,
): Asker {
  const start = new URL(connection.url)
  const limits: Limits = {
    network: access.network,
    maxBytes: connection.maxResponseBytes,
    timeoutSeconds: connection.timeoutSeconds,
    signal,
    addresses,
  }
  const token = connection.oauth && tokenKeeper(connection.oauth, access.secret, limits)
  const shown = async () => token?.headers() ?? secretHeaders(connection, access.secret)
  return async (url) => {
    // The next page may be named by the answer: only our own service gets the secret.
    if (url.origin !== start.origin) return getJson({ url, secretHeaders: {}, ...limits })
    const secretHeaders = await shown()
    try {
      return await getJson({ url, secretHeaders, ...limits })
    } catch (error) {
      const isStale = error instanceof DomainError && error.params['reason'] === '401'
      if (!token || !isStale) throw error
      token.forget()
      return getJson({ url, secretHeaders: await shown(), ...limits })
    }
  }
}

async function* pagesOf(
  connection: RestConnection,
  ask: Asker,
  signal: AbortSignal,
  since: string | null,
): AsyncGenerator<object[]> {
  let url: URL | undefined = firstPage(connection, since)
  for (let index = 0; url !== undefined; index++) {
    if (index === connection.maxPages)
      throw errors.SOURCE_RESPONSE_EXCEEDED({ limit: `${connection.maxPages} pages` })
    if (index > 0 && connection.pauseMs > 0) await pause(connection.pauseMs, undefined, { signal })
    signal.throwIfAborted()
    const answer = await ask(url)
    const records = recordsOf(answer.body, connection.recordPath)
    yield records
    url = nextPage(connection, answer, url, records.length, index)
  }
}

/** Numbers by their value, everything else (ISO instants) by its text. */
function compare(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)]
  if (a !== '' && b !== '' && !Number.isNaN(x) && !Number.isNaN(y)) return x - y
  return a < b ? -1 : a > b ? 1 : 0
}

/** The watermark, `overlap` units or seconds before it; a text that is neither number nor instant stays. */
function earlier(after: string | null, overlap: number): string | null {
  if (after === null || overlap === 0) return after
  if (/^-?\d+(\.\d+)?$/.test(after)) return String(Number(after) - overlap)
  const instant = Date.parse(after)
  return Number.isNaN(instant) ? after : new Date(instant - overlap * 1000).toISOString()
}

function secretHeaders({ auth, header, user }: RestConnection, secret: string): Headers {
  if (auth === 'none') return {}
  if (auth === 'header') return { [header]: secret }
  return { authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}` }
}

function firstPage({ url: text, paging, sinceParameter }: RestConnection, since: string | null): URL {
  const url = new URL(text)
  if (since !== null && sinceParameter !== null) url.searchParams.set(sinceParameter, since)
  if (paging.type === 'page' || paging.type === 'offset') {
    url.searchParams.set(paging.parameter, String(paging.type === 'page' ? paging.first : 0))
    url.searchParams.set(paging.sizeParameter, String(paging.size))
  }
  return url
}

/** Undefined after the last page. */
function nextPage(
  { paging }: RestConnection,
  answer: JsonAnswer,
  asked: URL,
  records: number,
  index: number,
): URL | undefined {
  if (paging.type === 'none') return undefined
  if (paging.type === 'link') return linkedPage(answer)
  if (paging.type === 'cursor') {
    const next = memberAt(answer.body, paging.nextPath)
    if ((typeof next !== 'string' && typeof next !== 'number') || next === '') return undefined
    const url = new URL(asked)
    url.searchParams.set(paging.parameter, String(next))
    return url
  }
  // A short page may be the service's own limit: only an empty one is surely the last.
  if (records === 0) return undefined
  const url = new URL(asked)
  const offset = Number(asked.searchParams.get(paging.parameter)) + records
  const position = paging.type === 'page' ? paging.first + index + 1 : offset
  url.searchParams.set(paging.parameter, String(position))
  return url
}

/** The address of `rel="next"` (RFC 8288). */
function linkedPage({ headers, url }: JsonAnswer): URL | undefined {
  const { link } = headers
  const links = Array.isArray(link) ? link.join(', ') : (link ?? '')
  const next = /<([^>]*)>\s*;(?=[^,<]*\brel="?next"?)/i.exec(links)?.[1]
  return next !== undefined && URL.canParse(next, url.href) ? new URL(next, url) : undefined
}

function recordsOf(body: unknown, path: string): object[] {
  const found = path === '' ? body : memberAt(body, path)
  if (!Array.isArray(found))
    throw errors.SOURCE_READ_FAILED({ collection: path === '' ? RECORDS : path, reason: 'not an array' })
  return found.map((record: unknown) =>
    typeof record === 'object' && record !== null && !Array.isArray(record) ? record : { value: record },
  )
}

function memberAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (at, name) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, name)
          ? (at as Record<string, unknown>)[name]
          : undefined,
      value,
    )
}
