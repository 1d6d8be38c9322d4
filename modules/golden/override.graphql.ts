import { loadThrough } from '../../core/loader.ts'
import type { Resolvers } from '../../core/module.ts'
import type { PageRequest } from '../../core/page.ts'
import { organisationById } from '../organisation/index.ts'
import type { CorrectionOrder, OrderAnswer } from './correction-order.ts'
import { ordersByOverrides } from './correction-order.repository.ts'
import * as orders from './correction-order.service.ts'
import type { Override, OverrideInput } from './override.ts'
import { overridesByIds } from './override.repository.ts'
import * as overrides from './override.service.ts'
import type { FieldOverride } from './record.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    "Asked for by one's own body, the last first."
    recordOverrides(first: Int = 20, after: String): RecordOverrideConnection!
    "What others ask one's own register to correct, the last first."
    correctionOrders(first: Int = 20, after: String): CorrectionOrderConnection!
  }

  extend type Mutation {
    "Puts a value above what the registers say, until a day, and asks the legal source to correct its own."
    overrideValue(commandId: UUID!, input: RecordOverrideInput!): RecordOverride!
    "The second person, where the entity holds a licence."
    confirmOverride(commandId: UUID!, id: UUID!): RecordOverride!
    "Where two persons decided, a second person confirms that first."
    withdrawOverride(commandId: UUID!, id: UUID!): RecordOverride!
    answerCorrectionOrder(
      commandId: UUID!
      id: UUID!
      answer: CorrectionAnswer!
      text: String!
    ): CorrectionOrder!
  }

  input RecordOverrideInput {
    "Unified social credit code of the record."
    key: String!
    "Name of the field."
    field: String!
    value: String!
    reason: String!
    "Statute, document or decision it rests on."
    basis: String!
    "What shows it."
    evidence: String!
    "The last day it counts."
    expiresOn: Date
  }

  enum OverrideStatus {
    PROPOSED
    IN_FORCE
    WITHDRAWN
  }

  enum CorrectionAnswer {
    WILL_CORRECT
    DECLINED
  }

  "A value people put above what every register says (人工修正)."
  type RecordOverride {
    id: UUID!
    key: String!
    "What the entity was called."
    name: String!
    field: String!
    label: LocalText!
    "Null when personal: the record shows it, for a purpose."
    value: String
    reason: String!
    basis: String!
    evidence: String!
    expiresOn: Date!
    status: OverrideStatus!
    organisation: Organisation!
    "Whether the reader asked for it, or for its withdrawal, and so may not confirm that."
    mine: Boolean!
    requestedAt: DateTime!
    confirmedAt: DateTime
    "When its withdrawal was asked for, which a second person confirms; until then it counts."
    withdrawalAskedAt: DateTime
    withdrawnAt: DateTime
    "What the legal source was asked, and answered; null before it is in force."
    order: CorrectionOrder
  }

  type RecordOverrideConnection {
    edges: [RecordOverrideEdge!]!
    pageInfo: PageInfo!
  }

  type RecordOverrideEdge {
    node: RecordOverride!
    cursor: String!
  }

  type CorrectionOrder {
    id: UUID!
    "The body asked."
    organisation: Organisation!
    override: RecordOverride!
    openedAt: DateTime!
    answer: CorrectionAnswer
    answerText: String
    answeredAt: DateTime
  }

  type CorrectionOrderConnection {
    edges: [CorrectionOrderEdge!]!
    pageInfo: PageInfo!
  }

  type CorrectionOrderEdge {
    node: CorrectionOrder!
    cursor: String!
  }

  extend type RecordField {
    "Present when people overrode the value; then there is no source."
    overriddenBy: FieldOverride
  }

  type FieldOverride {
    id: UUID!
    organisation: Organisation!
    reason: String!
    basis: String!
    evidence: String!
    expiresOn: Date!
    decidedAt: DateTime!
  }
`

export const resolvers: Resolvers = {
  Query: {
    recordOverrides: (_, page: PageRequest, ctx) => overrides.overrides(ctx, page),
    correctionOrders: (_, page: PageRequest, ctx) => orders.correctionOrders(ctx, page),
  },
  Mutation: {
    overrideValue: (_, { input }: { input: OverrideInput }, ctx) => overrides.overrideValue(ctx, input),
    confirmOverride: (_, { id }: { id: string }, ctx) => overrides.confirmOverride(ctx, id),
    withdrawOverride: (_, { id }: { id: string }, ctx) => overrides.withdrawOverride(ctx, id),
    answerCorrectionOrder: (_, input: { id: string; answer: OrderAnswer; text: string }, ctx) =>
      orders.answerOrder(ctx, input),
  },
  OverrideStatus: { PROPOSED: 'proposed', IN_FORCE: 'in-force', WITHDRAWN: 'withdrawn' },
  CorrectionAnswer: { WILL_CORRECT: 'will-correct', DECLINED: 'declined' },
  RecordOverride: {
    value: ({ personal, value }: Override) => (personal ? null : value),
    organisation: ({ organisationId }: Override, _, ctx) => organisationById(ctx, organisationId),
    mine: ({ requestedBy, withdrawalAskedBy }: Override, _, ctx) =>
      (withdrawalAskedBy ?? requestedBy) === ctx.actor.id,
    order: ({ id }: Override, _, ctx) => loadThrough(ctx, ordersByOverrides, id),
  },
  CorrectionOrder: {
    organisation: ({ organisationId }: CorrectionOrder, _, ctx) => organisationById(ctx, organisationId),
    override: ({ overrideId }: CorrectionOrder, _, ctx) => loadThrough(ctx, overridesByIds, overrideId),
  },
  FieldOverride: {
    organisation: ({ organisationId }: FieldOverride, _, ctx) => organisationById(ctx, organisationId),
    decidedAt: ({ decidedAt }: FieldOverride) => new Date(decidedAt),
  },
}
