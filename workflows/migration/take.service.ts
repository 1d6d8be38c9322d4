import { actingAs, type Context, type TransactionContext } from '../../core/context.ts'
import { DomainError } from '../../core/errors.ts'
import { factOf } from '../../core/events.ts'
import { actorOf, advance, dueOf, offeredTo } from '../runtime/advance.ts'
import { type Instance, stateOf, storedState } from '../runtime/instance.ts'
import * as messages from '../runtime/message.repository.ts'
import { save } from '../runtime/save.repository.ts'
import type { Saving } from '../runtime/saving.ts'
import type { Effect, State } from '../runtime/step/index.ts'
import { movesBetween, type Rearmed } from '../runtime/step/rearm.ts'
import type { Migration } from './migration.ts'
import { type Course, type Move, moveOf, placesOf } from './move.ts'
import * as rows from './rows.repository.ts'
import type { Before, Rows } from './waits.ts'
import { holdJobs, rowsOf } from './waits.repository.ts'
import type { Listed, Result } from './work.repository.ts'
import '../events.ts'

type Plan = Pick<Migration, 'fromDefinition' | 'toDefinition' | 'orderedBy' | 'orderedFor' | 'orderReason'>

/** As whom a job works: who ordered it, so that every instance's record names a person. */
const orderedBy = (ctx: TransactionContext, { orderedBy: id, orderedFor: organisationId }: Plan) =>
  actingAs(ctx, { id, organisationId, roles: [] })

/** The rows of instances that the transaction holds, their jobs held too. */
async function heldRows(ctx: TransactionContext, held: readonly Instance[]) {
  const ids = held.map(({ id }) => id)
  await holdJobs(ctx, ids)
  return rowsOf(ctx, ids)
}

/** Takes instances that the transaction holds to the new version, those that can be; says what became of each. */
export async function takeOver(
  given: TransactionContext,
  plan: Plan,
  course: Course,
  held: readonly Instance[],
): Promise<Result[]> {
  const ctx = orderedBy(given, plan)
  const rowsIn = await heldRows(ctx, held)
  const results: Result[] = []
  const moves: { instance: Instance; move: Move & { state: State }; before: Rows }[] = []
  for (const instance of held) {
    if (instance.endedAt || instance.definitionId !== plan.fromDefinition) {
      results.push({ instanceId: instance.id, outcome: 'gone', waiting: false })
      continue
    }
    const before = rowsIn(instance.id)
    const move = tried(ctx, course, instance, before)
    if (move?.state) moves.push({ instance, move, before })
    else if (move) results.push(blocked(instance, move))
    else results.push({ instanceId: instance.id, outcome: 'failed', waiting: false })
  }
  const { fromDefinition, toDefinition } = plan
  const savings = moves.map(({ instance, move }) =>
    savingOf(ctx, instance, {
      ...{ command: 'migrate', reason: plan.orderReason, state: move.state, visited: move.visited },
      ...{ effects: move.rearmed.effects, definitionId: toDefinition, stays: move.stays },
    }),
  )
  const saved = savings.length > 0 ? await save(ctx, savings) : []
  const done = moves.filter((_, index) => saved[index] === 'saved')
  await carry(ctx, done, toDefinition)
  await goOn(ctx, done, toDefinition)
  for (const [index, { instance, move, before }] of moves.entries()) {
    if (saved[index] !== 'saved') {
      results.push({ instanceId: instance.id, outcome: 'stale', waiting: true })
      continue
    }
    const { state, visited } = instance
    const kept: Before = {
      ...{ definitionId: fromDefinition, state: storedState(state), variables: state.variables, visited },
      ...before,
    }
    results.push({
      ...{ instanceId: instance.id, outcome: 'moved', waiting: false, verdict: 'movable' },
      ...{ nodes: placesOf(instance), obstacles: [], waits: move.rearmed.counts },
      ...{ versionAfter: instance.version + 1, before: kept },
    })
  }
  return results
}

/** The move of one instance; undefined where a bug is met, which is in the log. */
export function tried(ctx: Context, course: Course, instance: Instance, before: Rows): Move | undefined {
  try {
    return moveOf(course, instance, before, ctx.now())
  } catch (error) {
    // A bug met in one instance leaves it as it was, and the others of its batch alone.
    ctx.log.error({ err: error, instance: instance.id }, 'an instance could not be taken over')
    return undefined
  }
}

const blocked = (instance: Instance, { obstacles }: Move): Result => ({
  ...{ instanceId: instance.id, outcome: 'blocked', waiting: false, verdict: 'blocked' },
  ...{ nodes: placesOf(instance), obstacles },
})

interface Change {
  readonly command: 'migrate' | 'undo-migration'
  readonly reason: string
  readonly state: State
  readonly visited: readonly string[]
  readonly effects: readonly Effect[]
  readonly definitionId: string
  readonly stays: readonly (readonly [string, string])[]
}

/** The change as a step of the instance, told like one, with the operator's reason beside it. */
function savingOf(
  ctx: TransactionContext,
  instance: Instance,
  { command, reason, state, visited, effects, definitionId, stays }: Change,
): Saving {
  const { id: instanceId, definitionKey, businessKey, organisationId, version } = instance
  const of = { instanceId, businessKey, organisationId }
  return {
    ...{ instance, state, visited, effects, openings: [], done: {} },
    facts: [
      factOf(ctx, 'workflow.instance.stepped', {
        ...{ ...of, definitionKey, version: version + 1, command, moves: [], status: state.status },
        migrated: { definitionId, stays },
      }),
      factOf(ctx, 'workflow.instance.operated', { ...of, operation: command, node: null, reason }),
    ],
    ...{ actorId: ctx.actor.id, onBehalfOf: null, at: ctx.now() },
  }
}

type Moved = { readonly instance: Instance; readonly move: Move & { state: State }; readonly before: Rows }

/** What the step's effects do not say: rows that go on, on the other version. */
async function carry(ctx: TransactionContext, moved: readonly Moved[], toDefinition: string): Promise<void> {
  if (moved.length === 0) return
  await rows.setDefinition(
    ctx,
    moved.map(({ instance }) => instance.id),
    toDefinition,
  )
  const all = <Part>(part: (rearmed: Rearmed) => readonly Part[]) =>
    moved.flatMap(({ move }) => part(move.rearmed))
  await rows.changeTasks(ctx, (await Promise.all(moved.map((one) => tasksOf(ctx, one)))).flat())
  await rows.place(
    ctx,
    'timer',
    all(({ timers }) => timers),
  )
  await rows.place(
    ctx,
    'subscription',
    all(({ subscriptions }) => subscriptions),
  )
  await rows.place(
    ctx,
    'job',
    all(({ jobs }) => jobs),
  )
  await rows.place(ctx, 'incident', moved.flatMap(incidentsOf))
  const awaited = all(({ effects }) => effects).flatMap((effect) =>
    effect.kind === 'subscribed' && effect.to === 'message' ? [effect] : [],
  )
  await messages.deliverAgain(ctx, awaited)
}

/** As a step of its own, after the move: an instance that goes on is not taken back any more. */
async function goOn(ctx: TransactionContext, moved: readonly Moved[], definitionId: string): Promise<void> {
  for (const { instance, move } of moved) {
    if (!move.goesOn) continue
    const { state, visited } = move
    const now = { ...instance, definitionId, state, visited, version: instance.version + 1 }
    await advance(actingAs(ctx, actorOf(instance)), now, { kind: 'settle' })
  }
}

const incidentsOf = ({ before, move }: Moved): rows.Placed[] =>
  before.incidents.flatMap(({ id, token }) => {
    const node = move.state.tokens.find((one) => one.id === token)?.node
    return node === undefined ? [] : [{ id, node }]
  })

async function tasksOf(
  ctx: TransactionContext,
  { instance, move, before }: Moved,
): Promise<rows.TaskChange[]> {
  const known = new Map(before.tasks.map((task) => [task.id, task]))
  const changes: rows.TaskChange[] = []
  for (const { id, node, after, organisation, limitDiffers } of move.rearmed.tasks) {
    const task = known.get(id)
    if (!task) continue
    const body = organisation === undefined ? task.organisationId : (organisation ?? instance.organisationId)
    const dueAt = limitDiffers ? await dueOf(ctx, after, new Date(task.createdAt)) : task.dueAt
    changes.push({
      ...{ id, node, ...offeredTo(after, body) },
      ...{ dueAt: dueAt instanceof Date ? dueAt.toISOString() : dueAt },
      ...{ status: 'open', assignee: null, owner: null, claimedAt: null },
    })
  }
  return changes
}

/**
 * Takes instances back that have not gone on since; those that have are kept where they are, by name. One that
 * cannot be read stays moved.
 */
export async function takeBack(
  given: TransactionContext,
  plan: Plan,
  course: Course,
  listed: readonly Listed[],
  held: readonly Instance[],
): Promise<Result[]> {
  const ctx = orderedBy(given, plan)
  const now = await heldRows(ctx, held)
  const results: Result[] = []
  const backs: { instance: Instance; before: Before; state: State }[] = []
  for (const instance of held) {
    const { before, versionAfter } = listed.find(({ instanceId }) => instanceId === instance.id) ?? {}
    if (!before || instance.version !== versionAfter || instance.definitionId !== plan.toDefinition) {
      results.push({ instanceId: instance.id, outcome: 'kept', waiting: false })
      continue
    }
    const jobs = new Set(before.jobs.map(({ id }) => id))
    const made = now(instance.id).jobs.flatMap(({ id }) => (jobs.has(id) ? [] : [id]))
    if ((await rows.untouched(ctx, made)).size < made.length) {
      results.push({ instanceId: instance.id, outcome: 'kept', waiting: false })
      continue
    }
    const state = readState(ctx, instance, before)
    if (state) backs.push({ instance, before, state })
    else results.push({ instanceId: instance.id, outcome: 'moved', waiting: false })
  }
  if (backs.length === 0) return results
  const savings = backs.map(({ instance, before, state }) =>
    savingOf(ctx, instance, {
      ...{ command: 'undo-migration', reason: plan.orderReason, state, visited: before.visited, effects: [] },
      ...{ definitionId: plan.fromDefinition, stays: movesBetween(course.to, instance.state, state) },
    }),
  )
  const saved = await save(ctx, savings)
  await restore(
    ctx,
    backs.filter((_, index) => saved[index] === 'saved'),
    plan.fromDefinition,
  )
  for (const [index, { instance }] of backs.entries()) {
    const isDone = saved[index] === 'saved'
    results.push({ instanceId: instance.id, outcome: isDone ? 'undone' : 'moved', waiting: !isDone })
  }
  return results
}

function readState(ctx: Context, { businessKey, id }: Instance, before: Before): State | undefined {
  try {
    return stateOf({ state: before.state, variables: before.variables, businessKey })
  } catch (error) {
    // A state of a format that is read no more: this instance stays, the others go back.
    if (!(error instanceof DomainError)) throw error
    ctx.log.error({ err: error, instance: id }, 'an instance could not be taken back')
    return undefined
  }
}

async function restore(
  ctx: TransactionContext,
  backs: readonly { readonly instance: Instance; readonly before: Before }[],
  fromDefinition: string,
): Promise<void> {
  if (backs.length === 0) return
  const ids = backs.map(({ instance }) => instance.id)
  await rows.setDefinition(ctx, ids, fromDefinition)
  await rows.changeTasks(
    ctx,
    backs.flatMap(({ before }) => before.tasks),
  )
  await rows.restoreTimers(
    ctx,
    ids,
    backs.flatMap(({ before }) => before.timers),
  )
  const subscriptions = backs.flatMap(({ instance, before }) =>
    before.subscriptions.map((row) => ({ instanceId: instance.id, row })),
  )
  await rows.restoreSubscriptions(ctx, ids, subscriptions)
  await rows.restoreJobs(
    ctx,
    ids,
    backs.flatMap(({ before }) => before.jobs),
  )
  await rows.place(
    ctx,
    'incident',
    backs.flatMap(({ before }) => before.incidents),
  )
  const awaited = subscriptions.flatMap(({ row: { kind, message, correlationKey: key } }) =>
    kind === 'message' ? [{ message, key }] : [],
  )
  await messages.deliverAgain(ctx, awaited)
}
