import type { Context } from '../../core/context.ts'
import { organisationsByIds } from '../organisation/index.ts'
import { datasetsByIds } from './dataset.repository.ts'
import { catalogNode, CONTEXT, datasetNodes, type Described, entryIri } from './dcat.ts'
import { classNames } from './entry.class.repository.ts'
import type { Entry } from './entry.ts'
import * as repository from './entry.repository.ts'
import { can } from './policy.ts'
import { currentByDatasets } from './version.repository.ts'

/** Entries read at once. */
const PAGE = 200

/**
 * The published directory as one JSON-LD document (DCAT 3, DCAT-AP 3.0.1), in pieces of text: what each entry
 * describes, then the catalogue that lists them. Those outside the offices get what is open.
 */
export async function* exportDirectory(
  ctx: Context,
  { openOnly = false }: { readonly openOnly?: boolean } = {},
): AsyncGenerator<string> {
  const open = openOnly || !(await ctx.policy.allows(ctx, can.readEntry))
  const url = ctx.publicUrl
  const iris: string[] = []
  let after: string | undefined
  yield `{"@context":${JSON.stringify(CONTEXT)},"@graph":[`
  for (;;) {
    const entries = await repository.list(ctx, {
      statuses: ['published'],
      openOnly: open,
      after,
      limit: PAGE,
    })
    for (const described of await describe(ctx, entries, !open)) {
      iris.push(entryIri(url, described.entry))
      for (const node of datasetNodes(url, described)) yield `${JSON.stringify(node)},\n`
    }
    after = entries.at(-1)?.code
    if (entries.length < PAGE) break
  }
  yield `${JSON.stringify(catalogNode(url, iris, ctx.now()))}]}\n`
}

async function describe(ctx: Context, entries: readonly Entry[], internal: boolean): Promise<Described[]> {
  if (entries.length === 0) return []
  const providers = await organisationsByIds(
    ctx,
    entries.map(({ organisationId }) => organisationId),
  )
  const names = await classNames(
    ctx,
    entries.map(({ code }) => code.slice(0, 3)),
  )
  const bound = entries.flatMap(({ datasetId }) => datasetId ?? [])
  const datasets = bound.length === 0 ? [] : await datasetsByIds(ctx, bound)
  const versions = bound.length === 0 ? [] : await currentByDatasets(ctx, bound)
  return entries.map((entry, at) => {
    const held = entry.datasetId === null ? -1 : bound.indexOf(entry.datasetId)
    return {
      entry,
      provider: providers[at] ?? { name: { zh: entry.organisationId, en: entry.organisationId } },
      theme: names.get(entry.code.slice(0, 3)) ?? entry.classPath[0] ?? '',
      dataset: datasets[held] ?? null,
      version: versions[held] ?? null,
      internal,
    }
  })
}
