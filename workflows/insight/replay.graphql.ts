import type { Context } from '../../core/context.ts'
import type { Resolvers } from '../../core/module.ts'
import * as definitions from '../definition.repository.ts'
import type { Known } from '../compile/gate.ts'
import * as repository from './replay.repository.ts'
import * as replays from './replay.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    processReplay(id: UUID!): ProcessReplay!
    "The last replays of a process, the newest first."
    processReplays(key: String!): [ProcessReplay!]!
  }

  extend type Mutation {
    """
    Gives the finished cases of the version \`from\` to the version \`to\` or to a draft, \`xml\`, and reports what
    would have changed. No case is touched.
    """
    replayProcess(commandId: UUID!, key: String!, from: Int!, to: Int, xml: String): ProcessReplay!
    cancelReplay(commandId: UUID!, id: UUID!): ProcessReplay!
  }

  type ProcessReplay {
    id: UUID!
    key: String!
    from: Int!
    "Null for a draft."
    to: Int
    "running, done, cancelled or failed"
    status: String!
    "Code of what ended it."
    failure: String
    total: Int!
    counts: ReplayCounts!
    "Steps run so far, those of the control on the own version included."
    steps: Float!
    createdAt: DateTime!
    endedAt: DateTime
    "Where cases differ, the most frequent first."
    places: [ReplayPlace!]!
    "In the order of their instances; \`outcome\` as in the places."
    cases(outcome: String, first: Int = 20, after: UUID): [ReplayCase!]!
  }

  type ReplayCounts {
    same: Int!
    "To the same end by another path."
    otherPath: Int!
    otherEnd: Int!
    "Would wait for an answer that nobody gave."
    needsAnswer: Int!
    "Would stop in an incident."
    stopped: Int!
    "The record does not even give its own path on its own version; nothing is said of the other."
    unreproduced: Int!
  }

  type ReplayPlace {
    outcome: String!
    "On the other model: the first node that differs, or where cases stand."
    node: String
    "Where the cases themselves were at that point."
    recorded: String
    code: String
    cases: Int!
  }

  type ReplayCase {
    instanceId: UUID!
    businessKey: String!
    outcome: String!
    node: String
    recorded: String
    code: String
  }
`

type Stored = repository.StoredReplay

export const resolversFor = (known: Known): Resolvers => ({
  Query: {
    processReplay: (_, { id }: { id: string }, ctx) => replays.replay(ctx, id),
    processReplays: (_, { key }: { key: string }, ctx) => replays.replays(ctx, key),
  },
  Mutation: {
    replayProcess: (_, { key, from, to, xml }: replays.ReplayWish, ctx) =>
      replays.beginReplay(ctx, { key, from, to: to ?? null, xml: xml ?? null }, known),
    cancelReplay: (_, { id }: { id: string }, ctx) => replays.cancelReplay(ctx, id),
  },
  ProcessReplay: {
    key: ({ definitionKey }: Stored) => definitionKey,
    from: async ({ fromId }: Stored, _, ctx: Context) =>
      (await definitions.deployedById(ctx, fromId)).version,
    to: ({ toVersion }: Stored) => toVersion,
    counts: ({ counts }: Stored) => ({
      ...counts,
      otherPath: counts['other-path'],
      otherEnd: counts['other-end'],
      needsAnswer: counts['needs-answer'],
    }),
    places: ({ id }: Stored, _, ctx: Context) => repository.places(ctx, id),
    cases: ({ id }: Stored, page: repository.Page, ctx: Context) => repository.cases(ctx, id, page),
  },
})
