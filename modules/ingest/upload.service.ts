import { Readable } from 'node:stream'
import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { type Day, dayOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import type { StoredObject } from '../../core/objects.ts'
import type { Encoding } from '../../core/text/encoding.ts'
import * as standards from '../../standards/index.ts'
import * as catalog from '../catalog/index.ts'
import { type Batch, errors, MAX_FILE_BYTES } from './batch.ts'
import * as repository from './batch.repository.ts'
import { driftOf, isPlain, stoppingColumns } from './drift.ts'
import * as driftOrders from './drift.repository.ts'
import type { Layout } from './layout.ts'
import type { LoadSchema } from './load.ts'
import { lookAt, wordsOf } from './look.ts'
import { authorizeLoad } from './policy.ts'
import { drawSample } from './sample.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'ingest.batch.received': { batchId: string; datasetId: string; organisationId: string }
    'ingest.batch.drifted': { batchId: string; datasetId: string; organisationId: string; columns: string }
  }
}

export interface Upload {
  readonly datasetId: string
  readonly fileName: string
  readonly content: Readable | Buffer
  /** Named by the steward; else found from the bytes. */
  readonly encoding?: Encoding
  /** Sheet of a workbook, or place of a JSON document's records; else the first that holds anything. */
  readonly table?: string
  /** The steward looked at a header with repeated or odd names. */
  readonly headerConfirmed?: boolean
  readonly maxBytes?: number
}

/**
 * Keeps an uploaded register and looks at its beginning; nothing is loaded before a steward confirms how its
 * columns map. A file whose columns are not those confirmed before is kept as a stopped batch (5.7).
 *
 * @throws CATALOG_DATASET_NOT_FOUND, POLICY_FORBIDDEN, INGEST_FILE_TOO_LARGE, INGEST_FILE_EMPTY,
 * INGEST_FILE_UNREADABLE, INGEST_TABLE_UNKNOWN, INGEST_FILE_ENCODING_MISMATCH, INGEST_FILE_ENCODING_UNCLEAR,
 * INGEST_HEADER_UNCLEAR, STANDARDS_SCHEMA_UNPUBLISHED
 */
export async function receive(ctx: Context, upload: Upload): Promise<Batch> {
  const dataset = await catalog.dataset(ctx, upload.datasetId)
  await authorizeLoad(ctx, dataset)
  await standards.publishedSchema(ctx, dataset.schemaCode)
  const stored = await ctx.objects.put(limited(upload.content, upload.maxBytes ?? MAX_FILE_BYTES))
  return receiveStored(ctx, dataset, { ...upload, ...stored })
}

export interface StoredUpload extends Omit<Upload, 'datasetId' | 'content' | 'maxBytes'>, StoredObject {}

/**
 * Makes a batch of a file that is kept already; rights are those of the caller.
 *
 * @param also what is written in the transaction of the batch
 * @throws as {@link receive}
 */
export async function receiveStored(
  ctx: Context,
  dataset: catalog.Dataset,
  upload: StoredUpload,
  also?: (ctx: TransactionContext, batch: Batch) => Promise<void>,
): Promise<Batch> {
  const { sha256, sizeBytes } = upload
  const schema = await standards.publishedSchema(ctx, dataset.schemaCode)
  const confirmed = await repository.confirmation(ctx, dataset.id)
  const { encoding, guesses, layout } = await lookAt(ctx.plane, () => ctx.objects.get(sha256), {
    words: wordsOf(schema),
    encoding: upload.encoding,
    confirmed: confirmed?.encoding,
    table: upload.table,
  })
  requireClearHeader(layout, upload.headerConfirmed)
  const { drift, refusal } = comparedWith(confirmed, layout, schema, dayOf(ctx.now()))
  const sample = await drawSample(ctx, { sha256, encoding, layout })

  return transaction(ctx, async (ctx) => {
    const batch = await repository.insert(ctx, {
      datasetId: dataset.id,
      organisationId: dataset.organisationId,
      fileName: upload.fileName,
      objectSha256: sha256,
      sizeBytes,
      status: refusal === null ? 'received' : 'stopped',
      encoding,
      encodingGuesses: guesses,
      layout,
      mapping: null,
      attempt: 0,
      schemaVersion: null,
      staged: null,
      outcome: null,
      refusal,
      progress: null,
      publishedVersion: null,
      replayOf: null,
      drift,
      confirmedBy: null,
      override: null,
      createdAt: ctx.now(),
    })
    const { id, datasetId, organisationId } = batch
    if (sample !== null) await repository.keepSample(ctx, id, sample)
    await emit(ctx, 'ingest.batch.received', { batchId: id, datasetId, organisationId })
    if (refusal !== null) await askForColumns(ctx, batch, refusal)
    await also?.(ctx, batch)
    return batch
  })
}

/** Asks the department of a batch that its columns stopped for the confirmed ones (section 13, row 26). */
export async function askForColumns(
  ctx: TransactionContext,
  { id, datasetId, organisationId }: Batch,
  { code, params: { columns } }: NonNullable<ReturnType<typeof comparedWith>['refusal']>,
): Promise<void> {
  await driftOrders.open(ctx, { datasetId, organisationId, batchId: id, openedAt: ctx.now() })
  await emit(ctx, 'ingest.batch.drifted', { batchId: id, datasetId, organisationId, columns })
  await emit(ctx, 'ingest.batch.stopped', { batchId: id, datasetId, code })
}

/** Starts to read only when it is read: a store looks at its disk first. */
export function limited(content: Readable | Buffer, maxBytes: number, signal?: AbortSignal): Readable {
  const source = Buffer.isBuffer(content) ? [content] : (content as AsyncIterable<Buffer>)
  async function* counted() {
    let bytes = 0
    for await (const chunk of source) {
      signal?.throwIfAborted()
      bytes += chunk.length
      if (bytes > maxBytes) throw errors.FILE_TOO_LARGE({ limit: `${maxBytes} bytes` })
      yield chunk
    }
  }
  return Readable.from(counted(), { objectMode: false })
}

/** @throws INGEST_HEADER_UNCLEAR unless a person looked at it */
export function requireClearHeader({ unclear }: Layout, isConfirmed: boolean | undefined): void {
  if (unclear !== null && isConfirmed !== true) throw errors.HEADER_UNCLEAR({ reason: unclear })
}

/** What differs from the columns confirmed before, and whether that stops the load (5.7). */
export function comparedWith(
  confirmed: repository.Confirmation | undefined,
  layout: Layout,
  { columns, primaryKey }: LoadSchema,
  today: Day,
) {
  const drift = confirmed && driftOf(layout, confirmed.columns, columns, primaryKey, today)
  const stopping = drift ? stoppingColumns(drift) : ''
  return {
    drift: drift && !isPlain(drift) ? drift : null,
    refusal: stopping === '' ? null : { code: 'INGEST_COLUMN_DRIFTED', params: { columns: stopping } },
  }
}
