import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { type Context, transaction, type TransactionContext } from '../core/context.ts'
import { dayOf } from '../core/day.ts'
import { defineSubscriber, emit, recordAccess } from '../core/events.ts'
import { authorize } from '../core/policy.ts'
import { CODE_LIST } from './codelist.service.ts'
import type { CodeList } from './codelist.ts'
import { isOf } from './contents.ts'
import type { StandardUser } from './dependency.ts'
import { datasetsOf } from './dependency.service.ts'
import * as dependencies from './dependency.repository.ts'
import {
  type DryRun,
  type DryRunDataset,
  errors as dryRuns,
  migrationOf,
  type RemovedCode,
  type RowMigration,
  seenBy,
} from './dry-run.ts'
import * as repository from './dry-run.repository.ts'
import { can } from './policy.ts'
import { codesOf, codesRemovedBy, removedWithRows } from './row-migration.service.ts'
import type { SchemaContent } from './schema.ts'
import { type CompiledSchema, compileSchema, publishedSchema, type Trial } from './schema.service.ts'
import { errors, requireStatus, type Standard } from './standard.ts'
import * as standards from './standard.repository.ts'
import { factOf, type Kind, type Named, own, type StandardFact } from './standard.service.ts'

declare module '../core/events.ts' {
  interface EventMap {
    'standards.dry-run.asked': StandardFact & { readonly runId: string }
    'standards.dry-run.ended': { readonly runId: string; readonly status: DryRun['status'] }
    'standards.row-migration.proposed': StandardFact & Pick<RowMigration, 'successor' | 'waiver'>
  }
}

/**
 * Asks for a draft to be tried on the current version of every dataset that depends on it; nothing else changes.
 *
 * @throws the kind's not-found refusal, POLICY_FORBIDDEN, STANDARDS_STATUS_UNFIT
 */
export async function dryRun(
  ctx: Context,
  kind: Kind<Named>,
  code: string,
  version: string,
): Promise<Standard> {
  return transaction(ctx, async (ctx) => {
    const standard = await own(ctx, kind, code, version)

    await authorize(ctx, can.dryRunStandard, standard)
    if (standard.publishedAt !== null) throw errors.STATUS_UNFIT({ code, version, status: standard.status })
    await ask(ctx, standard, ctx.actor.id)
    return standard
  })
}

async function ask(ctx: TransactionContext, standard: Standard, askedBy: string): Promise<void> {
  const { id: standardId, revision } = standard
  const run = await repository.insert(ctx, {
    standardId,
    revision,
    status: 'waiting',
    askedBy,
    askedAt: ctx.now(),
    total: 0,
    refusal: null,
  })
  await emit(ctx, 'standards.dry-run.asked', { ...factOf(standard), runId: run.id })
}

/** What goes to review is tried on the data there is, once for each revision (2.4: dry run attached). */
export const trySubmitted = defineSubscriber({
  name: 'standards.try-submitted',
  event: 'standards.submitted',
  async run(ctx, { payload: { kind, code, version }, actorId }) {
    const standard = await standards.find<Named>(ctx, kind, code, version)
    if (!standard || standard.publishedAt !== null) return
    const last = await repository.latest(ctx, standard.id)
    if (last?.revision === standard.revision && last.status !== 'failed') return
    if (datasetsOf(await dependencies.dependentsOf(ctx, kind, code)).length > 0)
      await ask(ctx, standard, actorId)
  },
})

const mayRead = async (ctx: Context, standard: Standard) =>
  (await ctx.policy.allows(ctx, can.readDryRun, standard)) || ctx.policy.allows(ctx, can.readAnyDryRun)

/** The run asked for last; null for what was never tried, and for whoever does not draft or approve it. */
export async function lastDryRun(ctx: Context, standard: Standard): Promise<DryRun | null> {
  if (!(await mayRead(ctx, standard))) return null
  return (await repository.latest(ctx, standard.id)) ?? null
}

/** By title: the totals of every dataset, the rows of the reader's own. Reading their keys is recorded. */
export async function resultsOf(ctx: Context, { id }: DryRun): Promise<DryRunDataset[]> {
  const { organisationId } = ctx.actor
  const results = (await repository.datasetsOf(ctx, id)).map((each) => seenBy(organisationId, each))
  if (results.some(({ failing }) => failing.some(({ key }) => key !== null)))
    await recordAccess(ctx, { kind: 'read', subject: `standards.dry-run:${id}`, purpose: 'dry run' })
  return results
}

/**
 * The newly failing rows of a dataset of one's own organisation, every one with its key, as a Parquet file; the reading
 * is on record before the first byte leaves.
 *
 * @throws STANDARDS_DRY_RUN_KEYS_NOT_FOUND also for another organisation's dataset, POLICY_FORBIDDEN,
 * STANDARDS_DRY_RUN_PURPOSE_MISSING
 */
export async function failingKeys(
  ctx: Context,
  { runId, datasetId, purpose }: { runId: string; datasetId: string; purpose: string },
): Promise<{ content: Readable; fileName: string; mediaType: string; sizeBytes: number }> {
  const found = (await repository.datasetsOf(ctx, runId)).find((each) => each.datasetId === datasetId)
  if (!found?.keys || found.organisationId !== ctx.actor.organisationId)
    throw dryRuns.DRY_RUN_KEYS_NOT_FOUND()
  await authorize(ctx, can.readFailingKeys, found)
  const reason = purpose.trim()
  if (reason === '' || [...reason].length > 200) throw dryRuns.DRY_RUN_PURPOSE_MISSING()
  const { sha256, bytes, columns } = found.keys
  if (!(await ctx.plane.has(sha256))) throw dryRuns.DRY_RUN_KEYS_NOT_FOUND()
  await recordAccess(ctx, {
    kind: 'read',
    subject: `standards.dry-run:${runId}:${datasetId}`,
    purpose: reason,
    fields: columns,
  })
  return {
    content: createReadStream(ctx.plane.snapshotPath(sha256)),
    fileName: `failing-rows-${datasetId}.parquet`,
    mediaType: 'application/vnd.apache.parquet',
    sizeBytes: bytes,
  }
}

/** Empty for what is no list; null for whoever does not draft or approve it. */
export async function removedCodesOf(ctx: Context, standard: Standard): Promise<RemovedCode[] | null> {
  if (!(await mayRead(ctx, standard))) return null
  return isOf(standard, 'code-list') ? removedWithRows(ctx, standard) : []
}

/** A run as whoever judges rows carries it out. */
export interface DryRunWork {
  readonly runId: string
  readonly datasets: readonly StandardUser[]
  /** The list whose codes are removed, null for what is no list. */
  readonly list: string | null
  readonly removed: readonly string[]
  /** The schema as it would be with the draft in force. */
  compile(schemaCode: string): Promise<CompiledSchema>
}

/** Begins a run, or begins it again after a crash; undefined when it has ended or its draft is gone. */
export async function beginDryRun(ctx: Context, runId: string): Promise<DryRunWork | undefined> {
  const run = await transaction(ctx, async (ctx) => {
    const run = await repository.lock(ctx, runId)
    if (!run || run.status === 'done' || run.status === 'failed') return undefined
    const tried = await repository.triedBy(ctx, run)
    if (!tried) return undefined
    const datasets = datasetsOf(await dependencies.dependentsOf(ctx, tried.kind, tried.code))
    await repository.update(ctx, { ...run, status: 'running', total: datasets.length })
    return { tried, datasets }
  })
  if (!run) return undefined
  const { tried, datasets } = run
  const standard = await standards.find<Named>(ctx, tried.kind, tried.code, tried.version)
  if (!standard) return undefined
  const isList = standard.kind === 'code-list'
  return {
    runId,
    datasets,
    list: isList ? standard.code : null,
    removed: isList ? await codesRemovedBy(ctx, standard) : [],
    compile: (schemaCode) => compileTrial(ctx, standard, schemaCode),
  }
}

async function compileTrial(ctx: Context, standard: Standard, schemaCode: string): Promise<CompiledSchema> {
  if (isOf(standard, 'schema')) return compileSchema(ctx, standard)
  const [schema] = await standards.versionsInForce<SchemaContent>(
    ctx,
    'schema',
    [schemaCode],
    dayOf(ctx.now()),
  )
  if (!schema) return publishedSchema(ctx, schemaCode)
  const trial: Trial = {
    ...(isOf(standard, 'element') && { element: standard }),
    ...(isOf(standard, 'code-list') && { list: standard }),
  }
  return compileSchema(ctx, schema, trial)
}

/** Keeps the result of one dataset, so that a reader sees how far the run is. */
export async function recordDryRun(ctx: Context, runId: string, result: DryRunDataset): Promise<void> {
  await transaction(ctx, async (ctx) => {
    const run = await repository.lock(ctx, runId)
    if (run?.status === 'running') await repository.saveDataset(ctx, runId, result)
  })
}

/**
 * Ends a run, after which those before it of the same draft keep no rows; answers the files of these to be removed.
 *
 * @param refusal code of what kept it from ending well; null when every dataset was tried
 */
export async function endDryRun(ctx: Context, runId: string, refusal: string | null): Promise<string[]> {
  return transaction(ctx, async (ctx) => {
    const run = await repository.lock(ctx, runId)
    if (!run || run.status === 'done' || run.status === 'failed') return []
    const status = refusal === null ? 'done' : 'failed'
    await repository.update(ctx, { ...run, status, refusal })
    await emit(ctx, 'standards.dry-run.ended', { runId, status })
    return repository.releaseKeys(ctx, run)
  })
}

/**
 * Says what becomes of the rows of a code that a list's draft removes; whoever says it may not approve the draft.
 *
 * @throws STANDARDS_CODE_LIST_NOT_FOUND, POLICY_FORBIDDEN, STANDARDS_VERSION_IMMUTABLE, STANDARDS_STATUS_UNFIT,
 * STANDARDS_ROW_MIGRATION_INVALID
 */
export async function proposeRowMigration(
  ctx: Context,
  id: string,
  version: string,
  input: { readonly code: string; readonly successor?: string | null; readonly waiver?: string | null },
): Promise<CodeList> {
  return transaction(ctx, async (ctx) => {
    const list = await own(ctx, CODE_LIST, id, version)

    await authorize(ctx, can.draftStandard, list)
    requireStatus(list, 'draft')
    const migration = {
      ...migrationOf(input, await codesRemovedBy(ctx, list), await codesOf(ctx, list.id)),
      proposedBy: ctx.actor.id,
      proposedAt: ctx.now(),
    }
    const result = { ...list, editedBy: [...new Set([...list.editedBy, ctx.actor.id])] }
    await repository.saveMigration(ctx, list.id, migration)
    await standards.update(ctx, result)
    const { successor, waiver } = migration
    await emit(ctx, 'standards.row-migration.proposed', { ...factOf(list), successor, waiver })
    return result
  })
}
