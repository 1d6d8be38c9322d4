import { createHash } from 'node:crypto'
import { type Context, transaction, type TransactionContext } from '../core/context.ts'
import { emit } from '../core/events.ts'
import type { Connection, PageRequest } from '../core/page.ts'
import { nodeOf } from './definition.ts'
import * as definitions from './definition.repository.ts'
import type { Offers } from './known.ts'
import type { FormField } from './pack.ts'
import { errors } from './refusals.ts'
import { advance, definitionOf } from './runtime/advance.ts'
import type { Instance } from './runtime/instance.ts'
import { accepted, valuesAt, type Variables } from './runtime/step/index.ts'
import { checkOutput, checkWorkable, groupsOf, mayWork, type Task } from './task.ts'
import * as repository from './task.repository.ts'
import './events.ts'

/** The actor's open tasks: offered to one of its posts, or its own. */
export function tasks(ctx: Context, page: PageRequest, mine = false): Promise<Connection<Task>> {
  return repository.openFor(ctx, groupsOf(ctx.actor), mine, page)
}

/** @throws WORKFLOW_TASK_NOT_FOUND, also for a task of another organisation */
export async function task(ctx: Context, id: string): Promise<Task> {
  const found = await repository.find(ctx, id)
  if (!found || !mayWork(ctx.actor, found)) throw errors.TASK_NOT_FOUND({ id })
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

/** @throws WORKFLOW_TASK_NOT_FOUND */
async function hold(ctx: TransactionContext, id: string, commandId: string | null) {
  const held = await repository.hold(ctx, id, commandId)
  if (!held || !mayWork(ctx.actor, held.task)) throw errors.TASK_NOT_FOUND({ id })
  return held
}

/** Takes an offered task for oneself. @throws WORKFLOW_TASK_NOT_FOUND, WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_TAKEN */
export async function claim(ctx: Context, id: string): Promise<Task> {
  return transaction(ctx, async (ctx) => {
    const { task, instance } = await hold(ctx, id, null)
    checkWorkable(ctx.actor, task)
    if (task.status === 'claimed') return task
    const claimed = await repository.assign(ctx, task, ctx.actor.id)
    if (!claimed) throw errors.TASK_TAKEN()
    await emit(ctx, 'workflow.task.claimed', factOf(claimed, instance))
    return claimed
  })
}

/** Gives a claimed task back. @throws WORKFLOW_TASK_NOT_FOUND, WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_TAKEN */
export async function release(ctx: Context, id: string): Promise<Task> {
  return transaction(ctx, async (ctx) => {
    const { task, instance } = await hold(ctx, id, null)
    checkWorkable(ctx.actor, task)
    if (task.status === 'open') return task
    const released = await repository.assign(ctx, task, null)
    if (!released) throw errors.TASK_TAKEN()
    await emit(ctx, 'workflow.task.released', factOf(released, instance))
    return released
  })
}

const factOf = ({ id, instanceId, organisationId }: Task, { businessKey }: Instance) => ({
  taskId: id,
  instanceId,
  businessKey,
  organisationId,
})

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
 * @throws WORKFLOW_TASK_NOT_FOUND, WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_TAKEN, WORKFLOW_TASK_VERSION_STALE,
 * WORKFLOW_OUTPUT_INVALID, WORKFLOW_VARIABLE_INVALID, WORKFLOW_INSTANCE_SUSPENDED,
 * WORKFLOW_COMMAND_ID_REUSED, and what the command throws
 */
export async function complete(ctx: Context, completion: Completion, offers: Offers): Promise<Task> {
  const { commandId, id, expectedVersion, output } = completion
  const payloadSha256 = createHash('sha256')
    .update(JSON.stringify([id, expectedVersion, output]))
    .digest('hex')
  return transaction(ctx, async (ctx) => {
    const { task, instance, command } = await hold(ctx, id, commandId)
    if (command) {
      const same = command.payloadSha256 === payloadSha256 && command.actorId === ctx.actor.id
      if (!same) throw errors.COMMAND_ID_REUSED()
      return task
    }
    checkWorkable(ctx.actor, task)
    if (instance.suspendedAt) throw errors.INSTANCE_SUSPENDED()
    if (task.version !== expectedVersion) throw errors.TASK_VERSION_STALE({ version: task.version })
    const definition = await definitionOf(ctx, instance.definitionId)
    const node = nodeOf(definition, task.node)
    if (node.kind !== 'userTask' && node.kind !== 'manualTask') throw errors.STEP_CLOSED()
    checkOutput(output, await fieldsOf(ctx, instance.definitionId, task.formKey))
    const answers = accepted(definition, output, node.id)
    const result = await run(ctx, node.command, { task, instance, answers }, offers)
    const values = { ...answers, ...accepted(definition, result, node.id) }
    await advance(
      ctx,
      instance,
      { kind: 'complete', token: task.token, output: values },
      {
        task: { id, version: task.version, output: answers },
        command: { key: commandId, kind: 'complete-task', payloadSha256 },
      },
    )
    return {
      ...task,
      status: 'completed',
      version: task.version + 1,
      output: answers,
      assignee: ctx.actor.id,
      completedAt: ctx.now(),
      completedBy: ctx.actor.id,
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
    ...valuesAt(instance.state, task.token),
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

/** The fields of a task's form; undefined for a task without one. */
export async function fieldsOf(
  ctx: Context,
  definitionId: string,
  formKey: string | null,
): Promise<readonly FormField[] | undefined> {
  if (formKey === null) return undefined
  const deployed = await definitions.deployedById(ctx, definitionId)
  return deployed.pack.forms[formKey]?.fields ?? []
}
