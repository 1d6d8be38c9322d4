import type { Resolvers } from '../../core/module.ts'
import { organisationById } from '../organisation/index.ts'
import type { Item, ItemContent } from './item.ts'
import * as items from './item.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    "The directory, by code. \`search\` takes a part of a name or code."
    serviceItems(search: String, first: Int = 20, after: String): ServiceItemConnection!
    serviceItem(id: UUID!): ServiceItem!
    "The scenario a complete answer set leads to."
    precheck(itemId: UUID!, answers: JSON!): Scenario!
  }

  "One row of a body's implementation list, as one of its versions says."
  type ServiceItem {
    id: UUID!
    itemCode: String!
    version: Int!
    name: LocalText!
    organisation: Organisation!
    "1 natural person, 2 enterprise, 3 public institution, 4 social organisation, 5 organ, 6 other (GB/T 39046-2020 A.4)"
    audience: [String!]!
    handlingKind: String!
    legalLimit: Limit!
    promisedLimit: Limit!
    intakeLimit: Limit!
    visitsMax: Int!
    channels: [String!]!
    address: LocalText
    openingHours: LocalText
    phone: String @element(code: "DE00000013")
    legalBases: [LegalBasis!]!
    fees: [Fee!]!
    conditions: [LocalText!]!
    results: [LocalText!]!
    questions: [Question!]!
    materials: [MaterialDefinition!]!
    "Whether the viewer may begin an application: the command asks the same."
    mayApply: Boolean!
  }

  type ServiceItemConnection {
    edges: [ServiceItemEdge!]!
    pageInfo: PageInfo!
  }

  type ServiceItemEdge {
    node: ServiceItem!
    cursor: String!
  }

  type LegalBasis {
    lawName: String!
    documentNumber: String
    clause: String
    text: String
  }

  type Fee {
    name: LocalText!
    amountFen: Int!
  }

  "yes-no takes yes or no; choice one of the options."
  type Question {
    id: String!
    text: LocalText!
    kind: String!
    options: [QuestionOption!]!
  }

  type QuestionOption {
    value: String!
    text: LocalText!
  }

  type MaterialDefinition {
    code: String!
    name: LocalText!
    "required, optional or may-follow"
    necessity: String!
    "Media types; the content is looked at, not only the name."
    accepts: [String!]!
    maxBytes: Int!
    maxFiles: Int!
    instructions: LocalText
    "In this order: e-licence, shared-data, vault, upload, counter-scan"
    obtainBy: [String!]!
  }

  type Scenario {
    id: String!
    name: LocalText!
    "apply, not-required, other-item or refuse"
    outcome: String!
    explanation: LocalText!
    materials: [String!]!
  }
`

/** A field of the item's content, by its name. */
const content =
  <Name extends keyof ItemContent>(name: Name) =>
  (item: Item): ItemContent[Name] =>
    item.content[name]

export const resolvers: Resolvers = {
  Query: {
    serviceItems: (_, { search, ...page }: { search?: string; first: number; after?: string }, ctx) =>
      items.list(ctx, page, search),
    serviceItem: (_, { id }: { id: string }, ctx) => items.read(ctx, id),
    precheck: (_, { itemId, answers }: { itemId: string; answers: unknown }, ctx) =>
      items.precheck(ctx, itemId, answers),
  },
  ServiceItem: {
    name: content('name'),
    organisation: ({ organisationId }: Item, _, ctx) => organisationById(ctx, organisationId),
    audience: content('audience'),
    handlingKind: content('handlingKind'),
    legalLimit: content('legalLimit'),
    promisedLimit: content('promisedLimit'),
    intakeLimit: content('intakeLimit'),
    visitsMax: content('visitsMax'),
    channels: content('channels'),
    address: content('address'),
    openingHours: content('openingHours'),
    phone: content('phone'),
    legalBases: (item: Item) => item.content.entry.legalBases,
    fees: content('fees'),
    conditions: content('conditions'),
    results: (item: Item) => item.content.results.map(({ name }) => name),
    questions: content('questions'),
    materials: content('materials'),
    mayApply: (item: Item, _, ctx) => items.mayApply(ctx, item),
  },
}
