import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import type { Texts } from '../../core/errors.ts'
import { emit } from '../../core/events.ts'
import { loadThrough } from '../../core/loader.ts'
import { type Connection, connection, type PageRequest, readCursor, rowsToRead } from '../../core/page.ts'
import { authorize } from '../../core/policy.ts'
import { searchQuery, searchTokens } from '../../core/text/search.ts'
import * as standards from '../../standards/index.ts'
import { type Dataset, errors, ranked, registered } from './dataset.ts'
import * as repository from './dataset.repository.ts'
import { can } from './policy.ts'
import type { DatasetVersion } from './version.ts'
import * as versions from './version.repository.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'catalog.dataset.registered': { datasetId: string; organisationId: string; schemaCode: string }
    'catalog.dataset.ranked': { datasetId: string; sourceRank: number }
  }
}

/**
 * What the actor may see: datasets of its own organisation, and those of others once they have a version.
 *
 * @throws CATALOG_DATASET_NOT_FOUND
 */
export async function dataset(ctx: Context, id: string): Promise<Dataset> {
  const found = await repository.find(ctx, id)
  if (!found || !(await maySee(ctx, found))) throw errors.DATASET_NOT_FOUND({ id })
  return found
}

/** Own ones, and those of others once they have a version. */
export async function maySee(ctx: Context, dataset: Dataset): Promise<boolean> {
  if (await ctx.policy.allows(ctx, can.readAnyUnpublished)) return true
  if (await ctx.policy.allows(ctx, can.readUnpublished, dataset)) return true
  return (await ctx.policy.allows(ctx, can.readDataset)) && (await currentVersion(ctx, dataset.id)) !== null
}

/**
 * By title. `search` takes words of the title, the schema and its columns, in Chinese or pinyin.
 *
 * @throws POLICY_FORBIDDEN, GRAPHQL_PAGE_INVALID, GRAPHQL_CURSOR_INVALID
 */
export async function datasets(
  ctx: Context,
  page: PageRequest & { readonly search?: string | null },
): Promise<Connection<Dataset>> {
  await authorize(ctx, can.readDataset)
  const all = await ctx.policy.allows(ctx, can.readAnyUnpublished)
  const ownUnpublished = await ctx.policy.allows(ctx, can.readUnpublished, ctx.actor)
  const after = readCursor('datasets', ['text', 'uuid'], page)
  const limit = rowsToRead(page)
  const words = page.search?.trim() ?? ''
  const query = words === '' ? undefined : searchQuery(words)
  // A search of signs alone finds nothing, not everything.
  if (words !== '' && query === undefined) return connection<Dataset>('datasets', [], page, () => [])
  const rows = await repository.list(ctx, {
    unpublishedOf: all ? undefined : ownUnpublished ? ctx.actor.organisationId : '',
    query,
    after: after && [String(after[0]), String(after[1])],
    limit,
  })
  return connection('datasets', rows, page, ({ title, id }) => [title, id])
}

/**
 * Registers a dataset of the actor's own organisation under a published schema.
 *
 * @throws POLICY_FORBIDDEN, CATALOG_ENTRY_NAME_TAKEN, STANDARDS_REFERENCE_DEPRECATED, what publishedSchema throws, and
 * what {@link registered} throws
 */
export async function registerDataset(
  ctx: Context,
  input: { readonly title: string; readonly schemaCode: string },
): Promise<Dataset> {
  return transaction(ctx, async (ctx) => {
    const { organisationId } = ctx.actor
    await authorize(ctx, can.registerDataset, { organisationId })
    const schema = await standards.publishedSchema(ctx, input.schemaCode)
    const start = registered({ ...input, organisationId }, schema.columns, ctx.now())
    const words = [
      start.title,
      schema.name.zh,
      schema.name.en,
      ...schema.columns.flatMap(({ label, synonyms }) => [label.zh, label.en, ...synonyms]),
    ]
    const dataset = await repository.insert(ctx, start, searchTokens(words.join(' ')))
    if (!dataset) throw errors.ENTRY_NAME_TAKEN({ title: start.title })
    await bindToSchema(ctx, dataset, 0)
    await emit(ctx, 'catalog.dataset.registered', {
      datasetId: dataset.id,
      organisationId,
      schemaCode: dataset.schemaCode,
    })
    return dataset
  })
}

/** Tells the registry of standards who uses the schema, and with which version of its rows; 0 before the first. */
export async function bindToSchema(
  ctx: TransactionContext,
  dataset: Dataset,
  version: number,
): Promise<void> {
  const { id, title, organisationId, schemaCode } = dataset
  const name = { zh: title, en: title }
  await standards.registerUser(
    ctx,
    { kind: 'dataset', id, code: id, version: String(version), name, organisationId },
    [standards.bindingTo('schema', schemaCode, 'schema')],
  )
}

/**
 * Sets whose value wins when records are merged and nothing else decides.
 *
 * @throws CATALOG_DATASET_NOT_FOUND, POLICY_FORBIDDEN, CATALOG_DATASET_RANK_INVALID
 */
export async function rankDataset(ctx: Context, id: string, sourceRank: number): Promise<Dataset> {
  return transaction(ctx, async (ctx) => {
    const found = await repository.lock(ctx, id)
    if (!found || !(await maySee(ctx, found))) throw errors.DATASET_NOT_FOUND({ id })

    await authorize(ctx, can.rankDataset)
    const result = ranked(found, sourceRank)
    await repository.saveRank(ctx, result)
    await emit(ctx, 'catalog.dataset.ranked', { datasetId: id, sourceRank })
    return result
  })
}

/** For a dataset the caller may see; null before the first version. */
export function currentVersion(ctx: Context, datasetId: string): Promise<DatasetVersion | null> {
  return loadThrough(ctx, versions.currentByDatasets, datasetId)
}

/**
 * The version that was current at `instant`; undefined before the first.
 *
 * @throws CATALOG_DATASET_NOT_FOUND
 */
export async function asOf(
  ctx: Context,
  datasetId: string,
  instant: Date,
): Promise<DatasetVersion | undefined> {
  const { id } = await dataset(ctx, datasetId)
  return versions.asOf(ctx, id, instant)
}

/** In the order of `codes`, for loaders. */
export async function schemaNames(ctx: Context, codes: readonly string[]): Promise<Texts[]> {
  const known = await standards.schemaNames(ctx, [...new Set(codes)])
  return codes.map((code) => known.get(code)?.name ?? { zh: code, en: code })
}

/** Whether the actor may load files into it. */
export function mayLoad(ctx: Context, dataset: Dataset): Promise<boolean> {
  return ctx.policy.allows(ctx, can.loadDataset, dataset)
}
