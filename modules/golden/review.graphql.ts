import { loadThrough } from '../../core/loader.ts'
import type { Resolvers } from '../../core/module.ts'
import type { PageRequest } from '../../core/page.ts'
import { datasetsByIds } from '../catalog/index.ts'
import type { Link } from './link.ts'
import * as reviews from './review.service.ts'
import type { Ruling } from './ruling.ts'
import * as rulings from './ruling.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    "Rows of one's own registers without a sound key, whose entity people must decide; the surest first."
    linkReviews(first: Int = 20, after: String): RecordLinkConnection!
    "One row beside the record of an entity; the read is logged with its purpose."
    linkReview(datasetId: UUID!, rowId: String!, key: String!, purpose: String!): LinkReview!
    "What was ruled on rows of one's own registers, the last first."
    linkRulings(first: Int = 20, after: String): LinkRulingConnection!
  }

  extend type Mutation {
    "Whether a row of one's own register is the entity; DIFFERENT also takes a row out of a record."
    decideLink(commandId: UUID!, input: LinkRulingInput!): LinkRuling!
    "The second person, where the entity holds a licence."
    confirmRuling(commandId: UUID!, id: UUID!): LinkRuling!
    "Takes a ruling back; where two persons decided, a second person confirms that first."
    undoRuling(commandId: UUID!, id: UUID!): LinkRuling!
  }

  input LinkRulingInput {
    datasetId: UUID!
    rowId: String!
    "Unified social credit code of the entity."
    key: String!
    answer: RulingAnswer!
    reason: String!
  }

  enum RulingAnswer {
    SAME
    DIFFERENT
    UNSURE
  }

  enum RulingStatus {
    PROPOSED
    IN_FORCE
    UNDONE
  }

  enum LinkMethod {
    RULING
    ORGANISATION_CODE
    PROBABILISTIC
  }

  "REOPENED: ruled the same, and the row's own key now says otherwise, or the entity is in no register any more."
  enum LinkDecision {
    LINK
    REVIEW
    REOPENED
  }

  "A row without a sound key, and the entity it stands for or may stand for."
  type RecordLink {
    datasetId: UUID!
    datasetTitle: String!
    rowId: String!
    line: Int
    key: String!
    method: LinkMethod!
    decision: LinkDecision!
    "log2 of the odds that both are the same; null where nothing was weighed."
    weight: Float
    "What the prior adds to it."
    prior: Float
    parts: [WeightPart!]!
  }

  type WeightPart {
    field: String!
    "What was found: equal, differs, absent, or a likeness; with former: before it where a former name was compared."
    level: String!
    "In bits."
    weight: Float!
  }

  type LinkReview {
    link: RecordLink!
    name: String!
    fields: [LinkReviewField!]!
    "What stands on this row and this entity."
    ruling: LinkRuling
  }

  type LinkReviewField {
    name: String!
    label: LocalText!
    row: String
    record: String
  }

  type LinkRuling {
    id: UUID!
    datasetId: UUID!
    datasetTitle: String!
    rowId: String!
    line: Int
    key: String!
    answer: RulingAnswer!
    reason: String!
    status: RulingStatus!
    "What the machine weighed then."
    weight: Float
    "Whether the reader made it, or asked to undo it, and so may not confirm that."
    mine: Boolean!
    decidedAt: DateTime!
    confirmedAt: DateTime
    "When its undoing was asked for, which a second person confirms; until then it binds."
    undoAskedAt: DateTime
    undoneAt: DateTime
  }

  type RecordLinkConnection {
    edges: [RecordLinkEdge!]!
    pageInfo: PageInfo!
  }

  type RecordLinkEdge {
    node: RecordLink!
    cursor: String!
  }

  type LinkRulingConnection {
    edges: [LinkRulingEdge!]!
    pageInfo: PageInfo!
  }

  type LinkRulingEdge {
    node: LinkRuling!
    cursor: String!
  }

  extend type FieldSource {
    "Names the row in its dataset."
    rowId: String!
  }
`

const titleOf: Resolvers[string][string] = async ({ datasetId }: { datasetId: string }, _, ctx) =>
  (await loadThrough(ctx, datasetsByIds, datasetId)).title

export const resolvers: Resolvers = {
  Query: {
    linkReviews: (_, page: PageRequest, ctx) => reviews.linkReviews(ctx, page),
    linkReview: (_, input: Pick<Link, 'datasetId' | 'rowId' | 'key'> & { purpose: string }, ctx) =>
      reviews.linkReview(ctx, input),
    linkRulings: (_, page: PageRequest, ctx) => rulings.linkRulings(ctx, page),
  },
  Mutation: {
    decideLink: (_, { input }: { input: rulings.RulingInput }, ctx) => rulings.decideLink(ctx, input),
    confirmRuling: (_, { id }: { id: string }, ctx) => rulings.confirmRuling(ctx, id),
    undoRuling: (_, { id }: { id: string }, ctx) => rulings.undoRuling(ctx, id),
  },
  RulingAnswer: { SAME: 'same', DIFFERENT: 'different', UNSURE: 'unsure' },
  RulingStatus: { PROPOSED: 'proposed', IN_FORCE: 'in-force', UNDONE: 'undone' },
  LinkMethod: {
    RULING: 'ruling',
    ORGANISATION_CODE: 'organisation-code',
    PROBABILISTIC: 'probabilistic',
  },
  LinkDecision: { LINK: 'link', REVIEW: 'review', REOPENED: 'reopened' },
  RecordLink: { datasetTitle: titleOf },
  LinkRuling: {
    datasetTitle: titleOf,
    mine: ({ decidedBy, undoAskedBy }: Ruling, _, ctx) => (undoAskedBy ?? decidedBy) === ctx.actor.id,
  },
}
