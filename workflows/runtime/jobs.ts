import { actingAs, type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { DomainError } from '../../core/errors.ts'
import { recordAccess } from '../../core/events.ts'
import type { Poller } from '../../core/jobs.ts'
import { backoff } from '../../core/jobs/backoff.ts'
import { Loaders } from '../../core/loader.ts'
import type { Offers } from '../known.ts'
import { errors } from '../refusals.ts'
import { actorOf, advance } from './advance.ts'
import { definitionOf } from './definitions.ts'
import * as due from './due.repository.ts'
import type { Instance } from './instance.ts'
import * as instances from './instance.repository.ts'
import { accepted, catches, type StepCommand } from './step/index.ts'

/** How many service tasks one node runs at a time: what is taken together ends together, so few are. */
const PLACES = 4
const BATCH = 2
/** For how long they are its own unless it says that it is still at them. */
const LEASE_MS = 60_000
const HEARTBEAT_MS = 15_000

/**
 * Runs service tasks: outside any transaction, at least once, under the job's id as idempotency key. The
 * result steps the instance in a transaction of its own. A refusal that an error event catches goes there;
 * a passing failure is tried again; what is left becomes an incident.
 */
export function jobPoller({ tasks }: Offers, heartbeatMs = HEARTBEAT_MS): Poller {
  const names = [...tasks.keys()]
  return {
    name: 'workflow.jobs',
    atOnce: PLACES,
    recover: due.releaseJobs,
    async poll(ctx, stopping) {
      const claimed = await due.claimJobs(ctx, names, BATCH, LEASE_MS)
      const heartbeat = setInterval(() => {
        // As long as the node lives: a task that takes minutes is not begun a second time by another.
        due.prolongJobs(ctx, claimed, LEASE_MS).catch((error: unknown) => {
          ctx.log.warn({ err: error }, 'heartbeat of process jobs failed')
        })
      }, heartbeatMs)
      await Promise.all(
        claimed.map(async (job) => {
          if (stopping.aborted) return
          await attempt(ctx, job, tasks).catch((error: unknown) => {
            // Its lease runs out and it is tried again; the others of this turn go on.
            ctx.log.error({ err: error, job: job.id }, 'process job failed')
          })
        }),
      )
      clearInterval(heartbeat)
      return claimed.length
    },
  }
}

async function attempt(ctx: Context, job: due.ClaimedJob, tasks: Offers['tasks']): Promise<void> {
  const [instance] = await instances.byIds(ctx, [job.instanceId])
  if (!instance) return
  const acting: Context = {
    ...actingAs(ctx, actorOf(instance)),
    requestId: job.id,
    loaders: new Loaders(),
  }
  try {
    if (job.retriesLeft < 0) throw new Error('the server stopped each time while this task ran')
    const result = await runTask(acting, job, instance, tasks)
    await finish(acting, job, (definition) => ({
      kind: 'complete',
      token: job.token,
      output: accepted(definition, result, job.node),
    }))
  } catch (error) {
    await failed(acting, job, instance, error)
  }
}

async function runTask(
  ctx: Context,
  job: due.ClaimedJob,
  instance: Instance,
  tasks: Offers['tasks'],
): Promise<object> {
  const task = tasks.get(job.task)
  if (!task) throw new Error(`no module offers the task ${job.task}`)
  const input = task.input.safeParse({ ...job.input, caseId: instance.businessKey })
  if (!input.success) {
    const issue = input.error.issues[0]
    const field = issue?.path.join('.') ?? ''
    throw errors.TASK_INPUT_INVALID({ task: job.task, field, reason: issue?.message ?? '' })
  }
  const result = await task.run(ctx, input.data)
  return typeof result === 'object' && result !== null ? result : {}
}

type Decide = (definition: Awaited<ReturnType<typeof definitionOf>>) => StepCommand

/** Steps the instance unless the job was dropped while it ran; its result is then of no use to anybody. */
async function finish(ctx: Context, job: due.ClaimedJob, decide: Decide): Promise<void> {
  await transaction(ctx, async (ctx) => {
    const instance = await held(ctx, job)
    if (!instance) return
    const command = decide(await definitionOf(ctx, instance.definitionId))
    const result = command.kind === 'complete' ? (command.output ?? {}) : {}
    await advance(ctx, instance, command, { job: { id: job.id, result } })
  })
}

async function held(ctx: TransactionContext, job: due.ClaimedJob): Promise<Instance | undefined> {
  const instance = await instances.lock(ctx, job.instanceId)
  if (!instance || !(await due.isWaiting(ctx, job.id))) return undefined
  return instance.state.tokens.some(({ id }) => id === job.token) ? instance : undefined
}

async function failed(ctx: Context, job: due.ClaimedJob, instance: Instance, error: unknown): Promise<void> {
  const refusal = error instanceof DomainError ? error : undefined
  if (refusal) await recordAccess(ctx, { kind: 'refusal', subject: job.task, code: refusal.code })
  else ctx.log.error({ err: error, job: job.id, task: job.task }, 'service task failed')
  const definition = await definitionOf(ctx, instance.definitionId)
  const caught = refusal !== undefined && catches(definition, instance.state, job.token, refusal.code)
  const passing = !refusal || refusal.kind === 'unavailable' || refusal.kind === 'conflict'
  const lastError = refusal?.code ?? (error instanceof Error ? error.message : String(error))
  if (!caught && passing && job.retriesLeft > 0)
    return due.postponeJob(ctx, job.id, { runAfter: backoff(ctx.now(), job.attempts), lastError })
  await transaction(ctx, async (ctx) => {
    const current = await held(ctx, job)
    if (!current) return
    await due.failJob(ctx, job.id, lastError)
    await advance(ctx, current, {
      kind: 'fail',
      token: job.token,
      code: refusal?.code ?? '',
      // The cause of a bug may name hosts, files and other people's rows: it stays in the log and the job.
      cause: refusal ?? errors.TASK_BROKEN({ job: job.id }),
    })
  })
}
