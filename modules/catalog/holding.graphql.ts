import type { Resolvers } from '../../core/module.ts'
import type { Impact } from '../../standards/index.ts'
import { countsAll, holdings } from './holding.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type StandardImpact {
    "Of the datasets the reader may see: exact counts in the current version; reads their files."
    holdings: [Holding!]!
    "False when there are more datasets than are counted."
    holdingsComplete: Boolean!
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
  StandardImpact: {
    holdings: (impact: Impact, _, ctx) => holdings(ctx, impact),
    holdingsComplete: (impact: Impact) => countsAll(impact),
  },
}
