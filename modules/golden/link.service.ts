import type { Context } from '../../core/context.ts'
import { DomainError } from '../../core/errors.ts'
import type { PlaneRow } from '../../core/plane/plane.ts'
import { clustered, pairKey } from './clusters.ts'
import { ENTITIES, type Link, MATCHING, matchedSources, rowName, shortlisted, shownValue } from './link.ts'
import type { MatchConfig, MatchedPair, RowRef } from './match.ts'
import { findPairs } from './matching.ts'
import { Findings } from './merging.ts'
import { Following, type Followed, followed } from './following.ts'
import { type Plan, type PlannedSource, rowsOf } from './plan.ts'
import { alternativesOf } from './renaming.ts'
import { constraintsOf } from './ruling.ts'
import { Places, soundKey, Survey, surveyed } from './survey.ts'

/** Registers of more rows in all are read in a process of their own. */
const MANY_ROWS = 200_000

export interface Linking {
  readonly links: readonly Link[]
  readonly findings: Findings
}

/** The rulings on the rows that are there today; of those that cannot follow their row, what people are to decide. */
export async function followRulings(ctx: Context, plan: Plan, { signal }: Control = {}): Promise<Followed> {
  const following = new Following(plan)
  const spec = followed(plan)
  if (spec.sources.length > 0)
    for await (const row of ctx.plane.select(spec, { asLoad: isLarge(plan), ...(signal && { signal }) })) {
      const source = plan.sources[Number(row['_source'])]
      if (source) following.add(source, row)
    }
  return following.result()
}

interface Control {
  readonly signal?: AbortSignal
}

/**
 * Which entity each row without a sound key stands for: as people ruled, else by equal organisation code, else
 * by Fellegi and Sunter (6.1 to 6.3). What is not sure is for people to decide. The same plan gives the same
 * links. Where too many rows share a value to be weighed, what is certain is linked and the others are found
 * (section 13, row 37): one register's rows do not keep the others from their records.
 */
export async function linkRows(
  ctx: Context,
  plan: Plan,
  { reopened, lost }: Pick<Followed, 'reopened' | 'lost'>,
  control: Control = {},
): Promise<Linking> {
  const findings = new Findings()
  for (const ruling of lost) findings.add('GOLDEN_RULING_ROW_GONE', ruling, { line: ruling.line })
  const constraints = constraintsOf(plan.rulings)
  const survey = new Survey(plan, constraints)
  for await (const row of keysOf(ctx, plan, control)) survey.add(row)
  const certain = [...survey.certain(), ...reopened]
  if (survey.loose.size === 0 || !survey.hasEntities) return { links: shortlisted(certain), findings }

  const settled = new Set(certain.map(({ datasetId, rowId }) => rowName(datasetId, rowId)))
  const only = {
    ...plan,
    sources: plan.sources.map((each) => (survey.loose.has(each) ? each : emptied(each))),
  }
  const alternatives = alternativesOf(plan, survey.listed, constraints)
  const found = await weighablePairs(ctx, plan, { ...MATCHING, alternatives }, survey, control)
  if ('value' in found) {
    for await (const row of keysOf(ctx, only, control)) {
      const source = plan.sources[Number(row['_source'])]
      if (!source || soundKey(source, row) !== null) continue
      if (settled.has(rowName(source.datasetId, String(row['row_id'])))) continue
      findings.add('GOLDEN_BLOCK_TOO_LARGE', source, row, found.value)
    }
    return { links: shortlisted(certain), findings }
  }

  const { pairs, priorWeight } = found
  const open = pairs.filter(
    ({ left, right }) =>
      !settled.has(nameOf(rowIn(left, right))) && survey.isEntity(entityIn(left, right).id),
  )
  if (open.length === 0) return { links: shortlisted(certain), findings }
  const places = new Places(certain, {
    rows: new Set(open.map(({ left, right }) => nameOf(rowIn(left, right)))),
    keys: new Set(open.map(({ left, right }) => entityIn(left, right).id)),
  })
  for await (const row of keysOf(ctx, only, control)) {
    const source = plan.sources[Number(row['_source'])]
    if (source) places.add(source, row)
  }
  return { links: shortlisted([...certain, ...weighed(plan, open, places, priorWeight)]), findings }
}

/** Or the value that too many rows share. */
async function weighablePairs(
  ctx: Context,
  plan: Plan,
  matching: MatchConfig,
  { loose }: Survey,
  control: Control,
): Promise<Awaited<ReturnType<typeof findPairs>> | { readonly value: string }> {
  try {
    return await findPairs(ctx.plane, matching, matchedSources(plan, loose), control)
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'GOLDEN_BLOCK_TOO_LARGE') throw error
    const { rule, value } = error.params
    const shown = shownValue(String(rule), String(value))
    ctx.log.warn({ rule, value: shown }, 'too many rows share a value: none is linked by likeness')
    return { value: shown }
  }
}

/** Best-link: an entity and at most one row of each register; a row of a register that has the entity already waits for people. */
function weighed(plan: Plan, pairs: readonly MatchedPair[], places: Places, prior: number): Link[] {
  const apart = new Map<string, 'different'>()
  for (const { datasetId, rowId, key, answer } of plan.rulings)
    if (answer === 'different')
      apart.set(pairKey({ source: ENTITIES, id: key }, { source: datasetId, id: rowId }), 'different')
  const taken = ({ left, right }: MatchedPair) =>
    places.isTaken(rowIn(left, right).source, entityIn(left, right).id)
  const { decided } = clustered(pairs, { ...MATCHING, taken }, false, apart)
  const owners = new Map(plan.sources.map(({ datasetId, organisationId }) => [datasetId, organisationId]))
  return decided.map(({ left, right, weight, parts, decision }): Link => {
    const { source: datasetId, id: rowId } = rowIn(left, right)
    return {
      datasetId,
      organisationId: owners.get(datasetId) ?? '',
      rowId,
      line: places.lineOf(datasetId, rowId),
      key: entityIn(left, right).id,
      method: 'probabilistic',
      decision,
      weight,
      prior,
      parts,
    }
  })
}

const rowIn = (left: RowRef, right: RowRef) => (left.source === ENTITIES ? right : left)
const entityIn = (left: RowRef, right: RowRef) => (left.source === ENTITIES ? left : right)
const nameOf = ({ source, id }: RowRef) => rowName(source, id)
const emptied = (source: PlannedSource): PlannedSource => ({ ...source, files: [] })

export function isLarge({
  sources,
}: {
  readonly sources: readonly Pick<PlannedSource, 'files' | 'rows'>[]
}): boolean {
  return sources.reduce((sum, { files, rows }) => sum + (files.length === 0 ? 0 : rows), 0) > MANY_ROWS
}

async function* keysOf(ctx: Context, plan: Plan, { signal }: Control): AsyncGenerator<PlaneRow> {
  const spec = surveyed(plan)
  if (spec.sources.length > 0)
    yield* ctx.plane.select(spec, { asLoad: isLarge(plan), ...(signal && { signal }) })
}

/** The rows linked, by the credit code of their entity. */
export async function linkedRows(
  ctx: Context,
  plan: Plan,
  links: readonly Link[],
  { signal }: Control,
): Promise<Map<string, PlaneRow[]>> {
  const keys = new Map(links.map(({ datasetId, rowId, key }) => [rowName(datasetId, rowId), key]))
  const wanted = new Set(links.map(({ datasetId }) => datasetId))
  const sources = plan.sources.map((each) => (wanted.has(each.datasetId) ? each : emptied(each)))
  const spec = { sources: rowsOf({ ...plan, sources }).sources }
  const rows = new Map<string, PlaneRow[]>()
  if (spec.sources.length === 0) return rows
  const control = { asLoad: isLarge({ sources }), ...(signal && { signal }) }
  for await (const row of ctx.plane.select(spec, control)) {
    const source = plan.sources[Number(row['_source'])]
    const key = source && keys.get(rowName(source.datasetId, String(row['row_id'])))
    if (key === undefined) continue
    const known = rows.get(key)
    if (known) known.push(row)
    else rows.set(key, [row])
  }
  return rows
}
