import { actingAs, type Context, transaction, type TransactionContext } from '../../core/context.ts'
import type { DomainEvent, Subscriber } from '../../core/events.ts'
import type { Poller } from '../../core/jobs.ts'
import { backoff } from '../../core/jobs/backoff.ts'
import * as definitions from '../definition.repository.ts'
import type { MessageRoute } from '../pack.ts'
import { actorOf, advance, declared } from './advance.ts'
import { definitionOf, latestVersions, type Version } from './definitions.ts'
import { callSubscribers } from './calls.ts'
import * as instances from './instance.repository.ts'
import { start } from './instances.ts'
import { deliverTogether } from './message-group.ts'
import * as repository from './message.repository.ts'
import { MOST_TOGETHER } from './group-commit.ts'
import { signalSubscriber } from './signals.ts'
import { isMeant, startByCondition, startBy, startsByMessage } from './starts.ts'
import { stands } from './step/index.ts'

/**
 * A step that begins to wait may not yet see a message that is being received, nor the deliverer that step:
 * so a message nobody waits for is looked for again, about a minute in all, before it is only kept.
 */
const MAX_ATTEMPTS = 6

/** Facts processes hear of: those the shipped packs name, and every step of a case for packs deployed later. */
const CASE_EVENTS = [
  ...['released', 'correction-requested', 'corrected', 'accepted', 'intake-refused', 'review-started'],
  ...['suspended', 'resumed', 'decided', 'delivered', 'withdrawn', 'terminated', 'closed'],
].map((name) => `service.case.${name}`)

/** One subscriber for each fact that a pack routes to a message, and one for the messages processes send. */
export function subscribersFor(routes: readonly MessageRoute[]): Subscriber[] {
  const events = [...new Set([...CASE_EVENTS, ...routes.map(({ event }) => event)])].sort()
  return [
    ...events.map((event) => ({ name: `workflow.hear:${event}`, event, run: hearFact })),
    ...callSubscribers,
    signalSubscriber,
    { name: 'workflow.deliver-thrown', event: 'workflow.message.thrown', run: hearThrown },
  ]
}

type Fact = Readonly<Record<string, unknown>>

/** Starts the instance the fact starts, and receives it as a message for those that run. */
async function hearFact(ctx: TransactionContext, event: DomainEvent): Promise<void> {
  const fact = event.payload as unknown as Fact
  const messages = new Map<string, { key: string; terminates: string[] }>()
  for (const deployed of await latestVersions(ctx)) {
    for (const route of deployed.pack.messages.filter((one) => one.event === event.name)) {
      const key = fact[route.key]
      if (typeof key !== 'string' && typeof key !== 'number') continue
      if (startsByMessage(deployed.compiled, route.message)) {
        if (isMeant(deployed, fact)) await begin(ctx, deployed, { route, event, fact, key: String(key) })
        continue
      }
      await beginByCondition(ctx, deployed, { route, event, fact, key: String(key) })
      const before = messages.get(route.message) ?? { key: String(key), terminates: [] }
      if (route.then === 'terminate') before.terminates.push(deployed.key)
      messages.set(route.message, before)
    }
  }
  for (const [message, { key, terminates }] of messages)
    await repository.receive(ctx, {
      message,
      correlationKey: key,
      payload: fact,
      terminates,
      // A fact starts what its own body or the platform has deployed, as it is heard.
      ...{ organisationId: null, onBehalfOf: null },
      dedupKey: `event:${event.id}:${message}`,
    })
}

interface Beginning {
  readonly route: MessageRoute
  readonly event: DomainEvent
  readonly fact: Fact
  readonly key: string
}

async function begin(
  ctx: TransactionContext,
  deployed: Version,
  { route, event, fact, key }: Beginning,
): Promise<void> {
  const of = startOf({ route, event, fact, key })
  if (!(await definitions.mayStart(ctx, deployed))) return hold(ctx, deployed, route, event, of)
  await start(ctx, deployed, { ...of, message: route.message })
}

/** What would start an instance of a suspended process is kept for when it is resumed. */
function hold(
  ctx: TransactionContext,
  { key }: Version,
  { message }: MessageRoute,
  event: DomainEvent,
  { businessKey, organisationId, onBehalfOf, variables }: ReturnType<typeof startOf>,
): Promise<void> {
  return repository.receive(ctx, {
    ...{ message, correlationKey: businessKey, terminates: [], organisationId, onBehalfOf },
    payload: { ...variables, processPack: key },
    dedupKey: `held:${event.id}:${key}`,
  })
}

function startOf({ route, event, fact, key }: Beginning) {
  const { variables, organisationId } = fact
  const given = typeof variables === 'object' && variables !== null ? variables : {}
  return {
    businessKey: key,
    organisationId: typeof organisationId === 'string' ? organisationId : event.organisationId,
    onBehalfOf: event.onBehalfOf ?? event.actorId,
    variables: { ...given, [route.key]: key, caseId: key },
  }
}

/** A conditional start event looks at every fact the pack routes: over the fact itself and its variables. */
async function beginByCondition(
  ctx: TransactionContext,
  deployed: Version,
  beginning: Beginning,
): Promise<void> {
  const of = startOf(beginning)
  const said = { ...declared(deployed.compiled, beginning.fact), ...of.variables }
  const node = isMeant(deployed, beginning.fact) ? startByCondition(deployed, said) : undefined
  if (node !== undefined) await start(ctx, deployed, { ...of, variables: said, node })
}

async function hearThrown(ctx: TransactionContext, event: DomainEvent): Promise<void> {
  const { message, key, payload } = (event as DomainEvent<'workflow.message.thrown'>).payload
  await repository.receive(ctx, {
    message,
    correlationKey: key,
    payload: payload as Record<string, unknown>,
    terminates: [],
    organisationId: event.organisationId,
    onBehalfOf: event.onBehalfOf ?? null,
    dedupKey: `event:${event.id}`,
  })
}

/**
 * Delivers received messages to every token of every instance that waits for them: those that one token alone waits
 * for in one commit, and each other one in a transaction of its own, the oldest first.
 */
export const messagePoller: Poller = {
  name: 'workflow.messages',
  async poll(ctx, stopping) {
    let { done, left } = await turn(ctx, MOST_TOGETHER)
    for (; left > 0 && !stopping.aborted; left--) done += (await turn(ctx, 1)).done
    return done
  },
}

/** What a turn has done, and how many of those it took are left to be delivered alone. */
interface Turn {
  readonly done: number
  readonly left: number
}

async function turn(ctx: Context, most: number): Promise<Turn> {
  const claimed: { message?: repository.Message; others?: number } = {}
  try {
    return await transaction(ctx, async (ctx) => {
      const [message, ...others] = await repository.claim(ctx, most)
      if (!message) return { done: 0, left: 0 }
      claimed.message = message
      claimed.others = others.length
      if (others.length === 0) return { done: await deliverAlone(ctx, message), left: 0 }
      const done = await deliverTogether(ctx, [message, ...others])
      return { done, left: 1 + others.length - done }
    })
  } catch (error) {
    const { message, others = 0 } = claimed
    if (!message) throw error
    if (others > 0) {
      ctx.log.warn({ err: error, messages: others + 1 }, 'messages failed together')
      return { done: 0, left: others + 1 }
    }
    // One that breaks its hearer must not stand before all others.
    ctx.log.error({ err: error, message: message.message, messageId: message.id }, 'message failed')
    return { done: await transaction(ctx, (ctx) => putOff(ctx, message)), left: 0 }
  }
}

/** Answers one: it is delivered, or looked at again later. */
async function deliverAlone(ctx: TransactionContext, message: repository.Message): Promise<number> {
  if (await deliver(ctx, message)) return 1
  if (message.attempts + 1 < MAX_ATTEMPTS || (await repository.mayKeep(ctx, message)))
    return putOff(ctx, message)
  // Somebody begins to wait at this moment.
  await repository.postpone(ctx, message.id, { status: 'new', runAfter: backoff(ctx.now(), 0) })
  return 1
}

/** Looked at again later, and after some times kept for whoever comes to wait for it. */
async function putOff(ctx: TransactionContext, message: repository.Message): Promise<number> {
  const status = message.attempts + 1 < MAX_ATTEMPTS ? 'new' : 'kept'
  await repository.postpone(ctx, message.id, { status, runAfter: backoff(ctx.now(), message.attempts) })
  return 1
}

/** Answers whether anybody heard it; locks instances in the order of their ids. */
async function deliver(ctx: TransactionContext, message: repository.Message): Promise<boolean> {
  const hearers = await repository.hearers(ctx, message)
  const ended =
    message.correlationKey === null
      ? []
      : await instances.runningOf(ctx, message.correlationKey, message.terminates)
  const ids = [...new Set([...hearers.map(({ instanceId }) => instanceId), ...ended])].sort()
  const [first] = ids
  if (first === undefined) {
    if (!(await startBy(ctx, message))) return false
    await repository.consume(ctx, message.id, null)
    return true
  }
  // Before anybody hears it: what they wait for next must not find it among the kept ones.
  await repository.consume(ctx, message.id, first)
  let heard = false
  for (const id of ids) {
    if (await tell(ctx, id, message)) heard = true
    if (ended.includes(id)) {
      await terminate(ctx, id)
      heard = true
    }
  }
  return heard
}

async function tell(ctx: TransactionContext, id: string, message: repository.Message): Promise<boolean> {
  let instance = await instances.lock(ctx, id)
  if (!instance || instance.suspendedAt) return false
  const payload = declared(await definitionOf(ctx, instance.definitionId), message.payload)
  let heard = false
  // Read again now that the instance is held: it may have come to wait for something else.
  for (const { token, node } of await repository.hearers(ctx, message, id)) {
    if (!stands(instance.state, token)) continue
    instance = await advance(actingAs(ctx, actorOf(instance)), instance, {
      kind: 'message',
      token,
      node,
      payload,
    })
    heard = true
  }
  return heard
}

async function terminate(ctx: TransactionContext, id: string): Promise<void> {
  const instance = await instances.lock(ctx, id)
  if (instance?.state.status !== 'running') return
  await advance(actingAs(ctx, actorOf(instance)), instance, { kind: 'terminate' })
}

/** For a person or a system outside: the message is delivered like a fact. */
export async function send(
  ctx: Context,
  message: { message: string; key: string; payload: Record<string, unknown>; dedupKey: string },
): Promise<void> {
  const { organisationId, onBehalfOf = null } = ctx.actor
  await transaction(ctx, (ctx) =>
    repository.receive(ctx, {
      ...message,
      ...{ correlationKey: message.key, terminates: [], organisationId, onBehalfOf },
    }),
  )
}
