import { expect } from 'chai'
import type { Dataset } from '../../modules/catalog/index.ts'
import * as ingest from '../../modules/ingest/index.ts'
import type { World } from '../support/world.ts'

export const textOf = (lines: readonly string[]) => `${lines.join('\n')}\n`

/** Uploads a file as its department's steward does, confirms which column is which, and waits for the version. */
export async function loadFile(
  world: World,
  dataset: Dataset,
  lines: readonly string[],
  targets: readonly string[],
): Promise<void> {
  const steward = world.as('data-steward', dataset.organisationId)
  const batch = await ingest.receive(steward, {
    datasetId: dataset.id,
    fileName: 'register.csv',
    content: Buffer.from(textOf(lines)),
    headerConfirmed: true,
  })
  await ingest.confirmMapping(steward, {
    batchId: batch.id,
    encoding: 'utf-8',
    columns: targets.map((target, index) => ({ index, target })),
  })
  await world.settle()
  expect(await ingest.batch(steward, batch.id)).to.include({ status: 'published' })
}
