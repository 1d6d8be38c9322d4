import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import type { ProcessDefinition } from '../definition.ts'
import type { Outcome, ReplayCase, ReplayCounts, ReplayStatus } from './replay.ts'
import './insight.table.ts'
import '../workflow.table.ts'

/** A replay that was asked for, and how far it has come. */
export interface StoredReplay {
  readonly id: string
  readonly definitionKey: string
  readonly fromId: string
  /** The deployed version it is replayed on; null for a draft. */
  readonly toVersion: number | null
  /** Only this body's cases; null for all. */
  readonly organisationId: string | null
  readonly status: ReplayStatus
  readonly total: number
  readonly counts: ReplayCounts
  /** Steps run so far, controls included. */
  readonly steps: number
  /** Code of what ended it. */
  readonly failure: string | null
  readonly createdAt: Date
  readonly endedAt: Date | null
}

const REPLAY = [
  ...(['id', 'definitionKey', 'fromId', 'toVersion', 'organisationId', 'status', 'total'] as const),
  ...(['counts', 'steps', 'failure', 'createdAt', 'endedAt'] as const),
] as const

const read = <Row extends { readonly steps: string | number }>(row: Row) => ({
  ...row,
  steps: Number(row.steps),
})

export async function insert(
  ctx: TransactionContext,
  replay: StoredReplay & { readonly target: ProcessDefinition },
): Promise<void> {
  await ctx.db
    .insertInto('workflow.replay')
    .values({
      ...replay,
      target: JSON.stringify(replay.target),
      counts: JSON.stringify(replay.counts),
      requestedBy: ctx.actor.id,
      requestedFor: ctx.actor.organisationId,
    })
    .execute()
}

export async function find(ctx: Context, id: string): Promise<StoredReplay | undefined> {
  const row = await ctx.db
    .selectFrom('workflow.replay')
    .select(REPLAY)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && read(row)
}

/** The newest first; of one body's cases, or all. */
export async function ofProcess(
  ctx: Context,
  key: string,
  organisationId: string | null,
): Promise<StoredReplay[]> {
  let query = ctx.db
    .selectFrom('workflow.replay')
    .select(REPLAY)
    .where('definitionKey', '=', key)
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .limit(20)
  if (organisationId !== null) query = query.where('organisationId', '=', organisationId)
  return (await query.execute()).map(read)
}

export async function targetOf(ctx: Context, id: string): Promise<ProcessDefinition> {
  const { target } = await ctx.db
    .selectFrom('workflow.replay')
    .select('target')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return target
}

/** The last instance that is done; null before the first. */
export async function doneUpTo(ctx: Context, id: string): Promise<string | null> {
  const row = await ctx.db
    .selectFrom('workflow.replayCase')
    .select('instanceId')
    .where('replayId', '=', id)
    .orderBy('instanceId', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.instanceId ?? null
}

/** Adds the next cases; false when the replay no longer runs. */
export async function addCases(
  ctx: TransactionContext,
  id: string,
  { cases, steps }: { readonly cases: readonly ReplayCase[]; readonly steps: number },
): Promise<boolean> {
  const held = await ctx.db
    .selectFrom('workflow.replay')
    .select(['counts', 'steps'])
    .where('id', '=', id)
    .where('status', '=', 'running')
    .forUpdate()
    .executeTakeFirst()
  if (!held) return false
  await ctx.db
    .insertInto('workflow.replayCase')
    .values(cases.map((each) => ({ replayId: id, ...each })))
    .execute()
  await ctx.db
    .updateTable('workflow.replay')
    .set({ counts: JSON.stringify(added(held.counts, cases)), steps: Number(held.steps) + steps })
    .where('id', '=', id)
    .execute()
  return true
}

export function added(counts: ReplayCounts, cases: readonly ReplayCase[]): ReplayCounts {
  const sums = { ...counts }
  for (const { outcome } of cases) sums[outcome] += 1
  return sums
}

/** Ends a replay that runs; false when it ran no more. */
export async function end(
  ctx: Context,
  id: string,
  {
    status,
    failure = null,
  }: { readonly status: Exclude<ReplayStatus, 'running'>; readonly failure?: string | null },
): Promise<boolean> {
  const row = await ctx.db
    .updateTable('workflow.replay')
    .set({ status, failure, endedAt: ctx.now() })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export interface Place {
  readonly outcome: Outcome
  readonly node: string | null
  readonly recorded: string | null
  readonly code: string | null
  readonly cases: number
}

/** Where cases differ, the most frequent first; those that went the same way are left out. */
export async function places(ctx: Context, id: string): Promise<Place[]> {
  return ctx.db
    .selectFrom('workflow.replayCase')
    .select(['outcome', 'node', 'recorded', 'code', sql<number>`count(*)::int`.as('cases')])
    .where('replayId', '=', id)
    .where('outcome', '<>', 'same')
    .groupBy(['outcome', 'node', 'recorded', 'code'])
    .orderBy('cases', 'desc')
    .orderBy('outcome')
    .orderBy('node')
    .limit(100)
    .execute()
}

export interface Page {
  readonly outcome?: string | null
  readonly first: number
  /** The instance before the page. */
  readonly after?: string | null
}

/** Cases in the order of their instances' ids. */
export async function cases(
  ctx: Context,
  id: string,
  { outcome, first, after }: Page,
): Promise<(ReplayCase & { readonly businessKey: string })[]> {
  let query = ctx.db
    .selectFrom('workflow.replayCase')
    .innerJoin('workflow.instance', 'workflow.instance.id', 'workflow.replayCase.instanceId')
    .select(['instanceId', 'businessKey', 'outcome', 'node', 'recorded', 'code'])
    .where('replayId', '=', id)
    .orderBy('instanceId')
    .limit(Math.max(1, Math.min(first, 100)))
  if (outcome) query = query.where(sql<boolean>`outcome = ${outcome}`)
  if (after) query = query.where('instanceId', '>', after)
  return query.execute()
}
