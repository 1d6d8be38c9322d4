import type { Context } from '../../core/context.ts'
import * as standards from '../../standards/index.ts'
import { currentVersions, type ReadableVersion, versionsForKey } from '../catalog/index.ts'
import * as legalSources from './legal-source.repository.ts'
import { type ElementFacts, type Plan, planned } from './plan.ts'
import type { MergeInput } from './run.ts'

/** Of legal entities, as of now. */
export async function currentPlan(ctx: Context): Promise<Plan> {
  return planOf(ctx, await currentVersions(ctx, 'gb32100'))
}

/** Of the versions a run was made from, under the elements and ranks of now. */
export async function planFrom(ctx: Context, inputs: readonly MergeInput[]): Promise<Plan> {
  return planOf(ctx, await versionsForKey(ctx, inputs, 'gb32100'))
}

async function planOf(ctx: Context, versions: readonly ReadableVersion[]): Promise<Plan> {
  const codes = new Set(versions.flatMap(({ columns }) => columns.map(({ elementCode }) => elementCode)))
  const legal = new Map((await legalSources.list(ctx)).map((each) => [each.elementCode, each.organisationId]))
  const elements = new Map<string, ElementFacts>()
  for (const code of [...codes].sort()) {
    const { shortName, name, personal } = await standards.element(ctx, code)
    elements.set(code, { code, shortName, name, personal, legalSource: legal.get(code) ?? null })
  }
  return planned(versions, elements)
}
