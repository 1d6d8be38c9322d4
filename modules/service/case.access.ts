import type { Context } from '../../core/context.ts'
import { organisationById } from '../organisation/index.ts'
import { errors, type ItemCase } from './case.ts'
import * as repository from './case.repository.ts'
import { can } from './policy.ts'

/** As what the actor may see a case. */
export type Reach = 'applicant' | 'participant' | 'supervisor' | 'platform'

/**
 * The one question of who sees a case: its applicant, the bodies taking part in it, a supervisor of the
 * government they stand under, and the platform's own work. Undefined for everybody else.
 */
export async function reachOf(ctx: Context, file: ItemCase): Promise<Reach | undefined> {
  const { organisationId } = ctx.actor
  if (await ctx.policy.allows(ctx, can.runProcess)) return 'platform'
  if (await ctx.policy.allows(ctx, can.readApplication, { organisationId: file.applicantId }))
    return 'applicant'
  if (!(await ctx.policy.allows(ctx, can.readCase))) return undefined
  if ((await repository.participantsOf(ctx, file.id)).includes(organisationId)) return 'participant'
  if (!(await ctx.policy.allows(ctx, can.superviseCases))) return undefined
  const { parentId } = await organisationById(ctx, file.organisationId)
  return parentId === organisationId ? 'supervisor' : undefined
}

/** A case that the actor may see. @throws SERVICE_CASE_NOT_FOUND, no less for one that exists */
export async function readCase(ctx: Context, id: string): Promise<ItemCase> {
  const file = await repository.find(ctx, id)
  if (!file || !(await reachOf(ctx, file))) throw errors.CASE_NOT_FOUND({ id })
  return file
}
