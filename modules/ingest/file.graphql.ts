import type { Resolvers } from '../../core/module.ts'
import type { Batch } from './batch.ts'
import * as tables from './table.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type Mutation {
    "Takes another sheet of the workbook, or another list of the document's records, before the load. Reads the file outside of any transaction; the same again changes nothing."
    chooseTable(batchId: UUID!, table: String!, headerConfirmed: Boolean): Batch!
  }

  extend type Batch {
    form: FileForm!
    "The file's first lines in each encoding it may have; empty where its bytes prove one."
    encodingPreviews: [EncodingPreview!]!
  }

  "What the file is, by its content."
  type FileForm {
    kind: FileKind!
    "Packed by gzip."
    isGzip: Boolean!
    "The sheet, or the place of the records, that is loaded; null for delimited text."
    table: String
    tables: [FileTable!]!
    "Rows hidden in the sheet; they are loaded too."
    hiddenRows: Int!
  }

  enum FileKind {
    DELIMITED
    WORKBOOK
    JSON
    NDJSON
    PARQUET
  }

  type FileTable {
    name: String!
    isEmpty: Boolean!
  }

  type EncodingPreview {
    encoding: String!
    score: Float!
    lines: [String!]!
  }
`

interface ChooseArguments {
  readonly batchId: string
  readonly table: string
  readonly headerConfirmed?: boolean | null
}

const DELIMITED = { kind: 'delimited', isGzip: false }

export const resolvers: Resolvers = {
  Mutation: {
    chooseTable: (_, { batchId, table, headerConfirmed }: ChooseArguments, ctx) =>
      tables.chooseTable(ctx, { batchId, table, headerConfirmed: headerConfirmed === true }),
  },
  Batch: {
    form: ({ layout }: Batch) => ({ table: null, tables: [], hiddenRows: 0, ...(layout.form ?? DELIMITED) }),
    encodingPreviews: (batch: Batch, _, ctx) => tables.encodingPreviews(ctx, batch),
  },
  FileKind: {
    DELIMITED: 'delimited',
    WORKBOOK: 'workbook',
    JSON: 'json',
    NDJSON: 'ndjson',
    PARQUET: 'parquet',
  },
}
