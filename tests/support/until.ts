import { setTimeout as pause } from 'node:timers/promises'

const LOOK_MS = 5

/** Looks again until it holds; whoever looks without rest takes the processor from what is waited for. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(LOOK_MS)
}
