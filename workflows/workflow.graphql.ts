import type { Resolvers } from '../core/module.ts'
import { organisationOrPlatform } from '../modules/organisation/index.ts'
import * as definitionRows from './definition.repository.ts'
import * as definitions from './definition.service.ts'
import type { Deployed } from './deployed.ts'
import type { Offers } from './known.ts'
import { type Incident, type Instance, textsOf, troubleOf } from './runtime/instance.ts'
import * as instances from './runtime/instances.ts'
import { leaves } from './runtime/step/index.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    processDefinitions: [ProcessDefinition!]!
    """
    The instance that runs a case, or with \`id\` another of the same business key; null when there is none the actor
    may see.
    """
    processInstance(businessKey: String!, id: UUID): ProcessInstance
  }

  extend type Mutation {
    """
    The file becomes the next version of its process; all findings come in one refusal. It needs no command
    id: the same file again is the version there is, and a rehearsal must not hold a transaction open.
    """
    deployProcess(key: String!, xml: String!, pack: JSON): ProcessDefinition!
    "Tries again what stopped in an incident."
    retryIncident(commandId: UUID!, id: UUID!): ProcessInstance!
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
    "kind, code and messages of what stopped it; null while nothing did."
    trouble: JSON
    "Activities the actor may begin now, in an ad-hoc sub-process."
    startable: [String!]!
  }

  "A place where a process stands until somebody has looked."
  type Incident {
    id: UUID!
    token: Int!
    node: String!
    "task-failed, no-flow, expression, timer, join-starved, loop or call-failed"
    kind: String!
    "Of the refusal; empty for an incident of before every one had a code."
    code: String!
    "What happened; an incident of before both texts were kept says it in English alone."
    messages: LocalText!
    error: JSON! @deprecated(reason: "code and messages say it in both languages.")
    createdAt: DateTime!
  }
`

export const resolversFor = (offers: Offers): Resolvers => ({
  Query: {
    processDefinitions: (_, __, ctx) => definitions.definitions(ctx),
    processInstance: (_, { businessKey, id }: { businessKey: string; id?: string | null }, ctx) =>
      instances.ofBusinessKey(ctx, businessKey, id),
  },
  Mutation: {
    deployProcess: (_, { key, xml, pack }: definitions.Deployment, ctx) =>
      definitions.deploy(ctx, { key, xml, ...(pack && { pack }) }, offers.known),
    retryIncident: (_, { id }: { id: string }, ctx) => instances.retryIncident(ctx, id),
  },
  ProcessDefinition: {
    findings: ({ gateReport }: Deployed) => gateReport,
    organisation: ({ organisationId }: Deployed, _, ctx) => organisationOrPlatform(ctx, organisationId),
  },
  Incident: {
    code: ({ error }: Incident) => error.code,
    messages: ({ error }: Incident) => textsOf(error),
    error: ({ error }: Incident) => ({ code: error.code, message: textsOf(error).en }),
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
  },
})
