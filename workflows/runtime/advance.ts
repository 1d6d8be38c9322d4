import type { Actor, Context, TransactionContext } from '../../core/context.ts'
import { addDays, dayOf, startOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import { calendarFor, isWorkingDay } from '../../modules/clock/index.ts'
import { nodeOf, type ProcessDefinition } from '../definition.ts'
import * as definitions from '../definition.repository.ts'
import { decisionsOf, movesOf } from '../events.ts'
import { errors } from '../refusals.ts'
import { groupOf } from '../task.ts'
import type { Instance } from './instance.ts'
import * as messages from './message.repository.ts'
import { type Done, save, type TaskOpening } from './save.repository.ts'
import { accepted, type Effect, step, type StepCommand, type Variables } from './step/index.ts'

/** Deployed versions never change, so those read once are kept. */
const MAX_KEPT = 200
const kept = new Map<string, ProcessDefinition>()

export async function definitionOf(ctx: Context, id: string): Promise<ProcessDefinition> {
  const known = kept.get(id)
  if (known) return known
  const [deployed] = await definitions.byIds(ctx, [id])
  if (!deployed) throw new Error(`definition ${id} is gone`)
  kept.set(id, deployed.compiled)
  if (kept.size > MAX_KEPT) kept.delete(String(kept.keys().next().value))
  return deployed.compiled
}

/** What a process does, it does as itself: on behalf of who asked, within the body of the case. */
export function actorOf({ id, organisationId, onBehalfOf }: Instance): Actor {
  return {
    id: `process:${id}`,
    organisationId,
    roles: ['process'],
    ...(onBehalfOf !== null && { onBehalfOf }),
  }
}

/**
 * One step of an instance that the transaction holds: decided by the step function, saved with all its
 * effects, told as an event. Messages that were kept for what it now waits for are delivered at once.
 *
 * @throws WORKFLOW_INSTANCE_VERSION_STALE, WORKFLOW_TASK_VERSION_STALE, and what `step` throws
 */
export async function advance(
  ctx: TransactionContext,
  instance: Instance,
  command: StepCommand,
  done: Done = {},
): Promise<Instance> {
  const definition = await definitionOf(ctx, instance.definitionId)
  const { state, effects } = step(definition, instance.state, command, ctx.now())
  const entered = effects.flatMap((effect) => (effect.kind === 'entered' ? [effect.node] : []))
  const next: Instance = {
    ...instance,
    state,
    version: instance.version + 1,
    visited: [...new Set([...instance.visited, ...entered])],
    endedAt: state.status === 'running' ? null : ctx.now(),
  }
  const result = await save(ctx, {
    instance,
    state,
    effects,
    visited: next.visited,
    openings: await openingsOf(ctx, instance, definition, effects),
    done,
  })
  if (result === 'instance-stale') throw errors.INSTANCE_VERSION_STALE()
  if (result === 'task-stale') throw errors.TASK_VERSION_STALE({ version: (done.task?.version ?? 0) + 1 })
  await tell(ctx, next, command, effects, done)
  return hearKept(ctx, next, definition, effects)
}

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
    if (node.kind !== 'userTask') continue
    const organisationId = effect.organisation ?? instance.organisationId
    openings.push({
      token: effect.token,
      node: node.id,
      formKey: node.formKey ?? null,
      candidateRole: node.candidateRole ?? null,
      organisationId,
      candidateGroups: [groupOf(organisationId, node.candidateRole)],
      dueAt: node.limitDays === undefined ? null : await endOfWorkingDay(ctx, node.limitDays),
    })
  }
  return openings
}

/** The last moment of the `days`-th working day after today. */
async function endOfWorkingDay(ctx: Context, days: number): Promise<Date> {
  const calendar = await calendarFor(ctx, 'CN')
  let day = dayOf(ctx.now())
  for (let left = days; left > 0;) {
    day = addDays(day, 1)
    if (isWorkingDay(calendar, day)) left -= 1
  }
  return new Date(startOf(addDays(day, 1)).getTime() - 1)
}

async function tell(
  ctx: TransactionContext,
  instance: Instance,
  command: StepCommand,
  effects: readonly Effect[],
  done: Done,
): Promise<void> {
  const { id, definitionKey, businessKey, organisationId, version, state } = instance
  const decisions = decisionsOf(effects)
  await emit(ctx, 'workflow.instance.stepped', {
    instanceId: id,
    definitionKey,
    businessKey,
    organisationId,
    version,
    command: command.kind,
    ...(done.task && { taskId: done.task.id }),
    moves: movesOf(effects),
    ...(decisions.length > 0 && { decisions }),
    status: state.status,
  })
  for (const effect of effects) {
    if (effect.kind === 'incident-raised') {
      const { node, trouble } = effect
      const { kind, code } = trouble
      await emit(ctx, 'workflow.incident.raised', {
        instanceId: id,
        businessKey,
        organisationId,
        node,
        kind,
        code,
      })
    }
    if (effect.kind === 'message-thrown') {
      const { message, key } = effect
      await emit(ctx, 'workflow.message.thrown', { message, key, instanceId: id, payload: state.variables })
    }
  }
}

async function hearKept(
  ctx: TransactionContext,
  instance: Instance,
  definition: ProcessDefinition,
  effects: readonly Effect[],
): Promise<Instance> {
  const subscribed = effects.filter((effect) => effect.kind === 'subscribed')
  const message = await messages.keptFor(ctx, subscribed)
  if (!message) return instance
  await messages.consume(ctx, message.id, instance.id)
  let current = instance
  for (const { token, node, key, ...subscription } of subscribed) {
    const waits = current.state.tokens.some(({ id }) => id === token)
    if (!waits || subscription.message !== message.message || key !== message.correlationKey) continue
    const payload = declared(definition, message.payload)
    current = await advance(ctx, current, { kind: 'message', token, node, payload })
  }
  return current
}

/** Of a message only what the process declares becomes a variable: an event's payload is not written for it. */
export function declared(definition: ProcessDefinition, payload: Variables): Variables {
  const names = new Set(definition.variables.map(({ name }) => name))
  const known = Object.entries(payload).filter(([name]) => names.has(name) && name !== 'caseId')
  return accepted(definition, Object.fromEntries(known))
}
