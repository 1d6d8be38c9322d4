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
  const known = kept.get(id)
  if (known) return known
  const deployed = await repository.find(ctx, id)
  if (!deployed) throw new Error(`definition ${id} is gone`)
  const { compiled, pack } = deployed
  kept.set(id, { compiled, pack })
  if (kept.size > MAX_KEPT) kept.delete(String(kept.keys().next().value))
  return { compiled, pack }
}

export const definitionOf = async (ctx: Context, id: string): Promise<ProcessDefinition> =>
  (await deployedOf(ctx, id)).compiled

/** The latest version of every process, by key: which they are is read each time, what they say once. */
export async function latestVersions(ctx: Context): Promise<Version[]> {
  const versions: Version[] = []
  for (const version of await repository.latestOfEach(ctx))
    versions.push({ ...version, ...(await deployedOf(ctx, version.id)) })
  return versions
}
