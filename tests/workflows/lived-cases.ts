import { randomUUID } from 'node:crypto'
import type { Context, TransactionContext } from '../../core/context.ts'
import { transaction } from '../../core/context.ts'
import type { DomainEvent } from '../../core/events.ts'
import type { Deployed } from '../../workflows/index.ts'
import { movesOf } from '../../workflows/events.ts'
import { countSteps } from '../../workflows/insight/projection.service.ts'
import { newState, step, type StepCommand, type Variables } from '../../workflows/runtime/step/index.ts'

/** A case as it is to be lived: what each node is answered and how long that takes, in order. */
export interface Life {
  readonly organisationId: string
  readonly startedAt: Date
  readonly startedBy: string
  readonly variables: Variables
  readonly answers: readonly { readonly node: string; readonly hours: number; readonly message?: boolean }[]
}

/**
 * Writes cases that were run by the step function, with what the runtime writes of them, and counts their steps:
 * for tests that need many cases and none of the modules behind them.
 */
export async function live(
  ctx: Context,
  { id, key, compiled }: Deployed,
  lives: readonly Life[],
): Promise<void> {
  for (const life of lives)
    await transaction(ctx, async (ctx) => {
      const { organisationId, startedAt, variables } = life
      const instanceId = randomUUID()
      await ctx.db
        .insertInto('workflow.instance')
        .values({
          id: instanceId,
          definitionId: id,
          definitionKey: key,
          businessKey: instanceId,
          parentId: null,
          status: 'running',
          state: '{}',
          variables: JSON.stringify(variables),
          organisationId,
          onBehalfOf: null,
          startedAt,
          endedAt: null,
        })
        .execute()
      await run(ctx, { instanceId, key, compiled, life })
    })
}

interface Lived {
  readonly instanceId: string
  readonly key: string
  readonly compiled: Deployed['compiled']
  readonly life: Life
}

async function run(ctx: TransactionContext, { instanceId, key, compiled, life }: Lived): Promise<void> {
  let [state, now, version] = [newState(instanceId, life.variables), life.startedAt, 0]
  const tell = async (command: StepCommand, taskId?: string) => {
    const stepped = step(compiled, state, command, now)
    state = stepped.state
    version += 1
    const payload = {
      instanceId,
      definitionKey: key,
      businessKey: instanceId,
      organisationId: life.organisationId,
      version,
      command: command.kind,
      ...(taskId !== undefined && { taskId }),
      moves: movesOf(stepped.effects),
      status: state.status,
    }
    const event = { id: '0', name: countSteps.event, payload, occurredAt: now } as unknown as DomainEvent
    await countSteps.run(ctx, event)
  }
  await tell({ kind: 'start', message: life.startedBy })
  for (const { node, hours, message = false } of life.answers) {
    const token = state.tokens.find((each) => each.node === node)
    if (!token)
      throw new Error(`nothing waits at ${node}, but at ${state.tokens.map((each) => each.node).join()}`)
    const before = now
    now = new Date(now.getTime() + hours * 3_600_000)
    if (message) await tell({ kind: 'message', token: token.id, node })
    else if (compiled.nodes[node]?.kind === 'userTask') {
      const taskId = await taskDone(ctx, { instanceId, token: token.id, node, life, before, now })
      await tell({ kind: 'complete', token: token.id }, taskId)
    } else await tell({ kind: 'complete', token: token.id })
  }
  await ctx.db
    .updateTable('workflow.instance')
    .set({ status: state.status === 'new' ? 'running' : state.status, version })
    .where('id', '=', instanceId)
    .execute()
}

interface TaskDone {
  readonly instanceId: string
  readonly token: number
  readonly node: string
  readonly life: Life
  readonly before: Date
  readonly now: Date
}

async function taskDone(
  ctx: TransactionContext,
  { instanceId, token, node, life: { organisationId }, before, now }: TaskDone,
): Promise<string> {
  const { id } = await ctx.db
    .insertInto('workflow.task')
    .values({
      instanceId,
      token,
      node,
      formKey: null,
      candidateRole: 'clerk',
      organisationId,
      candidateGroups: [],
      assignee: 'clerk',
      owner: null,
      status: 'completed',
      output: '{}',
      createdAt: before,
      dueAt: null,
      followUpAt: null,
      claimedAt: new Date((before.getTime() + now.getTime()) / 2),
      completedAt: now,
      completedBy: 'clerk',
      onBehalfOf: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
