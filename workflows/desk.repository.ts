import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../core/context.ts'
import { addDays, dayOf, startOf } from '../core/day.ts'
import {
  type Connection,
  connection,
  type KeyKind,
  type PageRequest,
  readCursor,
  rowsToRead,
} from '../core/page.ts'
import type { ProcessCount, TaskCounts, TaskDue, TaskFilter, TaskShow, TaskSort } from './desk.ts'
import { SOON_DAYS } from './desk.ts'
import { groupsOf, type Post, type Task } from './task.ts'
import { TASK } from './task.repository.ts'
import './workflow.table.ts'

type Condition = RawBuilder<boolean>

const offered = ({ actor }: Post): Condition => sql`task.candidate_groups && ${[...groupsOf(actor)]}::text[]`

const ownBody = ({ actor }: Post): Condition => sql`task.organisation_id = ${actor.organisationId}`

/** The same as `isOwn`, `isOffered`, `isDelegated`, `absentAssignee` and `heads` of task.ts say of one task. */
function shown(show: TaskShow, post: Post): Condition {
  const { id } = post.actor
  const body = ownBody(post)
  switch (show) {
    case 'mine':
      return sql`(task.assignee = ${id} and ${body})`
    case 'group':
      return sql`(task.status = 'open' and ${offered(post)})`
    case 'delegated':
      return sql`(task.status = 'claimed' and task.owner = ${id} and task.assignee <> ${id} and ${body})`
    case 'standing-in':
      return sql`(task.status = 'claimed' and task.assignee = any(${[...post.standsInFor]}::text[])
        and ${body} and ${offered(post)})`
    case 'body':
      return post.isHead ? body : sql`false`
    case 'all':
      return sql`(${offered(post)} or (task.assignee = ${id} and ${body})
        or (task.status = 'claimed' and task.owner = ${id} and ${body}))`
  }
}

function dueAt(due: TaskDue, now: Date): Condition {
  const today = dayOf(now)
  switch (due) {
    case 'overdue':
      return sql`task.due_at < ${now}::timestamptz`
    case 'soon':
      return sql`(task.due_at >= ${now}::timestamptz
        and task.due_at < ${startOf(addDays(today, SOON_DAYS))}::timestamptz)`
    case 'follow-up':
      return sql`task.follow_up_at < ${startOf(addDays(today, 1))}::timestamptz`
  }
}

/** `case` is the business key that the word is the number of. Plain search in texts: no pattern of the person's. */
function worded(word: string, businessKey: string | undefined): Condition {
  const text = word.toLowerCase()
  return sql`(instance.business_key = ${businessKey ?? word}
    or strpos(lower(definition.compiled #>> array['nodes', task.node, 'name', 'zh']), ${text}) > 0
    or strpos(lower(definition.compiled #>> array['nodes', task.node, 'name', 'en']), ${text}) > 0
    or strpos(lower(definition.name ->> 'zh'), ${text}) > 0
    or strpos(lower(definition.name ->> 'en'), ${text}) > 0
    or exists (
      select from jsonb_path_query(instance.variables, 'strict $.**') as value
      where jsonb_typeof(value) = 'string' and strpos(lower(value #>> '{}'), ${text}) > 0
    ))`
}

/** Later than any due date there is: tasks without one come last. */
const NEVER = sql`'9999-12-31T00:00:00Z'::timestamptz`

interface Order {
  readonly by: readonly RawBuilder<unknown>[]
  readonly casts: readonly string[]
  readonly kinds: readonly KeyKind[]
  readonly keyOf: (task: Task) => readonly (string | number)[]
}

const ORDERS: Record<TaskSort, Order> = {
  created: {
    by: [sql`task.created_at`, sql`task.id`],
    casts: ['timestamptz', 'uuid'],
    kinds: ['instant', 'uuid'],
    keyOf: ({ createdAt, id }) => [createdAt.toISOString(), id],
  },
  due: {
    by: [sql`coalesce(task.due_at, ${NEVER})`, sql`task.id`],
    casts: ['timestamptz', 'uuid'],
    kinds: ['instant', 'uuid'],
    keyOf: ({ dueAt, id }) => [dueAt?.toISOString() ?? '9999-12-31T00:00:00.000Z', id],
  },
  priority: {
    by: [sql`-task.priority`, sql`task.created_at`, sql`task.id`],
    casts: ['integer', 'timestamptz', 'uuid'],
    kinds: ['number', 'instant', 'uuid'],
    keyOf: ({ priority, createdAt, id }) => [-priority, createdAt.toISOString(), id],
  },
}

/** Open tasks that pass the filter, in its order; `businessKey` is the case whose number the word is. */
export async function openTasks(
  ctx: Context,
  post: Post,
  filter: TaskFilter,
  businessKey: string | undefined,
  page: PageRequest,
): Promise<Connection<Task>> {
  const sort = filter.sort ?? 'created'
  const { by, casts, kinds, keyOf } = ORDERS[sort]
  const list = `tasks-${sort}`
  const after = readCursor(list, kinds, page)
  let query = ctx.db
    .selectFrom('workflow.task as task')
    .innerJoin('workflow.instance as instance', 'instance.id', 'task.instanceId')
    .innerJoin('workflow.definition as definition', 'definition.id', 'instance.definitionId')
    .select(TASK.map((column) => `task.${column}` as const))
    .where('task.status', 'in', ['open', 'claimed'])
    .where(shown(filter.show ?? 'all', post))
    .limit(rowsToRead(page))
  for (const column of by) query = query.orderBy(column)
  if (filter.due) query = query.where(dueAt(filter.due, ctx.now()))
  if (filter.process) query = query.where('instance.definitionKey', '=', filter.process)
  if (filter.word) query = query.where(worded(filter.word, businessKey))
  if (after) {
    const values = after.map((value, at) => sql`${value}::${sql.raw(casts[at] ?? 'text')}`)
    query = query.where(sql<boolean>`(${sql.join(by)}) > (${sql.join(values)})`)
  }
  return connection(list, await query.execute(), page, keyOf)
}

/** In one pass over what the actor may know of. */
export async function counts(ctx: Context, post: Post): Promise<TaskCounts> {
  const now = ctx.now()
  const all = shown('all', post)
  const count = (condition: Condition) => sql`count(*) filter (where ${condition})::int`
  const { rows } = await sql<TaskCounts>`
    select ${count(all)} as "all", ${count(shown('mine', post))} as mine,
      ${count(shown('group', post))} as "group", ${count(shown('delegated', post))} as delegated,
      ${count(shown('standing-in', post))} as standing_in,
      ${count(sql`${all} and ${dueAt('overdue', now)}`)} as overdue,
      ${count(sql`${all} and ${dueAt('soon', now)}`)} as soon,
      ${count(sql`${all} and ${dueAt('follow-up', now)}`)} as follow_up,
      ${count(shown('body', post))} as body
    from workflow.task as task
    where task.status in ('open', 'claimed') and (${all} or ${shown('body', post)})`.execute(ctx.db)
  const [row] = rows
  if (!row) throw new Error('a count has one row')
  return row
}

/** Processes of the tasks the actor may know of, by name, the newest version's; at most 100. */
export async function processesOf(ctx: Context, post: Post): Promise<ProcessCount[]> {
  const { rows } = await sql<ProcessCount>`
    select instance.definition_key as key, count(*)::int as count,
      (select name from workflow.definition newest where newest.key = instance.definition_key
        order by newest.version desc limit 1) as name
    from workflow.task as task join workflow.instance as instance on instance.id = task.instance_id
    where task.status in ('open', 'claimed') and (${shown('all', post)} or ${shown('body', post)})
    group by instance.definition_key order by instance.definition_key limit 100`.execute(ctx.db)
  return rows
}
