import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { authorize } from '../../core/policy.ts'
import * as definitions from '../definition.repository.ts'
import type { Deployed } from '../deployed.ts'
import { can } from '../policy.ts'
import { checkReason } from '../reason.ts'
import { errors } from '../refusals.ts'
import { checkAnswerNames } from '../answer.ts'
import { advance, hearFor } from './advance.ts'
import { definitionOf } from './definitions.ts'
import type { Instance } from './instance.ts'
import * as instances from './instance.repository.ts'
import * as messages from './message.repository.ts'
import { accepted, startMessages, type StepCommand, tokenOf, type Variables } from './step/index.ts'
import '../events.ts'

/** An operator's hand on an instance: which, as it was seen, and why. */
export interface Operation {
  readonly id: string
  /** The version of the instance the person saw. */
  readonly expectedVersion: number
  readonly reason: string
}

type OnToken = Operation & { readonly token: number }

/**
 * Goes on from a token as if its activity or event were done, with `output` as its result. What only an
 * outside event can decide, as a gateway, is moved instead.
 *
 * @throws WORKFLOW_INSTANCE_NOT_FOUND, POLICY_FORBIDDEN, WORKFLOW_REASON_MISSING,
 *   WORKFLOW_INSTANCE_VERSION_STALE, WORKFLOW_STEP_CLOSED, WORKFLOW_VARIABLE_INVALID, WORKFLOW_OUTPUT_INVALID
 */
export function skip(
  ctx: Context,
  { output, ...at }: OnToken & { readonly output: Variables },
): Promise<Instance> {
  return operate(ctx, 'skip', at, async (ctx, instance) => {
    const values = await checked(ctx, instance, at.token, output)
    return { kind: 'skip', token: at.token, output: values }
  })
}

/** Takes a token away with all that is in it. @throws like {@link skip} */
export const cancelToken = (ctx: Context, at: OnToken): Promise<Instance> =>
  operate(ctx, 'cancel', at, () => ({ kind: 'cancel', token: at.token }))

/** Takes a token to another node of its level. @throws like {@link skip}, WORKFLOW_MOVE_INVALID */
export const moveToken = (
  ctx: Context,
  { to, ...at }: OnToken & { readonly to: string },
): Promise<Instance> => operate(ctx, 'move', at, () => ({ kind: 'move', token: at.token, node: to }))

/** Sets variables, of a token where it holds them, else of the process. @throws like {@link skip} */
export function setVariables(
  ctx: Context,
  { values, token, ...at }: Operation & { readonly token: number | null; readonly values: Variables },
): Promise<Instance> {
  return operate(ctx, 'set-variables', { ...at, token: token ?? 0 }, async (ctx, instance) => ({
    kind: 'set-variables',
    token: token ?? 0,
    values: await checked(ctx, instance, token ?? 0, values),
  }))
}

/** Ends the instance with everything in it. @throws like {@link skip} */
export const terminate = (ctx: Context, at: Operation): Promise<Instance> =>
  operate(ctx, 'terminate', { ...at, token: 0 }, () => ({ kind: 'terminate' }))

/**
 * A person begins an activity of an ad-hoc sub-process, or with null says that all of it is over.
 *
 * @throws WORKFLOW_INSTANCE_NOT_FOUND, POLICY_FORBIDDEN, WORKFLOW_ACTIVITY_UNAVAILABLE, WORKFLOW_STEP_CLOSED
 */
export async function beginActivity(
  ctx: Context,
  { id, token, node }: { readonly id: string; readonly token: number; readonly node: string | null },
): Promise<Instance> {
  return transaction(ctx, async (ctx) => {
    const instance = await ownInstance(ctx, id)
    await authorize(ctx, can.beginActivity, instance)
    const definition = await definitionOf(ctx, instance.definitionId)
    const at = definition.nodes[tokenOf(instance.state, token)?.node ?? '']
    if (at?.kind !== 'adHocSubProcess') throw errors.STEP_CLOSED()
    return advance(
      ctx,
      instance,
      node === null ? { kind: 'complete', token } : { kind: 'begin', token, node },
    )
  })
}

/** Holds an instance: no task is completed, no timer fires, no job runs. Again it changes nothing. @throws like {@link skip} */
export const suspend = (ctx: Context, at: Operation): Promise<Instance> => hold(ctx, at, true)

/** Lets an instance go on, with the messages that came meanwhile. @throws like {@link skip} */
export const resume = (ctx: Context, at: Operation): Promise<Instance> => hold(ctx, at, false)

function hold(ctx: Context, at: Operation, isHeld: boolean): Promise<Instance> {
  return transaction(ctx, async (ctx) => {
    const instance = await seen(ctx, at)
    if (instance.endedAt) throw errors.STEP_CLOSED()
    if ((instance.suspendedAt !== null) === isHeld) return instance
    const suspendedAt = isHeld ? ctx.now() : null
    await instances.suspend(ctx, instance.id, suspendedAt)
    const operation = isHeld ? 'suspend' : 'resume'
    // A step like any other for who counts them: none of its versions is left out.
    await emit(ctx, 'workflow.instance.stepped', {
      ...{
        instanceId: instance.id,
        definitionKey: instance.definitionKey,
        businessKey: instance.businessKey,
      },
      ...{ organisationId: instance.organisationId, version: instance.version + 1, command: operation },
      ...{ moves: [], status: instance.state.status },
    })
    await tell(ctx, instance, operation, null, at.reason)
    const now = { ...instance, suspendedAt, version: instance.version + 1 }
    return isHeld ? now : hearKept(ctx, now)
  })
}

async function hearKept(ctx: TransactionContext, instance: Instance): Promise<Instance> {
  const waiting = await messages.subscriptionsOf(ctx, instance.id)
  const subscribed = waiting.map(({ correlationKey, ...one }) => ({ ...one, key: correlationKey }))
  return hearFor(ctx, instance, subscribed)
}

/**
 * Holds back new instances of a process, or lets them start again: what would have started one meanwhile
 * does so then. Instances that run are not touched.
 *
 * @throws WORKFLOW_PROCESS_NOT_FOUND, POLICY_FORBIDDEN, WORKFLOW_REASON_MISSING
 */
export async function suspendProcess(
  ctx: Context,
  { key, reason, suspended }: { readonly key: string; readonly reason: string; readonly suspended: boolean },
): Promise<Deployed> {
  return transaction(ctx, async (ctx) => {
    const deployed = await definitions.latest(ctx, key)
    if (!deployed) throw errors.PROCESS_NOT_FOUND({ key })
    await authorize(ctx, can.suspendProcess, deployed)
    checkReason(reason)
    if ((await definitions.isSuspended(ctx, key)) === suspended) return deployed
    await definitions.suspendProcess(ctx, key, suspended ? ctx.now() : null)
    if (!suspended) await messages.reconsider(ctx, startMessages(deployed.compiled))
    const { organisationId } = deployed
    await emit(ctx, 'workflow.process.operated', {
      ...{ key, organisationId, reason },
      operation: suspended ? 'suspend' : 'resume',
    })
    return deployed
  })
}

type Decide = (ctx: TransactionContext, instance: Instance) => StepCommand | Promise<StepCommand>

function operate(ctx: Context, operation: string, at: OnToken, decide: Decide): Promise<Instance> {
  return transaction(ctx, async (ctx) => {
    const instance = await seen(ctx, at)
    const command = await decide(ctx, instance)
    await tell(ctx, instance, operation, tokenOf(instance.state, at.token)?.node ?? null, at.reason)
    return advance(ctx, instance, command)
  })
}

/** The instance, held, as the operator saw it. */
async function seen(ctx: TransactionContext, { id, expectedVersion, reason }: Operation): Promise<Instance> {
  const instance = await ownInstance(ctx, id)
  await authorize(ctx, can.operateInstance, instance)
  checkReason(reason)
  if (instance.version !== expectedVersion) throw errors.INSTANCE_VERSION_STALE()
  return instance
}

/** Another body's instance is answered like none. */
async function ownInstance(ctx: TransactionContext, id: string): Promise<Instance> {
  const instance = await instances.lock(ctx, id)
  if (!instance || instance.organisationId !== ctx.actor.organisationId)
    throw errors.INSTANCE_NOT_FOUND({ id })
  return instance
}

async function checked(
  ctx: TransactionContext,
  instance: Instance,
  token: number,
  values: Variables,
): Promise<Variables> {
  checkAnswerNames(values, { fields: undefined })
  const definition = await definitionOf(ctx, instance.definitionId)
  return accepted(definition, values, tokenOf(instance.state, token)?.node)
}

/** An operator's hand on the record, with the reason. */
export async function tell(
  ctx: TransactionContext,
  { id: instanceId, businessKey, organisationId }: Instance,
  operation: string,
  node: string | null,
  reason: string,
): Promise<void> {
  const of = { instanceId, businessKey, organisationId }
  await emit(ctx, 'workflow.instance.operated', { ...of, operation, node, reason })
}
