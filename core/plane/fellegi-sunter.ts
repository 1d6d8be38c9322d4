import type { LevelModel, MatchModel } from './match.ts'

/** How many pairs show one combination of levels; -1 where a value is absent. */
export interface Pattern {
  readonly levels: readonly number[]
  readonly pairs: number
}

const MAX_ITERATIONS = 50
const SETTLED = 1e-4
/** What is taken for known before the first row is seen: without it few rows would teach nonsense. */
export interface Assumed {
  /** Pairs of the same, spread over the levels as at the start. */
  readonly same: number
  /** All pairs these are among. */
  readonly pairs: number
}

/** Shares are kept off 0 and 1: what was not seen is rare, not impossible. */
const LEAST = 1e-6
const LEAST_PRIOR = 1e-15

/**
 * Estimates the shares among the same (`m`) and the prior by expectation maximisation over patterns, with
 * the shares among the different (`u`) given. Deterministic; at most 50 rounds.
 *
 * The candidates were chosen by agreement, and `u` is that of pairs chosen at random: so the prior is a share
 * of all pairs there are, compared or not. Counted among candidates alone, agreement on the blocking fields
 * would be taken for evidence twice, and nearly every candidate for the same.
 *
 * @param u of each comparison, by level from 0
 * @param allPairs of the rows, whether compared or not
 */
export function estimate(
  fields: readonly string[],
  patterns: readonly Pattern[],
  u: readonly (readonly number[])[],
  allPairs: number,
  assumed: Assumed = { same: 0, pairs: 0 },
): MatchModel {
  let m = u.map((levels) => levels.map((_, level) => startingShare(level, levels.length)))
  let prior = Math.min(0.1, 1 / Math.sqrt(Math.max(100, allPairs)))
  let iterations = 0
  while (iterations < MAX_ITERATIONS) {
    iterations += 1
    const next = maximise(patterns, u, m, prior, allPairs + assumed.pairs, assumed.same)
    const change = Math.max(
      Math.abs(next.prior - prior),
      ...next.m.flatMap((levels, at) =>
        levels.map((share, level) => Math.abs(share - (m[at]?.[level] ?? 0))),
      ),
    )
    m = next.m
    prior = next.prior
    if (change < SETTLED) break
  }
  return {
    prior,
    iterations,
    comparisons: fields.map((field, at) => ({
      field,
      levels: (m[at] ?? []).map((share, level): LevelModel => levelOf(share, u[at]?.[level] ?? LEAST)),
    })),
  }
}

function levelOf(m: number, u: number): LevelModel {
  return { m, u, weight: Math.log2(m / u) }
}

/** Most of the same agree; the rest is spread over the levels below. */
function startingShare(level: number, levels: number): number {
  return level === levels - 1 ? 0.9 : 0.1 / (levels - 1)
}

function maximise(
  patterns: readonly Pattern[],
  u: readonly (readonly number[])[],
  m: readonly (readonly number[])[],
  prior: number,
  allPairs: number,
  assumed: number,
) {
  const counts = m.map((levels) => levels.map((_, level) => assumed * startingShare(level, levels.length)))
  let same = assumed
  for (const { levels, pairs } of patterns) {
    let odds = prior / (1 - prior)
    levels.forEach((level, at) => {
      if (level >= 0) odds *= (m[at]?.[level] ?? LEAST) / (u[at]?.[level] ?? LEAST)
    })
    const expected = pairs * (Number.isFinite(odds) ? odds / (1 + odds) : 1)
    same += expected
    levels.forEach((level, at) => {
      const count = counts[at]
      if (count && level >= 0) count[level] = (count[level] ?? 0) + expected
    })
  }
  return {
    m: counts.map(shares),
    prior: Math.min(1 - LEAST, Math.max(LEAST_PRIOR, same / Math.max(1, allPairs))),
  }
}

/** Of counts: what each is of their sum, kept off zero. */
export function shares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => Math.max(LEAST, total === 0 ? 1 / counts.length : count / total))
}

/** Weight of the prior alone, in bits. */
export function priorWeight({ prior }: Pick<MatchModel, 'prior'>): number {
  return Math.log2(prior / (1 - prior))
}
