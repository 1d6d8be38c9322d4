import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../context.ts'
import type { Notifications } from '../database/notifications.ts'
import type { Poller } from '../jobs.ts'

/** A woken worker looks at once; the poll is the truth for what nobody woke it for. */
const POLL_MS = 1_000
/** Whoever looked in vain while commits woke it looks again after this: one look for all of them. */
const TOGETHER_MS = 20

export interface Workers {
  wake(): void
  /** Takes nothing new, aborts what runs and waits for it. */
  stop(): Promise<void>
}

export interface WorkerOptions {
  /** No other node shares the database. */
  readonly alone: boolean
  /** How the nodes that share it wake each other; absent, each finds by its poll what another left. */
  readonly others?: (heard: () => void) => Notifications
  /** 1 s unless said; tests make it long, to see that nobody waited for it. */
  readonly pollMs?: number
}

/** Keeps looking at every poller, each in places of its own, until stopped. */
export function startWorkers(
  contextFor: (poller: string) => Context,
  pollers: readonly Poller[],
  { alone, others, pollMs = POLL_MS }: WorkerOptions,
): Workers {
  const stopping = new AbortController()
  let woken = 0
  const resting = new Set<() => void>()

  async function rest(seen: number): Promise<void> {
    if (stopping.signal.aborted) return
    if (seen !== woken) return pause(TOGETHER_MS)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, pollMs)
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
          wake()
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

  /** What a commit left behind may be for another node: one without a place for it here, or that is idle. */
  function wake(): void {
    wakeAll()
    told?.notify()
  }

  const told = others?.(wakeAll)
  const watching = pollers.map(watch)
  return {
    wake,
    async stop() {
      stopping.abort()
      wakeAll()
      await Promise.all([...watching, told?.close()])
    },
  }
}
