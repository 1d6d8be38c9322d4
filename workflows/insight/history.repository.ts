import type { Context } from '../../core/context.ts'
import type { Variables } from '../runtime/step/index.ts'
import type { Rows } from './history.ts'
import type { Visit } from './projection.ts'
import { VISIT } from './projection.repository.ts'
import './insight.table.ts'
import '../workflow.table.ts'

/** Finished cases of one version; `organisationId` null for those of every body. */
export interface Finished {
  readonly definitionId: string
  readonly organisationId: string | null
}

const finished = (ctx: Context, { definitionId, organisationId }: Finished) => {
  const query = ctx.db
    .selectFrom('workflow.trace as trace')
    .innerJoin('workflow.instance as instance', 'instance.id', 'trace.instanceId')
    .where('trace.definitionId', '=', definitionId)
    .where('trace.status', 'in', ['completed', 'terminated'])
  return organisationId === null ? query : query.where('trace.organisationId', '=', organisationId)
}

export async function countFinished(ctx: Context, of: Finished): Promise<number> {
  const { count } = await finished(ctx, of)
    .select((row) => row.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** What is recorded of the next finished cases after the instance `after`, in the order of their ids. */
export async function recorded(
  ctx: Context,
  of: Finished,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<Rows[]> {
  let query = finished(ctx, of)
    .select(['trace.instanceId', 'trace.status', 'trace.startedAt'])
    .select(['instance.businessKey', 'instance.variables'])
    .orderBy('trace.instanceId')
    .limit(limit)
  if (after !== null) query = query.where('trace.instanceId', '>', after)
  const cases = await query.execute()
  const ids = cases.map(({ instanceId }) => instanceId)
  if (ids.length === 0) return []
  const [visits, outputs, jobs, messages] = [
    await visitsOf(ctx, ids),
    await outputsOf(ctx, ids),
    await jobsOf(ctx, ids),
    await messagesOf(ctx, ids),
  ]
  return cases.map(({ status, ...each }) => ({
    ...each,
    status: status === 'terminated' ? status : 'completed',
    visits: visits.get(each.instanceId) ?? [],
    outputs: new Map(outputs.get(each.instanceId)?.map(({ id, ...told }) => [id, told])),
    jobs: jobs.get(each.instanceId) ?? [],
    messages: messages.get(each.instanceId) ?? [],
  }))
}

/** Rows by instance, each in the order given. */
export function grouped<Row extends { readonly instanceId: string | null }>(
  rows: readonly Row[],
): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    if (row.instanceId === null) continue
    const group = groups.get(row.instanceId)
    if (group) group.push(row)
    else groups.set(row.instanceId, [row])
  }
  return groups
}

async function visitsOf(ctx: Context, ids: readonly string[]): Promise<Map<string, Visit[]>> {
  const rows = await ctx.db
    .selectFrom('workflow.visit')
    .select(['instanceId', ...VISIT])
    .where('instanceId', 'in', ids)
    .orderBy('instanceId')
    .orderBy('seq')
    .execute()
  return grouped(rows)
}

async function outputsOf(ctx: Context, ids: readonly string[]) {
  const rows = await ctx.db
    .selectFrom('workflow.task')
    .select(['instanceId', 'id', 'output'])
    .where('instanceId', 'in', ids)
    .where('status', '=', 'completed')
    .execute()
  const commands = await ctx.db
    .selectFrom('workflow.command')
    .select('answer')
    .where('instanceId', 'in', ids)
    .where('kind', '=', 'complete-task')
    .execute()
  const added = new Map(
    commands.flatMap(({ answer }) => (answer?.added ? [[answer.taskId, answer.added]] : [])),
  )
  return grouped(
    rows.map(({ output, ...row }) => ({ ...row, output: output ?? {}, added: added.get(row.id) ?? null })),
  )
}

async function jobsOf(ctx: Context, ids: readonly string[]) {
  const rows = await ctx.db
    .selectFrom('workflow.job')
    .select(['instanceId', 'id', 'node', 'input', 'status', 'result', 'lastError'])
    .where('instanceId', 'in', ids)
    .where('status', 'in', ['done', 'failed'])
    .execute()
  const jobs = rows.map(({ id, status, result, ...job }) => ({
    ...job,
    status: status === 'failed' ? status : ('done' as const),
    result: result as Variables | null,
    // `instance:version:seq`
    version: Number(id.split(':')[1]),
  }))
  return grouped(jobs.sort((a, b) => a.version - b.version))
}

async function messagesOf(ctx: Context, ids: readonly string[]) {
  const rows = await ctx.db
    .selectFrom('workflow.message')
    .select(['consumedBy as instanceId', 'message', 'payload'])
    .where('consumedBy', 'in', ids)
    .orderBy('id')
    .execute()
  return grouped(rows)
}
