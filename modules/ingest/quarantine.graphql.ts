import type { Resolvers } from '../../core/module.ts'
import type { PageRequest } from '../../core/page.ts'
import type { Batch } from './batch.ts'
import * as batches from './batch.service.ts'
import * as quarantine from './quarantine.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    "Loads of one's own organisation that hold rows back, newest first."
    quarantinedBatches(first: Int = 20, after: String): BatchConnection!
  }

  extend type Mutation {
    "Changes cells of a rejected row; a replay judges it again. The raw line stays."
    correctRow(commandId: UUID!, batchId: UUID!, line: Int!, cells: [CellInput!]!): QuarantineRow!
    "Leaves a rejected row out of the version for good, and says why."
    waiveRow(commandId: UUID!, batchId: UUID!, line: Int!, explanation: String!): QuarantineRow!
    "Loads the rows again with their corrected cells under the schema in force; what is accepted becomes the next version."
    replayBatch(commandId: UUID!, batchId: UUID!): Batch!
  }

  extend type Batch {
    "Rejected rows in the order of the file; with a reason, those that fail for it in that column (null: the whole row)."
    quarantine(first: Int = 20, after: String, reason: String, column: String): QuarantineRowConnection!
    rowStates: RowStates!
    "The batch whose rows were put right and loaded again as this one."
    replayOf: Batch
    "Whether the viewer may correct, explain and replay its rows now."
    maySettle: Boolean!
    "The file's own column names."
    header: [String!]!
  }

  "A cell of a rejected row by the file's own column name; null is no value."
  input CellInput {
    column: String!
    text: String
  }

  "How many rejected rows are in each state; corrected ones wait for a replay and are among the open ones."
  type RowStates {
    open: Int!
    corrected: Int!
    fixed: Int!
    waived: Int!
    expired: Int!
  }

  enum RowStatus {
    OPEN
    FIXED
    WAIVED
    EXPIRED
  }

  type QuarantineRow {
    line: Int!
    raw: String!
    cells: JSON!
    failures: [RowFailure!]!
    status: RowStatus!
    "Cells changed so far, by the file's own column names."
    corrected: JSON
    "What is still wrong with the corrected cells; null when none was changed."
    remaining: [RowFailure!]
    explanation: String
    decidedBy: String
    decidedAt: DateTime
  }

  type RowFailure {
    column: String
    code: String!
    reason: String!
    severity: String!
    value: String
    messages: LocalText!
  }

  type QuarantineRowConnection {
    edges: [QuarantineRowEdge!]!
    pageInfo: PageInfo!
  }

  type QuarantineRowEdge {
    node: QuarantineRow!
    cursor: String!
  }
`

interface CorrectArguments {
  readonly batchId: string
  readonly line: number
  readonly cells: readonly { column: string; text?: string | null }[]
}

interface WaiveArguments {
  readonly batchId: string
  readonly line: number
  readonly explanation: string
}

export const resolvers: Resolvers = {
  Query: {
    quarantinedBatches: (_, page: PageRequest, ctx) => quarantine.quarantinedBatches(ctx, page),
  },
  Mutation: {
    correctRow: (_, { batchId, line, cells }: CorrectArguments, ctx) =>
      quarantine.correctRow(ctx, {
        batchId,
        line,
        cells: Object.fromEntries(cells.map(({ column, text }) => [column, text ?? null])),
      }),
    waiveRow: (_, input: WaiveArguments, ctx) => quarantine.waiveRow(ctx, input),
    replayBatch: (_, { batchId }: { batchId: string }, ctx) => quarantine.replayBatch(ctx, batchId),
  },
  Batch: {
    quarantine: (batch: Batch, page: PageRequest & quarantine.ReasonFilter, ctx) =>
      quarantine.quarantine(ctx, batch, page),
    rowStates: (batch: Batch, _, ctx) => quarantine.rowStates(ctx, batch),
    replayOf: ({ replayOf }: Batch, _, ctx) => (replayOf === null ? null : batches.batch(ctx, replayOf)),
    maySettle: (batch: Batch, _, ctx) => quarantine.maySettle(ctx, batch),
    header: ({ layout }: Batch) => layout.header,
  },
  RowStatus: { OPEN: 'open', FIXED: 'fixed', WAIVED: 'waived', EXPIRED: 'expired' },
}
