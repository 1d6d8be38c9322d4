import { DomainError } from '../../errors.ts'
import type { Access, Address, Network, Session, SourceKind } from './connector.ts'
import { portOf } from './http.ts'
import { openMongoSource } from './mongo.ts'
import { openMysqlSource } from './mysql.ts'
import { reach, resolveAddress } from './network.ts'
import { openPostgresSource } from './postgres.ts'
import { errors } from './refusals.ts'
import { openRestSource } from './rest.ts'

const TEST_MS = 30_000
/** One transaction of at most 5,000 rows. */
const WRITE_MS = 120_000

/**
 * Resolves, checks and connects. A write, or opening a table to write to it, that takes longer than `writeMs` ends
 * the session and throws CATALOG_SOURCE_WRITE_FAILED with the reason `timeout`.
 *
 * @throws what {@link resolveAddress} and the connectors throw
 */
export async function openSource(
  access: Access,
  signal: AbortSignal,
  writeMs: number = WRITE_MS,
): Promise<Session> {
  const stalled = new AbortController()
  const both = AbortSignal.any([signal, stalled.signal])
  const session = await logIn(access, await addressOf(access), both)
  const { write } = session
  if (!write) return session

  /** A driver whose connection was destroyed may never answer: the signal does. */
  async function inTime<T>(collection: string, work: Promise<T>): Promise<T> {
    let giveUp = () => {}
    const late = new Promise<never>((_, reject) => {
      giveUp = () => {
        const refusal = errors.SOURCE_WRITE_FAILED({ collection, reason: 'timeout' })
        stalled.abort(refusal)
        reject(refusal)
      }
    })
    const timer = setTimeout(giveUp, writeMs)
    try {
      return await Promise.race([work, late])
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    ...session,
    async write(target) {
      const { collection } = target
      const writer = await inTime(collection, write(target))
      return {
        position: () => inTime(collection, writer.position()),
        write: (rows, from, to) => inTime(collection, writer.write(rows, from, to)),
      }
    },
  }
}

function addressOf({ connection, network }: Access): Promise<Address> {
  if (connection.kind !== 'rest') return resolveAddress(connection.host, connection.port, network)
  return addressOfUrl(connection.url, network)
}

function addressOfUrl(text: string, network: Network): Promise<Address> {
  const url = new URL(text)
  return resolveAddress(url.hostname, portOf(url), network)
}

async function logIn(access: Access, address: Address, signal: AbortSignal): Promise<Session> {
  const { connection } = access
  if (connection.kind === 'postgres') return openPostgresSource(connection, access, address, signal)
  if (connection.kind === 'mysql') return openMysqlSource(connection, access, address, signal)
  if (connection.kind === 'rest') return openRestSource(connection, access, address, signal)
  return openMongoSource(connection, access, address, signal)
}

export type TestStep = 'resolve' | 'connect' | 'login' | 'read'
export const TEST_STEPS: readonly TestStep[] = ['resolve', 'connect', 'login', 'read']

export interface TestResult {
  readonly kind: SourceKind
  /** The steps that passed, in order. */
  readonly passed: readonly TestStep[]
  /** Null when all passed. */
  readonly failed: { readonly step: TestStep; readonly refusal: DomainError } | null
  /** What may be read there. */
  readonly collections: readonly string[]
}

/** Tries a source step by step and names the first that fails. Reads one batch of `collection`, when named. */
export async function testSource(
  access: Access,
  collection: string | null,
  stop: AbortSignal,
): Promise<TestResult> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TEST_MS)])
  const passed: TestStep[] = []
  const { kind } = access.connection
  let session: Session | undefined
  let collections: readonly string[] = []
  try {
    const address = await addressOf(access)
    const tokens = await tokenAddressOf(access)
    passed.push('resolve')
    await reach(address, signal)
    if (tokens !== undefined) await reach(tokens, signal)
    passed.push('connect')
    session = await logIn(access, address, signal)
    passed.push('login')
    collections = await session.collections()
    if (collection !== null) await readOne(session, collection)
    passed.push('read')
    return { kind, passed, failed: null, collections }
  } catch (error) {
    stop.throwIfAborted()
    if (!(error instanceof DomainError)) throw error
    // A service is logged in to and read by the same request.
    const isRead = kind === 'rest' && !error.code.endsWith('LOGIN_REFUSED') && passed.length === 2
    if (isRead) passed.push('login')
    const step = TEST_STEPS[passed.length] ?? 'read'
    return { kind, passed, failed: { step, refusal: error }, collections }
  } finally {
    await session?.close()
  }
}

/** Of the server that gives tokens, where there is one. */
async function tokenAddressOf({ connection, network }: Access): Promise<Address | undefined> {
  if (connection.kind !== 'rest' || !connection.oauth) return undefined
  return addressOfUrl(connection.oauth.tokenUrl, network)
}

async function readOne(session: Session, collection: string): Promise<void> {
  const columns = (await session.columns(collection)).map(({ name }) => name)
  for await (const _ of session.read({ collection, columns, cursor: null })) return
}
