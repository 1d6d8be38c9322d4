import type { Context } from '../core/context.ts'
import type { Resolvers } from '../core/module.ts'
import type { PageRequest } from '../core/page.ts'
import type { InstanceFilter } from './instance.list.repository.ts'
import { instances } from './instance.list.service.ts'
import { definitionOf } from './runtime/definitions.ts'
import type { Instance } from './runtime/instance.ts'
import * as versions from './version.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    processDefinition(id: UUID!): ProcessDefinition!
    "All versions of a process, the newest first, at most 100."
    processVersions(key: String!): [ProcessDefinition!]!
    "What distinguishes two versions."
    processComparison(before: UUID!, after: UUID!): ProcessComparison!
    "Instances the actor may see, the one started last first; \`businessKey\` is the beginning of one."
    processInstances(
      first: Int = 20
      after: String
      key: String
      status: InstanceStatus
      businessKey: String
    ): ProcessInstanceConnection!
  }

  extend type ProcessInstance {
    businessKey: String!
    "Names of the elements where its tokens stand."
    standing: [LocalText!]!
  }

  type ProcessComparison {
    elements: [ElementChange!]!
    "Files of the pack other than the model."
    files: [FileDifference!]!
  }

  type ElementChange {
    id: String!
    type: String!
    change: VersionChange!
    attributes: [AttributeChange!]!
  }

  type AttributeChange {
    name: String!
    before: String
    after: String
  }

  type FileDifference {
    path: String!
    change: VersionChange!
  }

  enum VersionChange {
    ADDED
    REMOVED
    CHANGED
  }

  enum InstanceStatus {
    RUNNING
    COMPLETED
    TERMINATED
    INCIDENT
  }

  type ProcessInstanceConnection {
    edges: [ProcessInstanceEdge!]!
    pageInfo: PageInfo!
  }

  type ProcessInstanceEdge {
    node: ProcessInstance!
    cursor: String!
  }
`

export const resolvers: Resolvers = {
  Query: {
    processDefinition: (_, { id }: { id: string }, ctx) => versions.version(ctx, id),
    processVersions: (_, { key }: { key: string }, ctx) => versions.versions(ctx, key),
    processComparison: (_, { before, after }: { before: string; after: string }, ctx) =>
      versions.compareVersions(ctx, before, after),
    processInstances: (_, { first, after, ...filter }: PageRequest & InstanceFilter, ctx) =>
      instances(ctx, filter, { first, ...(after !== undefined && { after }) }),
  },
  ProcessInstance: {
    standing: async ({ definitionId, state }: Instance, _, ctx: Context) => {
      const { nodes } = await definitionOf(ctx, definitionId)
      return state.tokens.map(({ node }) => nodes[node]?.name ?? { zh: node, en: node })
    },
  },
  VersionChange: { ADDED: 'added', REMOVED: 'removed', CHANGED: 'changed' },
  InstanceStatus: {
    RUNNING: 'running',
    COMPLETED: 'completed',
    TERMINATED: 'terminated',
    INCIDENT: 'incident',
  },
}
