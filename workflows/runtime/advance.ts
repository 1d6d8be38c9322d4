import type { Actor, Context, TransactionContext } from '../../core/context.ts'
import { addDays, dayOf, startOf } from '../../core/day.ts'
import { type Fact, factOf } from '../../core/events.ts'
import { calendarFor, isWorkingDay } from '../../modules/clock/index.ts'
import { type ManualTask, nodeOf, type ProcessDefinition, type UserTask } from '../definition.ts'
import { decisionsOf, movesOf } from '../events.ts'
import { errors } from '../refusals.ts'
import { groupOf } from '../task.ts'
import { definitionOf } from './definitions.ts'
import type { Instance } from './instance.ts'
import * as messages from './message.repository.ts'
import { tellCalls } from './calls.ts'
import { save } from './save.repository.ts'
import type { Done, Saving, TaskOpening } from './saving.ts'
import {
  accepted,
  type Effect,
  type State,
  stands,
  step,
  type StepCommand,
  type Variables,
} from './step/index.ts'

/** What a process does, it does as itself: on behalf of who asked, within the body of the case. */
export function actorOf({ id, organisationId, onBehalfOf }: Instance): Actor {
  return {
    id: `process:${id}`,
    organisationId,
    roles: ['process'],
    ...(onBehalfOf !== null && { onBehalfOf }),
  }
}

/** What an operator may do to an instance that is held. */
const BY_OPERATOR: ReadonlySet<string> = new Set([
  ...['skip', 'cancel', 'move', 'set-variables', 'terminate', 'settle'],
])

/**
 * One step of an instance that the transaction holds: decided by the step function, saved with all its
 * effects, told as an event. Messages that were kept for what it now waits for are delivered at once.
 *
 * @throws WORKFLOW_INSTANCE_SUSPENDED, WORKFLOW_INSTANCE_VERSION_STALE, WORKFLOW_TASK_VERSION_STALE, and what `step` throws
 */
export async function advance(
  ctx: TransactionContext,
  instance: Instance,
  command: StepCommand,
  done: Done = {},
): Promise<Instance> {
  const saving = await decide(ctx, instance, command, done)
  const [result] = await save(ctx, [saving])
  if (result === 'stale' && done.task) throw errors.TASK_VERSION_STALE({ version: done.task.version + 1 })
  if (result === 'stale') throw errors.INSTANCE_VERSION_STALE()
  const next = after(saving)
  await tellCalls(ctx, next, saving.effects)
  return hearKept(ctx, next, saving.effects)
}

/**
 * A step as it would be saved: what the step function answers, the tasks it opens, the facts it makes true.
 *
 * @throws WORKFLOW_INSTANCE_SUSPENDED, and what `step` throws
 */
export async function decide(
  ctx: Context,
  instance: Instance,
  command: StepCommand,
  done: Done = {},
): Promise<Saving> {
  if (instance.suspendedAt && !done.returned && !BY_OPERATOR.has(command.kind))
    throw errors.INSTANCE_SUSPENDED()
  const definition = await definitionOf(ctx, instance.definitionId)
  const at = ctx.now()
  const { state, effects } = step(definition, instance.state, command, at)
  const entered = effects.flatMap((effect) => (effect.kind === 'entered' ? [effect.node] : []))
  return {
    instance,
    state,
    effects,
    visited: [...new Set([...instance.visited, ...entered])],
    openings: await openingsOf(ctx, instance, definition, effects),
    done,
    facts: factsOf(ctx, instance, state, command, effects, done),
    actorId: ctx.actor.id,
    onBehalfOf: ctx.actor.onBehalfOf ?? null,
    at,
  }
}

const after = ({ instance, state, visited, at }: Saving): Instance => ({
  ...instance,
  state,
  version: instance.version + 1,
  visited,
  endedAt: state.status === 'running' ? null : at,
})

async function openingsOf(
  ctx: Context,
  instance: Instance,
  definition: ProcessDefinition,
  effects: readonly Effect[],
): Promise<TaskOpening[]> {
  const openings: TaskOpening[] = []
  for (const effect of effects) {
    if (effect.kind !== 'task-opened') continue
    const node = nodeOf(definition, effect.node)
    if (node.kind !== 'userTask' && node.kind !== 'manualTask') continue
    const offered = offeredTo(node, effect.organisation ?? instance.organisationId)
    openings.push({
      token: effect.token,
      node: node.id,
      ...offered,
      dueAt: await dueOf(ctx, node, ctx.now()),
    })
  }
  return openings
}

/** What the model says of a task: its form, and to whom in the body it is offered. */
export function offeredTo({ formKey, candidateRole }: UserTask | ManualTask, organisationId: string) {
  return {
    formKey: formKey ?? null,
    candidateRole: candidateRole ?? null,
    organisationId,
    candidateGroups: [groupOf(organisationId, candidateRole)],
  }
}

/** When a task that is opened at `from` is due; null without a limit. */
export const dueOf = async (
  ctx: Context,
  { limitDays }: UserTask | ManualTask,
  from: Date,
): Promise<Date | null> => (limitDays === undefined ? null : endOfWorkingDay(ctx, limitDays, from))

/** The last moment of the `days`-th working day after that of `from`. */
async function endOfWorkingDay(ctx: Context, days: number, from: Date): Promise<Date> {
  const calendar = await calendarFor(ctx, 'CN')
  let day = dayOf(from)
  for (let left = days; left > 0;) {
    day = addDays(day, 1)
    if (isWorkingDay(calendar, day)) left -= 1
  }
  return new Date(startOf(addDays(day, 1)).getTime() - 1)
}

function factsOf(
  ctx: Context,
  { id, definitionKey, businessKey, organisationId, version }: Instance,
  state: State,
  command: StepCommand,
  effects: readonly Effect[],
  done: Done,
): Fact[] {
  const decisions = decisionsOf(effects)
  const stepped = factOf(ctx, 'workflow.instance.stepped', {
    instanceId: id,
    definitionKey,
    businessKey,
    organisationId,
    version: version + 1,
    command: command.kind,
    ...(done.task && { taskId: done.task.id }),
    moves: movesOf(effects),
    ...(decisions.length > 0 && { decisions }),
    status: state.status,
  })
  const others = effects.flatMap((effect) => {
    if (effect.kind === 'incident-raised') {
      const { kind, code } = effect.trouble
      const incident = { instanceId: id, businessKey, organisationId, node: effect.node, kind, code }
      return [factOf(ctx, 'workflow.incident.raised', incident)]
    }
    if (effect.kind === 'message-thrown') {
      const { message, key } = effect
      const thrown = { message, key, instanceId: id, payload: state.variables }
      return [factOf(ctx, 'workflow.message.thrown', thrown)]
    }
    if (effect.kind === 'signal-thrown')
      return [
        factOf(ctx, 'workflow.signal.thrown', { signal: effect.signal, instanceId: id, organisationId }),
      ]
    return []
  })
  return [stepped, ...others]
}

type Subscribed = Pick<Extract<Effect, { kind: 'subscribed' }>, 'token' | 'node' | 'message' | 'key'>

/** How many kept messages one step lets in; the rest wait for the next. */
const MAX_KEPT_MESSAGES = 100

function hearKept(
  ctx: TransactionContext,
  instance: Instance,
  effects: readonly Effect[],
): Promise<Instance> {
  const subscribed = effects.filter((effect) => effect.kind === 'subscribed' && effect.to === 'message')
  return hearFor(ctx, instance, subscribed as Subscribed[])
}

/** Lets in what was kept for these subscriptions, the oldest first. */
export async function hearFor(
  ctx: TransactionContext,
  instance: Instance,
  subscribed: readonly Subscribed[],
): Promise<Instance> {
  const definition = await definitionOf(ctx, instance.definitionId)
  let current = instance
  for (let heard = 0; heard < MAX_KEPT_MESSAGES; heard++) {
    const waiting = subscribed.filter(({ token }) => stands(current.state, token))
    const message = await messages.keptFor(ctx, waiting)
    if (!message) return current
    await messages.consume(ctx, message.id, instance.id)
    for (const { token, node, key, ...subscription } of waiting) {
      if (!stands(current.state, token)) continue
      if (subscription.message !== message.message || key !== message.correlationKey) continue
      const payload = declared(definition, message.payload)
      current = await advance(ctx, current, { kind: 'message', token, node, payload })
    }
  }
  return current
}

/** Of a message only what the process declares becomes a variable: an event's payload is not written for it. */
export function declared(definition: ProcessDefinition, payload: Variables): Variables {
  const names = new Set(definition.variables.map(({ name }) => name))
  const known = Object.entries(payload).filter(([name]) => names.has(name) && name !== 'caseId')
  return accepted(definition, Object.fromEntries(known))
}
