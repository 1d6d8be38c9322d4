import { sql } from 'kysely'
import type { Context } from '../../core/context.ts'
import { grouped } from './history.repository.ts'
import type { LoggedCase } from './log.ts'
import './insight.table.ts'
import '../workflow.table.ts'

/** Which cases a log holds: of these versions, of one body or all, begun by `until`. */
export interface Logged {
  readonly definitionIds: readonly string[]
  readonly organisationId: string | null
  readonly until: Date
}

const VISITS = [
  ...(['visit.instanceId', 'visit.seq', 'visit.node', 'visit.nth', 'visit.enteredAt'] as const),
  ...(['visit.enteredVersion', 'visit.leftAt', 'visit.leftVersion', 'visit.outcome'] as const),
  ...(['visit.leftBy', 'visit.taskId', 'visit.definitionId', 'task.completedBy'] as const),
] as const

/** The next cases after the instance `after`, finished and running, with their versions' definitions. */
export async function cases(
  ctx: Context,
  { definitionIds, organisationId, until }: Logged,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<(LoggedCase & { readonly definitionId: string })[]> {
  let query = ctx.db
    .selectFrom('workflow.trace as trace')
    .innerJoin('workflow.definition as definition', 'definition.id', 'trace.definitionId')
    .select(['trace.instanceId', 'trace.definitionId', 'trace.organisationId', 'trace.status'])
    .select(['trace.startedAt', 'trace.endedAt', 'definition.version'])
    .where('trace.definitionId', 'in', definitionIds)
    .where('trace.startedAt', '<=', until)
    .orderBy('trace.instanceId')
    .limit(limit)
  if (organisationId !== null) query = query.where('trace.organisationId', '=', organisationId)
  if (after !== null) query = query.where('trace.instanceId', '>', after)
  const rows = await query.execute()
  if (rows.length === 0) return []
  const visits = await ctx.db
    .selectFrom('workflow.visit as visit')
    .leftJoin('workflow.task as task', 'task.id', 'visit.taskId')
    .select(VISITS)
    .select(sql<Date | null>`coalesce(visit.claimed_at, task.claimed_at)`.as('claimedAt'))
    .select(
      sql<string | null>`coalesce(visit.task_organisation_id, task.organisation_id)`.as('taskOrganisationId'),
    )
    .select(sql<string | null>`coalesce(visit.candidate_role, task.candidate_role)`.as('candidateRole'))
    .where(
      'visit.instanceId',
      'in',
      rows.map(({ instanceId }) => instanceId),
    )
    .orderBy('visit.instanceId')
    .orderBy('visit.seq')
    .execute()
  const byInstance = grouped(visits)
  return rows.map((row) => ({ ...row, visits: byInstance.get(row.instanceId) ?? [] }))
}
