import { loadThrough } from '../../core/loader.ts'
import type { Resolvers } from '../../core/module.ts'
import { certificatesByCases } from '../certificate/index.ts'
import { clocksByCases } from '../clock/index.ts'
import { organisationById } from '../organisation/index.ts'
import { namedAnswers } from './application.graphql.ts'
import { answersOf } from './application.service.ts'
import { type CaseStatus, type Flag, flagText, type ItemCase, responsibleOf } from './case.ts'
import { publicStatus } from './case.public.ts'
import * as cases from './case.service.ts'
import { correctionOf, resubmit, withdraw } from './correction.service.ts'
import { handOver } from './decision.service.ts'
import { itemOfVersion } from './item.service.ts'
import { noticesByCases, visitsByCases } from './review.repository.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    case(id: UUID!): Case!
    "Cases of the actor's own body (or, for a supervisor, of the bodies under its government), the latest first."
    cases(status: CaseStatus, first: Int = 20, after: String): CaseConnection!
  }

  extend type Mutation {
    "\`answers\` holds the fields the notice names; files are uploaded before."
    resubmitCase(commandId: UUID!, id: UUID!, expectedVersion: Int!, answers: JSON!): Case!
    withdrawCase(commandId: UUID!, id: UUID!, expectedVersion: Int!): Case!
    "The clerk hands the result over against a signature."
    handOverCase(commandId: UUID!, id: UUID!, expectedVersion: Int!): Case!
  }

  enum CaseStatus {
    WAITING
    SUBMITTED
    CORRECTION_REQUESTED
    CORRECTION_SUBMITTED
    NOT_REQUIRED
    NOT_ACCEPTED
    ACCEPTED
    IN_REVIEW
    DECIDED
    DELIVERED
    CLOSED
    WITHDRAWN
    TERMINATED
  }

  "One item inside an application, with its own body, status, clocks and outcome."
  type Case {
    id: UUID!
    number: String!
    status: CaseStatus!
    publicStatus: LocalText!
    flags: [CaseFlag!]!
    version: Int!
    item: ServiceItem!
    applicant: Organisation!
    "The deciding body."
    organisation: Organisation!
    submittedAt: DateTime!
    acceptedOn: Date
    "granted, granted-tolerant, granted-deemed or refused"
    outcome: String
    outcomeReason: String
    outcomeClause: String
    competentBody: String
    clocks: [Clock!]!
    "The notice the applicant last got."
    correction: CorrectionNotice
    notices: [CaseNotice!]!
    history: [CaseStep!]!
    answers: [Answer!]!
    form: [FormField!]!
    materials: [MaterialInstance!]!
    application: Application!
    certificate: Certificate
    "Parts of the review."
    branches: [ReviewBranch!]!
    visits: [SiteVisit!]!
    "Who has to act now."
    responsible: Organisation!
    mayResubmit: Boolean!
    mayWithdraw: Boolean!
  }

  type CaseConnection {
    edges: [CaseEdge!]!
    pageInfo: PageInfo!
  }

  type CaseEdge {
    node: Case!
    cursor: String!
  }

  type CaseFlag {
    name: String!
    text: LocalText!
    since: DateTime!
    reason: String
  }

  type CorrectionNotice {
    number: String!
    issuedOn: Date!
    dueOn: Date
    points: [CorrectionPoint!]!
  }

  type CorrectionPoint {
    "field or material"
    kind: String!
    target: String!
    label: LocalText!
    remark: String!
    answered: Boolean!
  }

  "A document of the office to the applicant."
  type CaseNotice {
    number: String!
    kind: String!
    body: LocalText!
    preparedAt: DateTime!
    servedAt: DateTime
  }

  type CaseStep {
    at: DateTime!
    event: String!
    text: LocalText!
    organisation: Organisation
    "For the office alone."
    actor: String
    note: String
  }

  type ReviewBranch {
    name: String!
    organisation: Organisation!
    "agree, object, or closed by a refusal; null while it is open"
    result: String
    note: String
    endedAt: DateTime
  }

  type SiteVisit {
    at: DateTime!
    "0 to 100"
    score: Int
    "Null while it has not taken place."
    passed: Boolean
    note: String
  }
`

interface Acting {
  readonly id: string
  readonly expectedVersion: number
}

export const resolvers: Resolvers = {
  Query: {
    case: (_, { id }: { id: string }, ctx) => cases.read(ctx, id),
    cases: (_, { status, ...page }: { status?: CaseStatus | null; first: number; after?: string }, ctx) =>
      cases.list(ctx, page, status),
  },
  Mutation: {
    resubmitCase: (_, { id, expectedVersion, answers }: Acting & { answers: unknown }, ctx) =>
      resubmit(ctx, id, expectedVersion, answers),
    withdrawCase: (_, { id, expectedVersion }: Acting, ctx) => withdraw(ctx, id, expectedVersion),
    handOverCase: (_, { id, expectedVersion }: Acting, ctx) =>
      handOver(ctx, id, 'signature', expectedVersion),
  },
  Case: {
    publicStatus: ({ status, flags, outcome }: ItemCase) => publicStatus(status, flags, outcome),
    item: ({ itemVersionId }: ItemCase, _, ctx) => itemOfVersion(ctx, itemVersionId),
    applicant: ({ applicantId }: ItemCase, _, ctx) => organisationById(ctx, applicantId),
    organisation: ({ organisationId }: ItemCase, _, ctx) => organisationById(ctx, organisationId),
    clocks: ({ id }: ItemCase, _, ctx) => loadThrough(ctx, clocksByCases, id),
    correction: async (file: ItemCase, _, ctx) => {
      const notice = await correctionOf(ctx, file)
      return notice ? { ...notice, points: await cases.pointsOf(ctx, file) } : null
    },
    notices: ({ id }: ItemCase, _, ctx) => loadThrough(ctx, noticesByCases, id),
    history: (file: ItemCase, _, ctx) => cases.historyOf(ctx, file),
    answers: async (file: ItemCase, _, ctx) => {
      const { content } = await itemOfVersion(ctx, file.itemVersionId)
      return namedAnswers(content.form, await answersOf(ctx, await cases.applicationOf(ctx, file)))
    },
    form: async ({ itemVersionId }: ItemCase, _, ctx) =>
      (await itemOfVersion(ctx, itemVersionId)).content.form,
    materials: ({ applicationId }: ItemCase, _, ctx) => cases.materialsOf(ctx, { id: applicationId }),
    application: (file: ItemCase, _, ctx) => cases.applicationOf(ctx, file),
    certificate: ({ id }: ItemCase, _, ctx) => loadThrough(ctx, certificatesByCases, id),
    visits: ({ id }: ItemCase, _, ctx) => loadThrough(ctx, visitsByCases, id),
    responsible: (file: ItemCase, _, ctx) => organisationById(ctx, responsibleOf(file)),
    mayResubmit: (file: ItemCase, _, ctx) => cases.mayResubmit(ctx, file),
    mayWithdraw: (file: ItemCase, _, ctx) => cases.mayWithdraw(ctx, file),
  },
  CaseFlag: { text: (flag: Flag) => flagText(flag) },
  CaseStep: {
    organisation: ({ organisationId }: cases.CaseStep, _, ctx) => organisationById(ctx, organisationId),
  },
  ReviewBranch: {
    organisation: ({ organisationId }: { organisationId: string }, _, ctx) =>
      organisationById(ctx, organisationId),
  },
  CaseStatus: {
    WAITING: 'waiting',
    SUBMITTED: 'submitted',
    CORRECTION_REQUESTED: 'correction-requested',
    CORRECTION_SUBMITTED: 'correction-submitted',
    NOT_REQUIRED: 'not-required',
    NOT_ACCEPTED: 'not-accepted',
    ACCEPTED: 'accepted',
    IN_REVIEW: 'in-review',
    DECIDED: 'decided',
    DELIVERED: 'delivered',
    CLOSED: 'closed',
    WITHDRAWN: 'withdrawn',
    TERMINATED: 'terminated',
  },
}
