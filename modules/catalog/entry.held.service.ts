import type { Context } from '../../core/context.ts'
import * as standards from '../../standards/index.ts'
import type { Dataset } from './dataset.ts'
import { find } from './dataset.repository.ts'
import { type Entry, type Labelled, UNLABELLED_LEVEL } from './entry.ts'
import { current } from './version.repository.ts'

/** Elements of the columns of a dataset, as its schema is today and as its current version was written. */
export async function heldCodes(
  ctx: Context,
  dataset: Pick<Dataset, 'id' | 'schemaCode'>,
): Promise<string[]> {
  const schema = await standards.publishedSchema(ctx, dataset.schemaCode)
  const version = await current(ctx, dataset.id)
  const written =
    version && version.schemaVersion !== schema.version
      ? await standards.publishedSchema(ctx, dataset.schemaCode, version.schemaVersion)
      : schema
  return [...new Set([...schema.columns, ...written.columns].map(({ elementCode }) => elementCode))]
}

/** What the elements in force say of their protection; what has no label counts as the most protected (section 10). */
export const labels = (codes: readonly string[], elements: readonly standards.DataElement[]): Labelled[] =>
  codes.map(
    (code) =>
      elements.find((element) => element.code === code) ?? { level: UNLABELLED_LEVEL, personal: false },
  )

/** The labels, as they are today, of all that an entry lists and its dataset holds. */
export async function labelsToday(ctx: Context, { items, datasetId }: Entry): Promise<Labelled[]> {
  const dataset = datasetId === null ? undefined : await find(ctx, datasetId)
  const listed = items.flatMap(({ elementCode }) => elementCode ?? [])
  const codes = [...new Set([...listed, ...(dataset ? await heldCodes(ctx, dataset) : [])])]
  return labels(codes, (await standards.inForceByCode(ctx, codes)).flat())
}
