import { createHash } from 'node:crypto'
import { type Context, isTransaction, transaction, type TransactionContext } from '../core/context.ts'
import { emit } from '../core/events.ts'
import { together } from '../core/together.ts'
import { type AnswerRules, checkAnswers } from './answer.ts'
import { rulesOf } from './answer.service.ts'
import { nodeOf } from './definition.ts'
import type { Offers } from './known.ts'
import { errors } from './refusals.ts'
import { advance, decide } from './runtime/advance.ts'
import { definitionOf } from './runtime/definitions.ts'
import type { Instance } from './runtime/instance.ts'
import { save } from './runtime/save.repository.ts'
import type { Done, Saving } from './runtime/saving.ts'
import { accepted, type StepCommand, valuesAt, type Variables } from './runtime/step/index.ts'
import { MOST_TOGETHER, reachesOthers } from './runtime/group-commit.ts'
import { absentAssignee, isOffered, isOwn, type Post, sees, type Task } from './task.ts'
import * as repository from './task.repository.ts'
import { factOf as taskFactOf, postOf, requireMay, standingIn } from './task.service.ts'

export interface Completion {
  readonly commandId: string
  readonly id: string
  /** The version of the task the person saw. */
  readonly expectedVersion: number
  readonly output: Variables
}

/** A completion on its way, with who asked. */
interface Asked {
  readonly ctx: Context
  readonly completion: Completion
  readonly offers: Offers
  readonly payloadSha256: string
}

/**
 * What became of one of a group. `next`: another of the same instance went first, it goes with the next group;
 * `stale`: somebody else was first; `apart`: it needs a transaction of its own.
 */
type Outcome =
  | { readonly kind: 'completed'; readonly task: Task }
  | { readonly kind: 'refused'; readonly reason: unknown }
  | { readonly kind: 'next' | 'stale' | 'apart' }

/** While one group waits for the disk, the next are read and stepped; their commits share the server's wait for it. */
const inGroup = together<Asked, Outcome>(
  // What fails is not known to be one of them: each is told by its own transaction.
  (_, group) => completeTogether(group).catch(() => group.map(() => ({ kind: 'apart' }) as const)),
  { most: MOST_TOGETHER, groups: 4 },
)

/**
 * Completes a task: runs the command the model names, steps the instance and saves both in one
 * transaction, so that a refusal of the command refuses the completion. The same command id again answers
 * the task as it is and does nothing. Completions that come at once are read and saved together, each
 * whole or not at all by itself: a commit waits for the disk, and one wait does for all of them.
 *
 * @throws WORKFLOW_TASK_NOT_FOUND, WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_TAKEN, WORKFLOW_TASK_DELEGATED, WORKFLOW_TASK_VERSION_STALE,
 * WORKFLOW_INSTANCE_SUSPENDED, WORKFLOW_INSTANCE_VERSION_STALE, WORKFLOW_OUTPUT_INVALID, WORKFLOW_VARIABLE_INVALID,
 * WORKFLOW_COMMAND_ID_REUSED, and what the command throws
 */
export async function complete(ctx: Context, completion: Completion, offers: Offers): Promise<Task> {
  const { id, expectedVersion, output } = completion
  const payloadSha256 = createHash('sha256')
    .update(JSON.stringify([id, expectedVersion, output]))
    .digest('hex')
  const asked: Asked = { ctx, completion, offers, payloadSha256 }
  if (isTransaction(ctx)) return alone(asked)
  for (;;) {
    const outcome = await inGroup(ctx.db, asked)
    if (outcome.kind === 'completed') return outcome.task
    if (outcome.kind === 'refused') throw outcome.reason
    // Alone it waits for whoever is first, so that many who work on one instance do not refuse one another.
    if (outcome.kind !== 'next') return alone(asked)
  }
}

/** Reads, decides and saves a group, of each instance one; answers in the order asked what became of each. */
async function completeTogether(group: readonly Asked[]): Promise<Outcome[]> {
  const [first] = group
  if (!first) return []
  const held = await repository.findWithInstances(
    first.ctx,
    group.map(({ completion: { id, commandId } }) => ({ id, key: commandId })),
  )
  const known = readOnce()
  const outcomes: Outcome[] = []
  const decided = new Map<string, { place: number; saving: Saving; task: Task }>()
  for (const [place, asked] of group.entries()) {
    const instanceId = held[place]?.instance.id
    if (instanceId !== undefined && decided.has(instanceId)) {
      outcomes.push({ kind: 'next' })
      continue
    }
    const outcome = await decidedOn(asked, held[place], known)
    if ('saving' in outcome) {
      decided.set(outcome.saving.instance.id, { place, ...outcome })
      // Until it is saved.
      outcomes.push({ kind: 'stale' })
    } else outcomes.push(outcome)
  }
  if (decided.size === 0) return outcomes
  const steps = [...decided.values()]
  const results = await save(
    first.ctx,
    steps.map(({ saving }) => saving),
  )
  if (results.includes('saved')) first.ctx.wake()
  for (const [at, { place, task }] of steps.entries())
    if (results[at] === 'saved') outcomes[place] = { kind: 'completed', task }
  return outcomes
}

/** The step to be saved with others, or what becomes of a completion for which there is none. */
async function decidedOn(
  asked: Asked,
  held: repository.Held | undefined,
  known: Known,
): Promise<Outcome | { readonly saving: Saving; readonly task: Task }> {
  try {
    const answer = await answered(asked, held, known)
    if ('repeated' in answer) return { kind: 'completed', task: answer.repeated }
    const { command, post, task, instance, step, done, completed } = answer
    if (command !== undefined || absentAssignee(post, task) !== undefined) return { kind: 'apart' }
    const saving = await decide(asked.ctx, instance, step, done)
    return reachesOthers(saving) ? { kind: 'apart' } : { saving, task: completed }
  } catch (reason) {
    return { kind: 'refused', reason }
  }
}

/** In a transaction of its own, or the caller's: what a command of a module, or a kept message, has a part in. */
function alone(asked: Asked): Promise<Task> {
  return transaction(asked.ctx, async (ctx) => {
    const { completion, offers } = asked
    const held = await repository.hold(ctx, completion.id, completion.commandId)
    const answer = await answered({ ...asked, ctx }, held, readOnce())
    if ('repeated' in answer) return answer.repeated
    const { task, instance, command, step, done, completed } = answer
    const acting = standingIn(ctx, answer.post, task)
    const result = await run(acting, command, answer, offers)
    const values = accepted(await definitionOf(ctx, instance.definitionId), result, task.node)
    const told = { ...step, output: { ...step.output, ...values } }
    // What the command added is kept with it: a replay of the case is told the same.
    const { command: sent, ...rest } = done
    await advance(acting, instance, told, { ...rest, ...(sent && { command: { ...sent, added: values } }) })
    const absent = acting.actor.onBehalfOf
    if (acting !== ctx && absent !== undefined)
      await emit(acting, 'workflow.task.completed-on-behalf', { ...taskFactOf(task, instance), absent })
    return completed
  })
}

/** A completion that may be: what is to be done, and the task as it is afterwards. */
interface Answer {
  readonly task: Task
  readonly instance: Instance
  readonly post: Post
  /** The module's command that the model names. */
  readonly command: string | undefined
  readonly step: Extract<StepCommand, { kind: 'complete' }>
  readonly done: Done
  readonly completed: Task
}

/** Whether this actor may complete the task so; or the task as it is when the command came before. */
async function answered(
  { ctx, completion, payloadSha256 }: Asked,
  held: repository.Held | undefined,
  known: Known,
): Promise<Answer | { readonly repeated: Task }> {
  const { commandId, id, expectedVersion, output } = completion
  const post = held && (await postFor(ctx, held.task, known))
  if (!post || !sees(post, held.task)) throw errors.TASK_NOT_FOUND({ id })
  const { task, instance, command } = held
  if (command) {
    const same = command.payloadSha256 === payloadSha256 && command.actorId === ctx.actor.id
    if (!same) throw errors.COMMAND_ID_REUSED()
    return { repeated: task }
  }
  requireMay('complete', post, task)
  if (instance.suspendedAt) throw errors.INSTANCE_SUSPENDED()
  if (task.version !== expectedVersion) throw errors.TASK_VERSION_STALE({ version: task.version })
  const definition = await definitionOf(ctx, instance.definitionId)
  const node = nodeOf(definition, task.node)
  if (node.kind !== 'userTask' && node.kind !== 'manualTask') throw errors.STEP_CLOSED()
  checkAnswers(output, await known.rules(ctx, instance.definitionId, task.formKey))
  const answers = accepted(definition, output, node.id)
  return {
    task,
    instance,
    post,
    command: node.command,
    step: { kind: 'complete', token: task.token, output: answers },
    done: {
      task: { id, version: task.version, output: answers },
      command: { key: commandId, kind: 'complete-task', payloadSha256 },
    },
    completed: {
      ...task,
      status: 'completed',
      version: task.version + 1,
      output: answers,
      assignee: ctx.actor.id,
      completedAt: ctx.now(),
      completedBy: ctx.actor.id,
      onBehalfOf: absentAssignee(post, task) ?? ctx.actor.onBehalfOf ?? null,
    },
  }
}

/** What the completions of a group are judged by, read once for all of them. */
interface Known {
  post(ctx: Context): Promise<Post>
  rules(ctx: Context, definitionId: string, formKey: string | null): Promise<AnswerRules>
}

function readOnce(): Known {
  const posts = new Map<string, Promise<Post>>()
  const rules = new Map<string, Promise<AnswerRules>>()
  const once = <Value>(kept: Map<string, Promise<Value>>, key: string, read: () => Promise<Value>) => {
    const value = kept.get(key) ?? read()
    kept.set(key, value)
    return value
  }
  return {
    post: (ctx) => once(posts, JSON.stringify(ctx.actor), () => postOf(ctx)),
    rules: (ctx, definitionId, formKey) =>
      once(rules, `${definitionId} ${formKey ?? ''}`, () => rulesOf(ctx, definitionId, formKey)),
  }
}

/** Whom the actor stands in for is asked only where it could matter. */
async function postFor(ctx: Context, task: Task, known: Known): Promise<Post> {
  const works = task.status === 'open' ? isOffered(ctx.actor, task) : isOwn(ctx.actor, task)
  return works ? { actor: ctx.actor, standsInFor: [], isHead: false } : known.post(ctx)
}

/** The command's result, or nothing. Its input is the variables, the answers over them, and who did it. */
async function run(
  ctx: TransactionContext,
  name: string | undefined,
  { task, instance, step }: Answer,
  { commands }: Offers,
): Promise<object> {
  if (name === undefined) return {}
  const command = commands.get(name)
  if (!command) throw new Error(`no module offers the command ${name}`)
  const input = command.input.safeParse({
    ...valuesAt(instance.state, task.token),
    ...step.output,
    caseId: instance.businessKey,
    taskId: task.id,
    completedBy: ctx.actor.id,
  })
  if (!input.success) {
    const issue = input.error.issues[0]
    throw errors.OUTPUT_INVALID({ field: issue?.path.join('.') ?? '', reason: issue?.message ?? '' })
  }
  const result = await command.run(ctx, input.data)
  return typeof result === 'object' && result !== null ? result : {}
}
