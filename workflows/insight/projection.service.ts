import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { defineSubscriber, type DomainEvent } from '../../core/events.ts'
import { defineJob } from '../../core/jobs.ts'
import { definitionOf } from '../runtime/advance.ts'
import { counted, type Fact } from './projection.ts'
import * as repository from './projection.repository.ts'
import '../events.ts'

type Stepped = DomainEvent<'workflow.instance.stepped'>

/** Counts each step once, in the order of the instance's versions, in whatever order and however often it is told. */
export const countSteps = defineSubscriber({
  name: 'workflow.count-steps',
  event: 'workflow.instance.stepped',
  run: count,
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
      await transaction(ctx, async (ctx) => {
        // Instances in one order, so that two who count never wait for each other in a circle.
        const sorted = events
          .slice()
          .sort((a, b) =>
            a.payload.instanceId < b.payload.instanceId
              ? -1
              : a.payload.instanceId > b.payload.instanceId
                ? 1
                : 0,
          )
        for (const event of sorted) await count(ctx, event)
      })
      after = last.id
      done += events.length
      await progress({ done })
    }
  },
})

async function count(
  ctx: TransactionContext,
  { payload, occurredAt }: Pick<Stepped, 'payload' | 'occurredAt'>,
): Promise<void> {
  const { instanceId, version, command, taskId, moves, migrated, status } = payload
  let fact: Fact | undefined = {
    version,
    command,
    ...(taskId !== undefined && { taskId }),
    moves,
    ...(migrated && { migrated }),
    status,
    at: occurredAt.toISOString(),
  }
  let trace = await repository.hold(ctx, instanceId)
  if (version <= trace.version) return
  if (version > trace.version + 1) return repository.keepAhead(ctx, instanceId, fact)
  while (fact) {
    const definition = await definitionOf(ctx, trace.definitionId)
    const advance = counted(definition, trace, await repository.knownVisits(ctx, instanceId), fact)
    await repository.save(ctx, advance)
    trace = advance.trace
    fact = await repository.takeAhead(ctx, instanceId, trace.version + 1)
  }
}
