import { loadThrough } from '../../core/loader.ts'
import type { Resolvers } from '../../core/module.ts'
import type { PageRequest } from '../../core/page.ts'
import { datasetsByIds } from '../catalog/index.ts'
import { organisationById } from '../organisation/index.ts'
import type { Establishment } from './establishment.ts'
import * as service from './establishment.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    "Factories and branches of one company, by the number of the company; the read is logged with its purpose."
    establishments(
      partOf: String!
      purpose: String!
      first: Int = 20
      after: String
    ): EstablishmentConnection!
  }

  "A factory or branch with a number of its own; its values are never the company's."
  type Establishment {
    "Unified social credit code or business number of the company."
    partOf: String!
    number: String!
    name: String
    address: String
    "The dataset that says whose it is, where its own register does not."
    viaDatasetId: UUID
    viaTitle: String
    datasetId: UUID!
    datasetTitle: String!
    organisation: Organisation!
    version: Int!
    line: Int
    "When the register was received."
    asOfAt: DateTime!
  }

  type EstablishmentConnection {
    edges: [EstablishmentEdge!]!
    pageInfo: PageInfo!
  }

  type EstablishmentEdge {
    node: Establishment!
    cursor: String!
  }
`

export const resolvers: Resolvers = {
  Query: {
    establishments: (_, page: PageRequest & { partOf: string; purpose: string }, ctx) =>
      service.establishments(ctx, page),
  },
  Establishment: {
    viaTitle: async ({ viaDatasetId }: Establishment, _, ctx) =>
      viaDatasetId && (await loadThrough(ctx, datasetsByIds, viaDatasetId)).title,
    datasetTitle: async ({ datasetId }: Establishment, _, ctx) =>
      (await loadThrough(ctx, datasetsByIds, datasetId)).title,
    organisation: ({ organisationId }: Establishment, _, ctx) => organisationById(ctx, organisationId),
  },
}
