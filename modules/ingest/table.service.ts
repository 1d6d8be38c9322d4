import { type Context, transaction } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import { type Batch, errors } from './batch.ts'
import * as repository from './batch.repository.ts'
import { batch, lockOwn, schemaOf } from './batch.service.ts'
import { type EncodingPreview, previewsOf } from './encoding.ts'
import { tablesOf } from './layout.ts'
import { headOf, lookAt } from './look.ts'
import { authorizeLoad } from './policy.ts'
import { drawSample } from './sample.ts'
import { askForColumns, comparedWith, requireClearHeader } from './upload.service.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'ingest.batch.table-chosen': { batchId: string; datasetId: string; table: string }
  }
}

/**
 * Takes another sheet of the batch's workbook, or another list of its records, before the load: its columns are
 * suggested anew.
 *
 * @throws INGEST_BATCH_NOT_FOUND, POLICY_FORBIDDEN, INGEST_BATCH_STATUS_UNFIT, INGEST_TABLE_UNKNOWN,
 * INGEST_HEADER_UNCLEAR, INGEST_FILE_EMPTY
 */
export async function chooseTable(
  ctx: Context,
  { batchId, table, headerConfirmed }: { batchId: string; table: string; headerConfirmed?: boolean },
): Promise<Batch> {
  const before = await batch(ctx, batchId)
  await authorizeLoad(ctx, before)
  requireChoice(before, table)
  // Read before the transaction: the file may be large.
  const open = () => ctx.objects.get(before.objectSha256)
  const { encoding, layout } = await lookAt(ctx.plane, open, { words: [], table })
  requireClearHeader(layout, headerConfirmed)
  const sample = await drawSample(ctx, { sha256: before.objectSha256, encoding, layout })
  return transaction(ctx, async (ctx) => {
    const found = await lockOwn(ctx, batchId)
    await authorizeLoad(ctx, found)
    requireChoice(found, table)
    const schema = await schemaOf(ctx, found)
    const confirmed = await repository.confirmation(ctx, found.datasetId)
    const { drift, refusal } = comparedWith(confirmed, layout, schema, dayOf(ctx.now()))
    const result: Batch = {
      ...found,
      status: refusal === null ? 'received' : 'stopped',
      layout,
      mapping: null,
      staged: null,
      outcome: null,
      drift,
      refusal,
    }
    await repository.update(ctx, result)
    await repository.keepSample(ctx, batchId, sample ?? layout.sample)
    await emit(ctx, 'ingest.batch.table-chosen', { batchId, datasetId: found.datasetId, table })
    if (refusal !== null) await askForColumns(ctx, result, refusal)
    return result
  })
}

/** Only before anything is loaded: also where the columns of the table taken first stopped the batch. */
function requireChoice({ status, refusal, layout }: Batch, table: string): void {
  const isDrifted = status === 'stopped' && refusal?.code === 'INGEST_COLUMN_DRIFTED'
  if (status !== 'received' && !isDrifted) throw errors.BATCH_STATUS_UNFIT({ status })
  if (!tablesOf(layout).some(({ name }) => name === table)) throw errors.TABLE_UNKNOWN({ table })
}

/** The beginning of the batch's file in each encoding it may have; none where the bytes prove one. */
export async function encodingPreviews(ctx: Context, batch: Batch): Promise<EncodingPreview[]> {
  const { encodingGuesses: guesses, objectSha256, status } = batch
  if (status !== 'received' || guesses.length < 2) return []
  const { bytes } = await headOf(() => ctx.objects.get(objectSha256))
  return previewsOf(bytes, guesses)
}
