import { randomUUID } from 'node:crypto'
import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { type Connection, connection, type PageRequest, readCursor, rowsToRead } from '../../core/page.ts'
import {
  type Access,
  discover,
  type Discovery,
  errors as connectors,
  openSource,
  type Session,
  testFiles,
  testSource,
  type TestResult,
  readRecords,
} from '../../core/plane/connectors/index.ts'
import { authorize } from '../../core/policy.ts'
import * as datasets from './dataset.service.ts'
import { can } from './policy.ts'
import {
  errors,
  type NewSource,
  permittingNetworks,
  type Reading,
  readingFrom,
  registeredSource,
  type Source,
  type Watermark,
} from './source.ts'
import * as repository from './source.repository.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'catalog.source.registered': { sourceId: string; organisationId: string; kind: string; hosts: string[] }
    'catalog.source.secret-replaced': { sourceId: string; keyId: string | null }
    'catalog.source.networks-permitted': { sourceId: string; networks: string[] }
    'catalog.source.reading-set': { sourceId: string; datasetId: string; collection: string }
    'catalog.source.read': { sourceId: string; organisationId: string; purpose: 'test' | 'discovery' }
    'catalog.source.watermark-moved': { sourceId: string; revision: number }
  }
}

const CALL_MS = 120_000

/** Seen by its own organisation, by who permits networks, and by the platform. @throws CATALOG_SOURCE_NOT_FOUND */
export async function source(ctx: Context, id: string): Promise<Source> {
  return requireSeen(ctx, id, await repository.find(ctx, id))
}

/** @throws CATALOG_SOURCE_NOT_FOUND */
export async function requireSeen(ctx: Context, id: string, found: Source | undefined): Promise<Source> {
  if (found && ((await seesAll(ctx)) || (await ctx.policy.allows(ctx, can.readSource, found)))) return found
  throw errors.SOURCE_NOT_FOUND({ id })
}

async function seesAll(ctx: Context): Promise<boolean> {
  return (await ctx.policy.allows(ctx, can.permitNetwork)) || ctx.policy.allows(ctx, can.useAnySource)
}

/** By title. @throws POLICY_FORBIDDEN, GRAPHQL_PAGE_INVALID, GRAPHQL_CURSOR_INVALID */
export async function sources(ctx: Context, page: PageRequest): Promise<Connection<Source>> {
  const all = await seesAll(ctx)
  if (!all) await authorize(ctx, can.readSource, ctx.actor)
  const after = readCursor('sources', ['text', 'uuid'], page)
  const rows = await repository.list(ctx, {
    organisationId: all ? undefined : ctx.actor.organisationId,
    after: after && [String(after[0]), String(after[1])],
    limit: rowsToRead(page),
  })
  return connection('sources', rows, page, ({ title, id }) => [title, id])
}

/**
 * Registers a source of the actor's own organisation; its secret is sealed for it alone.
 *
 * @throws POLICY_FORBIDDEN, CATALOG_SOURCE_TITLE_TAKEN, and what {@link registeredSource} throws
 */
export async function registerSource(
  ctx: Context,
  input: NewSource & { readonly secret: string },
): Promise<Source> {
  return transaction(ctx, async (ctx) => {
    const { organisationId } = ctx.actor
    await authorize(ctx, can.manageSource, { organisationId })
    const { title, connection, hosts } = input
    const start = registeredSource({ title, connection, hosts, organisationId }, ctx.now())
    const id = randomUUID()
    const secret = sealed(ctx, id, input.secret)
    const found = await repository.insert(ctx, { ...start, id, secretKeyId: keyOf(secret) }, secret)
    if (!found) throw errors.SOURCE_TITLE_TAKEN({ title: start.title })
    await emit(ctx, 'catalog.source.registered', {
      sourceId: id,
      organisationId,
      kind: connection.kind,
      hosts: [...found.network.hosts],
    })
    return found
  })
}

const purposeOf = (id: string) => `catalog.source:${id}`
const keyOf = (sealed: string | null) => sealed?.split('.')[1] ?? null

function sealed(ctx: Context, id: string, secret: string): string | null {
  return secret === '' ? null : ctx.crypto.seal(secret, purposeOf(id))
}

/** Another secret, or the same one under the newest key. @throws CATALOG_SOURCE_NOT_FOUND, POLICY_FORBIDDEN */
export async function replaceSecret(ctx: Context, id: string, secret: string): Promise<Source> {
  return transaction(ctx, async (ctx) => {
    const found = await requireSeen(ctx, id, await repository.lock(ctx, id))
    await authorize(ctx, can.manageSource, found)
    const text = sealed(ctx, id, secret)
    const secretKeyId = keyOf(text)
    await repository.saveSecret(ctx, id, text, secretKeyId)
    await emit(ctx, 'catalog.source.secret-replaced', { sourceId: id, keyId: secretKeyId })
    return { ...found, secretKeyId }
  })
}

/**
 * Permits internal networks for one source; the list replaces the one before.
 *
 * @throws CATALOG_SOURCE_NOT_FOUND, POLICY_FORBIDDEN, CATALOG_SOURCE_NETWORK_INVALID
 */
export async function permitNetworks(ctx: Context, id: string, networks: readonly string[]): Promise<Source> {
  return transaction(ctx, async (ctx) => {
    const found = await requireSeen(ctx, id, await repository.lock(ctx, id))
    await authorize(ctx, can.permitNetwork)
    const result = permittingNetworks(found, networks)
    await repository.update(ctx, result)
    await emit(ctx, 'catalog.source.networks-permitted', {
      sourceId: id,
      networks: [...result.network.permitted],
    })
    return result
  })
}

export type ReadingInput = Omit<Reading, 'columns'>

/**
 * Sets what is read and into which dataset. Looks at the source first: a cursor column that may be null, has
 * no order, or fell behind the watermark is refused (section 13, row 20). Setting the same again changes nothing.
 *
 * @throws CATALOG_SOURCE_NOT_FOUND, POLICY_FORBIDDEN, CATALOG_DATASET_NOT_FOUND, CATALOG_SOURCE_CURSOR_UNSTABLE,
 * CATALOG_SOURCE_READING_INVALID, and what opening a source throws
 */
export async function configureSource(ctx: Context, id: string, input: ReadingInput): Promise<Source> {
  const before = await source(ctx, id)
  await authorize(ctx, can.manageSource, before)
  const dataset = await datasets.dataset(ctx, input.datasetId)
  await authorize(ctx, can.loadDataset, dataset)
  const { connection } = before
  const isOfFiles = connection.kind === 'files'
  // Of files all are read; which columns they have is seen when they are.
  const reading = isOfFiles ? { ...input, collection: connection.prefix } : input
  const columns = isOfFiles ? [] : await columnsToRead(ctx, before, input)
  return transaction(ctx, async (ctx) => {
    const found = await requireSeen(ctx, id, await repository.lock(ctx, id))
    await authorize(ctx, can.manageSource, found)
    const result = readingFrom(found, { ...reading, columns })
    await repository.update(ctx, result)
    const { collection, datasetId } = reading
    await emit(ctx, 'catalog.source.reading-set', { sourceId: id, datasetId, collection })
    return result
  })
}

async function columnsToRead(ctx: Context, before: Source, input: ReadingInput): Promise<string[]> {
  return withSession(ctx, before, async (session) => {
    const names = (await session.columns(input.collection)).map(({ name }) => name)
    const column = input.cursorColumn
    if (column !== null) {
      const after = before.reading?.cursorColumn === column ? (before.watermark?.value ?? null) : null
      const reason = await session.cursorFault(input.collection, column, after)
      if (reason !== undefined) throw errors.SOURCE_CURSOR_UNSTABLE({ column, reason })
    }
    return names
  })
}

/** Tries the connection step by step. @throws CATALOG_SOURCE_NOT_FOUND, POLICY_FORBIDDEN */
export async function tryConnection(ctx: Context, id: string): Promise<TestResult> {
  const found = await recordedUse(ctx, id, 'test')
  const signal = AbortSignal.timeout(CALL_MS)
  const { connection, organisationId } = found
  if (connection.kind === 'files') return testFiles(ctx.objects, connection, organisationId, signal)
  return testSource(await accessTo(ctx, found), found.reading?.collection ?? null, signal)
}

/** Structure and masked samples of a table or collection. @throws what opening a source throws */
export async function discoverCollection(
  ctx: Context,
  source: Source,
  collection: string,
): Promise<Discovery> {
  return withSession(ctx, source, (session) => discover(session, collection))
}

/** Records that a person looks into the source. @throws CATALOG_SOURCE_NOT_FOUND, POLICY_FORBIDDEN */
export async function recordedUse(ctx: Context, id: string, purpose: 'test' | 'discovery'): Promise<Source> {
  return transaction(ctx, async (ctx) => {
    const found = await source(ctx, id)
    if (!(await ctx.policy.allows(ctx, can.useAnySource))) await authorize(ctx, can.manageSource, found)
    const { organisationId } = found
    await emit(ctx, 'catalog.source.read', { sourceId: id, organisationId, purpose })
    return found
  })
}

/** The same for one piece of work of a person who waits. */
export async function withSession<T>(
  ctx: Context,
  source: Source,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(ctx, source, AbortSignal.timeout(CALL_MS))
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

/** An open connection to the source; rights are those of the caller. @throws what opening a source throws */
export async function openSession(ctx: Context, source: Source, signal: AbortSignal): Promise<Session> {
  return openSource(await accessTo(ctx, source), signal)
}

/** The records of a service as it gives them; rights are those of the caller. @throws what reading a source throws */
export async function* recordsOf(
  ctx: Context,
  source: Source,
  signal: AbortSignal,
): AsyncGenerator<object[]> {
  yield* readRecords(await accessTo(ctx, source), signal)
}

async function accessTo(ctx: Context, { id, connection, network }: Source): Promise<Access> {
  // Files are no rows to read or to write: whoever loads them takes them from the object store.
  if (connection.kind === 'files') throw connectors.SOURCE_READ_ONLY()
  const secret = await repository.sealedSecret(ctx, id)
  return {
    connection,
    network,
    secret: secret === null ? '' : ctx.crypto.open(secret, purposeOf(id)).toString('utf8'),
  }
}

/**
 * Stores how far the version reaches that this very transaction publishes. A pull begun under an earlier
 * revision leaves the later watermark as it is.
 */
export async function moveWatermark(
  ctx: TransactionContext,
  id: string,
  revision: number,
  watermark: Watermark,
): Promise<void> {
  const found = await repository.lock(ctx, id)
  if (found?.revision !== revision) return
  await repository.update(ctx, { ...found, watermark, revision: revision + 1 })
  await emit(ctx, 'catalog.source.watermark-moved', { sourceId: id, revision: revision + 1 })
}

/** Whether the actor may do it. */
export const mayManage = (ctx: Context, source: Source): Promise<boolean> =>
  ctx.policy.allows(ctx, can.manageSource, source)
export const mayPermitNetworks = (ctx: Context): Promise<boolean> => ctx.policy.allows(ctx, can.permitNetwork)
