import { type Context, transaction } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { authorize } from '../../core/policy.ts'
import * as definitions from '../definition.repository.ts'
import type { Deployed } from '../deployed.ts'
import { checkReason } from '../reason.ts'
import * as messages from '../runtime/message.repository.ts'
import { startMessages } from '../runtime/step/index.ts'
import * as plans from './migration.repository.ts'
import { versionOf } from './migration.service.ts'
import { can } from './policy.ts'
import { errors } from './refusals.ts'
import * as work from './work.repository.ts'
import './events.ts'

export interface Version {
  readonly key: string
  readonly version: number
  readonly reason: string
}

/**
 * A version on which nothing runs starts no more, by no message, date or call. Again it changes nothing.
 *
 * @throws POLICY_FORBIDDEN, WORKFLOW_VERSION_NOT_FOUND, WORKFLOW_VERSION_IN_USE, WORKFLOW_VERSION_AWAITED,
 *   WORKFLOW_REASON_MISSING
 */
export function retire(ctx: Context, { key, version, reason }: Version): Promise<Deployed> {
  return transaction(ctx, async (ctx) => {
    const deployed = await versionOf(ctx, key, version)
    await authorize(ctx, can.retireVersion, deployed)
    checkReason(reason)
    // Held against every start, whose row refers to it, so that none is under way uncounted.
    await definitions.holdVersion(ctx, deployed.id)
    if (await definitions.isRetired(ctx, deployed.id)) return deployed
    if (await plans.isTarget(ctx, deployed.id)) throw errors.VERSION_AWAITED({ version })
    const count = await work.countRunning(ctx, deployed.id, null)
    if (count > 0) throw errors.VERSION_IN_USE({ version, count })
    await definitions.setRetired(ctx, deployed.id, ctx.now())
    await emit(ctx, 'workflow.version.retired', { definitionId: deployed.id, key, version, reason })
    return deployed
  })
}

/** It starts instances again, those that were asked for meanwhile included. @throws like {@link retire} */
export function reinstate(ctx: Context, { key, version, reason }: Version): Promise<Deployed> {
  return transaction(ctx, async (ctx) => {
    const deployed = await versionOf(ctx, key, version)
    await authorize(ctx, can.retireVersion, deployed)
    checkReason(reason)
    if (!(await definitions.isRetired(ctx, deployed.id))) return deployed
    await definitions.setRetired(ctx, deployed.id, null)
    await messages.reconsider(ctx, startMessages(deployed.compiled))
    await emit(ctx, 'workflow.version.reinstated', { definitionId: deployed.id, key, version, reason })
    return deployed
  })
}
