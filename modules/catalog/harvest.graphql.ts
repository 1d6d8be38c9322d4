import type { Resolvers } from '../../core/module.ts'
import type { Harvest, HarvestFormat } from './harvest.ts'
import * as harvests from './harvest.service.ts'
import type { Source } from './source.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    harvest(id: UUID!): Harvest!
  }

  extend type Mutation {
    """
    Crawls the catalogue behind a REST source into entries of one's own organisation. It fails, and withdraws nothing,
    when more than a fifth of the known entries are no longer listed, unless that is said to be right.
    """
    startHarvest(
      commandId: UUID!
      sourceId: UUID!
      format: HarvestFormat!
      mayWithdrawMany: Boolean! = false
    ): Harvest!
    "Ends a crawl; what it registered stays."
    cancelHarvest(commandId: UUID!, id: UUID!): Harvest!
  }

  extend type Source {
    "Newest first, at most 20."
    harvests: [Harvest!]!
  }

  "One crawl of another catalogue."
  type Harvest {
    id: UUID!
    format: HarvestFormat!
    status: HarvestStatus!
    counts: HarvestCounts!
    "The first 500."
    quarantined: [QuarantinedRecord!]!
    "Why it failed."
    refusal: Refusal
    createdAt: DateTime!
    mayCancel: Boolean!
  }

  "read = created + changed + unchanged + quarantined."
  type HarvestCounts {
    read: Int!
    created: Int!
    changed: Int!
    unchanged: Int!
    quarantined: Int!
    "No longer listed; only after a crawl that ended completely."
    withdrawn: Int!
  }

  type QuarantinedRecord {
    remoteId: String
    title: String!
    refusal: Refusal!
  }

  enum HarvestFormat {
    DCAT
    CKAN
  }

  enum HarvestStatus {
    QUEUED
    RUNNING
    DONE
    FAILED
    CANCELLED
  }
`

interface StartArgs {
  readonly sourceId: string
  readonly format: HarvestFormat
  readonly mayWithdrawMany: boolean
}

export const resolvers: Resolvers = {
  Query: {
    harvest: (_, { id }: { id: string }, ctx) => harvests.harvest(ctx, id),
  },
  Mutation: {
    startHarvest: (_, { sourceId, format, mayWithdrawMany }: StartArgs, ctx) =>
      harvests.startHarvest(ctx, sourceId, format, mayWithdrawMany),
    cancelHarvest: (_, { id }: { id: string }, ctx) => harvests.cancelHarvest(ctx, id),
  },
  Source: {
    harvests: (source: Source, _, ctx) => harvests.harvestsOf(ctx, source),
  },
  Harvest: {
    mayCancel: (harvest: Harvest, _, ctx) => harvests.mayCancelHarvest(ctx, harvest),
  },
  HarvestFormat: { DCAT: 'dcat', CKAN: 'ckan' },
  HarvestStatus: {
    QUEUED: 'queued',
    RUNNING: 'running',
    DONE: 'done',
    FAILED: 'failed',
    CANCELLED: 'cancelled',
  },
}
