import { loadThrough } from '../../core/loader.ts'
import type { Resolvers } from '../../core/module.ts'
import type { PageRequest } from '../../core/page.ts'
import { datasetsByIds } from '../catalog/index.ts'
import { organisationById } from '../organisation/index.ts'
import { explain } from './explain.service.ts'
import type { LegalSource } from './legal-source.repository.ts'
import * as legalSources from './legal-source.service.ts'
import * as merges from './merge.service.ts'
import type { Finding } from './merging.ts'
import { type FieldSource, isStale, type OrganisationRecord, type RecordField, trust } from './record.ts'
import * as records from './record.service.ts'
import { findingTexts, type MergeRun } from './run.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    """
    Finds organisations by the beginning of their number, or by part of a name: two Chinese characters suffice,
    simplified or traditional, or pinyin. Leaves personal fields out.
    """
    organisationRecords(search: String!, first: Int = 20, after: String): OrganisationRecordConnection!
    "One record with all its fields; the read is logged with its purpose."
    organisationRecord(key: String!, purpose: String!): OrganisationRecord!
    latestMerge: MergeRun
    "Whose value of an element counts above all others (一数一源)."
    legalSources: [LegalSource!]!
  }

  extend type Mutation {
    "Merges the current versions of all registers of legal entities; a job does it."
    mergeRegisters(commandId: UUID!): MergeRun!
    nameLegalSource(commandId: UUID!, elementCode: String!, organisationId: String!): LegalSource!
  }

  type LegalSource {
    elementCode: String!
    organisation: Organisation!
  }

  "What departments together know of one organisation."
  type OrganisationRecord {
    "Unified social credit code (GB 32100-2015)."
    key: String!
    name: String!
    "When the youngest register used was received."
    asOfAt: DateTime!
    "Even its youngest register is overdue for renewal."
    stale: Boolean!
    fields: [RecordField!]!
    "What it was called before (曾用名), the last first."
    formerNames: [FormerName!]!
  }

  type FormerName {
    name: String!
    "The first day it is known to have counted; null when no register tells."
    validFrom: Date
    "The first day another name counted; null when no register tells."
    validTo: Date
    "The row that bore the name, or lists it; null where people corrected the list."
    source: FieldSource
  }

  type OrganisationRecordConnection {
    edges: [OrganisationRecordEdge!]!
    pageInfo: PageInfo!
  }

  type OrganisationRecordEdge {
    node: OrganisationRecord!
    cursor: String!
  }

  type RecordField {
    name: String!
    label: LocalText!
    "Null when every department's value fails its own check."
    value: String
    source: FieldSource
    runnersUp: [FieldSource!]!
    "What decided: only-source, only-sound, legal-source, current-name, freshest, source-rank, smallest-id, none-sound."
    rule: String!
    "Why this value is here, and why the others are not."
    explanation: Explanation!
  }

  type Explanation {
    text: LocalText!
    "In the order of runnersUp."
    lost: [LostValue!]!
  }

  type LostValue {
    value: String!
    "unsound, not-legal-source, former-name, older, lower-rank or later-in-order."
    reason: String!
    text: LocalText!
  }

  "Where a value comes from, down to the line of the department's file."
  type FieldSource {
    datasetId: UUID!
    datasetTitle: String!
    organisation: Organisation!
    version: Int!
    asOfAt: DateTime!
    "The day the department dates the row by."
    eventOn: Date
    line: Int
    value: String
    """
    0 to 1: 1 for the element's legal source, 0.8 for the first rank of the others and 0.1 less for each rank
    below, at least 0.5; 0 for a value that fails its check; 0.1 less for each year of age, at most 0.3.
    """
    trust: Float!
  }

  type MergeRun {
    id: UUID!
    "queued, running, published, unchanged, aborted or failed."
    status: String!
    records: Int
    "How many records differ from those served before."
    changed: Int
    removed: Int
    "Code of what it failed with; null where that is none of the platform's."
    errorCode: String
    inputs: [MergeInput!]!
    findings: [MergeFinding!]!
    startedAt: DateTime!
    endedAt: DateTime
  }

  type MergeInput {
    datasetId: UUID!
    version: Int!
    rows: Int!
  }

  "Rows that were not linked, and why."
  type MergeFinding {
    datasetId: UUID!
    code: String!
    messages: LocalText!
    rows: Int!
    "Lines of the first ten."
    lines: [Int!]!
    "What too many rows have in common, where that is why; telephone numbers and names of persons are masked."
    value: String
  }
`

export const resolvers: Resolvers = {
  Query: {
    organisationRecords: (_, page: PageRequest & { search: string }, ctx) =>
      records.organisationRecords(ctx, page),
    organisationRecord: (_, input: { key: string; purpose: string }, ctx) =>
      records.organisationRecord(ctx, input),
    latestMerge: (_, __, ctx) => merges.latestMerge(ctx),
    legalSources: (_, __, ctx) => legalSources.legalSources(ctx),
  },
  Mutation: {
    mergeRegisters: (_, __, ctx) => merges.mergeRegisters(ctx),
    nameLegalSource: (_, { elementCode, organisationId }: LegalSource, ctx) =>
      legalSources.nameLegalSource(ctx, { elementCode, organisationId }),
  },
  LegalSource: {
    organisation: ({ organisationId }: LegalSource, _, ctx) => organisationById(ctx, organisationId),
  },
  OrganisationRecord: {
    stale: (record: OrganisationRecord, _, ctx) => isStale(record, ctx.now()),
  },
  RecordField: {
    explanation: (field: RecordField, _, ctx) => explain(ctx, field),
  },
  FieldSource: {
    datasetTitle: async ({ datasetId }: FieldSource, _, ctx) =>
      (await loadThrough(ctx, datasetsByIds, datasetId)).title,
    organisation: ({ organisationId }: FieldSource, _, ctx) => organisationById(ctx, organisationId),
    trust: (source: FieldSource, _, ctx) => trust(source, ctx.now()),
  },
  MergeRun: {
    startedAt: ({ startedAt, requestedAt }: MergeRun) => startedAt ?? requestedAt,
  },
  MergeFinding: {
    messages: ({ code }: Finding) => findingTexts(code),
  },
}
