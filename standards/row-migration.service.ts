import type { Context } from '../core/context.ts'
import { dayOf } from '../core/day.ts'
import type { CodeList } from './codelist.ts'
import * as values from './codelist.repository.ts'
import type { CrosswalkContent } from './crosswalk.ts'
import { datasetsOf } from './dependency.service.ts'
import * as dependencies from './dependency.repository.ts'
import {
  type DryRun,
  type DryRunDataset,
  errors,
  type RemovedCode,
  removedCodes,
  requireMoved,
} from './dry-run.ts'
import * as repository from './dry-run.repository.ts'
import * as standards from './standard.repository.ts'

/** Codes of the standard that the version before has and this one has not. */
export async function codesRemovedBy(
  ctx: Context,
  { id, code }: Pick<CodeList, 'id' | 'code'>,
): Promise<string[]> {
  const settled = await standards.settledVersions<object>(ctx, 'code-list', [code])
  const before = settled.find((each) => each.id !== id)
  if (!before) return []
  const kept = new Set(await codesOf(ctx, id))
  const known = await values.valuesOf(ctx, before.id)
  const gone = known.filter(({ owner, code: each }) => owner === null && !kept.has(each))
  return [...new Set(gone.map((value) => value.code))]
}

export const codesOf = async (ctx: Context, listId: string): Promise<string[]> =>
  (await values.valuesOf(ctx, listId)).map(({ code }) => code)

/** The removed codes of a draft with the rows that hold them and what becomes of these. */
export async function removedWithRows(ctx: Context, list: CodeList): Promise<RemovedCode[]> {
  const codes = await codesRemovedBy(ctx, list)
  if (codes.length === 0) return []
  const tried = await lastTried(ctx, list)
  return removedCodes(
    codes,
    await codesOf(ctx, list.id),
    tried?.datasets,
    await repository.migrationsOf(ctx, list.id),
    await crosswalkRowsFrom(ctx, list.code),
  )
}

/** The finished dry run of the draft as it stands. */
async function lastTried(
  ctx: Context,
  { id, revision }: CodeList,
): Promise<{ run: DryRun; datasets: DryRunDataset[] } | undefined> {
  const run = await repository.latest(ctx, id)
  if (run?.status !== 'done' || run.revision !== revision) return undefined
  return { run, datasets: await repository.datasetsOf(ctx, run.id) }
}

async function crosswalkRowsFrom(ctx: Context, from: string): Promise<CrosswalkContent['rows']> {
  const named = await dependencies.crosswalksFrom(ctx, from)
  const inForce = await standards.versionsInForce<CrosswalkContent>(ctx, 'crosswalk', named, dayOf(ctx.now()))
  return named.flatMap((code) => inForce.find((each) => each.code === code)?.rows ?? [])
}

/**
 * A removed code that live rows hold needs a row migration before publication: successor, crosswalk or waiver (2.6).
 *
 * @throws STANDARDS_DRY_RUN_MISSING when a dataset was not tried, or has another version since; STANDARDS_CODE_ROWS_REMAIN
 */
export async function requireRowsMoved(ctx: Context, list: CodeList): Promise<void> {
  const removed = await removedWithRows(ctx, list)
  if (removed.length === 0) return
  const bound = datasetsOf(await dependencies.dependentsOf(ctx, 'code-list', list.code))
  const datasets = (await lastTried(ctx, list))?.datasets ?? []
  const isTried = bound
    .filter(({ version }) => version !== '0')
    .every(({ id, version }) =>
      datasets.some((each) => each.datasetId === id && String(each.datasetVersion) === version),
    )
  if (!isTried) throw errors.DRY_RUN_MISSING({ code: list.code })
  requireMoved(list.code, removed)
}
