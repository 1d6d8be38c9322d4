import type { Context } from '../../core/context.ts'
import type { ProcessDefinition } from '../definition.ts'
import * as repository from '../definition.repository.ts'
import type { Deployed } from '../deployed.ts'

type Kept = Pick<Deployed, 'compiled' | 'pack'>

/** What the runtime goes by of a deployed version. */
export type Version = Kept & Pick<Deployed, 'id' | 'key' | 'organisationId'>

/** Deployed versions never change, so those read once are kept. */
const MAX_KEPT = 500
const kept = new Map<string, Kept>()

export async function deployedOf(ctx: Context, id: string): Promise<Kept> {
  const known = kept.get(id) ?? (await read(ctx, [id])).get(id)
  if (!known) throw new Error(`definition ${id} is gone`)
  return known
}

export const definitionOf = async (ctx: Context, id: string): Promise<ProcessDefinition> =>
  (await deployedOf(ctx, id)).compiled

/** The latest version of every process, by key: which they are is read each time, what they say once. */
export async function latestVersions(ctx: Context): Promise<Version[]> {
  const latest = await repository.latestOfEach(ctx)
  const missing = latest.flatMap(({ id }) => (kept.has(id) ? [] : [id]))
  const fresh = missing.length > 0 ? await read(ctx, missing) : undefined
  return latest.flatMap((version) => {
    const known = kept.get(version.id) ?? fresh?.get(version.id)
    return known ? [{ ...version, ...known }] : []
  })
}

async function read(ctx: Context, ids: readonly string[]): Promise<ReadonlyMap<string, Kept>> {
  const found = new Map<string, Kept>()
  for (const { id, compiled, pack } of await repository.byIds(ctx, ids)) {
    found.set(id, { compiled, pack })
    kept.set(id, { compiled, pack })
    if (kept.size > MAX_KEPT) kept.delete(String(kept.keys().next().value))
  }
  return found
}
