import type { Resolvers } from '../../core/module.ts'
import { type Source } from '../catalog/index.ts'
import * as batches from './batch.service.ts'
import type { Pull } from './pull.ts'
import * as pulls from './pull.service.ts'
import { refusalTexts } from './refusal.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    pull(id: UUID!): Pull!
  }

  extend type Mutation {
    "Reads a source into its dataset."
    pullSource(commandId: UUID!, sourceId: UUID!): Pull!
    "Ends a reading that has not become a batch."
    cancelPull(commandId: UUID!, id: UUID!): Pull!
  }

  extend type Source {
    "Newest first, at most 20."
    pulls: [Pull!]!
  }

  "One reading of a source on its way to become a batch."
  type Pull {
    id: UUID!
    status: PullStatus!
    progress: PullProgress
    refusal: Refusal
    "Where its rows went on."
    batch: Batch
    createdAt: DateTime!
    mayCancel: Boolean!
  }

  enum PullStatus {
    QUEUED
    RUNNING
    HANDED
    FAILED
    CANCELLED
  }

  type PullProgress {
    rows: Int!
    bytes: Float!
    elapsedMs: Int!
  }
`

export const resolvers: Resolvers = {
  Query: {
    pull: (_, { id }: { id: string }, ctx) => pulls.pull(ctx, id),
  },
  Mutation: {
    pullSource: (_, { sourceId }: { sourceId: string }, ctx) => pulls.pullSource(ctx, sourceId),
    cancelPull: (_, { id }: { id: string }, ctx) => pulls.cancelPull(ctx, id),
  },
  Source: {
    pulls: (source: Source, _, ctx) => pulls.pullsOf(ctx, source),
  },
  Pull: {
    batch: ({ batchId }: Pull, _, ctx) => batchId && batches.batch(ctx, batchId),
    refusal: ({ refusal }: Pull) => refusal && { ...refusal, messages: refusalTexts(refusal) },
    mayCancel: (pull: Pull, _, ctx) => pulls.mayCancel(ctx, pull),
  },
  PullStatus: {
    QUEUED: 'queued',
    RUNNING: 'running',
    HANDED: 'handed',
    FAILED: 'failed',
    CANCELLED: 'cancelled',
  },
}
