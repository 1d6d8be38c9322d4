import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import type { DomainEvent } from '../../core/events.ts'
import { type Advance, type Fact, type Trace, variantOf, type Visit } from './projection.ts'
import './insight.table.ts'
import '../workflow.table.ts'

export const VISIT = [
  ...(['seq', 'node', 'nth', 'enteredAt', 'enteredVersion', 'leftAt', 'leftVersion'] as const),
  ...(['outcome', 'leftBy', 'taskId'] as const),
] as const

const TRACE = [
  ...(['instanceId', 'definitionId', 'organisationId', 'version', 'status', 'path', 'variant'] as const),
  ...(['touches', 'visits', 'startedAt', 'endedAt'] as const),
] as const

/** The version an instance began on; its steps tell of every other it was taken to. */
const firstDefinition = sql<string>`coalesce((
  select plan.from_definition from workflow.migration_instance as taken
  join workflow.migration as plan on plan.id = taken.migration_id
  where taken.instance_id = workflow.instance.id and taken.moved_at is not null
  order by taken.moved_at limit 1), workflow.instance.definition_id)`

/** The trace of an instance, made when there is none, held until the transaction ends. */
export async function hold(ctx: TransactionContext, instanceId: string): Promise<Trace> {
  await ctx.db
    .insertInto('workflow.trace')
    .columns([...TRACE])
    .expression((query) =>
      query
        .selectFrom('workflow.instance')
        .select([
          'id',
          firstDefinition.as('definitionId'),
          'organisationId',
          sql<number>`0`.as('version'),
          sql<'running'>`'running'`.as('status'),
          sql<string[]>`'{}'::text[]`.as('path'),
          sql<string>`${variantOf([])}::text`.as('variant'),
          sql<number>`0`.as('touches'),
          sql<number>`0`.as('visits'),
          'startedAt',
          sql<null>`null::timestamptz`.as('endedAt'),
        ])
        .where('id', '=', instanceId),
    )
    .onConflict((conflict) => conflict.column('instanceId').doNothing())
    .execute()
  return ctx.db
    .selectFrom('workflow.trace')
    .select(TRACE)
    .where('instanceId', '=', instanceId)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

/** The open visits of an instance and the last of each node, in the order entered. */
export async function knownVisits(ctx: Context, instanceId: string): Promise<Visit[]> {
  return ctx.db
    .selectFrom('workflow.visit as visit')
    .select(VISIT)
    .where('instanceId', '=', instanceId)
    .where((is) =>
      is.or([
        is('leftAt', 'is', null),
        is('seq', 'in', (query) =>
          query
            .selectFrom('workflow.visit')
            .select((of) => of.fn.max('seq').as('seq'))
            .where('instanceId', '=', instanceId)
            .groupBy('node'),
        ),
      ]),
    )
    .orderBy('seq')
    .execute()
}

export async function save(ctx: TransactionContext, { trace, changed, passages }: Advance): Promise<void> {
  const { instanceId, definitionId, organisationId } = trace
  const { version, status, path, variant, touches, visits, endedAt } = trace
  await ctx.db
    .updateTable('workflow.trace')
    .set({ definitionId, version, status, path: [...path], variant, touches, visits, endedAt })
    .where('instanceId', '=', instanceId)
    .execute()
  const owner = { instanceId, definitionId, organisationId }
  if (changed.length > 0)
    await ctx.db
      .insertInto('workflow.visit')
      .values(changed.map((visit) => ({ ...visit, ...owner })))
      .onConflict((conflict) =>
        conflict.columns(['instanceId', 'seq']).doUpdateSet((row) => ({
          // Of stays that last, and only those change, the version is the trace's.
          node: row.ref('excluded.node'),
          definitionId: row.ref('excluded.definitionId'),
          leftAt: row.ref('excluded.leftAt'),
          leftVersion: row.ref('excluded.leftVersion'),
          outcome: row.ref('excluded.outcome'),
          leftBy: row.ref('excluded.leftBy'),
          taskId: row.ref('excluded.taskId'),
        })),
      )
      .execute()
  if (passages.length > 0)
    await ctx.db
      .insertInto('workflow.passage')
      .values(passages.map((passage) => ({ ...passage, ...owner })))
      .onConflict((conflict) => conflict.columns(['instanceId', 'seq', 'flow']).doNothing())
      .execute()
}

/** Keeps a step until the one before it has been counted. */
export async function keepAhead(ctx: TransactionContext, instanceId: string, fact: Fact): Promise<void> {
  await ctx.db
    .insertInto('workflow.stepAhead')
    .values({ instanceId, version: fact.version, fact: JSON.stringify(fact) })
    .onConflict((conflict) => conflict.columns(['instanceId', 'version']).doNothing())
    .execute()
}

export async function takeAhead(
  ctx: TransactionContext,
  instanceId: string,
  version: number,
): Promise<Fact | undefined> {
  const row = await ctx.db
    .deleteFrom('workflow.stepAhead')
    .where('instanceId', '=', instanceId)
    .where('version', '=', version)
    .returning('fact')
    .executeTakeFirst()
  return row?.fact
}

type Stepped = DomainEvent<'workflow.instance.stepped'>

/** Steps recorded after the event `after`, in order; `after` is null for the first. */
export async function stepsRecorded(
  ctx: Context,
  after: string | null,
  limit: number,
): Promise<Pick<Stepped, 'id' | 'payload' | 'occurredAt'>[]> {
  let query = ctx.db
    .selectFrom('core.event')
    .select(['id', 'payload', 'occurredAt'])
    .where('name', '=', 'workflow.instance.stepped')
    .orderBy('id')
    .limit(limit)
  if (after !== null) query = query.where('id', '>', after)
  const rows = await query.execute()
  // Written by emit, which types name and payload together.
  return rows as unknown as Pick<Stepped, 'id' | 'payload' | 'occurredAt'>[]
}
