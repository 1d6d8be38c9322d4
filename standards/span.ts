import type { Day } from '../core/day.ts'

/** Days `[from, to)`. */
export interface Span {
  readonly from: Day | ''
  readonly to: Day
}

/**
 * Puts a span among those that overlap none of the others, in their order; false, and left out, when it overlaps one.
 * Found by halves: a code may come back as often as a file has rows.
 */
export function insertApart(spans: Span[], span: Span): boolean {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((spans[middle]?.from ?? '') < span.from) low = middle + 1
    else high = middle
  }
  const [before, after] = [spans[low - 1], spans[low]]
  if ((before && before.to > span.from) || (after && after.from < span.to)) return false
  spans.splice(low, 0, span)
  return true
}
