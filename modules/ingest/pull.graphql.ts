import type { Resolvers } from '../../core/module.ts'
import { type Source } from '../catalog/index.ts'
import * as batches from './batch.service.ts'
import type { KnownFile } from './inbox.ts'
import * as inbox from './inbox.service.ts'
import type { Pull } from './pull.ts'
import * as pulls from './pull.service.ts'
import { refusalTexts } from './refusal.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    pull(id: UUID!): Pull!
    "Looks at the structure of a table or collection now, or of a file under the source's prefix."
    sourceDiscovery(id: UUID!, collection: String!): SourceDiscovery!
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
    "Of a source of files: those under its prefix as they were read last, newest first, at most 100."
    files: [PlacedFile!]!
  }

  type PlacedFile {
    "Below the inbox of the department."
    name: String!
    sizeBytes: Float!
    placedAt: DateTime!
    "Where its rows went on; null for a file that was refused."
    batch: Batch
    "Why it did not become a batch; it is tried again at the next reading."
    refusal: Refusal
  }

  type PullFiles {
    found: Int!
    "Loaded before as they are: the same name, size and checksum."
    unchanged: Int!
    received: Int!
    refused: Int!
  }

  "One reading of a source on its way to become a batch."
  type Pull {
    id: UUID!
    status: PullStatus!
    progress: PullProgress
    refusal: Refusal
    "Where its rows went on; null for files, each of which is a batch."
    batch: Batch
    "Of a source of files, as far as it has come."
    files: PullFiles
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
    sourceDiscovery: (_, { id, collection }: { id: string; collection: string }, ctx) =>
      inbox.discoverSource(ctx, id, collection),
  },
  Mutation: {
    pullSource: (_, { sourceId }: { sourceId: string }, ctx) => pulls.pullSource(ctx, sourceId),
    cancelPull: (_, { id }: { id: string }, ctx) => pulls.cancelPull(ctx, id),
  },
  Source: {
    pulls: (source: Source, _, ctx) => pulls.pullsOf(ctx, source),
    files: (source: Source, _, ctx) => inbox.filesOf(ctx, source),
  },
  PlacedFile: {
    name: ({ name }: KnownFile) => name.split('/').slice(2).join('/'),
    batch: ({ batchId }: KnownFile, _, ctx) => batchId && batches.batch(ctx, batchId),
    refusal: ({ refusal }: KnownFile) => refusal && { ...refusal, messages: refusalTexts(refusal) },
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
