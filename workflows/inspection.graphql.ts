import type { Resolvers } from '../core/module.ts'
import { nameOfActor } from './actor.ts'
import { nodeOf } from './definition.ts'
import { suspendedAt } from './definition.repository.ts'
import type { Deployed } from './deployed.ts'
import type { HeldVariable } from './inspection.ts'
import * as repository from './inspection.repository.ts'
import * as inspection from './inspection.service.ts'
import { can } from './policy.ts'
import { definitionOf } from './runtime/definitions.ts'
import type { Instance } from './runtime/instance.ts'

export const typeDefs = /* GraphQL */ `
  extend type ProcessInstance {
    "Whether the actor may skip, cancel, move, change variables, suspend and end here."
    mayOperate: Boolean!
    "Whether the actor may try again what stopped here."
    mayResolve: Boolean!
    "For who may operate; the reading is recorded."
    variables: [ProcessVariable!]!
    "Tasks that wait for a person."
    openTasks: [Task!]!
    timers: [ProcessTimer!]!
    subscriptions: [ProcessSubscription!]!
    jobs: [ProcessJob!]!
    "Instances that its call activities run, or ran."
    called: [ProcessInstance!]!
    "The instance whose call activity runs this one."
    caller: ProcessInstance
    "What operators did here, the last first; at most 200."
    operations: [ProcessOperation!]!
  }

  extend type ProcessToken {
    "Whether the actor may go on from it as if it were done."
    maySkip: Boolean!
    "Nodes the actor may take it to."
    moveTargets: [String!]!
  }

  "A value that an instance holds."
  type ProcessVariable {
    "The token that holds it; 0 for the process itself."
    token: Int!
    "Where the token stands; null for the process itself."
    node: String
    name: String!
    "string, number, boolean, date, date-time, duration, list, context or any"
    type: String!
    declared: Boolean!
    value: JSON
    maySet: Boolean!
  }

  type ProcessTimer {
    id: String!
    token: Int!
    node: String!
    dueAt: DateTime!
  }

  "Something an instance waits to hear."
  type ProcessSubscription {
    id: String!
    token: Int!
    node: String!
    "message or signal"
    kind: String!
    message: String!
    "Hears whatever the key, when null."
    correlationKey: String
  }

  "Work that is done by a service task."
  type ProcessJob {
    id: String!
    token: Int!
    node: String!
    task: String!
    attempts: Int!
    retriesLeft: Int!
    runAfter: DateTime!
  }

  type ProcessOperation {
    id: String!
    at: DateTime!
    "Null for what is no person of the directory."
    by: LocalText
    "retry, skip, cancel, move, set-variables, suspend, resume, terminate and others"
    operation: String!
    node: String
    reason: String!
  }

  extend type ProcessDefinition {
    "Set while new instances of the process are held back."
    suspendedAt: DateTime
    maySuspend: Boolean!
  }
`

interface TokenOf {
  readonly id: number
  readonly instance: Instance
}

export const resolvers: Resolvers = {
  ProcessInstance: {
    mayOperate: (instance: Instance, _, ctx) => inspection.mayOperate(ctx, instance),
    mayResolve: (instance: Instance, _, ctx) => inspection.mayResolve(ctx, instance),
    variables: (instance: Instance, _, ctx) => inspection.variables(ctx, instance),
    openTasks: (instance: Instance, _, ctx) => inspection.openTasks(ctx, instance),
    timers: ({ id }: Instance, _, ctx) => repository.timersOf(ctx, id),
    subscriptions: ({ id }: Instance, _, ctx) => repository.subscriptionsOf(ctx, id),
    jobs: ({ id }: Instance, _, ctx) => repository.jobsOf(ctx, id),
    called: (instance: Instance, _, ctx) => inspection.called(ctx, instance),
    caller: (instance: Instance, _, ctx) => inspection.caller(ctx, instance),
    operations: ({ id }: Instance, _, ctx) => repository.operationsOf(ctx, id),
    tokens: async (instance: Instance, _, ctx) => {
      const definition = await definitionOf(ctx, instance.definitionId)
      return instance.state.tokens.map(({ id, node, in: within = null, trouble = null }) => ({
        ...{ id, node, within, trouble, name: nodeOf(definition, node).name, instance },
      }))
    },
  },
  ProcessToken: {
    maySkip: async ({ id, instance }: TokenOf, _, ctx) =>
      (await inspection.possible(ctx, instance, id)).maySkip,
    moveTargets: async ({ id, instance }: TokenOf, _, ctx) =>
      (await inspection.possible(ctx, instance, id)).moveTargets,
    startable: async ({ id, instance }: TokenOf, _, ctx) =>
      (await inspection.possible(ctx, instance, id)).startable,
  },
  ProcessVariable: { declared: ({ isDeclared }: HeldVariable) => isDeclared },
  ProcessOperation: {
    at: ({ occurredAt }: repository.OperationRecord) => occurredAt,
    by: ({ actorId }: repository.OperationRecord, _, ctx) => nameOfActor(ctx, actorId),
  },
  ProcessDefinition: {
    suspendedAt: ({ key }: Deployed, _, ctx) => suspendedAt(ctx, key),
    maySuspend: (deployed: Deployed, _, ctx) => ctx.policy.allows(ctx, can.suspendProcess, deployed),
  },
}
