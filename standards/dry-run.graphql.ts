import type { Resolvers } from '../core/module.ts'
import type { DryRun, DryRunDataset } from './dry-run.ts'
import * as dryRuns from './dry-run.service.ts'
import { kindOf } from './kinds.ts'
import type { Standard, StandardKind } from './standard.ts'

export const typeDefs = /* GraphQL */ `
  extend type Mutation {
    "Tries a draft on the current version of every dataset that depends on it; nothing else changes."
    dryRunStandard(commandId: UUID!, standard: StandardInput!): StandardVersion!
    "What becomes of the rows of a code that a list's draft removes: a code of the draft, or why they stay."
    proposeRowMigration(
      commandId: UUID!
      list: StandardInput!
      code: String!
      successor: String
      waiver: String
    ): StandardVersion!
  }

  extend type StandardVersion {
    "The one asked for last; null for what was never tried, and for whoever does not draft or approve the standard."
    dryRun: DryRun
    "Codes of the version before that this one has not, for a list; null for whoever does not draft or approve it."
    removedCodes: [RemovedCode!]
  }

  type DryRun {
    id: UUID!
    "waiting, running, done or failed"
    status: String!
    askedAt: DateTime!
    "Of the draft when it was tried."
    revision: Int!
    "How many datasets are to be tried."
    total: Int!
    "Code of the refusal it ended in."
    refusal: String
    datasets: [DryRunDataset!]!
  }

  "What a draft would do to the current version of one dataset."
  type DryRunDataset {
    datasetId: UUID!
    datasetVersion: Int!
    title: String!
    organisationId: String!
    newlyFailing: Int!
    newlyPassing: Int!
    unchanged: Int!
    "At most 100, by line; none of another organisation's dataset."
    failing: [FailingRow!]!
    "Where all of them are as a Parquet file, the purpose to be added as a parameter; null for another organisation's dataset."
    failingFile: String
    "None of another organisation's dataset."
    removed: [RemovedRows!]!
  }

  type FailingRow {
    line: Int!
    "Null where rows have no key, or a personal one."
    key: [String!]
    "column: reason"
    reasons: [String!]!
  }

  type RemovedRows {
    column: String!
    code: String!
    rows: Int!
  }

  type RemovedCode {
    code: String!
    "Null while the draft as it stands has not been tried."
    rows: Int
    migration: RowMigration
    "What a published crosswalk says it is, exactly."
    crosswalk: String
  }

  type RowMigration {
    successor: String
    waiver: String
    proposedBy: String!
    proposedAt: DateTime!
  }
`

interface Chosen {
  readonly kind: StandardKind
  readonly code: string
  readonly version: string
}
interface Proposal {
  readonly list: Chosen
  readonly code: string
  readonly successor?: string | null
  readonly waiver?: string | null
}

export const resolvers: Resolvers = {
  Mutation: {
    dryRunStandard: (_, { standard: { kind, code, version } }: { standard: Chosen }, ctx) =>
      dryRuns.dryRun(ctx, kindOf(kind), code, version),
    proposeRowMigration: (_, { list, ...proposal }: Proposal, ctx) =>
      dryRuns.proposeRowMigration(ctx, list.code, list.version, proposal),
  },
  StandardVersion: {
    dryRun: (standard: Standard, _, ctx) => dryRuns.lastDryRun(ctx, standard),
    removedCodes: (standard: Standard, _, ctx) => dryRuns.removedCodesOf(ctx, standard),
  },
  DryRun: {
    datasets: async (run: DryRun, _, ctx) =>
      (await dryRuns.resultsOf(ctx, run)).map((result) => ({ ...result, runId: run.id })),
  },
  DryRunDataset: {
    failingFile: ({ runId, datasetId, keys }: DryRunDataset & { readonly runId: string }) =>
      keys && `/api/standards/dry-runs/${runId}/datasets/${datasetId}/failing.parquet`,
  },
}
