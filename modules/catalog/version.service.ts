import { type Context, type TransactionContext } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { authorize } from '../../core/policy.ts'
import type { CheckAlgorithm, CompiledColumn } from '../../core/text/column.ts'
import * as standards from '../../standards/index.ts'
import type { CompiledSchema } from '../../standards/index.ts'
import { type Dataset, errors } from './dataset.ts'
import * as datasets from './dataset.repository.ts'
import { bindToSchema } from './dataset.service.ts'
import * as entries from './entry.repository.ts'
import { keepOrigin } from './lineage.service.ts'
import { can } from './policy.ts'
import { measured } from './quality.ts'
import { type DatasetVersion, following, isPublicationOf, type NewVersion } from './version.ts'
import * as repository from './version.repository.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'catalog.version.published': { datasetId: string; version: number; organisationId: string }
  }
}

/**
 * Makes the files of a batch the current version of its dataset, if the version the batch was made from
 * still is the current one. Publishing the same batch again answers the version it made.
 *
 * @throws CATALOG_DATASET_NOT_FOUND, POLICY_FORBIDDEN, INGEST_VERSION_PARENT_MOVED
 */
export async function publishVersion(ctx: TransactionContext, input: NewVersion): Promise<DatasetVersion> {
  const dataset = await datasets.lock(ctx, input.datasetId)
  if (!dataset) throw errors.DATASET_NOT_FOUND({ id: input.datasetId })
  const current = await repository.current(ctx, dataset.id)

  if (!(await ctx.policy.allows(ctx, can.publishAnyVersion)))
    await authorize(ctx, can.publishVersion, dataset)
  if (current && isPublicationOf(current, input)) return current
  const version = following(current, input, ctx.now())
  await repository.insert(ctx, version)
  if (input.origin) await keepOrigin(ctx, version, input.origin)
  await bindToSchema(ctx, dataset, version.version)
  const [entry] = await entries.byDatasets(ctx, [dataset.id])
  const rhythm = { previousAt: current?.createdAt ?? null, cycle: entry?.updateCycle ?? null }
  const quality = measured(version.counts, rhythm, version.createdAt)
  await datasets.saveQuality(ctx, dataset.id, quality)
  const { grade } = quality
  await entries.moveData(ctx, dataset.id, { dataAt: version.createdAt, dataRows: version.rows, grade })
  const { organisationId } = dataset
  await emit(ctx, 'catalog.version.published', {
    datasetId: dataset.id,
    version: version.version,
    organisationId,
  })
  return version
}

/** A dataset version with what is needed to read its rows. */
export interface ReadableVersion {
  readonly dataset: Dataset
  readonly version: DatasetVersion
  /** Of the schema version its rows were judged by. */
  readonly columns: readonly CompiledColumn[]
  /** Empty where rows have no key, and are named by their content. */
  readonly primaryKey: readonly string[]
  /** The column whose value names the subject of a row; of an establishment its company, else its own number. */
  readonly key: CompiledColumn
  /** Columns of an establishment's own number and its company; null where a row is the subject itself. */
  readonly establishment: ReturnType<typeof standards.establishmentIn<CompiledColumn>> | null
}

/**
 * The current versions of all registers of subjects identified by one of `checks` (gb32100, tw-ubn: companies),
 * and of their establishments, by rank and id. For the platform's own merges: rights are those of the caller.
 */
export async function currentVersions(
  ctx: Context,
  checks: readonly CheckAlgorithm[],
): Promise<ReadableVersion[]> {
  return readable(ctx, await repository.allCurrent(ctx), checks)
}

/** The same of the versions named, whatever is current now. */
export async function versionsForKey(
  ctx: Context,
  named: readonly { readonly datasetId: string; readonly version: number }[],
  checks: readonly CheckAlgorithm[],
): Promise<ReadableVersion[]> {
  return readable(ctx, await repository.findAll(ctx, named), checks)
}

async function readable(
  ctx: Context,
  versions: readonly DatasetVersion[],
  checks: readonly CheckAlgorithm[],
): Promise<ReadableVersion[]> {
  const owners = await datasets.datasetsByIds(
    ctx,
    versions.map(({ datasetId }) => datasetId),
  )
  const schemas = new Map<string, CompiledSchema>()
  const result: ReadableVersion[] = []
  for (const [index, version] of versions.entries()) {
    const dataset = owners[index] as Dataset
    const id = `${dataset.schemaCode} ${version.schemaVersion}`
    const schema =
      schemas.get(id) ?? (await standards.publishedSchema(ctx, dataset.schemaCode, version.schemaVersion))
    schemas.set(id, schema)
    const found = subjectOf(schema, checks)
    const { columns, primaryKey } = schema
    if (found) result.push({ dataset, version, columns, primaryKey, ...found })
  }
  return result.sort(
    (a, b) => a.dataset.sourceRank - b.dataset.sourceRank || (a.dataset.id < b.dataset.id ? -1 : 1),
  )
}

function subjectOf(
  schema: CompiledSchema,
  checks: readonly CheckAlgorithm[],
): Pick<ReadableVersion, 'key' | 'establishment'> | undefined {
  const { columns, primaryKey, entity } = schema
  if (entity === 'establishment') {
    const establishment = standards.establishmentIn(schema)
    return establishment && { key: establishment.company ?? establishment.number, establishment }
  }
  const key = columns.find(
    ({ name, role, check }) =>
      check !== undefined && checks.includes(check) && (role === 'key' || primaryKey.join() === name),
  )
  return key && { key, establishment: null }
}
