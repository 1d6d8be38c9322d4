import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { defineSubscriber, type DomainEvent } from '../../core/events.ts'
import { defineJob } from '../../core/jobs.ts'
import { definitionOf } from '../runtime/definitions.ts'
import { type Advance, counted, type Fact, knownAfter, type Visit } from './projection.ts'
import * as repository from './projection.repository.ts'
import '../events.ts'

type Stepped = DomainEvent<'workflow.instance.stepped'>

/** Counts each step once, in the order of the instance's versions, in whatever order and however often it is told. */
export const countSteps = defineSubscriber({
  name: 'workflow.count-steps',
  event: 'workflow.instance.stepped',
  run: (ctx, event) => count(ctx, [event]),
  runAll: count,
})

const AT_ONCE = 200

/** What ran before there were traces, from the audit trail; queued by the migration. Running it again changes nothing. */
export const projectHistory = defineJob({
  async run(ctx: Context, _payload: object, { signal, progress }) {
    let done = 0
    for (let after: string | null = null; ;) {
      signal.throwIfAborted()
      const events = await repository.stepsRecorded(ctx, after, AT_ONCE)
      const last = events.at(-1)
      if (!last) return
      await transaction(ctx, (ctx) => count(ctx, events))
      after = last.id
      done += events.length
      await progress({ done })
    }
  },
})

/** Counts what follows on what was counted; what is told before its turn is kept, and counted with what was missing. */
async function count(
  ctx: TransactionContext,
  events: readonly Pick<Stepped, 'payload' | 'occurredAt'>[],
): Promise<void> {
  let told = repository.byInstance(
    events.map((event) => ({ instanceId: event.payload.instanceId, fact: factOf(event) })),
  )
  while (told.size > 0) {
    const renamed = await countTold(ctx, told)
    told = new Map(renamed.map((id) => [id, []]))
  }
}

/**
 * Answers the instances that have more to be counted, kept by now: a migration gives stays the names of other nodes, and
 * what is to be known of those nodes has to be read again.
 */
async function countTold(
  ctx: TransactionContext,
  told: ReadonlyMap<string, readonly { readonly fact: Fact }[]>,
): Promise<string[]> {
  const renamed: string[] = []
  const ids = [...told.keys()]
  const traces = await repository.hold(ctx, ids)
  const visits = await repository.knownVisits(ctx, ids)
  const kept = await repository.keptAhead(ctx, ids)
  const advances: Advance[] = []
  const ahead: repository.Ahead[] = []
  for (const held of traces) {
    const { instanceId } = held
    const facts = (told.get(instanceId) ?? []).map(({ fact }) => fact)
    const byVersion = new Map([...(kept.get(instanceId) ?? []), ...facts].map((fact) => [fact.version, fact]))
    let trace = held
    let known: readonly Visit[] = visits.get(instanceId) ?? []
    for (let fact = byVersion.get(trace.version + 1); fact; fact = byVersion.get(trace.version + 1)) {
      const advance = counted(await definitionOf(ctx, trace.definitionId), trace, known, fact)
      advances.push(advance)
      trace = advance.trace
      known = knownAfter(known, advance)
      if (fact.migrated === undefined) continue
      if (byVersion.has(trace.version + 1)) renamed.push(instanceId)
      break
    }
    const { version } = trace
    ahead.push(...facts.filter((fact) => fact.version > version).map((fact) => ({ instanceId, fact })))
  }
  await repository.save(ctx, advances, ahead)
  return renamed
}

function factOf({ payload, occurredAt }: Pick<Stepped, 'payload' | 'occurredAt'>): Fact {
  const { version, command, taskId, moves, migrated, status } = payload
  return {
    version,
    command,
    ...(taskId !== undefined && { taskId }),
    moves,
    ...(migrated && { migrated }),
    status,
    at: occurredAt.toISOString(),
  }
}
