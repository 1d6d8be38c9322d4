import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { type Day, dayOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import {
  type Approval,
  type Clock,
  type ClockKind,
  errors,
  liveEvents,
  openSpans,
  refuseBackdated,
  refusePauseOutside,
} from './clock.ts'
import { add, checkDays, type ClockFact, eachOpen, fact, type Held, showAll, stateOf } from './ledger.ts'
import * as repository from './clock.repository.ts'
import { spansOf } from './span.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'clock.paused': ClockFact & { spanId: string; reason: string; effectiveOn: Day; plannedUntil: Day | null }
    'clock.resumed': ClockFact & { spanId: string; effectiveOn: Day }
    /** A planned end of a pause came and nobody had resumed it; the clocks run again from `effectiveOn`. */
    'clock.span-ended': {
      caseId: string
      organisationId: string
      spanId: string
      reason: string
      effectiveOn: Day
    }
  }
}

export interface Pause {
  readonly caseId: string
  readonly kinds: readonly ClockKind[]
  readonly spanId: string
  readonly reason: string
  readonly effectiveOn: Day
  /** Last day of the pause as planned; the clock goes on by itself the day after (R1.5). */
  readonly plannedUntil: Day | null
  readonly legalBasisId?: string
  readonly documentId?: string
  readonly approval?: Approval
}

/**
 * Pauses the open clocks of these kinds. The same span again changes nothing, except that a later planned
 * end prolongs it.
 *
 * @throws CLOCK_PAUSE_OUT_OF_RANGE, CLOCK_EVENT_BACKDATED
 */
export async function pause(ctx: Context, input: Pause): Promise<Clock[]> {
  return transaction(ctx, async (ctx) => {
    const { spanId, reason, effectiveOn, plannedUntil, legalBasisId = null } = input
    checkDays(effectiveOn, plannedUntil)
    const documentId = input.documentId ?? input.approval?.documentId ?? null
    return eachOpen(ctx, input, async (held, { at, calendar }) => {
      refusePauseOutside(at, input)
      const known = openSpans(held.events, at).find((span) => span.spanId === spanId)
      if (known && known.from !== effectiveOn) throw errors.PAUSE_OUT_OF_RANGE({ dueOn: at.dueOn ?? '—' })
      if (known && (plannedUntil === null || (known.until !== null && plannedUntil < known.until)))
        return held
      if (!known) refuseBackdated(effectiveOn, dayOf(ctx.now()), calendar, input.approval)

      const event = {
        kind: 'pause',
        effectiveOn,
        spanId,
        reason,
        plannedUntil,
        legalBasisId,
        documentId,
      } as const
      const paused = await add(ctx, held, event)
      await emit(ctx, 'clock.paused', { ...fact(held.record), spanId, reason, effectiveOn, plannedUntil })
      return paused
    })
  })
}

/**
 * Ends a pause: `effectiveOn` counts again. A span that ended before, by itself or by an earlier call, stays as it is.
 *
 * @throws CLOCK_RESUME_UNMATCHED, CLOCK_EVENT_BACKDATED
 */
export async function resume(
  ctx: Context,
  input: {
    readonly caseId: string
    readonly spanId: string
    readonly effectiveOn: Day
    readonly approval?: Approval
  },
): Promise<Clock[]> {
  return transaction(ctx, async (ctx) => {
    const { caseId, spanId, effectiveOn } = input
    checkDays(effectiveOn)
    const resumed: Held[] = []
    let known = false
    for (const held of await repository.lockCase(ctx, caseId)) {
      const { at, calendar } = await stateOf(ctx, held)
      const span = spansOf(liveEvents(held.events, at), null).find((each) => each.spanId === spanId)
      known ||= span !== undefined && !span.open && String(span.until) <= effectiveOn
      if (!span?.open || at.state === 'stopped') continue
      if (effectiveOn < span.from) throw errors.RESUME_UNMATCHED({ span: spanId })
      refuseBackdated(effectiveOn, dayOf(ctx.now()), calendar, input.approval)
      const documentId = input.approval?.documentId ?? null
      resumed.push(await add(ctx, held, { kind: 'resume', effectiveOn, spanId, documentId }))
      await emit(ctx, 'clock.resumed', { ...fact(held.record), spanId, effectiveOn })
    }
    if (resumed.length === 0 && !known) throw errors.RESUME_UNMATCHED({ span: spanId })
    return showAll(ctx, resumed)
  })
}

/** Ends every pause of a case whose planned end lies before `today`, on the day after that end. Answers how many. */
export async function endSpans(ctx: TransactionContext, caseId: string, today: Day): Promise<number> {
  const ended = new Map<
    string,
    { spanId: string; reason: string; effectiveOn: Day; organisationId: string }
  >()
  for (const held of await repository.lockCase(ctx, caseId)) {
    const { at } = await stateOf(ctx, held)
    let latest = held
    for (const { spanId, until, reason } of openSpans(held.events, at)) {
      if (until === null || until > today) continue
      latest = await add(ctx, latest, { kind: 'resume', effectiveOn: until, spanId })
      await emit(ctx, 'clock.resumed', { ...fact(held.record), spanId, effectiveOn: until })
      ended.set(spanId, { spanId, reason, effectiveOn: until, organisationId: held.record.organisationId })
    }
  }
  for (const span of ended.values()) await emit(ctx, 'clock.span-ended', { caseId, ...span })
  return ended.size
}
