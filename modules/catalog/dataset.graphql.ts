import { loadThrough } from '../../core/loader.ts'
import type { Resolvers } from '../../core/module.ts'
import type { PageRequest } from '../../core/page.ts'
import { organisationById } from '../organisation/index.ts'
import type { Dataset } from './dataset.ts'
import * as datasets from './dataset.service.ts'
import type { DatasetVersion } from './version.ts'
import { recentByDatasets } from './version.repository.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    "Own datasets and published ones of others; search takes words of title, schema and columns, also in pinyin."
    datasets(search: String, first: Int = 20, after: String): DatasetConnection!
    dataset(id: UUID!): Dataset!
  }

  extend type Mutation {
    "Registers a dataset of one's own organisation under a published schema."
    registerDataset(commandId: UUID!, input: DatasetInput!): Dataset!
    "Sets whose value wins when records are merged and nothing else decides; the smaller rank wins."
    rankDataset(commandId: UUID!, id: UUID!, sourceRank: Int!): Dataset!
  }

  "A body of data that one organisation answers for, its rows shaped by one record schema."
  type Dataset {
    id: UUID!
    title: String!
    "The organisation that answers for the data (数源单位)."
    organisation: Organisation!
    schemaCode: String!
    schemaName: LocalText!
    sourceRank: Int!
    "Null before the first version."
    currentVersion: DatasetVersion
    "Newest first, at most 50."
    versions: [DatasetVersion!]!
    "The version that was current at an instant; null before the first."
    asOf(at: DateTime!): DatasetVersion
    "Of the current version; null before the first."
    quality: Quality
    "Whether the viewer may load files into it."
    mayLoad: Boolean!
  }

  "Two of the six dimensions of GB/T 36344 are measured when a version is published; they weigh the same."
  type Quality {
    grade: QualityGrade!
    "0 to 100."
    score: Float!
    "Of the rows read, the share that the schema accepts (规范性)."
    normative: Float!
    "100 for a version within its cycle and grace (时效性); null for a first one, or without a rhythm."
    timeliness: Float
  }

  "A from 98, B from 95, C from 90."
  enum QualityGrade {
    A
    B
    C
    D
  }

  "One immutable state of a dataset."
  type DatasetVersion {
    version: Int!
    rows: Int!
    createdAt: DateTime!
    schemaVersion: String!
    "Digests of its Parquet files."
    sha256: [String!]!
  }

  type DatasetConnection {
    edges: [DatasetEdge!]!
    pageInfo: PageInfo!
  }

  type DatasetEdge {
    node: Dataset!
    cursor: String!
  }

  input DatasetInput {
    "Unique among the datasets of one organisation."
    title: String!
    schemaCode: String!
  }
`

export const resolvers: Resolvers = {
  Query: {
    datasets: (_, page: PageRequest & { search?: string | null }, ctx) => datasets.datasets(ctx, page),
    dataset: (_, { id }: { id: string }, ctx) => datasets.dataset(ctx, id),
  },
  Mutation: {
    registerDataset: (_, { input }: { input: { title: string; schemaCode: string } }, ctx) =>
      datasets.registerDataset(ctx, input),
    rankDataset: (_, { id, sourceRank }: { id: string; sourceRank: number }, ctx) =>
      datasets.rankDataset(ctx, id, sourceRank),
  },
  Dataset: {
    organisation: ({ organisationId }: Dataset, _, ctx) => organisationById(ctx, organisationId),
    schemaName: ({ schemaCode }: Dataset, _, ctx) => loadThrough(ctx, datasets.schemaNames, schemaCode),
    currentVersion: ({ id }: Dataset, _, ctx) => datasets.currentVersion(ctx, id),
    versions: ({ id }: Dataset, _, ctx) => loadThrough(ctx, recentByDatasets, id),
    asOf: ({ id }: Dataset, { at }: { at: Date }, ctx) => datasets.asOf(ctx, id, at),
    mayLoad: (dataset: Dataset, _, ctx) => datasets.mayLoad(ctx, dataset),
  },
  DatasetVersion: {
    sha256: ({ files }: DatasetVersion) => files.map(({ sha256 }) => sha256),
  },
}
