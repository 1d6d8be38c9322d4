import { type Context, transaction, type TransactionContext } from '../core/context.ts'
import { dayOf, isDay, startOf } from '../core/day.ts'
import { emit } from '../core/events.ts'
import { serving } from '../modules/organisation/index.ts'
import { checkAnswerNames } from './answer.ts'
import * as answers from './answer.service.ts'
import { errors } from './refusals.ts'
import type { Variables } from './runtime/step/index.ts'
import { type Act, isOffered, MAX_PRIORITY, type Task } from './task.ts'
import * as repository from './task.repository.ts'
import { factOf, type Held, hold, requireMay, standingIn } from './task.service.ts'

/**
 * Gives a claimed task to a colleague to work on, and keeps it: the colleague gives it back with
 * {@link resolve}, the owner completes it (WS-HumanTask 1.1, delegate).
 *
 * @throws WORKFLOW_TASK_NOT_FOUND, WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_NOT_CLAIMED, WORKFLOW_TASK_TAKEN,
 * WORKFLOW_TASK_DELEGATED, WORKFLOW_TASK_RECIPIENT_UNFIT
 */
export function delegate(ctx: Context, id: string, personId: string): Promise<Task> {
  return act(ctx, id, 'delegate', async (ctx, held, told) => {
    const assignee = await recipient(ctx, held.task, personId)
    const owner = ctx.actor.id
    const task = await changed(ctx, held.task, { assignee, owner, draft: 'passed' })
    await emit(told, 'workflow.task.delegated', { ...factOf(task, held.instance), owner, assignee })
    return task
  })
}

/**
 * Gives a delegated task back to its owner, with what the form says so far as the owner's draft; without
 * `output`, with the draft that was saved.
 *
 * @throws WORKFLOW_TASK_NOT_FOUND, WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_NOT_CLAIMED, WORKFLOW_TASK_TAKEN,
 * WORKFLOW_TASK_NOT_DELEGATED, WORKFLOW_OUTPUT_INVALID
 */
export function resolve(ctx: Context, id: string, output?: Variables | null): Promise<Task> {
  return act(ctx, id, 'resolve', async (ctx, held, told) => {
    const owner = held.task.owner ?? ''
    if (output) {
      checkAnswerNames(output, await answers.rulesOf(ctx, held.instance.definitionId, held.task.formKey))
      await repository.saveDraft(ctx, id, output)
    }
    const task = await changed(ctx, held.task, { assignee: owner, draft: 'passed' })
    await emit(told, 'workflow.task.resolved', { ...factOf(task, held.instance), owner })
    return task
  })
}

/**
 * The owner takes a delegated task back before it was resolved; what was written so far comes along.
 *
 * @throws WORKFLOW_TASK_NOT_FOUND, WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_NOT_CLAIMED, WORKFLOW_TASK_TAKEN,
 * WORKFLOW_TASK_NOT_DELEGATED
 */
export function recall(ctx: Context, id: string): Promise<Task> {
  return act(ctx, id, 'recall', async (ctx, held, told) => {
    const task = await changed(ctx, held.task, { assignee: ctx.actor.id, draft: 'passed' })
    await emit(told, 'workflow.task.recalled', { ...factOf(task, held.instance), from: held.task.assignee })
    return task
  })
}

/**
 * Gives a task to a colleague for good: by its assignee, or by the head of the body, who may also give away
 * what nobody has claimed. What the assignee wrote goes along when she hands it over herself.
 *
 * @throws WORKFLOW_TASK_NOT_FOUND, WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_NOT_CLAIMED, WORKFLOW_TASK_TAKEN,
 * WORKFLOW_TASK_DELEGATED, WORKFLOW_TASK_RECIPIENT_UNFIT
 */
export function handOver(ctx: Context, id: string, personId: string): Promise<Task> {
  return act(ctx, id, 'hand-over', async (ctx, held, told) => {
    const from = held.task.assignee
    const assignee = await recipient(ctx, held.task, personId)
    const draft = from === ctx.actor.id ? 'passed' : 'forgotten'
    const task = await changed(ctx, held.task, { assignee, owner: null, draft })
    await emit(told, 'workflow.task.handed-over', { ...factOf(task, held.instance), from, assignee })
    return task
  })
}

/**
 * The day on which the task is to be looked at again; null takes it away.
 *
 * @throws WORKFLOW_TASK_NOT_FOUND, WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_NOT_CLAIMED, WORKFLOW_TASK_TAKEN,
 * WORKFLOW_TASK_PLAN_INVALID
 */
export function setFollowUp(ctx: Context, id: string, on: string | null): Promise<Task> {
  return act(ctx, id, 'plan', async (ctx, held, told) => {
    if (on !== null && (!isDay(on) || on < dayOf(ctx.now())))
      throw errors.TASK_PLAN_INVALID({ max: MAX_PRIORITY })
    const task = await changed(ctx, held.task, { followUpAt: on === null ? null : startOf(on) })
    await emit(told, 'workflow.task.follow-up-set', { ...factOf(task, held.instance), on })
    return task
  })
}

/**
 * Sets how urgent a task is, 0 to 100; only the head of its body.
 *
 * @throws WORKFLOW_TASK_NOT_FOUND, WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_HEAD_ONLY, WORKFLOW_TASK_PLAN_INVALID
 */
export function prioritise(ctx: Context, id: string, priority: number): Promise<Task> {
  return act(ctx, id, 'prioritise', async (ctx, held, told) => {
    if (!Number.isInteger(priority) || priority < 0 || priority > MAX_PRIORITY)
      throw errors.TASK_PLAN_INVALID({ max: MAX_PRIORITY })
    const task = await changed(ctx, held.task, { priority })
    await emit(told, 'workflow.task.prioritised', { ...factOf(task, held.instance), priority })
    return task
  })
}

/** Loads and holds the task and asks whether the actor may; `told` says for whom she stands in, if she does. */
async function act(
  ctx: Context,
  id: string,
  kind: Act,
  decide: (ctx: TransactionContext, held: Held, told: TransactionContext) => Promise<Task>,
): Promise<Task> {
  return transaction(ctx, async (ctx) => {
    const held = await hold(ctx, id)
    requireMay(kind, held.post, held.task)
    return decide(ctx, held, standingIn(ctx, held.post, held.task))
  })
}

async function changed(ctx: TransactionContext, task: Task, change: repository.Change): Promise<Task> {
  const after = await repository.change(ctx, task, change)
  // The transaction holds the instance, so that only a bug gets here.
  if (!after) throw errors.TASK_VERSION_STALE({ version: task.version + 1 })
  return after
}

/** Somebody who serves in the body and to whom the task is offered. @throws WORKFLOW_TASK_RECIPIENT_UNFIT */
export async function recipient(ctx: Context, task: Task, personId: string): Promise<string> {
  const { organisationId } = task
  const member = await serving(ctx, personId)
  const isFit =
    member !== undefined &&
    organisationId === ctx.actor.organisationId &&
    personId !== task.assignee &&
    isOffered({ organisationId, roles: member.roles }, task)
  if (!isFit) throw errors.TASK_RECIPIENT_UNFIT()
  return personId
}
