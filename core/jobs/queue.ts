import type { Context } from '../context.ts'
import { actingAs } from '../context.ts'
import { DomainError } from '../errors.ts'
import { errors, type Job, type Poller } from '../jobs.ts'
import { backoff } from './backoff.ts'
import * as repository from './job.repository.ts'

const LEASE_MS = 60_000
const HEARTBEAT_MS = 1_000
const PROGRESS_MS = 2_000
const MAX_ATTEMPTS = 5

/**
 * Runs the jobs of all manifests. Each kind has places of its own on a node, so that a slow one delays no other.
 * A refusal is final unless it is of the kind `unavailable`; any other failure is tried again.
 */
export function jobQueue(jobs: Readonly<Record<string, Job>>): Poller {
  const placesOf = (kind: string) => jobs[kind]?.atOnce ?? 1
  const running = new Map<string, number>()
  const count = (kind: string, change: number) => running.set(kind, (running.get(kind) ?? 0) + change)
  let looking: Promise<repository.ClaimedJob | undefined> | undefined

  /** One look at a time, so that no two find the same place free; those that wait for their turn share the next one. */
  async function take(ctx: Context): Promise<repository.ClaimedJob | undefined> {
    await looking?.catch(() => undefined)
    while (looking) if (!(await looking.catch(() => undefined))) return undefined
    const free = Object.keys(jobs).filter((kind) => (running.get(kind) ?? 0) < placesOf(kind))
    looking = repository.claim(ctx, free, LEASE_MS)
    try {
      const claimed = await looking
      if (claimed) count(claimed.kind, 1)
      return claimed
    } finally {
      looking = undefined
    }
  }

  return {
    name: 'core.jobs',
    atOnce: Object.keys(jobs).reduce((sum, kind) => sum + placesOf(kind), 0),
    recover: repository.release,
    async poll(ctx, stopping) {
      const claimed = await take(ctx)
      if (!claimed) return 0
      try {
        const job = jobs[claimed.kind]
        if (job) await attempt(ctx, job, claimed, stopping)
        return 1
      } finally {
        count(claimed.kind, -1)
      }
    },
  }
}

async function attempt(
  ctx: Context,
  job: Job,
  claimed: repository.ClaimedJob,
  stopping: AbortSignal,
): Promise<void> {
  const cancelled = new AbortController()
  const heartbeat = setInterval(() => {
    repository.prolong(ctx, claimed, LEASE_MS).then(
      (goesOn) => {
        if (!goesOn) cancelled.abort()
      },
      (error: unknown) => ctx.log.warn({ err: error, job: claimed.id }, 'heartbeat failed'),
    )
  }, HEARTBEAT_MS)
  let lastProgress = 0
  const signal = AbortSignal.any([cancelled.signal, stopping])
  try {
    await job.run(contextOf(ctx, claimed), claimed.payload, {
      signal,
      async progress(state) {
        if (performance.now() - lastProgress < PROGRESS_MS) return
        lastProgress = performance.now()
        await repository.saveProgress(ctx, claimed, state)
      },
    })
    await repository.settle(ctx, claimed, { status: 'done', lastError: null })
  } catch (error) {
    await fail(ctx, job, claimed, error, stopping)
  } finally {
    clearInterval(heartbeat)
  }
}

async function fail(
  ctx: Context,
  job: Job,
  claimed: repository.ClaimedJob,
  error: unknown,
  stopping: AbortSignal,
): Promise<void> {
  // It was told to stop: it begins again at the next start, and none of its attempts is used up.
  if (stopping.aborted) return repository.giveBack(ctx, claimed)
  ctx.log.error({ err: error, job: claimed.kind, key: claimed.key }, 'job failed')
  const lastError = error instanceof DomainError ? error.code : error instanceof Error ? error.message : ''
  const isRefused = error instanceof DomainError && error.kind !== 'unavailable'
  const isFinal = isRefused || claimed.attempts >= MAX_ATTEMPTS
  // Before the job says so: after a crash in between it runs once more. Not when another has taken it over.
  if (isFinal && job.gaveUp && (await repository.prolong(ctx, claimed, LEASE_MS)))
    await job.gaveUp(
      contextOf(ctx, claimed),
      claimed.payload,
      error instanceof DomainError ? error : errors.GAVE_UP(),
    )
  await repository.settle(ctx, claimed, {
    status: isFinal ? 'failed' : 'waiting',
    runAfter: backoff(ctx.now(), claimed.attempts),
    lastError,
  })
}

function contextOf(ctx: Context, { kind, id }: repository.ClaimedJob): Context {
  return {
    ...actingAs(ctx, { id: `job:${kind}`, organisationId: ctx.actor.organisationId, roles: ['system'] }),
    requestId: `job:${id}`,
  }
}
