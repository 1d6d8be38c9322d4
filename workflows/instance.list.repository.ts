import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { Context } from '../core/context.ts'
import { type PageRequest, readCursor, rowsToRead } from '../core/page.ts'
import type { Instance } from './runtime/instance.ts'
import { INSTANCE, instanceOf } from './runtime/instance.repository.ts'
import './workflow.table.ts'

export const INSTANCE_LIST = 'workflow.instance'

export type InstanceStatus = 'running' | 'completed' | 'terminated' | 'incident'

export interface InstanceFilter {
  /** Key of a process. */
  readonly key?: string | null
  readonly status?: InstanceStatus | null
  /** The beginning of a business key. */
  readonly businessKey?: string | null
}

/** Whose instances are wanted: everybody's, or those a body has to do with. */
export type Reach =
  'all' | { readonly organisationId: string; readonly ofOwnProcess: boolean; readonly ofOwnBody: boolean }

/** A page of instances, the one started last first. @throws GRAPHQL_PAGE_INVALID, GRAPHQL_CURSOR_INVALID */
export async function page(
  ctx: Context,
  filter: InstanceFilter,
  reach: Reach,
  request: PageRequest,
): Promise<Instance[]> {
  const after = readCursor(INSTANCE_LIST, ['instant', 'uuid'], request)
  let query = ctx.db.selectFrom('workflow.instance').select(INSTANCE)
  if (filter.key) query = query.where('definitionKey', '=', filter.key)
  if (filter.businessKey) {
    const begins = `${filter.businessKey.replaceAll(/[\\%_]/g, '\\$&')}%`
    query = query.where('businessKey', 'like', begins)
  }
  if (filter.status === 'incident' || filter.status === 'running') {
    const stands = sql<boolean>`exists (select from workflow.incident i
      where i.instance_id = workflow.instance.id and i.resolved_at is null)`
    query = query.where('status', '=', 'running')
    query = query.where(filter.status === 'incident' ? stands : sql<boolean>`not ${stands}`)
  } else if (filter.status) query = query.where('status', '=', filter.status)
  if (reach !== 'all') query = query.where(reaches(reach))
  if (after)
    query = query.where(
      sql<boolean>`(date_trunc('milliseconds', started_at), id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`,
    )
  const rows = await query
    .orderBy(sql`date_trunc('milliseconds', started_at)`, 'desc')
    .orderBy('id', 'desc')
    .limit(rowsToRead(request))
    .execute()
  return rows.map(instanceOf)
}

/** Whether a row of `workflow.instance` is among those that the actor may see. */
export function reaches({
  organisationId,
  ofOwnProcess,
  ofOwnBody,
}: Exclude<Reach, 'all'>): RawBuilder<SqlBool> {
  const ways = [
    ...(ofOwnProcess
      ? [
          sql`exists (select from workflow.process p
            where p.key = workflow.instance.definition_key and p.organisation_id = ${organisationId})`,
        ]
      : []),
    ...(ofOwnBody
      ? [
          sql`workflow.instance.organisation_id = ${organisationId}`,
          sql`exists (select from workflow.task t
            where t.instance_id = workflow.instance.id and t.organisation_id = ${organisationId})`,
        ]
      : []),
  ]
  return sql<boolean>`(${sql.join(ways, sql` or `)})`
}
