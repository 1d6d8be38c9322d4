import type { MatchedPair, PairDecision, RowRef } from './match.ts'

export interface Clustering {
  /** Groups of two rows or more that stand for the same, each in order, the groups by their first. */
  readonly clusters: readonly (readonly RowRef[])[]
  readonly decided: readonly (MatchedPair & { readonly decision: PairDecision })[]
}

export interface Thresholds {
  readonly upper: number
  readonly margin: number | undefined
  /** A pair that may not be linked whatever its weight: the place of its row is taken. */
  readonly taken?: (pair: MatchedPair) => boolean
}

/** What people ruled on pairs, by {@link pairKey}. */
export type Rulings = ReadonlyMap<string, 'same' | 'different'>

/**
 * Section 6.3. Between sources best-link: pairs by descending weight, ties by key, each only if its cluster
 * then holds at most one row of a source; what is turned away for that is for a person to decide. Within one
 * source, the components of all links. A ruling of people stands above every weight: `different` rows never
 * come into one cluster. Does not depend on the order of `pairs`.
 */
export function clustered(
  pairs: readonly MatchedPair[],
  { upper, margin, taken }: Thresholds,
  within: boolean,
  rulings: Rulings = new Map(),
): Clustering {
  const rank = ({ left, right }: MatchedPair) => (rulings.get(pairKey(left, right)) === 'same' ? 1 : 0)
  const sorted = pairs.toSorted(
    (a, b) =>
      rank(b) - rank(a) || b.weight - a.weight || order(pairKey(a.left, a.right), pairKey(b.left, b.right)),
  )
  const rivals = margin === undefined || within ? undefined : rivalsOf(sorted)
  const groups = new Groups(within, forbidden(rulings))
  const decided = sorted.flatMap((pair): (MatchedPair & { decision: PairDecision })[] => {
    const ruling = rulings.get(pairKey(pair.left, pair.right))
    if (ruling === 'different') return []
    const sure =
      ruling === 'same' ||
      (pair.weight >= upper && !(rivals?.near(pair, margin ?? 0) ?? false) && !(taken?.(pair) ?? false))
    return [{ ...pair, decision: sure && groups.join(pair.left, pair.right) ? 'link' : 'review' }]
  })
  return { clusters: groups.all(), decided }
}

/** The same for both orders of the pair. */
export function pairKey(a: RowRef, b: RowRef): string {
  return [a, b].map(rowKey).sort(order).join('\u0001')
}

function rowKey({ source, id }: RowRef): string {
  return `${source}\u0000${id}`
}

function forbidden(rulings: Rulings): Map<string, string[]> {
  const apart = new Map<string, string[]>()
  for (const [key, ruling] of rulings) {
    if (ruling !== 'different') continue
    const [a = '', b = ''] = key.split('\u0001')
    apart.set(a, [...(apart.get(a) ?? []), b])
    apart.set(b, [...(apart.get(b) ?? []), a])
  }
  return apart
}

/** Of each row and other source, the two best weights: whether a pair's row has another candidate nearly as good. */
function rivalsOf(sorted: readonly MatchedPair[]) {
  const best = new Map<string, number[]>()
  const place = (row: RowRef, other: RowRef) => `${rowKey(row)}\u0001${other.source}`
  for (const { left, right, weight } of sorted)
    for (const key of [place(left, right), place(right, left)]) {
      const weights = best.get(key) ?? []
      if (weights.length < 2)
        best.set(
          key,
          [...weights, weight].sort((a, b) => b - a),
        )
    }
  return {
    near: ({ left, right }: MatchedPair, margin: number): boolean =>
      [place(left, right), place(right, left)].some((key) => {
        const [first = 0, second] = best.get(key) ?? []
        return second !== undefined && first - second <= margin
      }),
  }
}

class Groups {
  readonly #of = new Map<string, RowRef[]>()
  readonly #within: boolean
  readonly #apart: ReadonlyMap<string, readonly string[]>

  constructor(within: boolean, apart: ReadonlyMap<string, readonly string[]>) {
    this.#within = within
    this.#apart = apart
  }

  /** Whether both rows are in one group now. */
  join(left: RowRef, right: RowRef): boolean {
    const [a, b] = [left, right].map((row) => this.#of.get(rowKey(row)) ?? [row]) as [RowRef[], RowRef[]]
    if (a === b) return true
    const joined = [...a, ...b]
    if (!this.#within && new Set(joined.map(({ source }) => source)).size < joined.length) return false
    const keys = new Set(b.map(rowKey))
    if (a.some((row) => this.#apart.get(rowKey(row))?.some((other) => keys.has(other)))) return false
    for (const row of joined) this.#of.set(rowKey(row), joined)
    return true
  }

  all(): RowRef[][] {
    return [...new Set(this.#of.values())]
      .map((group) => group.toSorted((a, b) => order(rowKey(a), rowKey(b))))
      .sort(([a], [b]) => order(a ? rowKey(a) : '', b ? rowKey(b) : ''))
  }
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
