import type { Context } from '../context.ts'
import type { Poller } from '../jobs.ts'

/** A woken worker looks at once; the poll is the truth for what nobody woke it for. */
const POLL_MS = 1_000

export interface Workers {
  wake(): void
  /** Takes nothing new, aborts what runs and waits for it. */
  stop(): Promise<void>
}

/** Keeps looking at every poller, each in places of its own, until stopped. `alone`: no other node shares the database. */
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

  async function watch(poller: Poller): Promise<void> {
    if (alone) await recover(poller)
    await Promise.all(Array.from({ length: poller.atOnce ?? 1 }, () => look(poller)))
  }

  async function recover(poller: Poller): Promise<void> {
    while (!stopping.signal.aborted) {
      const seen = woken
      try {
        return await poller.recover?.(contextFor(poller.name))
      } catch (error) {
        failed(poller, error)
      }
      await rest(seen)
    }
  }

  async function look(poller: Poller): Promise<void> {
    while (!stopping.signal.aborted) {
      const seen = woken
      try {
        // Looking for work commits too: only work that was found may wake the others, or nobody would ever rest.
        const ctx = { ...contextFor(poller.name), wake: () => undefined }
        if ((await poller.poll(ctx, stopping.signal)) > 0) {
          wakeAll()
          continue
        }
      } catch (error) {
        failed(poller, error)
      }
      await rest(seen)
    }
  }

  /** The database may be restarting; the rows keep the work, so it is looked at again after a rest. */
  function failed({ name }: Poller, error: unknown): void {
    contextFor(name).log.error({ err: error, poller: name }, 'poll failed')
  }

  function wakeAll(): void {
    woken += 1
    for (const done of [...resting]) done()
  }

  const watching = pollers.map(watch)
  return {
    wake: wakeAll,
    async stop() {
      stopping.abort()
      wakeAll()
      await Promise.all(watching)
    },
  }
}
