import { createHash } from 'node:crypto'
import { actingAs, type Context, transaction, type TransactionContext } from '../core/context.ts'
import { emit } from '../core/events.ts'
import { standsInFor } from '../modules/organisation/index.ts'
import { checkAnswers } from './answer.ts'
import * as answers from './answer.service.ts'
import { nodeOf } from './definition.ts'
import type { TaskFact } from './events.ts'
import type { Offers } from './known.ts'
import { can } from './policy.ts'
import { errors } from './refusals.ts'
import { advance, definitionOf } from './runtime/advance.ts'
import type { Instance } from './runtime/instance.ts'
import { accepted, type Variables } from './runtime/step/index.ts'
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
export async function hold(ctx: TransactionContext, id: string, commandId: string | null): Promise<Held> {
  const held = await repository.hold(ctx, id, commandId)
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
    const { task, instance, post } = await hold(ctx, id, null)
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
    const { task, instance, post } = await hold(ctx, id, null)
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

export interface Completion {
  readonly commandId: string
  readonly id: string
  /** The version of the task the person saw. */
  readonly expectedVersion: number
  readonly output: Variables
}

/**
 * Completes a task: runs the command the model names, steps the instance and saves both in one
 * transaction, so that a refusal of the command refuses the completion. The same command id again answers
 * the task as it is and does nothing.
 *
 * @throws WORKFLOW_TASK_NOT_FOUND, WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_TAKEN, WORKFLOW_TASK_DELEGATED,
 * WORKFLOW_TASK_VERSION_STALE, WORKFLOW_OUTPUT_INVALID, WORKFLOW_VARIABLE_INVALID, WORKFLOW_COMMAND_ID_REUSED, and what the command throws
 */
export async function complete(ctx: Context, completion: Completion, offers: Offers): Promise<Task> {
  const { commandId, id, expectedVersion, output } = completion
  const payloadSha256 = createHash('sha256')
    .update(JSON.stringify([id, expectedVersion, output]))
    .digest('hex')
  return transaction(ctx, async (ctx) => {
    const { task, instance, command, post } = await hold(ctx, id, commandId)
    if (command) {
      const same = command.payloadSha256 === payloadSha256 && command.actorId === ctx.actor.id
      if (!same) throw errors.COMMAND_ID_REUSED()
      return task
    }
    requireMay('complete', post, task)
    if (task.version !== expectedVersion) throw errors.TASK_VERSION_STALE({ version: task.version })
    const definition = await definitionOf(ctx, instance.definitionId)
    const node = nodeOf(definition, task.node)
    if (node.kind !== 'userTask') throw errors.STEP_CLOSED()
    checkAnswers(output, await answers.rulesOf(ctx, instance.definitionId, task.formKey))
    const given = accepted(definition, output)
    const acting = standingIn(ctx, post, task)
    const result = await run(acting, node.command, { task, instance, answers: given }, offers)
    const values = { ...given, ...accepted(definition, result) }
    await advance(
      acting,
      instance,
      { kind: 'complete', token: task.token, output: values },
      {
        task: { id, version: task.version, output: given },
        command: { key: commandId, kind: 'complete-task', payloadSha256 },
      },
    )
    const { id: completedBy, onBehalfOf } = acting.actor
    if (onBehalfOf !== undefined)
      await emit(acting, 'workflow.task.completed-on-behalf', {
        ...factOf(task, instance),
        absent: onBehalfOf,
      })
    return {
      ...task,
      status: 'completed',
      version: task.version + 1,
      output: given,
      assignee: completedBy,
      completedAt: ctx.now(),
      completedBy,
      onBehalfOf: onBehalfOf ?? null,
    }
  })
}

interface Answered {
  readonly task: Task
  readonly instance: Instance
  readonly answers: Variables
}

/** The command's result, or nothing. Its input is the variables, the answers over them, and who did it. */
async function run(
  ctx: TransactionContext,
  name: string | undefined,
  { task, instance, answers }: Answered,
  { commands }: Offers,
): Promise<object> {
  if (name === undefined) return {}
  const command = commands.get(name)
  if (!command) throw new Error(`no module offers the command ${name}`)
  const input = command.input.safeParse({
    ...instance.state.variables,
    ...answers,
    caseId: instance.businessKey,
    taskId: task.id,
    completedBy: ctx.actor.id,
  })
  if (!input.success) {
    const issue = input.error.issues[0]
    throw errors.OUTPUT_INVALID({ field: issue?.path.join('.') ?? '', reason: issue?.message ?? '' })
  }
  const result = await command.run(ctx, input.data)
  return typeof result === 'object' && result !== null ? result : {}
}
