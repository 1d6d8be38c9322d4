import { actingAs, type Context, transaction, type TransactionContext } from '../../core/context.ts'
import type { DomainEvent, Subscriber } from '../../core/events.ts'
import type { Poller } from '../../core/jobs.ts'
import { actorOf, advance, declared } from './advance.ts'
import { definitionOf, latestVersions } from './definitions.ts'
import * as instances from './instance.repository.ts'
import { start } from './instances.ts'
import * as repository from './signal.repository.ts'
import { isFor } from './starts.ts'
import { stands, startNodes } from './step/index.ts'

/** So many hear a signal in one transaction; the rest in the next. */
const BATCH = 50

async function hearThrown(ctx: TransactionContext, event: DomainEvent): Promise<void> {
  const { signal, organisationId } = (event as DomainEvent<'workflow.signal.thrown'>).payload
  const onBehalfOf = event.onBehalfOf ?? null
  await repository.receive(ctx, {
    ...{ signal, payload: {}, organisationId, onBehalfOf },
    dedupKey: `event:${event.id}`,
  })
}

export const signalSubscriber: Subscriber = {
  name: 'workflow.broadcast-thrown',
  event: 'workflow.signal.thrown',
  run: hearThrown,
}

/** For a person or a system outside. The same `dedupKey` again is the same signal. */
export async function broadcast(
  ctx: Context,
  { signal, payload, dedupKey }: { signal: string; payload: Record<string, unknown>; dedupKey: string },
): Promise<void> {
  const { organisationId, onBehalfOf = null } = ctx.actor
  await transaction(ctx, (ctx) =>
    repository.receive(ctx, { signal, payload, organisationId, onBehalfOf, dedupKey }),
  )
}

/** Broadcasts: a batch of those who wait in each transaction, and first the processes the signal starts. */
export const signalPoller: Poller = {
  name: 'workflow.signals',
  poll: (ctx) => transaction(ctx, deliverBatch),
}

async function deliverBatch(ctx: TransactionContext): Promise<number> {
  const signal = await repository.claim(ctx)
  if (!signal) return 0
  if (Number(signal.heardTo) === 0) await begin(ctx, signal)
  const hearers = await repository.hearers(ctx, signal, BATCH)
  // In the order of their instances, like everybody else who locks several.
  const ordered = [...hearers].sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1))
  for (const hearer of ordered) await tell(ctx, signal, hearer)
  const last = hearers.at(-1)
  await repository.mark(ctx, signal.id, last && hearers.length === BATCH ? last.id : null)
  return 1
}

async function tell(
  ctx: TransactionContext,
  signal: repository.Signal,
  { id, instanceId, token }: repository.Hearer,
): Promise<void> {
  const instance = await instances.lock(ctx, instanceId)
  if (!instance || instance.suspendedAt || !stands(instance.state, token)) return
  const node = await repository.nodeOf(ctx, signal, id)
  if (node === undefined) return
  const values = declared(await definitionOf(ctx, instance.definitionId), signal.payload)
  await advance(actingAs(ctx, actorOf(instance)), instance, { kind: 'signal', token, node, payload: values })
}

/** A signal starts the processes of its own body and of the platform that begin with it. */
async function begin(ctx: TransactionContext, signal: repository.Signal): Promise<void> {
  for (const deployed of await latestVersions(ctx)) {
    if (!isFor(deployed, signal)) continue
    const node = startNodes(deployed.compiled).find(
      ({ awaits }) => awaits?.kind === 'signal' && awaits.signal === signal.signal,
    )
    if (!node) continue
    await start(ctx, deployed, {
      businessKey: `${node.id}:signal-${signal.id}`,
      ...{ organisationId: signal.organisationId, onBehalfOf: signal.onBehalfOf, node: node.id },
      variables: declared(deployed.compiled, signal.payload),
    })
  }
}
