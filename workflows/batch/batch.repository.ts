import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import type { DomainError } from '../../core/errors.ts'
import type { Batch, BatchItem, BatchStatus, ItemOutcome } from './batch.ts'
import type { Chosen } from './choice.repository.ts'
import './batch.table.ts'
import '../workflow.table.ts'

const BATCH = [
  ...(['id', 'operation', 'output', 'reason', 'status', 'organisationId', 'requestedBy'] as const),
  ...(['requestedRoles', 'createdAt', 'endedAt'] as const),
] as const

const ITEM = [
  ...(['place', 'incidentId', 'instanceId', 'businessKey', 'outcome', 'code', 'refusal'] as const),
] as const

export async function insert(
  ctx: TransactionContext,
  { operation, output, reason }: Pick<Batch, 'operation' | 'output' | 'reason'>,
  chosen: readonly Chosen[],
): Promise<Batch> {
  const { id: requestedBy, organisationId, roles } = ctx.actor
  const batch = await ctx.db
    .insertInto('workflow.batch')
    .values({
      ...{ operation, output: JSON.stringify(output), reason, status: 'running' },
      ...{ organisationId, requestedBy, requestedRoles: [...roles], createdAt: ctx.now(), endedAt: null },
    })
    .returning(BATCH)
    .executeTakeFirstOrThrow()
  await sql`
    insert into workflow.batch_item (batch_id, place, incident_id, instance_id, business_key, outcome)
    select ${batch.id}::uuid, row_number() over (), chosen."incidentId", chosen."instanceId",
      chosen."businessKey", 'waiting'
    from jsonb_to_recordset(${JSON.stringify(chosen)}::jsonb) as chosen ("incidentId" uuid, "instanceId" uuid,
      "businessKey" text)`.execute(ctx.db)
  return batch
}

export async function find(ctx: Context, id: string): Promise<Batch | undefined> {
  return ctx.db.selectFrom('workflow.batch').select(BATCH).where('id', '=', id).executeTakeFirst()
}

/** The newest first. */
export async function ofBody(ctx: Context, organisationId: string): Promise<Batch[]> {
  return ctx.db
    .selectFrom('workflow.batch')
    .select(BATCH)
    .where('organisationId', '=', organisationId)
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .limit(50)
    .execute()
}

/** Held against being cancelled until the transaction ends; undefined when it runs no more. */
export async function holdRunning(ctx: TransactionContext, id: string): Promise<Batch | undefined> {
  return ctx.db
    .selectFrom('workflow.batch')
    .select(BATCH)
    .where('id', '=', id)
    .where('status', '=', 'running')
    .forUpdate()
    .executeTakeFirst()
}

export async function nextItem(ctx: Context, id: string): Promise<BatchItem | undefined> {
  return ctx.db
    .selectFrom('workflow.batchItem')
    .select(ITEM)
    .where('batchId', '=', id)
    .where('outcome', '=', 'waiting')
    .orderBy('place')
    .limit(1)
    .executeTakeFirst()
}

export async function settle(
  ctx: TransactionContext,
  id: string,
  place: number,
  refusal?: DomainError,
): Promise<void> {
  await ctx.db
    .updateTable('workflow.batchItem')
    .set({
      outcome: refusal ? 'refused' : 'done',
      code: refusal?.code ?? null,
      refusal: refusal ? JSON.stringify(refusal.messages) : null,
    })
    .where('batchId', '=', id)
    .where('place', '=', place)
    .where('outcome', '=', 'waiting')
    .execute()
}

/** False when it ran no more. */
export async function end(ctx: Context, id: string, status: Exclude<BatchStatus, 'running'>) {
  const row = await ctx.db
    .updateTable('workflow.batch')
    .set({ status, endedAt: ctx.now() })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export type Counts = Readonly<Record<ItemOutcome, number>>

/** In the order of `ids`, for loaders. */
export async function counts(ctx: Context, ids: readonly string[]): Promise<Counts[]> {
  const rows = await ctx.db
    .selectFrom('workflow.batchItem')
    .select(['batchId', 'outcome', sql<number>`count(*)::int`.as('count')])
    .where('batchId', 'in', [...new Set(ids)])
    .groupBy(['batchId', 'outcome'])
    .execute()
  return ids.map((id) => {
    const of = (outcome: ItemOutcome) =>
      rows.find((row) => row.batchId === id && row.outcome === outcome)?.count ?? 0
    return { waiting: of('waiting'), done: of('done'), refused: of('refused') }
  })
}

export interface ItemPage {
  readonly outcome?: ItemOutcome | null
  readonly first: number
  readonly after?: number | null
}

export async function items(
  ctx: Context,
  id: string,
  { outcome, first, after }: ItemPage,
): Promise<BatchItem[]> {
  let query = ctx.db
    .selectFrom('workflow.batchItem')
    .select(ITEM)
    .where('batchId', '=', id)
    .where('place', '>', after ?? 0)
    .orderBy('place')
    .limit(Math.max(1, Math.min(first, 100)))
  if (outcome) query = query.where('outcome', '=', outcome)
  return query.execute()
}

/** Says of an incident that it has been seen to. */
export async function resolveIncident(ctx: TransactionContext, id: string): Promise<void> {
  await ctx.db
    .updateTable('workflow.incident')
    .set({ resolvedAt: ctx.now(), resolvedBy: ctx.actor.id, resolution: 'resolved' })
    .where('id', '=', id)
    .where('resolvedAt', 'is', null)
    .execute()
}
