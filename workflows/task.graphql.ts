import type { Context } from '../core/context.ts'
import { dayOf } from '../core/day.ts'
import { loadThrough } from '../core/loader.ts'
import type { Resolvers } from '../core/module.ts'
import type { PageRequest } from '../core/page.ts'
import { findPerson, organisationById } from '../modules/organisation/index.ts'
import { visibleCase } from '../modules/service/index.ts'
import * as answers from './answer.service.ts'
import * as bulk from './bulk.service.ts'
import { complete, type Completion } from './completion.service.ts'
import { nodeOf } from './definition.ts'
import type { TaskFilter } from './desk.ts'
import * as desk from './desk.service.ts'
import * as handling from './handling.service.ts'
import type { Offers } from './known.ts'
import { definitionOf } from './runtime/definitions.ts'
import type { Instance } from './runtime/instance.ts'
import * as instanceRows from './runtime/instance.repository.ts'
import { valuesAt, type Variables } from './runtime/step/index.ts'
import {
  absentAssignee,
  type Act,
  isDelegated,
  isOpen,
  may,
  mayWork,
  type Post,
  sees,
  type Task,
} from './task.ts'
import * as tasks from './task.service.ts'

export { typeDefs } from './task.sdl.ts'

const instanceOf = async (ctx: Context, { instanceId }: Task): Promise<Instance> => {
  const instance = await loadThrough(ctx, instanceRows.byIds, instanceId)
  if (!instance) throw new Error(`instance ${instanceId} is gone`)
  return instance
}

/** Read once a request: whoever asks is the same for every task of a page. */
const posts = async (ctx: Context, keys: readonly string[]): Promise<Post[]> => {
  const post = await tasks.postOf(ctx)
  return keys.map(() => post)
}

const postOf = (ctx: Context): Promise<Post> => loadThrough(ctx, posts, ctx.actor.id)

/** Only for whoever may work on the task: a case's applicant sees that a task exists, not what is in it. */
const forWorkers = <T>(ctx: Context, task: Task, value: T, otherwise: T): T =>
  mayWork(ctx.actor, task) ? value : otherwise

/** The head of the body, too, sees who has a task. */
const nameOf = async (ctx: Context, task: Task, personId: string | null) => {
  if (personId === null || !sees(await postOf(ctx), task)) return null
  return (await findPerson(ctx, personId))?.name ?? null
}

const mayField = (act: Act) => async (task: Task, _: unknown, ctx: Context) =>
  may(act, await postOf(ctx), task)

interface OnTask {
  readonly id: string
}

type Asked = PageRequest & { readonly filter?: TaskFilter | null; readonly mine?: boolean | null }

export const resolversFor = (offers: Offers): Resolvers => ({
  Query: {
    tasks: (_, { filter, mine, first, after }: Asked, ctx) =>
      desk.tasks(
        ctx,
        { first, ...(after != null && { after }) },
        {
          ...(mine && { show: 'mine' as const }),
          ...filter,
        },
      ),
    task: (_, { id }: OnTask, ctx) => tasks.task(ctx, id),
    taskCounts: (_, __, ctx) => desk.taskCounts(ctx),
  },
  Mutation: {
    claimTask: (_, { id }: OnTask, ctx) => tasks.claim(ctx, id),
    claimTasks: (_, { ids }: { ids: string[] }, ctx) => bulk.claimAll(ctx, ids),
    releaseTask: (_, { id }: OnTask, ctx) => tasks.release(ctx, id),
    delegateTask: (_, { id, personId }: OnTask & { personId: string }, ctx) =>
      handling.delegate(ctx, id, personId),
    resolveTask: (_, { id, output }: OnTask & { output?: Variables | null }, ctx) =>
      handling.resolve(ctx, id, output),
    recallTask: (_, { id }: OnTask, ctx) => handling.recall(ctx, id),
    handOverTask: (_, { id, personId }: OnTask & { personId: string }, ctx) =>
      handling.handOver(ctx, id, personId),
    assignTasks: (_, { ids, personId }: { ids: string[]; personId?: string | null }, ctx) =>
      bulk.assignAll(ctx, ids, personId ?? null),
    setFollowUp: (_, { id, on }: OnTask & { on?: string | null }, ctx) =>
      handling.setFollowUp(ctx, id, on ?? null),
    prioritiseTask: (_, { id, priority }: OnTask & { priority: number }, ctx) =>
      handling.prioritise(ctx, id, priority),
    saveAnswerDraft: (_, { id, answers: typed }: OnTask & { answers: Variables }, ctx) =>
      answers.saveDraft(ctx, id, typed),
    completeTask: (_, completion: Completion, ctx) => complete(ctx, completion, offers),
  },
  Case: {
    tasks: async ({ id }: { id: string }, _, ctx) => {
      const instance = await loadThrough(ctx, instanceRows.byBusinessKeys, id)
      return instance ? tasks.tasksOfInstance(ctx, instance.id) : []
    },
  },
  TaskCounts: { processes: (_, __, ctx) => desk.taskProcesses(ctx) },
  Task: {
    name: async (task: Task, _, ctx) => {
      const { definitionId } = await instanceOf(ctx, task)
      return nodeOf(await definitionOf(ctx, definitionId), task.node).name
    },
    process: async (task: Task, _, ctx) => (await instanceOf(ctx, task)).definitionKey,
    assignee: (task: Task, _, ctx) => forWorkers(ctx, task, task.assignee, null),
    assigneeName: (task: Task, _, ctx) => nameOf(ctx, task, task.assignee),
    ownerName: (task: Task, _, ctx) => nameOf(ctx, task, isDelegated(task) ? task.owner : null),
    assignedToMe: ({ assignee }: Task, _, ctx) => assignee === ctx.actor.id,
    delegated: isDelegated,
    onBehalfOfName: async (task: Task, _, ctx) => {
      const absent = isOpen(task) ? absentAssignee(await postOf(ctx), task) : task.onBehalfOf
      return nameOf(ctx, task, absent ?? null)
    },
    organisation: ({ organisationId }: Task, _, ctx) => organisationById(ctx, organisationId),
    businessKey: async (task: Task, _, ctx) => (await instanceOf(ctx, task)).businessKey,
    form: async (task: Task, _, ctx) => {
      const { definitionId } = await instanceOf(ctx, task)
      return (await answers.fieldsOf(ctx, definitionId, task.formKey)) ?? []
    },
    draft: ({ id }: Task, _, ctx) => answers.draft(ctx, id),
    variables: async (task: Task, _, ctx) =>
      forWorkers<object>(ctx, task, valuesAt((await instanceOf(ctx, task)).state, task.token), {}),
    dueOn: ({ dueAt }: Task) => dueAt && dayOf(dueAt),
    isOverdue: ({ dueAt, status }: Task, _, ctx) =>
      dueAt !== null && (status === 'open' || status === 'claimed') && dueAt < ctx.now(),
    followUpOn: ({ followUpAt }: Task) => followUpAt && dayOf(followUpAt),
    mayClaim: async (task: Task, _, ctx) => task.status === 'open' && may('claim', await postOf(ctx), task),
    mayComplete: mayField('complete'),
    mayRelease: async (task: Task, _, ctx) =>
      task.status === 'claimed' && may('release', await postOf(ctx), task),
    mayDelegate: mayField('delegate'),
    mayResolve: mayField('resolve'),
    mayRecall: mayField('recall'),
    mayHandOver: mayField('hand-over'),
    mayPlan: mayField('plan'),
    mayPrioritise: mayField('prioritise'),
    case: async (task: Task, _, ctx) => visibleCase(ctx, (await instanceOf(ctx, task)).businessKey),
  },
  TaskStatus: { OPEN: 'open', CLAIMED: 'claimed', COMPLETED: 'completed', CANCELLED: 'cancelled' },
  TaskShow: {
    ...{ ALL: 'all', MINE: 'mine', GROUP: 'group', DELEGATED: 'delegated' },
    ...{ STANDING_IN: 'standing-in', BODY: 'body' },
  },
  TaskDue: { OVERDUE: 'overdue', SOON: 'soon', FOLLOW_UP: 'follow-up' },
  TaskSort: { CREATED: 'created', DUE: 'due', PRIORITY: 'priority' },
})
