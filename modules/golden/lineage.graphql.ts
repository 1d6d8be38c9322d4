import { loadThrough } from '../../core/loader.ts'
import type { Resolvers } from '../../core/module.ts'
import { datasetsByIds, type RowOrigin } from '../catalog/index.ts'
import * as lineage from './lineage.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    "Which rows of which files one field of one record comes from; logged with its purpose."
    recordFieldLineage(key: String!, field: String!, purpose: String!): RecordFieldLineage!
    "Which fields of a record a line of a department's file feeds; logged with its purpose."
    lineLineage(datasetId: UUID!, version: Int!, line: Int!, purpose: String!): LineLineage!
  }

  type RecordFieldLineage {
    key: String!
    field: LineageField!
    "The row whose value is shown first, then those that lost."
    origins: [RowOrigin!]!
  }

  type LineageField {
    name: String!
    label: LocalText!
    rule: String!
  }

  "One row's way, from the file to the field; null where no origin was kept."
  type RowOrigin {
    dataset: Dataset!
    version: Int!
    column: String
    rowId: String!
    line: Int
    batchId: UUID!
    "Of the file as it was uploaded."
    fileSha256: String
    fileColumn: String
    "Whether the field shows this row's value."
    chosen: Boolean!
  }

  type LineLineage {
    version: Int!
    line: Int!
    rowId: String!
    "Null when no record that is served holds the row."
    key: String
    fields: [FedField!]!
  }

  type FedField {
    name: String!
    label: LocalText!
    "Whether the record shows the line's value."
    chosen: Boolean!
  }
`

export const resolvers: Resolvers = {
  Query: {
    recordFieldLineage: (_, input: { key: string; field: string; purpose: string }, ctx) =>
      lineage.fieldLineage(ctx, input),
    lineLineage: (_, input: { datasetId: string; version: number; line: number; purpose: string }, ctx) =>
      lineage.lineLineage(ctx, input),
  },
  RowOrigin: {
    dataset: ({ datasetId }: RowOrigin, _, ctx) => loadThrough(ctx, datasetsByIds, datasetId),
  },
}
