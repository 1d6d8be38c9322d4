import type { Context } from '../context.ts'
import type { Poller } from '../jobs.ts'

/** A woken worker looks at once; the poll is the truth for what nobody woke it for. */
const POLL_MS = 1_000

export interface Workers {
  wake(): void
  /** Takes nothing new, aborts what runs and waits for it. */
  stop(): Promise<void>
}

/** Keeps looking at every poller, each in its own turn, until stopped. `alone`: no other node shares the database. */
export function startWorkers(
  contextFor: (poller: string) => Context,
  pollers: readonly Poller[],
  { alone }: { readonly alone: boolean },
): Workers {
  const stopping = new AbortController()
  let woken = 0
  const resting = new Set<() => void>()

  async function rest(seen: number): Promise<void> {
    if (seen !== woken || stopping.signal.aborted) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, POLL_MS)
      function done() {
        clearTimeout(timer)
        resting.delete(done)
        resolve()
      }
      resting.add(done)
    })
  }

  async function look(poller: Poller): Promise<void> {
    let recovered = !alone
    while (!stopping.signal.aborted) {
      const seen = woken
      // Looking for work commits too: only work that was found may wake the others, or nobody would ever rest.
      const ctx = { ...contextFor(poller.name), wake: () => undefined }
      try {
        if (!recovered) await poller.recover?.(ctx)
        recovered = true
        if ((await poller.poll(ctx, stopping.signal)) > 0) {
          wakeAll()
          continue
        }
      } catch (error) {
        // The database may be restarting; the rows keep the work, so look again after a rest.
        ctx.log.error({ err: error, poller: poller.name }, 'poll failed')
      }
      await rest(seen)
    }
  }

  function wakeAll(): void {
    woken += 1
    for (const done of [...resting]) done()
  }

  const looking = pollers.map(look)
  return {
    wake: wakeAll,
    async stop() {
      stopping.abort()
      wakeAll()
      await Promise.all(looking)
    },
  }
}
