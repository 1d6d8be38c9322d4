import type { Resolvers } from '../core/module.ts'
import * as operations from './runtime/operations.ts'
import type { Variables } from './runtime/step/index.ts'

export const typeDefs = /* GraphQL */ `
  extend type Mutation {
    "Goes on from a token as if its activity were done; \`output\` is what it would have given."
    skipToken(
      commandId: UUID!
      id: UUID!
      expectedVersion: Int!
      token: Int!
      reason: String!
      output: JSON
    ): ProcessInstance!
    "Takes a token away, with everything in its sub-process."
    cancelToken(
      commandId: UUID!
      id: UUID!
      expectedVersion: Int!
      token: Int!
      reason: String!
    ): ProcessInstance!
    "Takes a token to another node of its level."
    moveToken(
      commandId: UUID!
      id: UUID!
      expectedVersion: Int!
      token: Int!
      to: String!
      reason: String!
    ): ProcessInstance!
    "Sets variables of the process, or with \`token\` those its activity holds itself."
    setProcessVariables(
      commandId: UUID!
      id: UUID!
      expectedVersion: Int!
      token: Int
      values: JSON!
      reason: String!
    ): ProcessInstance!
    terminateInstance(commandId: UUID!, id: UUID!, expectedVersion: Int!, reason: String!): ProcessInstance!
    "Holds an instance: no task is completed, no timer fires and no job runs until it is resumed."
    suspendInstance(commandId: UUID!, id: UUID!, expectedVersion: Int!, reason: String!): ProcessInstance!
    resumeInstance(commandId: UUID!, id: UUID!, expectedVersion: Int!, reason: String!): ProcessInstance!
    "Holds back new instances of a process; what would have started one does so when it is resumed."
    suspendProcess(commandId: UUID!, key: String!, reason: String!): ProcessDefinition!
    resumeProcess(commandId: UUID!, key: String!, reason: String!): ProcessDefinition!
    "Begins an activity of an ad-hoc sub-process; without \`node\` says that all of it is over."
    beginActivity(commandId: UUID!, id: UUID!, token: Int!, node: String): ProcessInstance!
  }
`

type Skipping = Parameters<typeof operations.skip>[1]
type Setting = Parameters<typeof operations.setVariables>[1]
type Moving = Parameters<typeof operations.moveToken>[1]
type Cancelling = Parameters<typeof operations.cancelToken>[1]
interface Process {
  readonly key: string
  readonly reason: string
}

export const resolvers: Resolvers = {
  Mutation: {
    skipToken: (_, { output, ...at }: Omit<Skipping, 'output'> & { output?: Variables | null }, ctx) =>
      operations.skip(ctx, { ...at, output: output ?? {} }),
    cancelToken: (_, at: Cancelling, ctx) => operations.cancelToken(ctx, at),
    moveToken: (_, at: Moving, ctx) => operations.moveToken(ctx, at),
    setProcessVariables: (_, { token, ...at }: Omit<Setting, 'token'> & { token?: number | null }, ctx) =>
      operations.setVariables(ctx, { ...at, token: token ?? null }),
    terminateInstance: (_, at: operations.Operation, ctx) => operations.terminate(ctx, at),
    suspendInstance: (_, at: operations.Operation, ctx) => operations.suspend(ctx, at),
    resumeInstance: (_, at: operations.Operation, ctx) => operations.resume(ctx, at),
    suspendProcess: (_, { key, reason }: Process, ctx) =>
      operations.suspendProcess(ctx, { key, reason, suspended: true }),
    resumeProcess: (_, { key, reason }: Process, ctx) =>
      operations.suspendProcess(ctx, { key, reason, suspended: false }),
    beginActivity: (_, { id, token, node }: { id: string; token: number; node?: string | null }, ctx) =>
      operations.beginActivity(ctx, { id, token, node: node ?? null }),
  },
}
