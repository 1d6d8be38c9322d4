import type { Context } from '../core/context.ts'
import { loadThrough } from '../core/loader.ts'
import type { Resolvers } from '../core/module.ts'
import type { PageRequest } from '../core/page.ts'
import { latestByKeys } from './definition.repository.ts'
import type { IncidentFilter, IncidentGroup } from './incident.repository.ts'
import * as incidents from './incident.service.ts'
import { definitionOf } from './runtime/definitions.ts'
import type { Incident } from './runtime/instance.ts'
import { byIds } from './runtime/instance.repository.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    "Open incidents of the instances the actor may see, the oldest first."
    processIncidents(first: Int = 20, after: String, filter: IncidentFilter): IncidentConnection!
    "The same, counted by process, node, kind and error; the most frequent first, at most 200."
    processIncidentGroups(filter: IncidentFilter): [IncidentGroup!]!
  }

  input IncidentFilter {
    "Key of a process."
    key: String
    "Id of an element."
    node: String
    kind: String
    "Code of the refusal; empty for incidents of before every one had a code."
    code: String
    "Those that have stood for at least so long."
    olderThanHours: Int
  }

  extend type Incident {
    instance: ProcessInstance!
    "What the element is called."
    name: LocalText!
  }

  type IncidentGroup {
    key: String!
    process: LocalText!
    node: String!
    name: LocalText!
    kind: String!
    code: String!
    count: Int!
    oldestAt: DateTime!
  }

  type IncidentConnection {
    edges: [IncidentEdge!]!
    pageInfo: PageInfo!
  }

  type IncidentEdge {
    node: Incident!
    cursor: String!
  }
`

type Asked = PageRequest & { readonly filter?: IncidentFilter | null }

const instanceOf = async (ctx: Context, { instanceId }: Incident) => {
  const instance = await loadThrough(ctx, byIds, instanceId)
  if (!instance) throw new Error(`instance ${instanceId} is gone`)
  return instance
}

/** The newest version says what a node is called; one that only older versions have is shown by its id. */
const nameIn = async (ctx: Context, key: string, node: string) => {
  const name = (await loadThrough(ctx, latestByKeys, key))?.compiled.nodes[node]?.name
  return name ?? { zh: node, en: node }
}

export const resolvers: Resolvers = {
  Query: {
    processIncidents: (_, { first, after, filter }: Asked, ctx) =>
      incidents.incidents(ctx, filter ?? {}, { first, ...(after != null && { after }) }),
    processIncidentGroups: (_, { filter }: { filter?: IncidentFilter | null }, ctx) =>
      incidents.incidentGroups(ctx, filter ?? {}),
  },
  Incident: {
    instance: (incident: Incident, _, ctx) => instanceOf(ctx, incident),
    name: async (incident: Incident, _, ctx) => {
      const { definitionId } = await instanceOf(ctx, incident)
      const { nodes } = await definitionOf(ctx, definitionId)
      return nodes[incident.node]?.name ?? { zh: incident.node, en: incident.node }
    },
  },
  IncidentGroup: {
    key: ({ definitionKey }: IncidentGroup) => definitionKey,
    process: async ({ definitionKey }: IncidentGroup, _, ctx) =>
      (await loadThrough(ctx, latestByKeys, definitionKey))?.name ?? { zh: definitionKey, en: definitionKey },
    name: ({ definitionKey, node }: IncidentGroup, _, ctx) => nameIn(ctx, definitionKey, node),
  },
}
