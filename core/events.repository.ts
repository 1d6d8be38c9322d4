import type { TransactionContext } from './context.ts'
import type { Fact } from './events.ts'
import { type Part, run } from './statement.repository.ts'

/** The deliveries a fact asks for, from the manifests. */
type Subscribers = ReadonlyMap<string, readonly string[]>

/** Records facts in the order given, each with a delivery row for each subscriber of its name. */
export async function insert({ db, subscribers }: TransactionContext, facts: readonly Fact[]): Promise<void> {
  await run(db, recording(subscribers, facts), 'select')
}

/**
 * The parts of a statement that record facts. With `among`, a join to an earlier part (`join held on held.id =
 * fact.of`), only those facts whose `of` it answers are recorded.
 */
export function recording(
  subscribers: Subscribers,
  facts: readonly (Fact & { readonly of?: string })[],
  among = '',
): Part[] {
  if (facts.length === 0) return []
  const told: Part = {
    rows: facts.map((fact, place) => ({ ...fact, place })),
    text: `told as (
    insert into core.event (name, actor_id, organisation_id, on_behalf_of, request_id, payload, occurred_at)
    select fact.name, fact."actorId", fact."organisationId", fact."onBehalfOf", fact."requestId", fact.payload,
      fact."occurredAt"
    from jsonb_to_recordset($rows) as fact (place int, of uuid, name text, "actorId" text,
      "organisationId" text, "onBehalfOf" text, "requestId" text, payload jsonb, "occurredAt" timestamptz) ${among}
    order by fact.place
    returning id, name, occurred_at
  )`,
  }
  const deliveries = [...new Set(facts.map(({ name }) => name))].flatMap((name) =>
    (subscribers.get(name) ?? []).map((subscriber) => ({ name, subscriber })),
  )
  if (deliveries.length === 0) return [told]
  return [
    told,
    {
      rows: deliveries,
      text: `delivered as (
      insert into core.delivery (event_id, subscriber, status, run_after)
      select told.id, hears.subscriber, 'waiting', told.occurred_at
      from told join jsonb_to_recordset($rows) as hears (name text, subscriber text) on hears.name = told.name
    )`,
    },
  ]
}
