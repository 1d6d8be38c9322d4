import { actingAs, type Context, transaction } from '../../core/context.ts'
import { type Day, dayOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import { defineJob, type Poller } from '../../core/jobs.ts'
import { regionsAround } from './calendar.ts'
import type { ClockKind } from './clock.ts'
import * as repository from './clock.repository.ts'
import * as clocks from './clock.service.ts'
import { endSpans } from './pause.service.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    /** The due day has passed and the clock still runs. Once for each due day and last event of a clock. */
    'clock.due': { clockId: string; caseId: string; kind: ClockKind; dueOn: Day; organisationId: string }
  }
}

/** How many clocks one look takes; small, so that no transaction holds many rows. */
const BATCH = 50

/**
 * Ends pauses whose planned end has come, then tells of clocks whose due day has passed. A server that was
 * away does all of it when it is back; meanwhile commands settle their case by {@link clocks.overdue}.
 */
const due: Poller = {
  name: 'clock.due',
  async poll(ctx) {
    const today = dayOf(ctx.now())
    let done = 0
    for (const caseId of await repository.casesReturning(ctx, today, BATCH))
      done += await transaction(ctx, (ctx) => endSpans(ctx, caseId, today))
    return done + (await announce(ctx, today))
  },
}

function announce(ctx: Context, today: Day): Promise<number> {
  return transaction(ctx, async (ctx) => {
    const due = await repository.announce(ctx, today, BATCH)
    for (const { id, caseId, kind, dueOn, organisationId } of due) {
      const asBody = actingAs(ctx, { ...ctx.actor, organisationId })
      await emit(asBody, 'clock.due', { clockId: id, caseId, kind, dueOn, organisationId })
    }
    return due.length
  })
}

export const pollers: readonly Poller[] = [due]

export const jobs = {
  /** Works open clocks out anew after a calendar was published; a clock already done is passed over. */
  'clock.recompute': defineJob<{ region: string }>({
    async run(ctx, { region }, { signal }) {
      let after: string | undefined
      while (!signal.aborted) {
        const open = await repository.openClocks(ctx, after, BATCH)
        if (open.length === 0) return
        const touched = open.filter((clock) => regionsAround(clock.region).includes(region))
        for (const caseId of new Set(touched.map((clock) => clock.caseId)))
          await transaction(ctx, (ctx) => clocks.recompute(ctx, caseId))
        after = open.at(-1)?.id
      }
    },
  }),
}
