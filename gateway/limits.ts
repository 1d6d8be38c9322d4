import { errors } from './refusals.ts'

const WINDOW_MS = 60_000
/** Callers remembered at once; beyond it the longest unseen are forgotten. */
const MAX_CALLERS = 20_000

interface Bucket {
  tokens: number
  at: number
}

export interface RateLimiter {
  /** Takes one call of `caller`'s share. @throws GATEWAY_RATE_EXCEEDED */
  take(caller: string): void
  /** Refuses a caller whose share is spent, and takes nothing. @throws GATEWAY_RATE_EXCEEDED */
  check(caller: string): void
}

/**
 * A share of `perMinute` calls for each caller, refilled evenly. Counted on each node, by the monotonic
 * clock: it guards the node, not a right.
 */
export function rateLimiter(perMinute: number, now: () => number = () => performance.now()): RateLimiter {
  const buckets = new Map<string, Bucket>()
  function tokensOf(caller: string, at: number): number {
    const before = buckets.get(caller)
    const refilled = before ? before.tokens + ((at - before.at) / WINDOW_MS) * perMinute : perMinute
    return Math.min(perMinute, refilled)
  }
  function requireOne(tokens: number): void {
    if (tokens < 1)
      throw errors.RATE_EXCEEDED({ seconds: Math.ceil(((1 - tokens) * WINDOW_MS) / perMinute / 1000) })
  }

  return {
    take(caller) {
      const at = now()
      const tokens = tokensOf(caller, at)
      buckets.delete(caller)
      buckets.set(caller, { tokens: tokens < 1 ? tokens : tokens - 1, at })
      if (buckets.size > MAX_CALLERS) buckets.delete(String(buckets.keys().next().value))
      requireOne(tokens)
    },
    check: (caller) => requireOne(tokensOf(caller, now())),
  }
}
