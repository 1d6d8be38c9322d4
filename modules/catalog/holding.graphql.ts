import type { Resolvers } from '../../core/module.ts'
import type { Impact } from '../../standards/index.ts'
import { holdings } from './holding.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type StandardImpact {
    "Of every dataset the reader may see: exact counts in its current version."
    holdings: [Holding!]!
  }

  type Holding {
    dataset: Dataset!
    version: Int!
    column: String!
    "Rows with any value, or with the one code asked for."
    rows: Int!
  }
`

export const resolvers: Resolvers = {
  StandardImpact: { holdings: (impact: Impact, _, ctx) => holdings(ctx, impact) },
}
