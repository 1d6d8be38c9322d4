import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { authorize } from '../../core/policy.ts'
import { deployedById, mayStart } from '../definition.repository.ts'
import { can } from '../policy.ts'
import { errors } from '../refusals.ts'
import { actorOf, advance } from './advance.ts'
import type { Version } from './definitions.ts'
import type { Incident, Instance } from './instance.ts'
import * as repository from './instance.repository.ts'
import { accepted, newState, type Variables } from './step/index.ts'
import '../events.ts'

export interface Beginning {
  readonly businessKey: string
  readonly organisationId: string
  readonly onBehalfOf: string | null
  /** The message or the event that starts it; the plain start event without either. */
  readonly message?: string
  readonly node?: string
  readonly variables: Variables
}

/**
 * Starts an instance, once for each business key, archived ones included: again it answers undefined and does
 * nothing, as for a process that is suspended and a version that is retired.
 *
 * @throws WORKFLOW_VARIABLE_INVALID
 */
export async function start(
  ctx: TransactionContext,
  deployed: Version,
  { businessKey, organisationId, onBehalfOf, message, node, variables }: Beginning,
): Promise<Instance | undefined> {
  const { id, key, compiled } = deployed
  if (!(await mayStart(ctx, deployed))) return undefined
  const state = newState(businessKey, accepted(compiled, variables))
  const instance = await repository.insert(ctx, {
    definitionId: id,
    definitionKey: key,
    businessKey,
    organisationId,
    onBehalfOf,
    state,
  })
  if (!instance) return undefined
  // After the insert, which waits for whoever is putting the first one away.
  if (await repository.isArchived(ctx, instance)) {
    await repository.remove(ctx, instance.id)
    return undefined
  }
  const acting = { ...ctx, actor: actorOf(instance) }
  return advance(acting, instance, {
    kind: 'start',
    ...(message !== undefined && { message }),
    ...(node !== undefined && { node }),
  })
}

/**
 * The instance of a business key, the newest that no other called, or the one named by `id`; undefined when there is
 * none, or none the actor may see: it is seen by its body, by bodies that have a task in it, by the designers of its
 * process and by auditors.
 */
export async function ofBusinessKey(
  ctx: Context,
  businessKey: string,
  id?: string | null,
): Promise<Instance | undefined> {
  const [named] = id ? await repository.byIds(ctx, [id]) : []
  const instance = id ? named : await repository.findByBusinessKey(ctx, businessKey)
  if (!instance || instance.businessKey !== businessKey) return undefined
  return (await maySee(ctx, instance)) ? instance : undefined
}

/** Whether the actor may see an instance: see {@link ofBusinessKey}. */
export async function maySee(ctx: Context, instance: Instance): Promise<boolean> {
  const { policy, actor } = ctx
  if (await policy.allows(ctx, can.readAnyInstance)) return true
  const process = await deployedById(ctx, instance.definitionId)
  if (await policy.allows(ctx, can.readInstanceOfOwnProcess, process)) return true
  const body = { organisationId: actor.organisationId }
  if (!(await policy.allows(ctx, can.readOwnInstance, body))) return false
  const isBody = instance.organisationId === actor.organisationId
  return isBody || (await repository.takesPart(ctx, instance.id, actor.organisationId))
}

export const incidentsOf = (ctx: Context, instance: Instance): Promise<Incident[]> =>
  repository.incidentsOf(ctx, instance.id)

/**
 * Tries again what stopped in an incident. The reason, which goes on the record, may be empty.
 *
 * @throws WORKFLOW_INCIDENT_NOT_FOUND, POLICY_FORBIDDEN
 */
export async function retryIncident(ctx: Context, id: string, reason = ''): Promise<Instance> {
  return transaction(ctx, async (ctx) => {
    const incident = await repository.findIncident(ctx, id)
    const instance = incident && (await repository.lock(ctx, incident.instanceId))
    if (!instance || instance.organisationId !== ctx.actor.organisationId)
      throw errors.INCIDENT_NOT_FOUND({ id })
    await authorize(ctx, can.resolveIncident, instance)
    const stands = instance.state.tokens.some((token) => token.id === incident?.token && token.trouble)
    if (!stands || incident?.resolvedAt) throw errors.INCIDENT_NOT_FOUND({ id })
    const { id: instanceId, businessKey, organisationId } = instance
    const of = { instanceId, businessKey, organisationId }
    const told = { operation: 'retry', node: incident.node, reason }
    await emit(ctx, 'workflow.instance.operated', { ...of, ...told })
    return advance(ctx, instance, { kind: 'retry', token: incident.token })
  })
}
