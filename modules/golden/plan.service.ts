import type { Context } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import * as standards from '../../standards/index.ts'
import { currentVersions, type ReadableVersion, versionsForKey } from '../catalog/index.ts'
import * as names from './former-name.repository.ts'
import * as legalSources from './legal-source.repository.ts'
import * as overrides from './override.repository.ts'
import { type ElementFacts, type Plan, planned } from './plan.ts'
import * as rulings from './ruling.repository.ts'
import type { MergeRun } from './run.ts'

/** Of legal entities, as of now. */
export async function currentPlan(ctx: Context): Promise<Plan> {
  const versions = await currentVersions(ctx, standards.COMPANY_NUMBERS)
  return planOf(ctx, versions, await elementsOf(ctx, versions), {
    overrides: await overrides.inForce(ctx, dayOf(ctx.now())),
    rulings: await rulings.inForce(ctx),
  })
}

/** Of the versions, renames, fields, overrides and rulings a run was made from, under the legal sources and ranks of now. */
export async function planFrom(
  ctx: Context,
  run: Pick<MergeRun, 'inputs' | 'fields' | 'overrides' | 'rulings'> & Partial<Pick<MergeRun, 'nameHistory'>>,
): Promise<Plan> {
  const elements = new Map<string, Described>()
  for (const { elementCode: code, name: shortName, label: name, personal } of run.fields)
    // A second column of the element comes after it, under the name its department gave it.
    if (!elements.has(code)) elements.set(code, { code, shortName, name, personal })
  const versions = await versionsForKey(ctx, run.inputs, standards.COMPANY_NUMBERS)
  const plan = await planOf(ctx, versions, elements, {
    overrides: await overrides.byIds(ctx, run.overrides),
    rulings: await rulings.byIds(ctx, run.rulings),
  })
  return run.nameHistory === true ? { ...plan, nameChanges: await names.upTo(ctx, plan.sources) } : plan
}

type Described = Omit<ElementFacts, 'legalSource'>

/** As in force today, whoever asks; of what is in force no more, as it was when the register was bound to it. */
async function elementsOf(
  ctx: Context,
  versions: readonly ReadableVersion[],
): Promise<Map<string, Described>> {
  const bound = new Map<string, string>()
  for (const { elementCode, elementVersion } of versions.flatMap(({ columns }) => columns))
    if (!bound.has(elementCode)) bound.set(elementCode, elementVersion)
  const codes = [...bound.keys()].sort()
  const inForce = (await standards.inForceByCode(ctx, codes)).flat()
  const elements = new Map<string, Described>(inForce.map((each) => [each.code, each]))
  for (const code of codes)
    if (!elements.has(code)) elements.set(code, await standards.element(ctx, code, bound.get(code)))
  return elements
}

async function planOf(
  ctx: Context,
  versions: readonly ReadableVersion[],
  described: ReadonlyMap<string, Described>,
  decisions: Parameters<typeof planned>[2],
): Promise<Plan> {
  const legal = new Map((await legalSources.list(ctx)).map((each) => [each.elementCode, each.organisationId]))
  const elements = new Map<string, ElementFacts>()
  for (const [code, { shortName, name, personal }] of described)
    elements.set(code, { code, shortName, name, personal, legalSource: legal.get(code) ?? null })
  return planned(versions, elements, decisions)
}
