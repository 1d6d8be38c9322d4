import type { Context } from '../../core/context.ts'
import { loadThrough } from '../../core/loader.ts'
import * as standards from '../../standards/index.ts'
import { dataset } from './dataset.service.ts'
import * as lineage from './lineage.repository.ts'
import { assertionsOf, openLineage, type RunEvent } from './openlineage.ts'
import { recentByDatasets } from './version.repository.ts'
import type { DatasetVersion } from './version.ts'

/**
 * The published versions of a dataset as OpenLineage events, oldest first, at most the newest 50: from the
 * file and what judging its rows asserted, to the columns of the version.
 *
 * @throws CATALOG_DATASET_NOT_FOUND
 */
export async function versionEvents(ctx: Context, datasetId: string): Promise<RunEvent[]> {
  const { id, schemaCode } = await dataset(ctx, datasetId)
  const versions = [...(await loadThrough(ctx, recentByDatasets, id))].reverse()
  const origins = await lineage.originsOf(
    ctx,
    id,
    versions.map(({ version }) => version),
  )
  const events: RunEvent[] = []
  for (const version of versions) {
    const origin = origins.find((each) => each.version === version.version)
    events.push(await eventOf(ctx, schemaCode, version, origin))
  }
  return events
}

type Origin = Awaited<ReturnType<typeof lineage.originsOf>>[number]

async function eventOf(
  ctx: Context,
  schemaCode: string,
  { datasetId: id, version, schemaVersion, batchId, createdAt }: DatasetVersion,
  origin: Origin | undefined,
): Promise<RunEvent> {
  const { columns } = await standards.publishedSchema(ctx, schemaCode, schemaVersion)
  const edges = await lineage.edgesAt(ctx, { kind: 'dataset', id }, version)
  const build = openLineage(ctx.publicUrl)
  const file =
    origin &&
    build.dataset(
      { kind: 'file', id },
      {
        schema: build.schema(edges.map(({ from }) => ({ name: from.column, type: 'text' }))),
        version: build.version(origin.fileSha256),
      },
      { dataQualityAssertions: build.assertions(assertionsOf(columns, origin.findings, edges)) },
    )
  return build.event({
    at: createdAt,
    runId: batchId,
    job: `load/${id}`,
    inputs: file ? [file] : [],
    outputs: [
      build.dataset(
        { kind: 'dataset', id },
        {
          schema: build.schema(
            columns.map(({ name, sqlType, label }) => ({ name, type: sqlType, description: label.en })),
          ),
          version: build.version(String(version)),
          columnLineage: build.columnLineage(edges),
        },
      ),
    ],
  })
}
