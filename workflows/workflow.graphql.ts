import { dayOf } from '../core/day.ts'
import { loadThrough } from '../core/loader.ts'
import type { Context } from '../core/context.ts'
import type { Resolvers } from '../core/module.ts'
import { organisationById, organisationOrPlatform } from '../modules/organisation/index.ts'
import { visibleCase } from '../modules/service/index.ts'
import { complete, type Completion } from './completion.service.ts'
import { nodeOf } from './definition.ts'
import * as definitionRows from './definition.repository.ts'
import * as definitions from './definition.service.ts'
import type { Deployed } from './deployed.ts'
import type { Offers } from './known.ts'
import { definitionOf } from './runtime/advance.ts'
import { type Instance, troubleOf } from './runtime/instance.ts'
import * as instanceRows from './runtime/instance.repository.ts'
import * as instances from './runtime/instances.ts'
import { leaves, startable, valuesAt } from './runtime/step/index.ts'
import { mayClaim, mayComplete, mayWork, type Task } from './task.ts'
import * as tasks from './task.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    "Open tasks the actor may work on: its own and those offered to its roles; with \`mine\` only its own."
    tasks(first: Int = 20, after: String, mine: Boolean): TaskConnection!
    task(id: UUID!): Task!
    processDefinitions: [ProcessDefinition!]!
    "The instance that runs a case; null when there is none the actor may see."
    processInstance(businessKey: String!): ProcessInstance
  }

  extend type Mutation {
    claimTask(commandId: UUID!, id: UUID!): Task!
    releaseTask(commandId: UUID!, id: UUID!): Task!
    "\`output\` holds the answers of the task's form; \`expectedVersion\` is the version the person saw."
    completeTask(commandId: UUID!, id: UUID!, expectedVersion: Int!, output: JSON!): Task!
    """
    The file becomes the next version of its process; all findings come in one refusal. It needs no command
    id: the same file again is the version there is, and a rehearsal must not hold a transaction open.
    """
    deployProcess(key: String!, xml: String!, pack: JSON): ProcessDefinition!
    "Tries again what stopped in an incident."
    retryIncident(commandId: UUID!, id: UUID!): ProcessInstance!
  }

  extend type Case {
    "Tasks of the process that runs the case, in the order they were opened."
    tasks: [Task!]!
  }

  "A step of a process that a person takes."
  type Task {
    id: UUID!
    name: LocalText!
    "Id of the element in the model."
    node: String!
    status: TaskStatus!
    version: Int!
    assignee: String
    assignedToMe: Boolean!
    candidateRole: String
    organisation: Organisation
    "Id of the case."
    businessKey: String!
    form: [FormField!]!
    output: JSON
    "Of the process; empty for whoever may not work on the task."
    variables: JSON!
    createdAt: DateTime!
    dueOn: Date
    completedAt: DateTime
    mayClaim: Boolean!
    mayComplete: Boolean!
    case: Case
  }

  type TaskConnection {
    edges: [TaskEdge!]!
    pageInfo: PageInfo!
  }

  type TaskEdge {
    node: Task!
    cursor: String!
  }

  enum TaskStatus {
    OPEN
    CLAIMED
    COMPLETED
    CANCELLED
  }

  "A process as it was deployed."
  type ProcessDefinition {
    id: UUID!
    key: String!
    version: Int!
    name: LocalText!
    "Whose process it is: only its designers deploy the next version."
    organisation: Organisation!
    xml: String!
    deployedAt: DateTime!
    "Warnings of the gate and the rehearsal."
    findings: [GateFinding!]!
    "Paths bpmn-engine went when it was deployed, and what share of the nodes they covered."
    rehearsal: JSON!
  }

  type GateFinding {
    rule: String!
    element: String!
    zh: String!
    en: String!
  }

  type ProcessInstance {
    id: UUID!
    "running, completed, terminated, incident or suspended"
    status: String!
    "Elements where something waits now."
    waiting: [String!]!
    "Elements it has been at."
    visited: [String!]!
    definition: ProcessDefinition!
    startedAt: DateTime!
    endedAt: DateTime
    incidents: [Incident!]!
    "Adds 1 with every step; operations name the version the person saw."
    version: Int!
    "Set while an operator holds it: no task is completed, no timer fires, no job runs."
    suspendedAt: DateTime
    tokens: [ProcessToken!]!
  }

  "Where an instance stands: at something that waits, or at a sub-process in which other tokens are."
  type ProcessToken {
    id: Int!
    node: String!
    name: LocalText!
    "The token of the sub-process or loop it is in; null on the level of the process."
    within: Int
    "kind, code and message of what stopped it; null while nothing did."
    trouble: JSON
    "Activities a person may begin now, in an ad-hoc sub-process."
    startable: [String!]!
  }

  "A place where a process stands until somebody has looked."
  type Incident {
    id: UUID!
    node: String!
    error: JSON!
    createdAt: DateTime!
  }
`

const instanceOf = async (ctx: Context, { instanceId }: Task): Promise<Instance> => {
  const instance = await loadThrough(ctx, instanceRows.byIds, instanceId)
  if (!instance) throw new Error(`instance ${instanceId} is gone`)
  return instance
}

/** Only for whoever may work on the task: a case's applicant sees that a task exists, not what is in it. */
const forWorkers = <T>(ctx: Context, task: Task, value: T, otherwise: T): T =>
  mayWork(ctx.actor, task) ? value : otherwise

export const resolversFor = (offers: Offers): Resolvers => ({
  Query: {
    tasks: (_, { mine, ...page }: { first: number; after?: string; mine?: boolean }, ctx) =>
      tasks.tasks(ctx, page, mine ?? false),
    task: (_, { id }: { id: string }, ctx) => tasks.task(ctx, id),
    processDefinitions: (_, __, ctx) => definitions.definitions(ctx),
    processInstance: (_, { businessKey }: { businessKey: string }, ctx) =>
      instances.ofBusinessKey(ctx, businessKey),
  },
  Mutation: {
    claimTask: (_, { id }: { id: string }, ctx) => tasks.claim(ctx, id),
    releaseTask: (_, { id }: { id: string }, ctx) => tasks.release(ctx, id),
    completeTask: (_, completion: Completion, ctx) => complete(ctx, completion, offers),
    deployProcess: (_, { key, xml, pack }: definitions.Deployment, ctx) =>
      definitions.deploy(ctx, { key, xml, ...(pack && { pack }) }, offers.known),
    retryIncident: (_, { id }: { id: string }, ctx) => instances.retryIncident(ctx, id),
  },
  Case: {
    tasks: async ({ id }: { id: string }, _, ctx) => {
      const instance = await loadThrough(ctx, instanceRows.byBusinessKeys, id)
      return instance ? tasks.tasksOfInstance(ctx, instance.id) : []
    },
  },
  Task: {
    name: async (task: Task, _, ctx) => {
      const { definitionId } = await instanceOf(ctx, task)
      return nodeOf(await definitionOf(ctx, definitionId), task.node).name
    },
    assignee: (task: Task, _, ctx) => forWorkers(ctx, task, task.assignee, null),
    assignedToMe: ({ assignee }: Task, _, ctx) => assignee === ctx.actor.id,
    organisation: ({ organisationId }: Task, _, ctx) => organisationById(ctx, organisationId),
    businessKey: async (task: Task, _, ctx) => (await instanceOf(ctx, task)).businessKey,
    form: async (task: Task, _, ctx) => {
      const { definitionId } = await instanceOf(ctx, task)
      return (await tasks.fieldsOf(ctx, definitionId, task.formKey)) ?? []
    },
    variables: async (task: Task, _, ctx) =>
      forWorkers<object>(ctx, task, valuesAt((await instanceOf(ctx, task)).state, task.token), {}),
    dueOn: ({ dueAt }: Task) => dueAt && dayOf(dueAt),
    mayClaim: (task: Task, _, ctx) => mayClaim(ctx.actor, task),
    mayComplete: (task: Task, _, ctx) => mayComplete(ctx.actor, task),
    case: async (task: Task, _, ctx) => visibleCase(ctx, (await instanceOf(ctx, task)).businessKey),
  },
  TaskStatus: { OPEN: 'open', CLAIMED: 'claimed', COMPLETED: 'completed', CANCELLED: 'cancelled' },
  ProcessDefinition: {
    findings: ({ gateReport }: Deployed) => gateReport,
    organisation: ({ organisationId }: Deployed, _, ctx) => organisationOrPlatform(ctx, organisationId),
  },
  ProcessInstance: {
    status: (instance: Instance) =>
      instance.suspendedAt
        ? 'suspended'
        : troubleOf(instance).length > 0
          ? 'incident'
          : instance.state.status,
    waiting: ({ state }: Instance) => [...new Set(leaves(state).map(({ node }) => node))],
    definition: ({ definitionId }: Instance, _, ctx) => definitionRows.deployedById(ctx, definitionId),
    incidents: (instance: Instance, _, ctx) => instances.incidentsOf(ctx, instance),
    tokens: async ({ definitionId, state }: Instance, _, ctx) => {
      const definition = await definitionOf(ctx, definitionId)
      return state.tokens.map(({ id, node, in: within = null, trouble = null }) => ({
        ...{ id, node, within, trouble, name: nodeOf(definition, node).name },
        startable: startable(definition, node).map((activity) => activity.id),
      }))
    },
  },
})
