import { createHash } from 'node:crypto'
import { type Context, isTransaction, transaction, type TransactionContext } from '../core/context.ts'
import { emit } from '../core/events.ts'
import { type AnswerRules, checkAnswers } from './answer.ts'
import { rulesOf } from './answer.service.ts'
import { nodeOf } from './definition.ts'
import type { Offers } from './known.ts'
import { errors } from './refusals.ts'
import { advance, decide, definitionOf } from './runtime/advance.ts'
import type { Instance } from './runtime/instance.ts'
import { save } from './runtime/save.repository.ts'
import type { Done, Saving } from './runtime/saving.ts'
import { accepted, type StepCommand, valuesAt, type Variables } from './runtime/step/index.ts'
import { MOST_TOGETHER, reachesOthers } from './runtime/together.ts'
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

/** A completion on its way, with who asked and whom to answer. */
interface Asked {
  readonly ctx: Context
  readonly completion: Completion
  readonly offers: Offers
  readonly payloadSha256: string
  /** How often somebody else was first. */
  tries: number
  resolve(task: Task): void
  reject(reason: unknown): void
}

/** While one group waits for the disk, the next is read and stepped. */
const GROUPS_AT_ONCE = 2
/** Somebody was first this often: then it is a conflict that a person should see. */
const MOST_TRIES = 3

interface Line {
  readonly asked: Asked[]
  groups: number
}

const lines = new WeakMap<Context['db'], Line>()

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
export function complete(ctx: Context, completion: Completion, offers: Offers): Promise<Task> {
  const { id, expectedVersion, output } = completion
  const payloadSha256 = createHash('sha256')
    .update(JSON.stringify([id, expectedVersion, output]))
    .digest('hex')
  return new Promise((resolve, reject) => {
    const asked: Asked = { ctx, completion, offers, payloadSha256, tries: 0, resolve, reject }
    if (isTransaction(ctx)) return void settle(asked, () => alone(asked))
    const line = lines.get(ctx.db) ?? { asked: [], groups: 0 }
    lines.set(ctx.db, line)
    line.asked.push(asked)
    if (line.groups < GROUPS_AT_ONCE) void work(line)
  })
}

async function settle({ resolve, reject }: Asked, work: () => Promise<Task>): Promise<void> {
  await work().then(resolve, reject)
}

async function work(line: Line): Promise<void> {
  line.groups += 1
  // Those asked for in the same breath come along. No macrotask: an embedded database leaves them no room.
  await Promise.resolve()
  while (line.asked.length > 0) {
    const group = line.asked.splice(0, MOST_TOGETHER)
    try {
      line.asked.unshift(...(await completeTogether(group)))
    } catch {
      // What failed is not known to be one of them: each is told by its own transaction.
      for (const asked of group) await settle(asked, () => alone(asked))
    }
  }
  line.groups -= 1
}

/** Reads, decides and saves a group; answers those to be tried again because somebody else was first. */
async function completeTogether(group: readonly Asked[]): Promise<Asked[]> {
  const [first] = group
  if (!first) return []
  const held = await repository.findWithInstances(
    first.ctx,
    group.map(({ completion: { id, commandId } }) => ({ id, key: commandId })),
  )
  const decided = new Map<string, { asked: Asked; saving: Saving; task: Task }>()
  const known = readOnce()
  const later: Asked[] = []
  const apart: Asked[] = []
  for (const [place, asked] of group.entries()) {
    const instanceId = held[place]?.instance.id
    if (instanceId !== undefined && decided.has(instanceId)) {
      later.push(asked)
      continue
    }
    try {
      const answer = await answered(asked, held[place], known)
      if ('repeated' in answer) asked.resolve(answer.repeated)
      else if (answer.command !== undefined || absentAssignee(answer.post, answer.task) !== undefined)
        apart.push(asked)
      else {
        const saving = await decide(asked.ctx, answer.instance, answer.step, answer.done)
        if (reachesOthers(saving)) apart.push(asked)
        else decided.set(answer.instance.id, { asked, saving, task: answer.completed })
      }
    } catch (error) {
      asked.reject(error)
    }
  }
  const steps = [...decided.values()]
  const results =
    steps.length === 0
      ? []
      : await save(
          first.ctx,
          steps.map(({ saving }) => saving),
        )
  if (results.includes('saved')) first.ctx.wake()
  for (const [place, { asked, task }] of steps.entries()) {
    if (results[place] === 'saved') asked.resolve(task)
    else if (++asked.tries < MOST_TRIES) later.push(asked)
    else asked.reject(errors.INSTANCE_VERSION_STALE())
  }
  await Promise.all(apart.map((asked) => settle(asked, () => alone(asked))))
  return later
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
