import type { Resolvers } from '../../core/module.ts'
import type { PageRequest } from '../../core/page.ts'
import type { ChangeOperation } from '../../core/plane/plane.ts'
import * as changes from './change.service.ts'
import type { Dataset } from './dataset.ts'
import { can } from './policy.ts'

export const typeDefs = /* GraphQL */ `
  extend type Dataset {
    "What differs between two versions, by key; for its own department. Without operations, all but unchanged rows."
    changes(
      from: Int!
      to: Int!
      "Columns whose differences do not count."
      ignoring: [String!] = []
      operations: [ChangeOperation!]
      first: Int = 20
      after: String
    ): ChangeConnection!
    changeCounts(from: Int!, to: Int!, ignoring: [String!] = []): ChangeCounts!
    "Whether the viewer may compare versions."
    mayCompare: Boolean!
  }

  enum ChangeOperation {
    INSERT
    UPDATE
    DELETE
    UNCHANGED
  }

  type ChangeCounts {
    insert: Int!
    update: Int!
    delete: Int!
    unchanged: Int!
  }

  type Change {
    operation: ChangeOperation!
    key: [String!]!
    "Columns of an update that differ."
    changed: [String!]!
    "Values as text by column; null for an insert."
    before: JSON
    "Null for a delete."
    after: JSON
  }

  type ChangeConnection {
    edges: [ChangeEdge!]!
    pageInfo: PageInfo!
  }

  type ChangeEdge {
    node: Change!
    cursor: String!
  }
`

type Comparison = Omit<changes.ChangesRequest, 'datasetId'>
type Page = Comparison & PageRequest & { readonly operations?: readonly ChangeOperation[] | null }

export const resolvers: Resolvers = {
  Dataset: {
    changes: ({ id }: Dataset, page: Page, ctx) => changes.changes(ctx, { ...page, datasetId: id }),
    changeCounts: ({ id }: Dataset, compared: Comparison, ctx) =>
      changes.changeCounts(ctx, { ...compared, datasetId: id }),
    mayCompare: (dataset: Dataset, _, ctx) => ctx.policy.allows(ctx, can.readChanges, dataset),
  },
  ChangeOperation: { INSERT: 'insert', UPDATE: 'update', DELETE: 'delete', UNCHANGED: 'unchanged' },
}
