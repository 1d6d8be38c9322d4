import { sql } from 'kysely'
import type { Context } from '../core/context.ts'
import './workflow.table.ts'

export interface ArmedTimer {
  readonly id: string
  readonly token: number
  readonly node: string
  readonly dueAt: Date
}

export interface Awaited {
  readonly id: string
  readonly token: number
  readonly node: string
  readonly kind: 'message' | 'signal'
  /** Of the message or signal. */
  readonly message: string
  readonly correlationKey: string | null
}

export interface WaitingJob {
  readonly id: string
  readonly token: number
  readonly node: string
  /** Of a manifest. */
  readonly task: string
  readonly attempts: number
  /** How often it is tried again before it becomes an incident. */
  readonly retriesLeft: number
  readonly runAfter: Date
}

/** What an operator did with an instance, or what stopped in it. */
export interface OperationRecord {
  readonly id: string
  readonly actorId: string
  readonly occurredAt: Date
  readonly operation: string
  readonly node: string | null
  readonly reason: string
}

const MAX_ROWS = 200

/** The next first. */
export async function timersOf(ctx: Context, instanceId: string): Promise<ArmedTimer[]> {
  return ctx.db
    .selectFrom('workflow.timer')
    .select(['id', 'token', 'node', 'dueAt'])
    .where('instanceId', '=', instanceId)
    .where('status', '=', 'armed')
    .orderBy('dueAt')
    .orderBy('id')
    .limit(MAX_ROWS)
    .execute()
}

export async function subscriptionsOf(ctx: Context, instanceId: string): Promise<Awaited[]> {
  return ctx.db
    .selectFrom('workflow.subscription')
    .select(['id', 'token', 'node', 'kind', 'message', 'correlationKey'])
    .where('instanceId', '=', instanceId)
    .orderBy('id')
    .limit(MAX_ROWS)
    .execute()
}

/** Jobs that are to run, the next first. What went wrong stays in the log: it may name what an operator may not read. */
export async function jobsOf(ctx: Context, instanceId: string): Promise<WaitingJob[]> {
  return ctx.db
    .selectFrom('workflow.job')
    .select(['id', 'token', 'node', 'task', 'attempts', 'retriesLeft', 'runAfter'])
    .where('instanceId', '=', instanceId)
    .where('status', '=', 'waiting')
    .orderBy('runAfter')
    .orderBy('id')
    .limit(MAX_ROWS)
    .execute()
}

/** Operations on an instance, the last first. */
export async function operationsOf(ctx: Context, instanceId: string): Promise<OperationRecord[]> {
  return (
    ctx.db
      .selectFrom('core.event')
      .select([
        ...(['id', 'actorId', 'occurredAt'] as const),
        sql<string>`payload ->> 'operation'`.as('operation'),
        sql<string | null>`payload ->> 'node'`.as('node'),
        sql<string>`coalesce(payload ->> 'reason', '')`.as('reason'),
      ])
      // The name as the index has it, written out: a parameter would keep the index from being chosen.
      .where(sql<boolean>`name = 'workflow.instance.operated'`)
      .where(sql<boolean>`payload ->> 'instanceId' = ${instanceId}`)
      .orderBy('id', 'desc')
      .limit(MAX_ROWS)
      .execute()
  )
}

/** Instances that an instance has called, the first called first. */
export async function calledIds(ctx: Context, parentId: string): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('workflow.instance')
    .select('id')
    .where('parentId', '=', parentId)
    .orderBy('startedAt')
    .orderBy('id')
    .limit(MAX_ROWS)
    .execute()
  return rows.map(({ id }) => id)
}
