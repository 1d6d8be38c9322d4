import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { DomainError } from '../../core/errors.ts'
import { defineSubscriber, emit } from '../../core/events.ts'
import { loadThrough } from '../../core/loader.ts'
import type { PlacedFile } from '../../core/objects.ts'
import { described, type Discovery, placedFiles } from '../../core/plane/connectors/index.ts'
import * as catalog from '../catalog/index.ts'
import { errors as batches, MAX_FILE_BYTES } from './batch.ts'
import * as batchRepository from './batch.repository.ts'
import { confirmAsBefore } from './batch.service.ts'
import { type Fate, type FileCounts, isReceived, type KnownFile } from './inbox.ts'
import * as repository from './inbox.repository.ts'
import { lookAt } from './look.ts'
import { maySee } from './policy.ts'
import type { Pull } from './pull.ts'
import * as pulls from './pull.repository.ts'
import { drawSample } from './sample.ts'
import { limited, receiveStored } from './upload.service.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'ingest.pull.files-read': { pullId: string; sourceId: string } & FileCounts
    'ingest.file.refused': { pullId: string; sourceId: string; name: string; code: string }
  }
}

/** The newest files of a source, at most 100; none for those who see the source for its network alone. */
export async function filesOf(ctx: Context, source: catalog.Source): Promise<KnownFile[]> {
  return (await maySee(ctx, source)) ? loadThrough(ctx, repository.recentBySources, source.id) : []
}

/**
 * Structure and masked samples of a table or collection, or of a file under the source's prefix.
 *
 * @param collection of a file its name below the prefix
 * @throws CATALOG_SOURCE_NOT_FOUND, POLICY_FORBIDDEN, CATALOG_SOURCE_COLLECTION_UNKNOWN, what opening a source
 * throws, and for files what {@link lookAt} throws
 */
export async function discoverSource(ctx: Context, id: string, collection: string): Promise<Discovery> {
  const source = await catalog.recordedUse(ctx, id, 'discovery')
  if (source.connection.kind !== 'files') return catalog.discoverCollection(ctx, source, collection)
  const content = await ctx.objects.openPlaced(`${source.connection.prefix}${collection}`)
  const stored = await ctx.objects.put(limited(content, MAX_FILE_BYTES))
  const look = await lookAt(ctx.plane, () => ctx.objects.get(stored.sha256), { words: [] })
  const sample = await drawSample(ctx, { ...stored, ...look })
  const { header, sample: first } = look.layout
  const columns = header.map((name) => ({ name, declaredType: null, nullable: null, key: false }))
  return described(collection, columns, sample ?? first)
}

/**
 * Makes a batch of each file under the prefix that is new or has changed, in the order in which they were placed;
 * a bad file stops only itself. Every file is settled by itself: a run after a crash goes on with the next.
 *
 * @param report told after each file
 * @throws CATALOG_SOURCE_PREFIX_REFUSED, CATALOG_SOURCE_RESPONSE_EXCEEDED, and what the store throws
 */
export async function readFiles(
  ctx: Context,
  pull: Pull,
  connection: Extract<catalog.Source['connection'], { kind: 'files' }>,
  signal: AbortSignal,
  report: (counts: FileCounts, bytes: number) => void,
): Promise<void> {
  const files = await placedFiles(ctx.objects, connection, signal)
  const fates: Record<Fate, number> = { unchanged: 0, received: 0, refused: 0 }
  let bytes = 0
  for (const file of files) {
    fates[await settle(ctx, pull, file, connection.prefix, signal)] += 1
    bytes += file.sizeBytes
    report({ found: files.length, ...fates }, bytes)
  }
  await end(ctx, pull, { found: files.length, ...fates })
}

async function settle(
  ctx: Context,
  pull: Pull,
  file: PlacedFile,
  prefix: string,
  signal: AbortSignal,
): Promise<Fate> {
  signal.throwIfAborted()
  const { sourceId } = pull
  const known = await repository.find(ctx, sourceId, file.name)
  if (isReceived(file, known)) return 'unchanged'
  try {
    return await receiveFile(ctx, pull, file, known, prefix, signal)
  } catch (error) {
    // The store or a disk failed, not the file: the whole reading says so.
    if (signal.aborted || !(error instanceof DomainError) || error.kind === 'unavailable') throw error
    await refuse(ctx, pull, file, known, error)
    return 'refused'
  }
}

async function receiveFile(
  ctx: Context,
  pull: Pull,
  file: PlacedFile,
  known: KnownFile | undefined,
  prefix: string,
  signal: AbortSignal,
): Promise<Fate> {
  const { sourceId, datasetId } = pull
  if (file.sizeBytes > MAX_FILE_BYTES) throw batches.FILE_TOO_LARGE({ limit: `${MAX_FILE_BYTES} bytes` })
  const content = await ctx.objects.openPlaced(file.name)
  const stored = await ctx.objects.put(limited(content, MAX_FILE_BYTES, signal))
  if (stored.sizeBytes !== file.sizeBytes) throw batches.FILE_UNREADABLE({ reason: 'changed' })
  const seen = { ...file, sourceId, objectSha256: stored.sha256, refusal: null, seenAt: ctx.now() }
  // Placed again with the same bytes, which a store may call by another checksum.
  if (known?.batchId != null && known.objectSha256 === stored.sha256) {
    await transaction(ctx, (ctx) => repository.save(ctx, { ...seen, batchId: known.batchId }))
    return 'unchanged'
  }
  const [dataset] = await catalog.datasetsByIds(ctx, [datasetId])
  if (!dataset) throw catalog.errors.DATASET_NOT_FOUND({ id: datasetId })
  const fileName = file.name.slice(prefix.length)
  await receiveStored(ctx, dataset, { ...stored, fileName }, async (ctx, { id }) => {
    await requireRunning(ctx, pull, signal)
    await repository.save(ctx, { ...seen, batchId: id })
  })
  return 'received'
}

/** Nothing is received any more once the reading is cancelled. */
async function requireRunning(ctx: TransactionContext, { id }: Pull, signal: AbortSignal): Promise<void> {
  const found = await pulls.lock(ctx, id)
  signal.throwIfAborted()
  if (found?.status !== 'running') throw new Error(`pull ${id} is ${found?.status ?? 'gone'}`)
}

async function refuse(
  ctx: Context,
  pull: Pull,
  file: PlacedFile,
  known: KnownFile | undefined,
  { code, params }: DomainError,
): Promise<void> {
  const { sourceId } = pull
  await transaction(ctx, async (ctx) => {
    const fate = { objectSha256: null, batchId: null, refusal: { code, params }, seenAt: ctx.now() }
    await repository.save(ctx, { ...file, sourceId, ...fate })
    if (known?.refusal?.code !== code)
      await emit(ctx, 'ingest.file.refused', { pullId: pull.id, sourceId, name: file.name, code })
  })
}

async function end(ctx: Context, { id, sourceId }: Pull, files: FileCounts): Promise<void> {
  await transaction(ctx, async (ctx) => {
    const found = await pulls.lock(ctx, id)
    if (found?.status !== 'running') return
    await pulls.update(ctx, { ...found, status: 'handed', files, progress: null })
    await emit(ctx, 'ingest.pull.files-read', { pullId: id, sourceId, ...files })
    await loadNext(ctx, sourceId)
  })
}

/**
 * Files of a source are loaded one after another, as they were placed, so that the last one is served: begins the
 * first that waits when none is being loaded and a person confirmed the mapping of its columns before.
 */
async function loadNext(ctx: TransactionContext, sourceId: string): Promise<void> {
  const open = await repository.firstOpen(ctx, sourceId)
  if (open?.status !== 'received') return
  const batch = await batchRepository.find(ctx, open.id)
  if (!batch) return
  try {
    await confirmAsBefore(ctx, batch)
  } catch (error) {
    // The schema asks for more than was confirmed: it waits for a person.
    if (!(error instanceof DomainError)) throw error
  }
}

async function goOn(
  ctx: TransactionContext,
  { payload }: { readonly payload: { readonly batchId: string } },
): Promise<void> {
  const sourceId = await repository.sourceOfBatch(ctx, payload.batchId)
  if (sourceId !== undefined) await loadNext(ctx, sourceId)
}

/** A batch that ended lets the next file of its source begin; the same end heard twice begins nothing twice. */
export const subscribers = [
  defineSubscriber({ name: 'ingest.load-next-after-published', event: 'ingest.batch.published', run: goOn }),
  defineSubscriber({ name: 'ingest.load-next-after-stopped', event: 'ingest.batch.stopped', run: goOn }),
  defineSubscriber({ name: 'ingest.load-next-after-cancelled', event: 'ingest.batch.cancelled', run: goOn }),
]
