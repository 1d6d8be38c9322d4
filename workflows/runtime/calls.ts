import { actingAs, type TransactionContext } from '../../core/context.ts'
import { emit, type DomainEvent, type Subscriber } from '../../core/events.ts'
import { type Node, nodeOf } from '../definition.ts'
import * as definitions from '../definition.repository.ts'
import type { Deployed } from '../deployed.ts'
import { errors } from '../refusals.ts'
import { actorOf, advance, declared } from './advance.ts'
import { definitionOf } from './definitions.ts'
import type { Instance } from './instance.ts'
import * as instances from './instance.repository.ts'
import { type Cause, type Effect, newState, stands, tokenOf } from './step/index.ts'

/** Why a called process is not begun, as error events catch it. */
const NOT_FOUND = 'WORKFLOW_PROCESS_NOT_FOUND'
const SUSPENDED = 'WORKFLOW_PROCESS_SUSPENDED'
const RETIRED = 'WORKFLOW_VERSION_RETIRED'

/**
 * What a step says of calls: to the process it calls, made in the same transaction and begun by an event, and,
 * where this one was called itself, to its caller.
 */
export async function tellCalls(
  ctx: TransactionContext,
  instance: Instance,
  effects: readonly Effect[],
): Promise<void> {
  const { id: parentId, parentId: caller, parentToken } = instance
  for (const effect of effects) {
    if (effect.kind === 'call-asked') await ask(ctx, instance, effect)
    if (effect.kind === 'call-cancelled')
      await emit(ctx, 'workflow.call.cancelled', { parentId, token: effect.token })
    if (caller === null || parentToken === null) continue
    const called = { parentId: caller, token: parentToken, childId: instance.id }
    if (effect.kind === 'escalation-thrown')
      await emit(ctx, 'workflow.call.escalated', { ...called, code: effect.code })
    if (effect.kind === 'ended') {
      const failed = effect.status === 'terminated' ? '' : null
      await emit(ctx, 'workflow.call.ended', { ...called, error: effect.error ?? failed })
    }
  }
}

async function ask(
  ctx: TransactionContext,
  instance: Instance,
  { token, called, version, variables }: Extract<Effect, { kind: 'call-asked' }>,
): Promise<void> {
  const { id: parentId, businessKey, organisationId, onBehalfOf } = instance
  const deployed = await definitions.version(ctx, called, version)
  if (!deployed || !(await definitions.mayStart(ctx, deployed))) {
    const error = deployed ? await whyNot(ctx, deployed) : NOT_FOUND
    return emit(ctx, 'workflow.call.ended', { parentId, token, childId: null, error })
  }
  const given = declared(deployed.compiled, variables)
  const child = await instances.insert(
    ctx,
    {
      ...{ definitionId: deployed.id, definitionKey: deployed.key },
      ...{ businessKey, organisationId, onBehalfOf },
      state: newState(businessKey, { ...given, caseId: businessKey }),
    },
    { parentId, parentToken: token, callId: `${parentId}:${instance.version}:${token}` },
  )
  if (child) await emit(ctx, 'workflow.call.asked', { childId: child.id, parentId, token })
}

const whyNot = async (ctx: TransactionContext, { id }: Deployed) =>
  (await definitions.isRetired(ctx, id)) ? RETIRED : SUSPENDED

async function begin(ctx: TransactionContext, event: DomainEvent): Promise<void> {
  const { childId } = (event as DomainEvent<'workflow.call.asked'>).payload
  const child = await instances.lock(ctx, childId)
  if (child?.state.status !== 'new') return
  await advance(actingAs(ctx, actorOf(child)), child, { kind: 'start' })
}

/** The caller's call activity is done, or fails as the called process did. */
async function end(ctx: TransactionContext, event: DomainEvent): Promise<void> {
  const { parentId, token, childId, error } = (event as DomainEvent<'workflow.call.ended'>).payload
  const parent = await waiting(ctx, parentId, token)
  if (!parent) return
  const acting = actingAs(ctx, actorOf(parent))
  const definition = await definitionOf(ctx, parent.definitionId)
  const node = nodeOf(definition, tokenOf(parent.state, token)?.node ?? '')
  if (error !== null) {
    const cause = await causeOf(ctx, node, error)
    await advance(acting, parent, { kind: 'fail', token, code: error, cause }, { returned: true })
    return
  }
  const [child] = childId === null ? [] : await instances.byIds(ctx, [childId])
  const { variables = {} } = child?.state ?? {}
  const output = 'outputs' in node ? variables : declared(definition, variables)
  await advance(acting, parent, { kind: 'complete', token, output }, { returned: true })
}

/** What an incident says of a call that did not come to its end; the code stays the one that error events catch. */
async function causeOf(ctx: TransactionContext, node: Node, error: string): Promise<Cause> {
  const { called: key, version: asked = null } = node.kind === 'callActivity' ? node : { called: '' }
  if (error === '') return errors.CALL_ENDED({ key })
  if (error === NOT_FOUND) return errors.PROCESS_NOT_FOUND({ key })
  if (error === SUSPENDED) return errors.PROCESS_SUSPENDED({ key })
  const version = error === RETIRED ? (await definitions.version(ctx, key, asked))?.version : undefined
  if (version !== undefined) return errors.VERSION_RETIRED({ key, version })
  return { code: error, messages: errors.CALL_FAILED({ key, error }).messages }
}

async function escalate(ctx: TransactionContext, event: DomainEvent): Promise<void> {
  const { parentId, token, code } = (event as DomainEvent<'workflow.call.escalated'>).payload
  const parent = await waiting(ctx, parentId, token)
  if (!parent) return
  await advance(
    actingAs(ctx, actorOf(parent)),
    parent,
    { kind: 'escalation', token, code },
    { returned: true },
  )
}

/** The caller, held, while the token of the call still stands. */
async function waiting(ctx: TransactionContext, id: string, token: number): Promise<Instance | undefined> {
  const parent = await instances.lock(ctx, id)
  return parent && stands(parent.state, token) ? parent : undefined
}

async function cancel(ctx: TransactionContext, event: DomainEvent): Promise<void> {
  const { parentId, token } = (event as DomainEvent<'workflow.call.cancelled'>).payload
  for (const id of await instances.calledBy(ctx, parentId, token)) {
    const child = await instances.lock(ctx, id)
    if (!child || child.endedAt) continue
    // One that has not begun yet begins, so that its end is the end of an instance like any other.
    const acting = actingAs(ctx, actorOf(child))
    const begun = child.state.status === 'new' ? await advance(acting, child, { kind: 'start' }) : child
    if (begun.state.status === 'running') await advance(acting, begun, { kind: 'terminate' })
  }
}

/** Idempotent: each looks first whether what it is to move still stands. */
export const callSubscribers: readonly Subscriber[] = [
  { name: 'workflow.begin-call', event: 'workflow.call.asked', run: begin },
  { name: 'workflow.end-call', event: 'workflow.call.ended', run: end },
  { name: 'workflow.escalate-call', event: 'workflow.call.escalated', run: escalate },
  { name: 'workflow.cancel-call', event: 'workflow.call.cancelled', run: cancel },
]
