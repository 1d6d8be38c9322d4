import type { Context, TransactionContext } from '../../core/context.ts'
import { authorize } from '../../core/policy.ts'
import { dataset, maySee } from './dataset.service.ts'
import { datasetsByIds } from './dataset.repository.ts'
import {
  checkDepth,
  errors,
  type Lineage,
  type LineageEdge,
  lineageOf,
  type LineageStart,
  mappingEdges,
  MAX_DEPTH,
  MAX_EDGES,
  type VersionOrigin,
} from './lineage.ts'
import * as repository from './lineage.repository.ts'
import { can } from './policy.ts'

/** Keeps where the rows of a version came from; in the transaction that publishes it. */
export async function keepOrigin(
  ctx: TransactionContext,
  { datasetId, version }: { readonly datasetId: string; readonly version: number },
  origin: VersionOrigin,
): Promise<void> {
  await repository.insertOrigin(ctx, { datasetId, version }, origin)
  await repository.replaceEdges(
    ctx,
    { kind: 'dataset', id: datasetId },
    version,
    mappingEdges(datasetId, origin),
  )
}

/** A field of merged records and a dataset's column that fills it. */
export interface MergedColumn {
  readonly datasetId: string
  readonly column: string
  readonly field: string
  /** Names of the rules that choose between sources, in order. */
  readonly steps: readonly string[]
}

/**
 * Keeps which columns the fields of `entity` are made of since `generation`; in the transaction that begins
 * to serve it.
 */
export async function keepMerge(
  ctx: TransactionContext,
  entity: string,
  generation: number,
  columns: readonly MergedColumn[],
): Promise<void> {
  const edges = columns.map(({ datasetId, column, field, steps }): LineageEdge => ({
    from: { kind: 'dataset', id: datasetId, column },
    to: { kind: 'golden', id: entity, column: field },
    kind: 'survivorship',
    steps,
  }))
  await repository.replaceEdges(ctx, { kind: 'golden', id: entity }, generation, edges)
}

/**
 * Where the columns of a dataset, or one of them, come from, and what they feed.
 *
 * @throws CATALOG_DATASET_NOT_FOUND, CATALOG_LINEAGE_DEPTH_INVALID, CATALOG_LINEAGE_COLUMN_UNKNOWN
 */
export async function datasetLineage(
  ctx: Context,
  input: { readonly datasetId: string; readonly column?: string | null; readonly depth?: number },
): Promise<Lineage> {
  const { id } = await dataset(ctx, input.datasetId)
  const start: LineageStart = { kind: 'dataset', id, column: input.column ?? undefined }
  return around(ctx, start, ['up', 'down'], input.depth ?? MAX_DEPTH)
}

/**
 * Which columns a field of merged records, or each of them, is made of.
 *
 * @throws POLICY_FORBIDDEN, CATALOG_LINEAGE_DEPTH_INVALID, CATALOG_LINEAGE_COLUMN_UNKNOWN
 */
export async function goldenLineage(
  ctx: Context,
  input: { readonly entity: string; readonly field?: string | null; readonly depth?: number },
): Promise<Lineage> {
  await authorize(ctx, can.readDataset)
  const start: LineageStart = { kind: 'golden', id: input.entity, column: input.field ?? undefined }
  return around(ctx, start, ['up'], input.depth ?? MAX_DEPTH)
}

async function around(
  ctx: Context,
  start: LineageStart,
  directions: readonly ('up' | 'down')[],
  depth: number,
): Promise<Lineage> {
  checkDepth(depth)
  const found: LineageEdge[] = []
  let truncated = false
  for (const direction of directions) {
    const edges = await repository.walk(ctx, start, direction, depth)
    truncated ||= edges.length > MAX_EDGES
    found.push(...edges.slice(0, MAX_EDGES))
  }
  if (found.length === 0 && start.column !== undefined)
    throw errors.LINEAGE_COLUMN_UNKNOWN({ column: start.column })
  return lineageOf(found, await hiddenOf(ctx, found), truncated)
}

/** Datasets on the way that the actor may not see. */
async function hiddenOf(ctx: Context, edges: readonly LineageEdge[]): Promise<Set<string>> {
  const nodes = edges.flatMap(({ from, to }) => [from, to]).filter(({ kind }) => kind !== 'golden')
  const ids = [...new Set(nodes.map(({ id }) => id))]
  if (ids.length === 0) return new Set()
  const owners = await datasetsByIds(ctx, ids)
  const seen = await Promise.all(owners.map((owner) => maySee(ctx, owner)))
  return new Set(ids.filter((_, at) => seen[at] !== true))
}
