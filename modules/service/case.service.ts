import type { Context } from '../../core/context.ts'
import type { Texts } from '../../core/errors.ts'
import { loadThrough } from '../../core/loader.ts'
import { type Connection, connection, type PageRequest } from '../../core/page.ts'
import { authorize } from '../../core/policy.ts'
import { childrenOf, findPerson } from '../organisation/index.ts'
import type { Application } from './application.ts'
import * as applications from './application.repository.ts'
import type { CaseStatus, CorrectionTarget, ItemCase } from './case.ts'
import { reachOf } from './case.access.ts'
import { STEP_TEXTS } from './case.public.ts'
import * as repository from './case.repository.ts'
import { allowedFrom } from './case.transitions.ts'
import { correctionOf, isGivenAnew } from './correction.service.ts'
import { fieldOf, materialOf } from './item.ts'
import { itemOfVersion } from './item.service.ts'
import * as materials from './material.repository.ts'
import { can } from './policy.ts'

export { readCase as read } from './case.access.ts'

/**
 * The cases of the actor's own body, or for a supervisor those of the bodies under its government.
 *
 * @throws POLICY_FORBIDDEN
 */
export async function list(
  ctx: Context,
  page: PageRequest,
  status?: CaseStatus | null,
): Promise<Connection<ItemCase>> {
  await authorize(ctx, can.readCase)
  const { organisationId } = ctx.actor
  const under = (await ctx.policy.allows(ctx, can.superviseCases))
    ? await childrenOf(ctx, organisationId)
    : []
  const filter = {
    organisationIds: [organisationId, ...under.map(({ id }) => id)],
    decidingOnly: under.length > 0,
    status: status ?? undefined,
  }
  const rows = await repository.list(ctx, filter, page)
  return connection(repository.LIST, rows, page, ({ submittedAt, id }) => [submittedAt.toISOString(), id])
}

/** The case by its id when the actor may see it, else null; for those who hold an id, such as a task. */
export async function findVisible(ctx: Context, id: string): Promise<ItemCase | null> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return null
  const file = await loadThrough(ctx, repository.byIds, id)
  return file && (await reachOf(ctx, file)) ? file : null
}

export function applicationOf(ctx: Context, { applicationId }: ItemCase): Promise<Application> {
  return loadThrough(ctx, applications.byIds, applicationId)
}

export const casesOf = (ctx: Context, { id }: Application) => loadThrough(ctx, repository.byApplications, id)

export const materialsOf = (ctx: Context, { id }: Pick<Application, 'id'>) =>
  loadThrough(ctx, materials.byApplications, id)

export interface ShownPoint extends CorrectionTarget {
  readonly label: Texts
  readonly answered: boolean
}

/** The points of the notice with their names and whether each has been answered. */
export async function pointsOf(ctx: Context, file: ItemCase): Promise<ShownPoint[]> {
  const notice = await correctionOf(ctx, file)
  if (!notice) return []
  const { content } = await itemOfVersion(ctx, file.itemVersionId)
  const given = await materialsOf(ctx, { id: file.applicationId })
  return notice.points.map((point) => {
    const { kind, target } = point
    const label = kind === 'field' ? fieldOf(content, target)?.label : materialOf(content, target)?.name
    const anew = kind === 'material' && isGivenAnew(notice, target, given)
    return {
      ...point,
      label: label ?? { zh: target, en: target },
      answered: notice.answeredAt !== null || anew,
    }
  })
}

export interface CaseStep {
  readonly at: Date
  readonly event: string
  readonly text: Texts
  readonly organisationId: string
  /** Name of the person, for the office; null for the applicant and for what no person did. */
  readonly actor: string | null
  readonly note: string | null
}

/** The case as its recorded facts tell it, in their order. */
export async function historyOf(ctx: Context, file: ItemCase): Promise<CaseStep[]> {
  const bodies = await repository.participantsOf(ctx, file.id)
  const showsPersons = (await reachOf(ctx, file)) !== 'applicant'
  const facts = (await repository.factsOf(ctx, file.id)).filter(({ name }) => STEP_TEXTS[name] !== undefined)
  return Promise.all(
    facts.map(async ({ name, actorId, organisationId, payload, occurredAt }) => {
      const person = showsPersons ? await findPerson(ctx, actorId) : null
      const known = organisationId === file.applicantId || bodies.includes(organisationId)
      return {
        at: occurredAt,
        event: name,
        text: stepText(name, payload),
        organisationId: known ? organisationId : file.organisationId,
        actor: person?.name.zh ?? null,
        note: noteOf(payload),
      }
    }),
  )
}

function stepText(name: string, payload: object): Texts {
  const text = STEP_TEXTS[name] ?? { zh: name, en: name }
  if (name === 'service.case.accepted' && 'deemed' in payload && payload.deemed === true)
    return { zh: '逾期未答复，视为受理', en: 'Deemed accepted, since nobody answered in time' }
  if (name !== 'service.case.decided' || !('outcome' in payload)) return text
  return payload.outcome === 'refused'
    ? { zh: '决定：不予许可', en: 'Decided: refused' }
    : { zh: '决定：准予许可', en: 'Decided: granted' }
}

const noteOf = (payload: object) =>
  'note' in payload && typeof payload.note === 'string' ? payload.note : null

/** Whether the actor may answer the correction now: the command asks the same. */
export function mayResubmit(ctx: Context, file: ItemCase): Promise<boolean> {
  return mayAct(ctx, file, 'resubmit')
}

export function mayWithdraw(ctx: Context, file: ItemCase): Promise<boolean> {
  return mayAct(ctx, file, 'withdraw')
}

async function mayAct(ctx: Context, file: ItemCase, command: 'resubmit' | 'withdraw'): Promise<boolean> {
  if (!allowedFrom(file.status).includes(command)) return false
  return ctx.policy.allows(ctx, can.submitApplication, { organisationId: file.applicantId })
}
