import { loadThrough } from '../../core/loader.ts'
import type { Resolvers } from '../../core/module.ts'
import type { PageRequest } from '../../core/page.ts'
import type { TestResult } from '../../core/plane/connectors/index.ts'
import { organisationById } from '../organisation/index.ts'
import { datasetsByIds } from './dataset.repository.ts'
import type { Schedule, ScheduleInput } from './schedule.ts'
import { scheduleSource } from './schedule.service.ts'
import { readConnection, type Reading, type Source } from './source.ts'
import * as sources from './source.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    "Sources of one's own organisation; of all for who permits networks."
    sources(first: Int = 20, after: String): SourceConnection!
    source(id: UUID!): Source!
    "Tries the connection now, step by step."
    sourceTest(id: UUID!): SourceTest!
  }

  extend type Mutation {
    "Registers a source of one's own organisation."
    registerSource(commandId: UUID!, input: SourceInput!): Source!
    replaceSourceSecret(commandId: UUID!, id: UUID!, secret: String!): Source!
    "Permits internal networks (CIDR) for one source; replaces the list."
    permitSourceNetworks(commandId: UUID!, id: UUID!, networks: [String!]!): Source!
    "Sets what is read into which dataset, after a look at the source; the same again changes nothing."
    configureSource(id: UUID!, input: SourceReadingInput!): Source!
    "Sets when it is read by itself; the next due time counts from now."
    scheduleSource(commandId: UUID!, id: UUID!, input: SourceScheduleInput!): Source!
  }

  "A database, a service or a place for files of a department, from which a dataset is filled. Its secret is never shown."
  type Source {
    id: UUID!
    organisation: Organisation!
    title: String!
    kind: SourceKind!
    "Without secrets."
    connection: JSON!
    hosts: [String!]!
    "Of files: where they are placed in the object store."
    prefix: String
    permittedNetworks: [String!]!
    hasSecret: Boolean!
    secretKeyId: String
    reading: SourceReading
    "Null when it is read by hand alone."
    schedule: SourceSchedule
    "When it is read next by itself."
    dueAt: DateTime
    "The cursor's value that the published version reaches."
    watermark: String
    registeredAt: DateTime!
    mayManage: Boolean!
    mayPermitNetworks: Boolean!
  }

  enum SourceKind {
    POSTGRES
    MYSQL
    MONGO
    REST
    "Files placed under a prefix of the department in the platform's object store."
    FILES
  }

  "Times of day are Beijing time."
  type SourceSchedule {
    every: ScheduleKind!
    "HH:MM; null for each full hour."
    at: String
    "0 for Sunday to 6 for Saturday; weekly only."
    weekday: Int
    "1 to 28; monthly only."
    day: Int
  }

  enum ScheduleKind {
    HAND
    HOUR
    DAY
    WEEK
    MONTH
  }

  type SourceReading {
    collection: String!
    dataset: Dataset!
    columns: [String!]!
    keyColumns: [String!]!
    cursorColumn: String
    overlap: Int!
  }

  type SourceTest {
    "In order, up to the first that fails."
    steps: [SourceTestStep!]!
    collections: [String!]!
  }

  type SourceTestStep {
    step: SourceStep!
    passed: Boolean!
    refusal: Refusal
  }

  enum SourceStep {
    RESOLVE
    CONNECT
    LOGIN
    READ
  }

  type SourceDiscovery {
    collection: String!
    "How many rows were looked at."
    sampledRows: Int!
    seed: Int!
    columns: [SourceColumn!]!
  }

  type SourceColumn {
    name: String!
    declaredType: String
    observedType: String!
    nullRate: Float!
    distinct: Int!
    "Masked."
    samples: [String!]!
    candidateKey: Boolean!
  }

  type SourceConnection {
    edges: [SourceEdge!]!
    pageInfo: PageInfo!
  }

  type SourceEdge {
    node: Source!
    cursor: String!
  }

  input SourceInput {
    title: String!
    "kind, host, port, database, user, tls; for rest: url, auth, oauth {tokenUrl, clientId, scope}, paging, recordPath …"
    connection: JSON!
    secret: String! = ""
    "Other hosts it may lead to."
    hosts: [String!]! = []
  }

  input SourceReadingInput {
    collection: String!
    datasetId: UUID!
    keyColumns: [String!]! = []
    cursorColumn: String
    overlap: Int! = 0
  }

  input SourceScheduleInput {
    every: ScheduleKind!
    at: String
    weekday: Int
    day: Int
  }
`

interface SourceInput {
  readonly title: string
  readonly connection: unknown
  readonly secret: string
  readonly hosts: readonly string[]
}

type ReadingInput = Omit<sources.ReadingInput, 'cursorColumn'> & { readonly cursorColumn?: string | null }

export const resolvers: Resolvers = {
  Query: {
    sources: (_, page: PageRequest, ctx) => sources.sources(ctx, page),
    source: (_, { id }: { id: string }, ctx) => sources.source(ctx, id),
    sourceTest: (_, { id }: { id: string }, ctx) => sources.tryConnection(ctx, id),
  },
  Mutation: {
    registerSource: (_, { input }: { input: SourceInput }, ctx) =>
      sources.registerSource(ctx, { ...input, connection: readConnection(input.connection) }),
    replaceSourceSecret: (_, { id, secret }: { id: string; secret: string }, ctx) =>
      sources.replaceSecret(ctx, id, secret),
    permitSourceNetworks: (_, { id, networks }: { id: string; networks: string[] }, ctx) =>
      sources.permitNetworks(ctx, id, networks),
    configureSource: (_, { id, input }: { id: string; input: ReadingInput }, ctx) =>
      sources.configureSource(ctx, id, { ...input, cursorColumn: input.cursorColumn ?? null }),
    scheduleSource: (_, { id, input }: { id: string; input: ScheduleInput }, ctx) =>
      scheduleSource(ctx, id, input),
  },
  Source: {
    organisation: ({ organisationId }: Source, _, ctx) => organisationById(ctx, organisationId),
    kind: ({ connection }: Source) => connection.kind,
    hosts: ({ network }: Source) => network.hosts,
    prefix: ({ connection }: Source) => (connection.kind === 'files' ? connection.prefix : null),
    permittedNetworks: ({ network }: Source) => network.permitted,
    hasSecret: ({ secretKeyId }: Source) => secretKeyId !== null,
    watermark: ({ watermark }: Source) => watermark?.value ?? null,
    mayManage: (source: Source, _, ctx) => sources.mayManage(ctx, source),
    mayPermitNetworks: (_source: Source, _, ctx) => sources.mayPermitNetworks(ctx),
  },
  SourceSchedule: {
    at: (schedule: Schedule) => ('at' in schedule ? schedule.at : null),
    weekday: (schedule: Schedule) => ('weekday' in schedule ? schedule.weekday : null),
    day: (schedule: Schedule) => ('day' in schedule ? schedule.day : null),
  },
  SourceReading: {
    dataset: ({ datasetId }: Reading, _, ctx) => loadThrough(ctx, datasetsByIds, datasetId),
  },
  SourceTest: {
    steps: ({ passed, failed }: TestResult) => [
      ...passed.map((step) => ({ step, passed: true, refusal: null })),
      ...(failed === null ? [] : [{ step: failed.step, passed: false, refusal: failed.refusal }]),
    ],
  },
  ScheduleKind: { HAND: 'hand', HOUR: 'hour', DAY: 'day', WEEK: 'week', MONTH: 'month' },
  SourceKind: { POSTGRES: 'postgres', MYSQL: 'mysql', MONGO: 'mongo', REST: 'rest', FILES: 'files' },
  SourceStep: { RESOLVE: 'resolve', CONNECT: 'connect', LOGIN: 'login', READ: 'read' },
}
