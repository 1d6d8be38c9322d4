import { actingAs, type TransactionContext } from '../../core/context.ts'
import { actorOf, declared } from './advance.ts'
import { definitionOf } from './definitions.ts'
import { type Asked, stepTogether } from './group-commit.ts'
import * as repository from './message.repository.ts'
import { stands } from './step/index.ts'

/** A step that a message asks for. */
interface Telling extends Asked {
  readonly message: repository.Message
}

/**
 * Delivers those of the messages, which the transaction holds, that one token of one instance waits for: of each
 * instance and each correlation key the first, since what comes after it may find another state. Answers how many were
 * delivered; the others are as they were, to be delivered alone.
 */
export async function deliverTogether(
  ctx: TransactionContext,
  messages: readonly repository.Message[],
): Promise<number> {
  const hearers = await repository.hearersWithInstances(ctx, messages)
  const tellings: Telling[] = []
  const met = new Set<string>()
  for (const message of messages) {
    const heard = hearers.filter(({ messageId }) => messageId === message.id)
    const places = [...heard.map(({ instanceId }) => instanceId), message.correlationKey ?? message.id]
    const isFirst = !places.some((place) => met.has(place))
    for (const place of places) met.add(place)
    const [hearer] = heard
    if (!isFirst || heard.length !== 1 || !hearer?.instance || message.terminates.length > 0) continue
    const telling = await tellingOf(ctx, message, hearer)
    if (telling) tellings.push(telling)
  }
  if (tellings.length < 2) return 0
  const saved = await stepTogether(ctx, tellings)
  const heard = tellings.filter((_, place) => saved[place])
  await repository.consumeAll(
    ctx,
    heard.map(({ message, instance }) => ({ id: message.id, instanceId: instance.id })),
  )
  return heard.length
}

async function tellingOf(
  ctx: TransactionContext,
  message: repository.Message,
  { instance, token, node }: repository.Hearer,
): Promise<Telling | undefined> {
  if (!instance || instance.suspendedAt || !stands(instance.state, token)) return undefined
  try {
    const payload = declared(await definitionOf(ctx, instance.definitionId), message.payload)
    const command = { kind: 'message', token, node, payload } as const
    return { message, ctx: actingAs(ctx, actorOf(instance)), instance, command }
  } catch {
    // Told alone, it says what is wrong with it.
    return undefined
  }
}
