import { addDays, type Day, startOf } from '../../core/day.ts'
import { errors } from './refusals.ts'

/** Which cases are counted: of one version, of one body or all, begun within a period. */
export interface Population {
  readonly definitionId: string
  readonly organisationId: string | null
  /** Begun then or later; null for no bound. */
  readonly since: Date | null
  /** Begun before; null for no bound. */
  readonly before: Date | null
}

/** Elapsed time, nights and holidays included: not the working time legal limits are counted in. Seconds; null where nothing is counted. */
export interface Spread {
  readonly p50: number | null
  readonly p90: number | null
  readonly mean: number | null
}

export interface CaseFigures extends Spread {
  readonly running: number
  readonly completed: number
  readonly terminated: number
  /** Of completed cases, like all that follows: activities entered. */
  readonly steps: number | null
  /** User tasks completed. */
  readonly touches: number | null
  /** Different persons who completed one. */
  readonly people: number | null
  /** Seconds spent at nodes, parallel ones each counted. */
  readonly waiting: number | null
}

export interface NodeFigures extends Spread {
  readonly node: string
  /** Visits, and those of them that have ended by being cancelled. */
  readonly visits: number
  readonly cancelled: number
  /** Tokens that stand there now. */
  readonly now: number
  /** Visits beyond an instance's first: rework. */
  readonly repeats: number
  /** Seconds over all ended visits. */
  readonly total: number
  /** Mean seconds until somebody claimed the task; null for what nobody claims. */
  readonly untilClaimed: number | null
}

/** Of a flow the time from leaving one node to entering the next: what a join keeps a branch waiting. */
export interface FlowFigures extends Spread {
  readonly flow: string
  readonly passages: number
  readonly total: number
}

export interface VariantFigures extends Spread {
  readonly variant: string
  /** Ids of its activities. */
  readonly path: readonly string[]
  readonly cases: number
}

export interface Bottleneck extends NodeFigures {
  /** Of all time tokens of these cases stood anywhere, 0 to 1. */
  readonly share: number
}

/** Where the time goes: nodes by their share of all waiting, the largest first; those that take none left out. */
export function bottlenecksOf(nodes: readonly NodeFigures[]): Bottleneck[] {
  const all = nodes.reduce((sum, { total }) => sum + total, 0)
  return nodes
    .filter(({ total }) => total > 0)
    .map((node) => ({ ...node, share: node.total / all }))
    .sort((a, b) => b.total - a.total || (a.node < b.node ? -1 : 1))
}

/** Fewer completed cases than this on either side and a difference is not told: it may be chance. */
export const ENOUGH_CASES = 30

export interface Change {
  /** After minus before. */
  readonly steps: number
  readonly touches: number
  /** Seconds. */
  readonly waiting: number
  readonly p50: number
  readonly mean: number
}

/** What changed from one version to another; undefined when one has too few completed cases for a claim. */
export function changeOf(before: CaseFigures, after: CaseFigures): Change | undefined {
  if (Math.min(before.completed, after.completed) < ENOUGH_CASES) return undefined
  const difference = (name: 'steps' | 'touches' | 'waiting' | 'p50' | 'mean') =>
    (after[name] ?? 0) - (before[name] ?? 0)
  return {
    steps: difference('steps'),
    touches: difference('touches'),
    waiting: difference('waiting'),
    p50: difference('p50'),
    mean: difference('mean'),
  }
}

/** The instants a period of days stands for, both days included. @throws WORKFLOW_PERIOD_INVALID */
export function periodOf(
  since: Day | null | undefined,
  until: Day | null | undefined,
): Pick<Population, 'since' | 'before'> {
  if (since && until && since > until) throw errors.PERIOD_INVALID()
  return { since: since ? startOf(since) : null, before: until ? startOf(addDays(until, 1)) : null }
}
