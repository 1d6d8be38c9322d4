import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../../core/context.ts'
import { type Kernel, PLATFORM } from '../../core/kernel.ts'
import * as catalog from '../../modules/catalog/index.ts'
import {
  automaticMapping,
  batch as readBatch,
  type Batch,
  confirmMapping,
  receive,
  suggestedColumns,
} from '../../modules/ingest/index.ts'
import { onDatabase, OPERATOR } from './database.ts'
import type { FileLoad, LoadResult } from './ingest.ts'

export interface Target {
  readonly organisationId: string
  readonly title: string
  readonly dataFolder: string | undefined
}

const LOOK_MS = 200

/** Loads a file into the database as the operator, and waits for the outcome; a running server may do the work. */
export async function loadInto(load: FileLoad, target: Target): Promise<LoadResult> {
  const actor = { ...OPERATOR, organisationId: target.organisationId }
  return onDatabase(target.dataFolder, (ctx, kernel) => run(kernel, ctx, load, target), {
    actor,
    shipped: true,
  })
}

async function run(kernel: Kernel, ctx: Context, load: FileLoad, target: Target): Promise<LoadResult> {
  const dataset = await datasetFor(ctx, target.title, load.schema)
  const received = await receive(ctx, {
    datasetId: dataset.id,
    fileName: target.title,
    content: createReadStream(load.file),
    ...(load.encoding !== undefined && { encoding: load.encoding }),
    ...(load.table !== undefined && { table: load.table }),
  })
  const suggested = await suggestedColumns(ctx, received)
  const confirmed = await confirmMapping(ctx, {
    batchId: received.id,
    encoding: received.encoding ?? 'utf-8',
    columns: automaticMapping(suggested, load.calendar),
  })
  const { outcome, refusal, publishedVersion } = await settled(kernel, ctx, confirmed)
  return {
    counts: outcome?.counts ?? { read: 0, accepted: 0, rejected: 0, duplicate: 0, filtered: 0 },
    findings: outcome?.findings ?? [],
    published: publishedVersion !== null,
    version: publishedVersion,
    refusal,
  }
}

/** The operator's dataset of that title, made when it is not there. */
async function datasetFor(ctx: Context, title: string, schemaCode: string): Promise<catalog.Dataset> {
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<typeof catalog.datasets>> = await catalog.datasets(ctx, {
      first: 100,
      after,
    })
    const found = page.edges.find(
      ({ node }) =>
        node.title === title &&
        node.schemaCode === schemaCode &&
        node.organisationId === ctx.actor.organisationId,
    )
    if (found) return found.node
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
  } while (after !== null)
  return catalog.registerDataset(ctx, { title, schemaCode })
}

/** Works the queue beside a server's workers until the batch has come to its end. */
async function settled(kernel: Kernel, ctx: Context, { id }: Batch): Promise<Batch> {
  const queue = kernel.pollers.find(({ name }) => name === 'core.jobs')
  const { signal } = new AbortController()
  for (;;) {
    const batch = await readBatch(ctx, id)
    if (batch.status !== 'mapped' && batch.status !== 'running') return batch
    const worker = kernel.contextFor({ ...PLATFORM, id: 'system:core.jobs' }, `core.jobs:${randomUUID()}`)
    if (((await queue?.poll(worker, signal)) ?? 0) === 0) await pause(LOOK_MS)
  }
}
