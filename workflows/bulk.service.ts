import { type Context, transaction, type TransactionContext } from '../core/context.ts'
import { DomainError } from '../core/errors.ts'
import { emit } from '../core/events.ts'
import { isUuid } from '../core/text/uuid.ts'
import { recipient } from './handling.service.ts'
import { errors, tasksRefused } from './refusals.ts'
import { type Post, refusalOf, sees, type Task } from './task.ts'
import * as repository from './task.repository.ts'
import { factOf, postOf } from './task.service.ts'

/** As many as a page of the desk shows. */
const MAX_TASKS = 100

/**
 * Takes several offered tasks for oneself: all, or none with a refusal for each that stands in the way.
 *
 * @throws WORKFLOW_TASK_LIST_INVALID, WORKFLOW_TASKS_REFUSED
 */
export async function claimAll(ctx: Context, ids: readonly string[]): Promise<Task[]> {
  return together(ctx, ids, async (ctx, post, held) => {
    await requireAll(held, ({ task }) => refusalOf('claim', post, task))
    const fresh = held.filter(({ task }) => task.status === 'open')
    const tasks = await changeAll(ctx, fresh, { assignee: ctx.actor.id })
    for (const one of tasks) await emit(ctx, 'workflow.task.claimed', factOf(one.task, one))
    return tasks.map(({ task }) => task)
  })
}

/**
 * The head of a body gives several of its tasks to one member, or with null to their groups again: all, or
 * none with a refusal for each that stands in the way. What the assignees wrote so far is forgotten.
 *
 * @throws WORKFLOW_TASK_LIST_INVALID, WORKFLOW_TASKS_REFUSED
 */
export async function assignAll(
  ctx: Context,
  ids: readonly string[],
  personId: string | null,
): Promise<Task[]> {
  return together(ctx, ids, async (ctx, post, held) => {
    await requireAll(held, async ({ task }) => {
      const isHead = post.isHead && task.organisationId === ctx.actor.organisationId
      if (!isHead) return errors.TASK_HEAD_ONLY()
      const refusal = refusalOf('hand-over', post, task)
      return refusal ?? (personId === null ? undefined : refusalOfRecipient(ctx, task, personId))
    })
    const before = new Map(held.map(({ task }) => [task.id, task.assignee]))
    const tasks = await changeAll(ctx, held, { assignee: personId, owner: null, draft: 'forgotten' })
    for (const one of tasks) {
      const fact = { ...factOf(one.task, one), from: before.get(one.task.id) ?? null }
      if (personId === null) await emit(ctx, 'workflow.task.released', fact)
      else await emit(ctx, 'workflow.task.handed-over', { ...fact, assignee: personId })
    }
    return tasks.map(({ task }) => task)
  })
}

async function refusalOfRecipient(
  ctx: TransactionContext,
  task: Task,
  personId: string,
): Promise<DomainError | undefined> {
  try {
    await recipient(ctx, { ...task, assignee: null }, personId)
    return undefined
  } catch (error) {
    // One of the list is refused with the others, whatever else is wrong with them.
    if (error instanceof DomainError) return error
    throw error
  }
}

type Work = (ctx: TransactionContext, post: Post, held: readonly repository.HeldTask[]) => Promise<Task[]>

async function together(ctx: Context, ids: readonly string[], work: Work): Promise<Task[]> {
  const distinct = new Set(ids)
  if (ids.length < 1 || ids.length > MAX_TASKS || distinct.size !== ids.length)
    throw errors.TASK_LIST_INVALID({ max: MAX_TASKS })
  return transaction(ctx, async (ctx) => {
    const post = await postOf(ctx)
    const found = await repository.holdAll(ctx, ids.filter(isUuid))
    const held = found.filter(({ task }) => sees(post, task))
    const seen = new Set(held.map(({ task }) => task.id))
    const missing = ids.filter((id) => !seen.has(id))
    if (missing.length > 0)
      throw tasksRefused(missing.map((id) => ({ id, error: errors.TASK_NOT_FOUND({ id }) })))
    const tasks = await work(ctx, post, held)
    const after = new Map(tasks.map((task) => [task.id, task]))
    const before = new Map(held.map(({ task }) => [task.id, task]))
    return ids.flatMap((id) => after.get(id) ?? before.get(id) ?? [])
  })
}

type Refused = DomainError | undefined

async function requireAll(
  held: readonly repository.HeldTask[],
  judge: (one: repository.HeldTask) => Refused | Promise<Refused>,
): Promise<void> {
  const refusals: { id: string; error: DomainError }[] = []
  for (const one of held) {
    const error = await judge(one)
    if (error) refusals.push({ id: one.task.id, error })
  }
  if (refusals.length > 0) throw tasksRefused(refusals)
}

async function changeAll(
  ctx: TransactionContext,
  held: readonly repository.HeldTask[],
  change: repository.Change,
): Promise<repository.HeldTask[]> {
  if (held.length === 0) return []
  const keys = new Map(held.map(({ task, businessKey }) => [task.id, businessKey]))
  const ids = held.map(({ task }) => task.id)
  const tasks = await repository.changeAll(ctx, ids, change)
  // The transaction holds the instances, so that only a bug gets here.
  if (tasks.length !== ids.length) throw errors.INSTANCE_VERSION_STALE()
  return tasks.map((task) => ({ task, businessKey: keys.get(task.id) ?? '' }))
}
