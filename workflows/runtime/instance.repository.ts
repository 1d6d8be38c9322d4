import type { Context, TransactionContext } from '../../core/context.ts'
import { type Incident, type Instance, stateOf, storedState } from './instance.ts'
import type { State } from './step/index.ts'
import '../archive/archive.table.ts'
import '../workflow.table.ts'

export const INSTANCE = [
  ...(['id', 'definitionId', 'definitionKey', 'businessKey', 'version', 'state', 'variables'] as const),
  ...(['visited', 'organisationId', 'onBehalfOf', 'startedAt', 'endedAt'] as const),
  ...(['parentId', 'parentToken', 'suspendedAt'] as const),
] as const

export type InstanceRow = Omit<Instance, 'state'> & { state: object; variables: Record<string, unknown> }

/** @throws WORKFLOW_STATE_INVALID */
export function instanceOf(row: InstanceRow): Instance {
  const { variables: _, ...columns } = row
  return { ...columns, state: stateOf(row) }
}

/** Undefined for one that cannot be read: dealt with alone, it tells what is wrong with it. */
export function readable(row: InstanceRow): Instance | undefined {
  try {
    return instanceOf(row)
  } catch {
    return undefined
  }
}

/** The instance, held against every other step until the transaction ends. @throws WORKFLOW_STATE_INVALID */
export async function lock(ctx: TransactionContext, id: string): Promise<Instance | undefined> {
  const row = await ctx.db
    .selectFrom('workflow.instance')
    .select(INSTANCE)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row && instanceOf(row)
}

/** The newest instance of a business key that no other called. */
export async function findByBusinessKey(ctx: Context, businessKey: string): Promise<Instance | undefined> {
  const row = await ctx.db
    .selectFrom('workflow.instance')
    .select(INSTANCE)
    .where('businessKey', '=', businessKey)
    .where('parentId', 'is', null)
    .orderBy('startedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && instanceOf(row)
}

/** Of an instance that another calls. */
export interface Call {
  readonly parentId: string
  readonly parentToken: number
  /** The same call again starts nothing. */
  readonly callId: string
}

/** Undefined when the definition already has an instance for the business key, or the call one. */
export async function insert(
  ctx: TransactionContext,
  instance: Pick<Instance, 'definitionId' | 'definitionKey' | 'organisationId' | 'onBehalfOf'> & {
    readonly businessKey: string
    readonly state: State
  },
  call?: Call,
): Promise<Instance | undefined> {
  const { state, ...columns } = instance
  const row = await ctx.db
    .insertInto('workflow.instance')
    .values({
      ...columns,
      status: 'running',
      state: JSON.stringify(storedState(state)),
      variables: JSON.stringify(state.variables),
      ...(call ?? { parentId: null, parentToken: null, callId: null }),
      startedAt: ctx.now(),
      endedAt: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning(INSTANCE)
    .executeTakeFirst()
  return row && instanceOf(row)
}

/** Whether one that the definition had for the business key, called by no other, is put away. */
export async function isArchived(
  ctx: TransactionContext,
  { definitionKey, businessKey }: Pick<Instance, 'definitionKey' | 'businessKey'>,
): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('workflow.archivedInstance')
    .select('id')
    .where('definitionKey', '=', definitionKey)
    .where('businessKey', '=', businessKey)
    .where('parentId', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Takes back one that this transaction has inserted and that nothing hangs on yet. */
export async function remove(ctx: TransactionContext, id: string): Promise<void> {
  await ctx.db.deleteFrom('workflow.instance').where('id', '=', id).execute()
}

/** In the order of `ids`, for loaders; null for one that is gone. */
export async function byIds(ctx: Context, ids: readonly string[]): Promise<(Instance | null)[]> {
  const rows = await ctx.db
    .selectFrom('workflow.instance')
    .select(INSTANCE)
    .where('id', 'in', [...new Set(ids)])
    .execute()
  const found = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => {
    const row = found.get(id)
    return row ? instanceOf(row) : null
  })
}

/** The newest instance of each business key, in the order of `keys`, for loaders; null where there is none. */
export async function byBusinessKeys(ctx: Context, keys: readonly string[]): Promise<(Instance | null)[]> {
  const rows = await ctx.db
    .selectFrom('workflow.instance')
    .select(INSTANCE)
    .distinctOn('businessKey')
    .where('businessKey', 'in', [...new Set(keys)])
    .where('parentId', 'is', null)
    .orderBy('businessKey')
    .orderBy('startedAt', 'desc')
    .execute()
  const found = new Map(rows.map((row) => [row.businessKey, row]))
  return keys.map((key) => {
    const row = found.get(key)
    return row ? instanceOf(row) : null
  })
}

/** Instances of a business key that run and whose definition is one of `keys`. */
export async function runningOf(
  ctx: Context,
  businessKey: string,
  keys: readonly string[],
): Promise<string[]> {
  if (keys.length === 0) return []
  const rows = await ctx.db
    .selectFrom('workflow.instance')
    .select('id')
    .where('businessKey', '=', businessKey)
    .where('definitionKey', 'in', keys)
    .where('status', '=', 'running')
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Instances that a token of another has called and that run still. */
export async function calledBy(ctx: Context, parentId: string, parentToken: number): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('workflow.instance')
    .select('id')
    .where('parentId', '=', parentId)
    .where('parentToken', '=', parentToken)
    .where('status', '=', 'running')
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Holds an instance, or lets it go on; a step decided before finds another version. */
export async function suspend(ctx: TransactionContext, id: string, at: Date | null): Promise<void> {
  await ctx.db
    .updateTable('workflow.instance')
    .set(({ eb }) => ({ suspendedAt: at, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

const INCIDENT = ['id', 'instanceId', 'token', 'node', 'kind', 'error', 'createdAt', 'resolvedAt'] as const

export async function incidentsOf(ctx: Context, instanceId: string): Promise<Incident[]> {
  return ctx.db
    .selectFrom('workflow.incident')
    .select(INCIDENT)
    .where('instanceId', '=', instanceId)
    .where('resolvedAt', 'is', null)
    .orderBy('createdAt')
    .limit(100)
    .execute()
}

export async function findIncident(ctx: Context, id: string): Promise<Incident | undefined> {
  return ctx.db.selectFrom('workflow.incident').select(INCIDENT).where('id', '=', id).executeTakeFirst()
}

/** Whether a body has, or had, a task in the instance. */
export async function takesPart(ctx: Context, instanceId: string, organisationId: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('workflow.task')
    .select('id')
    .where('instanceId', '=', instanceId)
    .where('organisationId', '=', organisationId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
