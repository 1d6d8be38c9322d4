import type { Context } from '../core/context.ts'
import { recordAccess } from '../core/events.ts'
import { authorize } from '../core/policy.ts'
import { type HeldVariable, type Possible, possibleFor, variablesOf } from './inspection.ts'
import * as repository from './inspection.repository.ts'
import { can } from './policy.ts'
import { definitionOf } from './runtime/definitions.ts'
import type { Instance } from './runtime/instance.ts'
import * as instances from './runtime/instance.repository.ts'
import { maySee } from './runtime/instances.ts'
import * as tasks from './task.service.ts'
import { isOpen, type Task } from './task.ts'

/** Whether the actor may put a hand in: in an instance of the own body, as the operations themselves decide. */
export const mayOperate = (ctx: Context, instance: Instance): Promise<boolean> =>
  ctx.policy.allows(ctx, can.operateInstance, instance)

export const mayResolve = (ctx: Context, instance: Instance): Promise<boolean> =>
  ctx.policy.allows(ctx, can.resolveIncident, instance)

export const mayBegin = (ctx: Context, instance: Instance): Promise<boolean> =>
  ctx.policy.allows(ctx, can.beginActivity, instance)

/** What the actor may do with a token now; nothing without the right. */
export async function possible(ctx: Context, instance: Instance, token: number): Promise<Possible> {
  const definition = await definitionOf(ctx, instance.definitionId)
  const { startable, ...byOperator } = possibleFor(definition, instance.state, token)
  const operates = await mayOperate(ctx, instance)
  const begins = startable.length > 0 && (await mayBegin(ctx, instance))
  return {
    ...(operates ? byOperator : { maySkip: false, moveTargets: [] }),
    startable: begins ? startable : [],
  }
}

/**
 * What an instance holds, for who may change it. An applicant's answers are among it, so the reading is recorded.
 *
 * @throws POLICY_FORBIDDEN
 */
export async function variables(ctx: Context, instance: Instance): Promise<HeldVariable[]> {
  await authorize(ctx, can.operateInstance, instance)
  const held = variablesOf(await definitionOf(ctx, instance.definitionId), instance)
  const fields = [...new Set(held.map(({ name }) => name))]
  const subject = `workflow.instance:${instance.id}`
  await recordAccess(ctx, { kind: 'read', subject, purpose: 'operation of the process', fields })
  return held
}

/** Tasks that wait for a person, without their answers. */
export async function openTasks(ctx: Context, instance: Instance): Promise<Task[]> {
  const all = await tasks.tasksOfInstance(ctx, instance.id)
  return all.filter(isOpen)
}

/** The processes it has called, those the actor may see. */
export async function called(ctx: Context, instance: Instance): Promise<Instance[]> {
  const ids = await repository.calledIds(ctx, instance.id)
  if (ids.length === 0) return []
  const found = await instances.byIds(ctx, ids)
  const seen = await Promise.all(found.map(async (one) => one && ((await maySee(ctx, one)) ? one : null)))
  return seen.filter((one) => one !== null)
}

/** The process that called it; null without one, and for one the actor may not see. */
export async function caller(ctx: Context, { parentId }: Instance): Promise<Instance | null> {
  if (parentId === null) return null
  const [found] = await instances.byIds(ctx, [parentId])
  return found && (await maySee(ctx, found)) ? found : null
}
