import { randomInt } from 'node:crypto'

/** When to try again after `attempts` failures: 1 s, 2 s, 4 s … up to 5 min, with jitter so that a crowd parts. */
export function backoff(now: Date, attempts: number, jitter = randomInt(1000) / 1000): Date {
  const seconds = Math.min(300, 2 ** attempts)
  return new Date(now.getTime() + seconds * 1000 * (0.75 + jitter / 2))
}
