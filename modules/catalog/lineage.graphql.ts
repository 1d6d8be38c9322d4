import { loadThrough } from '../../core/loader.ts'
import type { Resolvers } from '../../core/module.ts'
import { datasetsByIds } from './dataset.repository.ts'
import { type LineageEdge, type LineageNode, nodeKey, stepsInWords } from './lineage.ts'
import * as lineage from './lineage.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    "Which columns of files a dataset's columns come from and which fields of records they feed; all, or one."
    datasetLineage(datasetId: UUID!, column: String, depth: Int = 20): Lineage!
    "Which columns the fields of merged records are made of; all, or one. Entities: legal-entity."
    goldenLineage(entity: String!, field: String, depth: Int = 20): Lineage!
  }

  "Columns and what leads from one to another (血缘); never a value."
  type Lineage {
    nodes: [LineageNode!]!
    edges: [LineageEdge!]!
    "There is more than is shown."
    truncated: Boolean!
  }

  type LineageNode {
    id: String!
    "file, dataset or golden."
    kind: String!
    "Of files and datasets: the dataset."
    dataset: Dataset
    column: String!
  }

  type LineageEdge {
    "Ids of nodes."
    from: String!
    to: String!
    "mapping or survivorship."
    kind: String!
    "Names of normalisers, or of the rules that choose a value, in order."
    steps: [String!]!
    text: LocalText!
  }
`

export const resolvers: Resolvers = {
  Query: {
    datasetLineage: (_, input: { datasetId: string; column?: string | null; depth: number }, ctx) =>
      lineage.datasetLineage(ctx, input),
    goldenLineage: (_, input: { entity: string; field?: string | null; depth: number }, ctx) =>
      lineage.goldenLineage(ctx, input),
  },
  LineageNode: {
    id: nodeKey,
    dataset: ({ kind, id }: LineageNode, _, ctx) =>
      kind === 'golden' ? null : loadThrough(ctx, datasetsByIds, id),
  },
  LineageEdge: {
    from: ({ from }: LineageEdge) => nodeKey(from),
    to: ({ to }: LineageEdge) => nodeKey(to),
    text: stepsInWords,
  },
}
