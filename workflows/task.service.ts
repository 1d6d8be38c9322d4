import { type Context, transaction, type TransactionContext } from '../core/context.ts'
import { emit } from '../core/events.ts'
import type { Connection, PageRequest } from '../core/page.ts'
import type { FormField } from './pack.ts'
import { errors } from './refusals.ts'
import { deployedOf } from './runtime/advance.ts'
import type { Instance } from './runtime/instance.ts'
import { checkWorkable, groupsOf, mayWork, type Task } from './task.ts'
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
async function hold(ctx: TransactionContext, id: string) {
  const held = await repository.hold(ctx, id, null)
  if (!held || !mayWork(ctx.actor, held.task)) throw errors.TASK_NOT_FOUND({ id })
  return held
}

/** Takes an offered task for oneself. @throws WORKFLOW_TASK_NOT_FOUND, WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_TAKEN */
export async function claim(ctx: Context, id: string): Promise<Task> {
  return transaction(ctx, async (ctx) => {
    const { task, instance } = await hold(ctx, id)
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
    const { task, instance } = await hold(ctx, id)
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

/** The fields of a task's form; undefined for a task without one. */
export async function fieldsOf(
  ctx: Context,
  definitionId: string,
  formKey: string | null,
): Promise<readonly FormField[] | undefined> {
  if (formKey === null) return undefined
  const deployed = await deployedOf(ctx, definitionId)
  return deployed.pack.forms[formKey]?.fields ?? []
}
