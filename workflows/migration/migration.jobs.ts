import { setTimeout as pause } from 'node:timers/promises'
import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { defineJob, type Job, type JobControl } from '../../core/jobs.ts'
import { definitionOf } from '../runtime/definitions.ts'
import { type Migration, NO_WAITS } from './migration.ts'
import * as plans from './migration.repository.ts'
import { type Course, placesOf, waitsOf } from './move.ts'
import { takeBack, takeOver, tried } from './take.service.ts'
import { rowsOf } from './waits.repository.ts'
import * as work from './work.repository.ts'
import './events.ts'

export const REHEARSE = 'workflow.rehearse-migration'
export const EXECUTE = 'workflow.execute-migration'

/** Instances in a transaction: some tens of milliseconds in which other steps of them wait. */
export const BATCH = 200
/** How often an instance that somebody is at is looked at again. */
const MAX_ATTEMPTS = 20
const BETWEEN_LOOKS_MS = 100

interface Work {
  readonly migrationId: string
}

/** How a job hears that it is to stop, and tells how far it has come. */
export type Control = Pick<JobControl, 'signal' | 'progress'>

export const rehearsalJob: Job = defineJob<Work>({
  run: (ctx, { migrationId }, control) => rehearse(ctx, migrationId, control),
  gaveUp: (ctx, { migrationId }, { code }) => failed(ctx, migrationId, code),
})

export const executionJob: Job = defineJob<Work>({
  run: (ctx, { migrationId }, control) => execute(ctx, migrationId, control),
  gaveUp: (ctx, { migrationId }, { code }) => failed(ctx, migrationId, code),
})

async function failed(ctx: Context, id: string, failure: string): Promise<void> {
  await transaction(ctx, async (ctx) => {
    await plans.end(ctx, id, ['rehearsing', 'executing', 'undoing'], { status: 'failed', failure })
  })
}

const courseOf = async (ctx: Context, plan: Migration): Promise<Course> => ({
  from: await definitionOf(ctx, plan.fromDefinition),
  to: await definitionOf(ctx, plan.toDefinition),
  mapping: plan.mapping,
})

/** Works out every running instance and writes the verdicts; goes on where it was stopped. */
export async function rehearse(ctx: Context, id: string, { signal, progress }: Control): Promise<void> {
  for (let done = 0, goesOn = true; goesOn;) {
    signal.throwIfAborted()
    goesOn = await transaction(ctx, async (ctx) => {
      const plan = await plans.hold(ctx, id)
      if (plan?.status !== 'rehearsing') return false
      const after = await work.lastOf(ctx, id)
      const page = await work.nextRunning(ctx, plan, { after, limit: BATCH })
      if (page.length === 0) {
        await plans.end(ctx, id, ['rehearsing'], { status: 'rehearsed', rehearsedAt: ctx.now() })
        const { movable, blocked } = await plans.counts(ctx, id)
        const of = { migrationId: id, key: plan.definitionKey }
        await emit(ctx, 'workflow.migration.rehearsed', { ...of, movable, blocked })
        return false
      }
      const course = await courseOf(ctx, plan)
      const rowsIn = await rowsOf(
        ctx,
        page.map((instance) => instance.id),
      )
      const verdicts = page.map((instance): work.Verdict => {
        const move = tried(ctx, course, instance, rowsIn(instance.id))
        const of = { instanceId: instance.id, nodes: placesOf(instance) }
        if (!move) return { ...of, outcome: 'failed', obstacles: [], waits: NO_WAITS }
        const outcome = move.state ? 'movable' : 'blocked'
        return { ...of, outcome, obstacles: move.obstacles, waits: waitsOf(move) }
      })
      await work.addVerdicts(ctx, id, verdicts)
      done += page.length
      return true
    })
    await progress({ done })
  }
}

/**
 * Takes the listed instances over, or back, batch by batch; each batch is one transaction that holds the plan, so
 * that two who work on it never take the same instance, and whoever begins after a crash goes on where it was.
 */
export async function execute(ctx: Context, id: string, { signal, progress }: Control): Promise<void> {
  for (let done = 0; ;) {
    signal.throwIfAborted()
    const worked = await batch(ctx, id)
    if (worked === 'over') return
    done += worked.done
    await progress({ done })
    if (worked.done === 0) await pause(BETWEEN_LOOKS_MS, undefined, { signal })
  }
}

type Worked = 'over' | { readonly done: number }

async function batch(ctx: Context, id: string): Promise<Worked> {
  try {
    return await inOne(ctx, id, BATCH)
  } catch (error) {
    // What fails as a whole is done singly, so that the one that fails leaves the others be.
    ctx.log.warn(
      { err: error, migration: id },
      'a batch of a migration failed; its instances are taken singly',
    )
    return singly(ctx, id)
  }
}

async function singly(ctx: Context, id: string): Promise<Worked> {
  for (let done = 0; done < BATCH; done++) {
    try {
      const worked = await inOne(ctx, id, 1)
      if (worked === 'over' || worked.done === 0) return done === 0 ? worked : { done }
    } catch (error) {
      ctx.log.error({ err: error, migration: id }, 'an instance could not be taken over')
      await transaction(ctx, (ctx) => leave(ctx, id))
    }
  }
  return { done: BATCH }
}

/** The next is left as it is: not taken over, or not taken back. */
async function leave(ctx: TransactionContext, id: string): Promise<void> {
  const plan = await plans.hold(ctx, id)
  if (plan?.status !== 'executing' && plan?.status !== 'undoing') return
  const [next] = await work.nextWaiting(ctx, id, 1)
  if (!next) return
  const outcome = plan.status === 'undoing' ? 'moved' : 'failed'
  await work.saveResults(ctx, id, [{ instanceId: next.instanceId, outcome, waiting: false }])
}

function inOne(ctx: Context, id: string, limit: number): Promise<Worked> {
  return transaction(ctx, async (ctx) => {
    const plan = await plans.hold(ctx, id)
    const isBack = plan?.status === 'undoing'
    if (!plan || (plan.status !== 'executing' && !isBack)) return 'over'
    const listed = await work.nextWaiting(ctx, id, limit)
    if (listed.length === 0) {
      const { total, moved, undone, gone } = await plans.counts(ctx, id)
      const done = isBack ? undone : moved
      const left = isBack ? moved : total - moved - gone - undone
      await plans.end(ctx, id, [plan.status], { status: isBack ? 'undone' : 'done' })
      const of = { migrationId: id, key: plan.definitionKey, act: isBack ? 'undo' : 'execute' } as const
      await emit(ctx, 'workflow.migration.ended', { ...of, done, left })
      return 'over'
    }
    const course = await courseOf(ctx, plan)
    const held = await work.holdFree(
      ctx,
      listed.map(({ instanceId }) => instanceId),
    )
    const results = isBack
      ? await takeBack(ctx, plan, course, listed, held)
      : await takeOver(ctx, plan, course, held)
    const rest = await passedOver(ctx, listed, new Set(held.map((instance) => instance.id)), isBack)
    await work.saveResults(ctx, id, [...results, ...rest])
    return { done: [...results, ...rest].filter(({ waiting }) => !waiting).length }
  })
}

/** Instances that somebody is at, to be looked at again as often as it makes sense; or that are archived. */
async function passedOver(
  ctx: Context,
  listed: readonly work.Listed[],
  held: ReadonlySet<string>,
  isBack: boolean,
): Promise<work.Result[]> {
  const rest = listed.filter(({ instanceId }) => !held.has(instanceId))
  if (rest.length === 0) return []
  const there = await work.existing(
    ctx,
    rest.map(({ instanceId }) => instanceId),
  )
  return rest.map(({ instanceId, attempts }): work.Result => {
    if (!there.has(instanceId)) return { instanceId, outcome: isBack ? 'kept' : 'gone', waiting: false }
    return { instanceId, outcome: isBack ? 'moved' : 'stale', waiting: attempts + 1 < MAX_ATTEMPTS }
  })
}
