import { addDays, addMonths, type Day } from '../../core/day.ts'
import type { Texts } from '../../core/errors.ts'
import { type Calendar, verdictOn } from './calendar.ts'
import { covers, daysBetween, earliest, reasonText, type Span, spansOf } from './span.ts'

export type LimitUnit = 'working-day' | 'calendar-day' | 'month'

export interface Limit {
  readonly amount: number
  readonly unit: LimitUnit
}

/** The published text the arithmetic follows; a later text becomes a new version beside it. */
export type RuleVersion = 'R1'

export type ClockEventKind = 'start' | 'pause' | 'resume' | 'extend' | 'stop' | 'void'

/** What happened to one clock. `seq` orders the record, `effectiveOn` the law. */
export interface ClockEvent {
  readonly seq: number
  readonly kind: ClockEventKind
  readonly effectiveOn: Day
  /** Ties a resume to its pause. */
  readonly spanId?: string | null
  readonly reason?: string | null
  /** Last day of a pause as planned. */
  readonly plannedUntil?: Day | null
  /** Days an extension adds (R1.7). */
  readonly days?: number | null
  /** The `seq` of the event that a `void` undoes. */
  readonly voids?: number | null
}

export type ClockState = 'running' | 'paused' | 'stopped'

export interface ClockStep {
  readonly on: Day
  readonly counted: boolean
  readonly why: Texts
}

export interface Deadline {
  /** The day this run of the clock began; it is not counted (R1.1). */
  readonly startedOn: Day
  /** The last day in time; null while a pause has no end (R1.5). */
  readonly dueOn: Day | null
  /** As `dueOn`, taking open pauses to end as planned; null when no end is planned. */
  readonly estimatedOn: Day | null
  readonly state: ClockState
  /** Counted days before the clock stopped or paused; all of them while it runs. */
  readonly usedDays: number
  /** Days that would have counted but for pauses: a union, never a sum (R1.6). */
  readonly pausedDays: number
  /** A day of a year not published yet took part (R1.10). */
  readonly provisional: boolean
  /** Each day after the start with its verdict, up to the due or estimated day. */
  readonly steps: readonly ClockStep[]
}

/** No lawful term comes near it; more is a mistake of the data. */
export const MAX_AMOUNT = 10_000
/** Beyond any pause that ends; stops a walk over days that never count. */
const MAX_STEPS = 40_000

/**
 * When a clock is due (specs/one-window.md 6.1, R1.1 to R1.12). Pure; the order in which events were
 * recorded makes no difference, only the days on which they take effect.
 */
export function deadline(
  events: readonly ClockEvent[],
  limit: Limit,
  _rule: RuleVersion,
  calendar: Calendar,
): Deadline {
  const run = currentRun(events)
  const spans = spansOf(run.events, run.stoppedOn)
  const walk = new Walk(calendar, limit, spans)
  const estimatedOn = walk.to(run.startedOn, run.added)
  const open = spans.some((span) => span.open)
  const state = run.stoppedOn !== null ? 'stopped' : open ? 'paused' : 'running'
  const ceasedOn = run.stoppedOn ?? earliest(spans.filter((span) => span.open).map((span) => span.from))
  const steps =
    run.stoppedOn === null ? walk.steps : walk.steps.filter(({ on }) => on <= String(run.stoppedOn))
  return {
    startedOn: run.startedOn,
    dueOn: dependsOnOpen(spans, estimatedOn) ? null : estimatedOn,
    estimatedOn,
    state,
    usedDays: steps.filter(({ on, counted }) => counted && (ceasedOn === null || on < ceasedOn)).length,
    pausedDays: walk.paused.filter((on) => run.stoppedOn === null || on < run.stoppedOn).length,
    provisional: walk.provisional,
    steps,
  }
}

/** How many counted days lie after `day` up to and including the due day (R1.12). */
export function remainingDays({ steps }: Deadline, day: Day): number {
  return steps.filter(({ on, counted }) => counted && on > day).length
}

/** Overdue begins at 00:00 of the day after the due day (R1.1). */
export function isOverdue({ state, dueOn }: Deadline, today: Day): boolean {
  return state === 'running' && dueOn !== null && dueOn < today
}

interface Run {
  readonly startedOn: Day
  readonly stoppedOn: Day | null
  /** Days added by extensions. */
  readonly added: number
  readonly events: readonly ClockEvent[]
}

/** The events since the last start, without those undone: a restart counts the whole limit anew. */
function currentRun(all: readonly ClockEvent[]): Run {
  const undone = new Set(all.filter(({ kind }) => kind === 'void').map(({ voids }) => voids))
  const events = all.filter(({ kind, seq }) => kind !== 'void' && !undone.has(seq))
  const start = events
    .filter(({ kind }) => kind === 'start')
    .sort(byDay)
    .at(-1)
  if (!start) throw new Error('a clock without a start has no deadline')
  const later = events.filter(({ effectiveOn }) => effectiveOn >= start.effectiveOn)
  // A clock may be stopped and started again on one day: only a stop recorded after the start ends this run.
  const stops = later.filter((event) => event.kind === 'stop' && isAfter(event, start))
  return {
    startedOn: start.effectiveOn,
    stoppedOn: earliest(stops.map((event) => event.effectiveOn)),
    added: later.reduce((sum, event) => sum + (event.kind === 'extend' ? (event.days ?? 0) : 0), 0),
    events: later,
  }
}

const byDay = (a: ClockEvent, b: ClockEvent) => a.effectiveOn.localeCompare(b.effectiveOn) || a.seq - b.seq

const isAfter = (event: ClockEvent, start: ClockEvent) =>
  event.effectiveOn > start.effectiveOn || event.seq > start.seq

/** Walks the days after a start and writes down what it finds of each. */
class Walk {
  readonly steps: ClockStep[] = []
  readonly paused: Day[] = []
  provisional = false
  readonly #calendar: Calendar
  readonly #limit: Limit
  readonly #spans: readonly Span[]

  constructor(calendar: Calendar, limit: Limit, spans: readonly Span[]) {
    this.#calendar = calendar
    this.#limit = limit
    this.#spans = spans
  }

  /** The due day; null when a pause without a planned end lies before it. */
  to(start: Day, added: number): Day | null {
    const { amount, unit } = this.#limit
    const days = unit === 'month' ? daysBetween(start, addMonths(start, amount)) : amount
    const needed = days + added
    // R1.3: nothing to count, so the start day itself may be the due day.
    if (needed === 0 && this.#worked(start) && this.#reasonsOn(start).length === 0) return start
    let counted = 0
    let at = start
    for (let step = 0; step < MAX_STEPS; step++) {
      at = addDays(at, 1)
      if (this.#isEndless(at)) return null
      const counts = this.#look(at, counted >= needed)
      if (counts) counted += 1
      if (counted >= needed && counts && this.#worked(at)) return at
    }
    throw new Error(`no due day within ${MAX_STEPS} days of ${start}`)
  }

  /** Notes a day and answers whether it counts; `rolling` past the last day asks for a working day (R1.4). */
  #look(on: Day, rolling: boolean): boolean {
    const reasons = this.#reasonsOn(on)
    const byWork = this.#limit.unit === 'working-day' || rolling
    const verdict = byWork ? this.#verdict(on) : { work: true, why: CALENDAR_DAY }
    const counted = verdict.work && reasons.length === 0
    if (verdict.work && !counted) this.paused.push(on)
    this.steps.push({ on, counted, why: counted || reasons.length === 0 ? verdict.why : reasonText(reasons) })
    return counted
  }

  #worked = (on: Day) => this.#verdict(on).work

  #verdict(on: Day) {
    const verdict = verdictOn(this.#calendar, on)
    this.provisional ||= verdict.provisional
    return verdict
  }

  #reasonsOn(on: Day): string[] {
    return this.#spans.filter((span) => covers(span, on)).map((span) => span.reason)
  }

  #isEndless = (on: Day) => this.#spans.some((span) => span.until === null && on >= span.from)
}

const CALENDAR_DAY: Texts = { zh: '自然日', en: 'calendar day' }

const dependsOnOpen = (spans: readonly Span[], due: Day | null) =>
  spans.some((span) => span.open && (due === null || span.from <= due))
