import type { Context } from '../../core/context.ts'
import {
  edgesAt,
  maySee,
  openLineage,
  type RunEvent,
  versionEvents,
  datasetsByIds,
} from '../catalog/index.ts'
import type { FindingCode } from './merging.ts'
import { ENTITY } from './lineage.ts'
import type { MergeRun } from './run.ts'
import * as runs from './run.repository.ts'

const ASSERTIONS: readonly FindingCode[] = [
  'GOLDEN_KEY_PLACEHOLDER',
  'GOLDEN_KEY_CHECK_FAILED',
  'GOLDEN_KEY_SHARED',
  'GOLDEN_BLOCK_TOO_LARGE',
]

/**
 * How a dataset came to be and what it became, as OpenLineage events: its published versions, oldest first,
 * then the merge served now when it reads the dataset. Columns and counts of rules, never a value.
 *
 * @throws CATALOG_DATASET_NOT_FOUND
 */
export async function lineageEvents(ctx: Context, datasetId: string): Promise<RunEvent[]> {
  const events = await versionEvents(ctx, datasetId)
  const run = await runs.servedRun(ctx)
  if (!run?.endedAt || !run.inputs.some((input) => input.datasetId === datasetId)) return events
  return [...events, await mergeEvent(ctx, run, run.endedAt)]
}

async function mergeEvent(ctx: Context, run: MergeRun, at: Date): Promise<RunEvent> {
  const owners = await datasetsByIds(
    ctx,
    run.inputs.map((input) => input.datasetId),
  )
  const seen = await Promise.all(owners.map((owner) => maySee(ctx, owner)))
  const inputs = run.inputs.filter((_, index) => seen[index] === true)
  const shown = new Set(inputs.map(({ datasetId }) => datasetId))
  const all = await edgesAt(ctx, { kind: 'golden', id: ENTITY })
  const edges = all.filter(({ from }) => shown.has(from.id))
  const build = openLineage(ctx.publicUrl)
  return build.event({
    at,
    runId: run.id,
    job: `merge/${ENTITY}`,
    inputs: inputs.map(({ datasetId, version }) => {
      const read = edges.filter(({ from }) => from.id === datasetId)
      const found = new Set(
        run.findings.filter((each) => each.datasetId === datasetId).map(({ code }) => code),
      )
      return build.dataset(
        { kind: 'dataset', id: datasetId },
        {
          schema: build.schema([...new Set(read.map(({ from }) => from.column))].map((name) => ({ name }))),
          version: build.version(String(version)),
        },
        {
          dataQualityAssertions: build.assertions(
            ASSERTIONS.map((assertion) => ({ assertion, success: !found.has(assertion) })),
          ),
        },
      )
    }),
    outputs: [
      build.dataset(
        { kind: 'golden', id: ENTITY },
        {
          schema: build.schema(run.fields.map(({ name, label }) => ({ name, description: label.en }))),
          version: build.version(run.contentSha256 ?? run.id),
          columnLineage: build.columnLineage(edges),
        },
      ),
    ],
  })
}
