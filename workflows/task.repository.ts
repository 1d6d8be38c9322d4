import { sql } from 'kysely'
import type { Context, TransactionContext } from '../core/context.ts'
import { run } from '../core/statement.repository.ts'
import { type Instance } from './runtime/instance.ts'
import { INSTANCE, instanceOf, type InstanceRow } from './runtime/instance.repository.ts'
import type { Task } from './task.ts'
import './workflow.table.ts'

export const TASK = [
  ...(['id', 'instanceId', 'token', 'node', 'formKey', 'candidateRole', 'organisationId'] as const),
  ...(['candidateGroups', 'assignee', 'owner', 'priority', 'status', 'version', 'output'] as const),
  ...(['createdAt', 'dueAt', 'followUpAt', 'claimedAt', 'completedAt', 'completedBy', 'onBehalfOf'] as const),
] as const

export async function find(ctx: Context, id: string): Promise<Task | undefined> {
  return ctx.db.selectFrom('workflow.task').select(TASK).where('id', '=', id).executeTakeFirst()
}

/** Every task of an instance that the actor may know of: the body's and its own. */
export async function ofInstance(ctx: Context, instanceId: string): Promise<Task[]> {
  return ctx.db
    .selectFrom('workflow.task')
    .select(TASK)
    .where('instanceId', '=', instanceId)
    .orderBy('createdAt')
    .orderBy('id')
    .limit(200)
    .execute()
}

export interface Held {
  readonly task: Task
  readonly instance: Instance
  /** The command with the idempotency key, if it came before. */
  readonly command:
    { readonly kind: string; readonly payloadSha256: string; readonly actorId: string } | undefined
}

/**
 * A task with its instance, which the transaction holds from here on; everything else is read after, so
 * that whoever waited for the instance sees what the one before it has done.
 *
 * @throws WORKFLOW_STATE_INVALID
 */
export async function hold(
  ctx: TransactionContext,
  id: string,
  idempotencyKey: string | null,
): Promise<Held | undefined> {
  const instance = await ctx.db
    .selectFrom('workflow.instance')
    .select(INSTANCE)
    .where('id', '=', (query) => query.selectFrom('workflow.task').select('instanceId').where('id', '=', id))
    .forUpdate()
    .executeTakeFirst()
  if (!instance) return undefined
  const row = await ctx.db
    .selectFrom('workflow.task')
    .leftJoin('workflow.command as command', (join) =>
      join
        .onRef('command.instanceId', '=', 'workflow.task.instanceId')
        .on('command.idempotencyKey', '=', idempotencyKey),
    )
    .select(TASK.map((column) => `workflow.task.${column}` as const))
    .select(['command.kind', 'command.payloadSha256', 'command.actorId'])
    .where('workflow.task.id', '=', id)
    .executeTakeFirstOrThrow()
  const { kind, payloadSha256, actorId, ...task } = row
  return { task, instance: instanceOf(instance), command: commandOf({ kind, payloadSha256, actorId }) }
}

/**
 * Tasks with their instances as they are, none held, in the order asked for; `key` is the idempotency key
 * of the command to come. Undefined for a task that is not there.
 *
 * @throws WORKFLOW_STATE_INVALID
 */
export async function findWithInstances(
  ctx: Context,
  asked: readonly { readonly id: string; readonly key: string }[],
): Promise<(Held | undefined)[]> {
  const placed = asked.map(({ id, key }, place) => ({ id, key, place }))
  const rows = await run<HeldRow>(ctx.db, [{ text: ASKED, rows: placed }], HELD)
  const found = new Map(rows.map((row) => [row.place, heldOf(row)]))
  return asked.map((_, place) => found.get(place))
}

const ASKED = `asked as (
    select place, id, key from jsonb_to_recordset($rows) as asked (place int, id uuid, key uuid)
  )`

/** Laterals, so that each row is looked up by its key: the server takes the number asked for to be larger. */
const HELD = `
    select asked.place, ${TASK.map((column) => `task.${columnOf(column)} as "${column}"`).join(', ')},
      ${INSTANCE.map((column) => `instance.${columnOf(column)} as "instance_${column}"`).join(', ')},
      command.kind, command.payload_sha256 as "payloadSha256", command.actor_id as "actorId"
    from asked
    cross join lateral (select ${TASK.map(columnOf).join(', ')} from workflow.task where task.id = asked.id limit 1) as task
    cross join lateral (select ${INSTANCE.map(columnOf).join(', ')} from workflow.instance where instance.id = task.instance_id limit 1) as instance
    left join lateral (
      select kind, payload_sha256, actor_id from workflow.command
      where command.instance_id = task.instance_id and command.idempotency_key = asked.key limit 1
    ) as command on true`

function columnOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

type Command = { readonly [Column in 'kind' | 'payloadSha256' | 'actorId']: string | null }
type HeldRow = Task &
  Command & { readonly [Column in keyof InstanceRow as `instance_${Column}`]: InstanceRow[Column] } & {
    readonly place: number
  }

/** Column by column: copies without some of the columns cost more than all else here. */
function heldOf(row: HeldRow): Held {
  return {
    task: {
      id: row.id,
      instanceId: row.instanceId,
      token: row.token,
      node: row.node,
      formKey: row.formKey,
      candidateRole: row.candidateRole,
      organisationId: row.organisationId,
      candidateGroups: row.candidateGroups,
      assignee: row.assignee,
      owner: row.owner,
      priority: row.priority,
      status: row.status,
      version: row.version,
      output: row.output,
      createdAt: row.createdAt,
      dueAt: row.dueAt,
      followUpAt: row.followUpAt,
      claimedAt: row.claimedAt,
      completedAt: row.completedAt,
      completedBy: row.completedBy,
      onBehalfOf: row.onBehalfOf,
    },
    instance: instanceOf({
      id: row.instance_id,
      definitionId: row.instance_definitionId,
      definitionKey: row.instance_definitionKey,
      businessKey: row.instance_businessKey,
      version: row.instance_version,
      state: row.instance_state,
      variables: row.instance_variables,
      visited: row.instance_visited,
      organisationId: row.instance_organisationId,
      onBehalfOf: row.instance_onBehalfOf,
      startedAt: row.instance_startedAt,
      endedAt: row.instance_endedAt,
      parentId: row.instance_parentId,
      parentToken: row.instance_parentToken,
      suspendedAt: row.instance_suspendedAt,
    }),
    command: commandOf(row),
  }
}

function commandOf({ kind, payloadSha256, actorId }: Command): Held['command'] {
  return kind === null || payloadSha256 === null || actorId === null
    ? undefined
    : { kind, payloadSha256, actorId }
}

export interface Change {
  /** Null offers it to its groups again. */
  readonly assignee?: string | null
  readonly owner?: string | null
  readonly priority?: number
  readonly followUpAt?: Date | null
  /** What was written so far goes to the new assignee, or is forgotten; left out, it stays as it is. */
  readonly draft?: 'passed' | 'forgotten'
}

/** Changes an open task where its version is still the one read. Undefined when somebody was first. */
export async function change(
  ctx: TransactionContext,
  { id, version }: Task,
  change: Change,
): Promise<Task | undefined> {
  return ctx.db
    .updateTable('workflow.task')
    .set({ ...columnsOf(ctx, change), version: version + 1 })
    .where('id', '=', id)
    .where('version', '=', version)
    .where('status', 'in', ['open', 'claimed'])
    .returning(TASK)
    .executeTakeFirst()
}

/** The same for many, whose instances the transaction holds; fewer come back when one was not open. */
export async function changeAll(
  ctx: TransactionContext,
  ids: readonly string[],
  change: Change,
): Promise<Task[]> {
  return ctx.db
    .updateTable('workflow.task')
    .set({ ...columnsOf(ctx, change), version: sql<number>`version + 1` })
    .where('id', 'in', ids)
    .where('status', 'in', ['open', 'claimed'])
    .returning(TASK)
    .execute()
}

function columnsOf(ctx: TransactionContext, { draft, ...columns }: Change) {
  const { assignee } = columns
  return {
    ...columns,
    ...(assignee === null && { status: 'open' as const, claimedAt: null }),
    ...(typeof assignee === 'string' && { status: 'claimed' as const, claimedAt: ctx.now() }),
    ...(draft === 'forgotten' && { draft: null, draftBy: null, draftedAt: null }),
    ...(draft === 'passed' && {
      draftBy: sql<string | null>`case when draft is null then null else ${assignee ?? null}::text end`,
    }),
  }
}

export interface HeldTask {
  readonly task: Task
  readonly businessKey: string
}

/** Tasks with their business keys; the transaction holds their instances, taken in the order of their ids. */
export async function holdAll(ctx: TransactionContext, ids: readonly string[]): Promise<HeldTask[]> {
  const instances = await ctx.db
    .selectFrom('workflow.instance')
    .select(['id', 'businessKey'])
    .where('id', 'in', (query) =>
      query.selectFrom('workflow.task').select('instanceId').where('id', 'in', ids),
    )
    .orderBy('id')
    .forUpdate()
    .execute()
  const keys = new Map(instances.map(({ id, businessKey }) => [id, businessKey]))
  const tasks = await ctx.db.selectFrom('workflow.task').select(TASK).where('id', 'in', ids).execute()
  return tasks.flatMap((task) => {
    const businessKey = keys.get(task.instanceId)
    return businessKey === undefined ? [] : [{ task, businessKey }]
  })
}

export interface AnswerDraft {
  readonly answers: Record<string, unknown>
  readonly savedAt: Date
}

/** What a person has written so far; null for anybody else, and when nothing was kept. */
export async function draftOf(ctx: Context, id: string): Promise<AnswerDraft | null> {
  const row = await ctx.db
    .selectFrom('workflow.task')
    .select(['draft', 'draftedAt'])
    .where('id', '=', id)
    .where('draftBy', '=', ctx.actor.id)
    .where('status', '=', 'claimed')
    .executeTakeFirst()
  return row?.draft && row.draftedAt ? { answers: row.draft, savedAt: row.draftedAt } : null
}

/** Keeps what is written of a claimed task; its version stays, for it is no change that others see. */
export async function saveDraft(ctx: TransactionContext, id: string, answers: object): Promise<void> {
  await ctx.db
    .updateTable('workflow.task')
    .set({ draft: JSON.stringify(answers), draftBy: ctx.actor.id, draftedAt: ctx.now() })
    .where('id', '=', id)
    .where('status', '=', 'claimed')
    .execute()
}
