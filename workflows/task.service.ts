import { actingAs, type Context, transaction, type TransactionContext } from '../core/context.ts'
import { emit } from '../core/events.ts'
import { standsInFor } from '../modules/organisation/index.ts'
import type { TaskFact } from './events.ts'
import { can } from './policy.ts'
import { errors } from './refusals.ts'
import { absentAssignee, type Act, mayWork, type Post, refusalOf, sees, type Task } from './task.ts'
import * as repository from './task.repository.ts'
import './events.ts'

/** The post the actor acts in, with whom it stands in for today. */
export async function postOf(ctx: Context): Promise<Post> {
  const { actor } = ctx
  return {
    actor,
    standsInFor: await standsInFor(ctx),
    isHead: await ctx.policy.allows(ctx, can.assignTask, actor),
  }
}

/** @throws WORKFLOW_TASK_NOT_FOUND, also for a task of another organisation */
export async function task(ctx: Context, id: string): Promise<Task> {
  const found = await repository.find(ctx, id)
  if (!found || !sees(await postOf(ctx), found)) throw errors.TASK_NOT_FOUND({ id })
  return found
}

/**
 * The tasks of a case, in the order they were opened, for whoever may see the case: the caller has
 * decided that. Another body's tasks are among them, their answers are not.
 */
export async function tasksOfInstance(ctx: Context, instanceId: string): Promise<Task[]> {
  const all = await repository.ofInstance(ctx, instanceId)
  return all.map((one) => (mayWork(ctx.actor, one) ? one : { ...one, output: null }))
}

export interface Held extends repository.Held {
  readonly post: Post
}

/** A task the actor can see, held with its instance. @throws WORKFLOW_TASK_NOT_FOUND */
export async function hold(ctx: TransactionContext, id: string): Promise<Held> {
  const held = await repository.hold(ctx, id, null)
  const post = await postOf(ctx)
  if (!held || !sees(post, held.task)) throw errors.TASK_NOT_FOUND({ id })
  return { ...held, post }
}

/** Acting for the absent member whose task it is, where the actor stands in; the events say for whom. */
export function standingIn(ctx: TransactionContext, post: Post, task: Task): TransactionContext {
  const absent = absentAssignee(post, task)
  return absent === undefined ? ctx : actingAs(ctx, { ...ctx.actor, onBehalfOf: absent })
}

/** @throws what {@link refusalOf} answers */
export function requireMay(act: Act, post: Post, task: Task): void {
  const refusal = refusalOf(act, post, task)
  if (refusal) throw refusal
}

/** Takes an offered task for oneself. @throws WORKFLOW_TASK_NOT_FOUND, WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_TAKEN */
export async function claim(ctx: Context, id: string): Promise<Task> {
  return transaction(ctx, async (ctx) => {
    const { task, instance, post } = await hold(ctx, id)
    requireMay('claim', post, task)
    if (task.status === 'claimed') return task
    const claimed = await repository.change(ctx, task, { assignee: ctx.actor.id })
    if (!claimed) throw errors.TASK_TAKEN()
    await emit(ctx, 'workflow.task.claimed', factOf(claimed, instance))
    return claimed
  })
}

/**
 * Gives a claimed task back to whom it was offered: its assignee, who stands in, or the head of the body.
 *
 * @throws WORKFLOW_TASK_NOT_FOUND, WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_TAKEN, WORKFLOW_TASK_DELEGATED
 */
export async function release(ctx: Context, id: string): Promise<Task> {
  return transaction(ctx, async (ctx) => {
    const { task, instance, post } = await hold(ctx, id)
    requireMay('release', post, task)
    if (task.status === 'open') return task
    const released = await repository.change(ctx, task, { assignee: null, owner: null, draft: 'forgotten' })
    if (!released) throw errors.TASK_TAKEN()
    const fact = { ...factOf(released, instance), from: task.assignee }
    await emit(standingIn(ctx, post, task), 'workflow.task.released', fact)
    return released
  })
}

export const factOf = (
  { id, instanceId, organisationId }: Task,
  { businessKey }: { readonly businessKey: string },
): TaskFact => ({ taskId: id, instanceId, businessKey, organisationId })
