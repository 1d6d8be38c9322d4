import type { Context } from '../../core/context.ts'
import { loadThrough } from '../../core/loader.ts'
import type { Resolvers } from '../../core/module.ts'
import type { PageRequest } from '../../core/page.ts'
import { type Dataset, datasetsByIds } from '../catalog/index.ts'
import type { Batch, ColumnMapping, Override, Progress } from './batch.ts'
import * as batches from './batch.service.ts'
import { knownCalendar, knownEncoding } from './encoding.ts'
import { reasonsOf } from './finding.ts'
import type { SuggestedColumn, Suggestion } from './mapping.ts'
import { refusalTexts } from './refusal.ts'
import { maySee } from './policy.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    "Of one dataset, newest first; for its own department."
    batches(datasetId: UUID!, first: Int = 20, after: String): BatchConnection!
    batch(id: UUID!): Batch!
  }

  extend type Mutation {
    "Confirms how the file is read and starts its load."
    confirmMapping(
      commandId: UUID!
      batchId: UUID!
      encoding: String!
      columns: [ColumnMappingInput!]!
    ): Batch!
    "Ends a batch that is not published yet; nothing of it stays."
    cancelBatch(commandId: UUID!, batchId: UUID!): Batch!
    "Decides and publishes again under the schema now in force, without reading the file again."
    retryBatch(commandId: UUID!, batchId: UUID!): Batch!
    "Publishes what a threshold stopped; by a second person."
    overrideBatch(commandId: UUID!, batchId: UUID!, reason: String!): Batch!
  }

  extend type Dataset {
    "Whether the actor may see its batches and what they put aside."
    maySeeBatches: Boolean!
    "Work orders for files whose columns are not those confirmed; seen by its own department."
    driftOrders: [DriftOrder!]!
  }

  "Open until a corrected file is published."
  type DriftOrder {
    id: UUID!
    batchId: UUID!
    openedAt: DateTime!
    closedAt: DateTime
    closedByBatch: UUID
  }

  "How a file's columns differ from those confirmed; the file's own names."
  type Drift {
    added: [String!]!
    missing: [String!]!
    missingRequired: [String!]!
    renamed: [RenamedColumn!]!
    retyped: [String!]!
  }

  type RenamedColumn {
    from: String!
    to: String!
  }

  type BatchOverride {
    by: String!
    reason: String!
    at: DateTime!
  }

  "One uploaded file on its way into a dataset."
  type Batch {
    id: UUID!
    dataset: Dataset!
    fileName: String!
    sizeBytes: Float!
    status: BatchStatus!
    encoding: String
    encodingGuesses: [EncodingGuess!]!
    columns: [BatchColumn!]!
    counts: BatchCounts
    progress: BatchProgress
    reasons: [RejectionReason!]!
    "Why it was stopped or failed."
    refusal: Refusal
    publishedVersion: Int
    drift: Drift
    override: BatchOverride
    createdAt: DateTime!
    "The first rows of the file, without the header."
    preview: [[String!]!]!
    mayCancel: Boolean!
    mayRetry: Boolean!
    "Publish what a threshold stopped, as the second person."
    mayOverride: Boolean!
  }

  enum BatchStatus {
    RECEIVED
    MAPPED
    RUNNING
    PUBLISHED
    STOPPED
    FAILED
    CANCELLED
  }

  type EncodingGuess {
    encoding: String!
    score: Float!
  }

  type BatchColumn {
    index: Int!
    name: String!
    samples: [String!]!
    "Name of the schema's column it fills: confirmed, or preselected."
    target: String
    suggestions: [MappingSuggestion!]!
  }

  type MappingSuggestion {
    column: String!
    elementCode: String!
    name: LocalText!
    "0.40 name + 0.15 type + 0.30 values + 0.15 history."
    score: Float!
    parts: ScoreParts!
    reason: String!
  }

  "What speaks for a suggestion, each 0 to 1."
  type ScoreParts {
    name: Float!
    "Share of the sampled values that can be read as the column's type."
    type: Float!
    "Share of them that pass its check, code list, pattern and limits."
    values: Float!
    "Share of the department's earlier confirmations of that name that chose it."
    history: Float!
  }

  input ColumnMappingInput {
    index: Int!
    "Name of the schema's column; null leaves the file's column out."
    target: String
    calendar: String
  }

  type BatchCounts {
    read: Int!
    accepted: Int!
    rejected: Int!
    duplicate: Int!
    filtered: Int!
  }

  type BatchProgress {
    phase: String!
    "Done in this phase."
    rows: Int!
    bytes: Float!
    "A register is judged, compared and written range by range: how many are done, and of how many."
    rangesDone: Int
    ranges: Int
    "How much of this phase, or of all ranges where there are any, is done, 0 to 1; null where nobody knows."
    share: Float
    elapsedMs: Int!
  }

  type RejectionReason {
    code: String!
    column: String
    "Narrows the code: shape, check-digit, date, placeholder and so on."
    reason: String!
    count: Int!
    severity: String!
    messages: LocalText!
  }

  type Refusal {
    code: String!
    messages: LocalText!
    params: JSON!
  }

  type BatchConnection {
    edges: [BatchEdge!]!
    pageInfo: PageInfo!
  }

  type BatchEdge {
    node: Batch!
    cursor: String!
  }
`

interface ConfirmArguments {
  readonly batchId: string
  readonly encoding: string
  readonly columns: readonly { index: number; target?: string | null; calendar?: string | null }[]
}

const PREVIEW_ROWS = 10

export const resolvers: Resolvers = {
  Query: {
    batches: (_, page: PageRequest & { datasetId: string }, ctx) => batches.batches(ctx, page),
    batch: (_, { id }: { id: string }, ctx) => batches.batch(ctx, id),
  },
  Mutation: {
    confirmMapping: (_, { batchId, encoding, columns }: ConfirmArguments, ctx) =>
      batches.confirmMapping(ctx, {
        batchId,
        encoding: knownEncoding(encoding),
        columns: columns.map(mappingOf),
      }),
    cancelBatch: (_, { batchId }: { batchId: string }, ctx) => batches.cancelBatch(ctx, batchId),
    overrideBatch: (_, { batchId, reason }: { batchId: string; reason: string }, ctx) =>
      batches.overrideBatch(ctx, batchId, reason),
    retryBatch: (_, { batchId }: { batchId: string }, ctx) => batches.retryBatch(ctx, batchId),
  },
  Dataset: {
    maySeeBatches: (dataset: Dataset, _, ctx) => maySee(ctx, dataset),
    driftOrders: (dataset: Dataset, _, ctx) => batches.driftOrders(ctx, dataset),
  },
  BatchProgress: {
    rangesDone: ({ ranges }: Progress) => ranges?.done ?? null,
    ranges: ({ ranges }: Progress) => ranges?.of ?? null,
    share: ({ ranges, share }: Progress) =>
      ranges === undefined ? (share ?? null) : ranges.done / ranges.of,
  },
  BatchOverride: { at: ({ at }: Override) => new Date(at) },
  Batch: {
    dataset: ({ datasetId }: Batch, _, ctx) => loadThrough(ctx, datasetsByIds, datasetId),
    columns: columnsOf,
    counts: ({ outcome }: Batch) => outcome?.counts ?? null,
    reasons: ({ outcome }: Batch) => reasonsOf(outcome?.findings ?? []),
    refusal: ({ refusal }: Batch) => refusal && { ...refusal, messages: refusalTexts(refusal) },
    preview: ({ layout }: Batch) => layout.sample.slice(0, PREVIEW_ROWS),
    mayCancel: (batch: Batch, _, ctx) => batches.mayDo(ctx, 'cancel', batch),
    mayRetry: (batch: Batch, _, ctx) => batches.mayDo(ctx, 'retry', batch),
    mayOverride: (batch: Batch, _, ctx) => batches.mayOverride(ctx, batch),
  },
  BatchStatus: {
    RECEIVED: 'received',
    MAPPED: 'mapped',
    RUNNING: 'running',
    PUBLISHED: 'published',
    STOPPED: 'stopped',
    FAILED: 'failed',
    CANCELLED: 'cancelled',
  },
  MappingSuggestion: {
    column: ({ column }: Suggestion) => column.name,
    elementCode: ({ column }: Suggestion) => column.elementCode,
    name: ({ column }: Suggestion) => column.label,
  },
}

/** A confirmed mapping stands before what would be suggested. */
async function columnsOf(batch: Batch, _: unknown, ctx: Context): Promise<SuggestedColumn[]> {
  const suggested = await batches.suggestedColumns(ctx, batch)
  if (batch.mapping === null) return [...suggested]
  const confirmed = new Map(batch.mapping.map(({ index, target }) => [index, target]))
  return suggested.map((column) => ({ ...column, target: confirmed.get(column.index) ?? null }))
}

function mappingOf({ index, target, calendar }: ConfirmArguments['columns'][number]): ColumnMapping {
  const known = knownCalendar(calendar)
  return { index, target: target ?? null, ...(known !== undefined && { calendar: known }) }
}
