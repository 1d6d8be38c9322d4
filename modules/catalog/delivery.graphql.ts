import { loadThrough } from '../../core/loader.ts'
import type { Resolvers } from '../../core/module.ts'
import { datasetsByIds } from './dataset.repository.ts'
import type { Delivery, DeliveryRun } from './delivery.ts'
import * as deliveries from './delivery.service.ts'
import type { Source } from './source.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    delivery(id: UUID!): Delivery!
  }

  extend type Mutation {
    "Keeps a dataset up to date in a table of a source of one's own, after a look at its columns; the same again changes nothing."
    setDelivery(input: DeliveryInput!): Delivery!
    "Brings the target to the dataset's current version."
    runDelivery(commandId: UUID!, id: UUID!): DeliveryRun!
    "Ends a run between two of its transactions; the next goes on from there."
    cancelDeliveryRun(commandId: UUID!, id: UUID!): DeliveryRun!
    "Sends nothing more; the rows in the target stay."
    endDelivery(commandId: UUID!, id: UUID!): Delivery!
  }

  extend type Source {
    "Those that go on."
    deliveries: [Delivery!]!
    "Whether datasets may be delivered into it by the actor."
    mayDeliver: Boolean!
  }

  "A dataset kept up to date in a table or collection of a department's database."
  type Delivery {
    id: UUID!
    dataset: Dataset!
    collection: String!
    "What names a row there."
    keyColumns: [String!]!
    setAt: DateTime!
    endedAt: DateTime
    "Newest first, at most 20."
    runs: [DeliveryRun!]!
    mayManage: Boolean!
  }

  "Brings a target from the version it holds to the current one."
  type DeliveryRun {
    id: UUID!
    status: DeliveryRunStatus!
    "The version the target holds since."
    version: Int
    progress: DeliveryProgress
    refusal: Refusal
    createdAt: DateTime!
    mayCancel: Boolean!
  }

  enum DeliveryRunStatus {
    QUEUED
    RUNNING
    DONE
    FAILED
    CANCELLED
  }

  type DeliveryProgress {
    "The version on its way."
    version: Int!
    rows: Int!
    elapsedMs: Int!
  }

  input DeliveryInput {
    sourceId: UUID!
    datasetId: UUID!
    collection: String!
  }
`

export const resolvers: Resolvers = {
  Query: {
    delivery: (_, { id }: { id: string }, ctx) => deliveries.delivery(ctx, id),
  },
  Mutation: {
    setDelivery: (_, { input }: { input: deliveries.DeliveryInput }, ctx) =>
      deliveries.setDelivery(ctx, input),
    runDelivery: (_, { id }: { id: string }, ctx) => deliveries.runDelivery(ctx, id),
    cancelDeliveryRun: (_, { id }: { id: string }, ctx) => deliveries.cancelDeliveryRun(ctx, id),
    endDelivery: (_, { id }: { id: string }, ctx) => deliveries.endDelivery(ctx, id),
  },
  Source: {
    deliveries: (source: Source, _, ctx) => deliveries.deliveriesOf(ctx, source),
    mayDeliver: async (source: Source, _, ctx) =>
      !['rest', 'files'].includes(source.connection.kind) && (await deliveries.mayDeliver(ctx, source)),
  },
  Delivery: {
    dataset: ({ datasetId }: Delivery, _, ctx) => loadThrough(ctx, datasetsByIds, datasetId),
    runs: (delivery: Delivery, _, ctx) => deliveries.runsOf(ctx, delivery),
    mayManage: async (delivery: Delivery, _, ctx) =>
      delivery.endedAt === null && (await deliveries.mayDeliver(ctx, delivery)),
  },
  DeliveryRun: {
    mayCancel: (run: DeliveryRun, _, ctx) => deliveries.mayCancelRun(ctx, run),
  },
  DeliveryRunStatus: {
    QUEUED: 'queued',
    RUNNING: 'running',
    DONE: 'done',
    FAILED: 'failed',
    CANCELLED: 'cancelled',
  },
}
