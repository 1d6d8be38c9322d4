import type { Context } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import * as standards from '../../standards/index.ts'
import { currentVersions, type ReadableVersion, versionsForKey } from '../catalog/index.ts'
import * as legalSources from './legal-source.repository.ts'
import * as overrides from './override.repository.ts'
import { type ElementFacts, type Plan, planned } from './plan.ts'
import * as rulings from './ruling.repository.ts'
import type { MergeRun } from './run.ts'

/** Of legal entities, as of now. */
export async function currentPlan(ctx: Context): Promise<Plan> {
  return planOf(ctx, await currentVersions(ctx, standards.COMPANY_NUMBERS), {
    overrides: await overrides.inForce(ctx, dayOf(ctx.now())),
    rulings: await rulings.inForce(ctx),
  })
}

/** Of the versions, overrides and rulings a run was made from, under the elements and ranks of now. */
export async function planFrom(
  ctx: Context,
  run: Pick<MergeRun, 'inputs' | 'overrides' | 'rulings'>,
): Promise<Plan> {
  return planOf(ctx, await versionsForKey(ctx, run.inputs, standards.COMPANY_NUMBERS), {
    overrides: await overrides.byIds(ctx, run.overrides),
    rulings: await rulings.byIds(ctx, run.rulings),
  })
}

async function planOf(
  ctx: Context,
  versions: readonly ReadableVersion[],
  decisions: Parameters<typeof planned>[2],
): Promise<Plan> {
  const codes = new Set(versions.flatMap(({ columns }) => columns.map(({ elementCode }) => elementCode)))
  const legal = new Map((await legalSources.list(ctx)).map((each) => [each.elementCode, each.organisationId]))
  const elements = new Map<string, ElementFacts>()
  for (const code of [...codes].sort()) {
    const { shortName, name, personal } = await standards.element(ctx, code)
    elements.set(code, { code, shortName, name, personal, legalSource: legal.get(code) ?? null })
  }
  return planned(versions, elements, decisions)
}
