import type { Context } from '../../core/context.ts'
import type { Resolvers } from '../../core/module.ts'
import type { Deployed } from '../deployed.ts'
import { bottlenecksOf, ENOUGH_CASES } from './figures.ts'
import * as repository from './figures.repository.ts'
import * as figures from './figures.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    """
    Counts and times of one version of a process, the latest unless said, over the cases begun in the period
    that the actor may see. No figure names a person.
    """
    processInsight(key: String!, version: Int, since: Date, until: Date): ProcessInsight!
    "Two versions of a process side by side."
    performanceComparison(key: String!, from: Int!, to: Int!): PerformanceComparison!
  }

  "All times are elapsed seconds, nights and holidays included; legal limits are counted elsewhere, in working days."
  type ProcessInsight {
    definition: ProcessDefinition!
    "Numbers of its versions, the oldest first."
    versions: [Int!]!
    "Whether only the cases of the actor's own body are counted."
    ownCasesOnly: Boolean!
    cases: CaseFigures!
    nodes: [NodeFigures!]!
    flows: [FlowFigures!]!
    "Nodes by their share of all time spent, the largest first."
    bottlenecks(first: Int = 10): [Bottleneck!]!
    "Ways that ended cases went, the most frequent first."
    variants(first: Int = 10): Variants!
  }

  type CaseFigures {
    running: Int!
    completed: Int!
    terminated: Int!
    "Of completed cases, as all that follows: activities entered."
    steps: Float
    "User tasks completed."
    touches: Float
    "Different persons who completed one."
    people: Float
    "Mean seconds spent at nodes; parallel ones are each counted."
    waiting: Float
    "From the start to the end."
    p50: Float
    p90: Float
    mean: Float
  }

  type NodeFigures {
    "Id of the element in the model."
    node: String!
    visits: Int!
    "Visits that ended by being cancelled, for instance by a boundary event."
    cancelled: Int!
    "Tokens that stand there now."
    now: Int!
    "Visits beyond the first of a case: rework."
    repeats: Int!
    p50: Float
    p90: Float
    mean: Float
    "Mean seconds until somebody claimed the task."
    untilClaimed: Float
  }

  "The time from leaving one node to entering the next: how long a join keeps a branch waiting."
  type FlowFigures {
    flow: String!
    passages: Int!
    p50: Float
    p90: Float
    mean: Float
  }

  type Bottleneck {
    node: String!
    "Of all time tokens stood anywhere, 0 to 1."
    share: Float!
    visits: Int!
    p50: Float
    p90: Float
    mean: Float
    untilClaimed: Float
  }

  type Variants {
    "How many different ways there are in all."
    count: Int!
    top: [Variant!]!
  }

  type Variant {
    "Equal in every version for the same sequence of activities."
    variant: String!
    "Ids of the activities in the order they were entered."
    path: [String!]!
    cases: Int!
    p50: Float
    p90: Float
    mean: Float
  }

  type PerformanceComparison {
    from: CaseFigures!
    to: CaseFigures!
    "After minus before; null when a version has fewer completed cases than \`enough\`: a difference may be chance."
    change: CaseChange
    enough: Int!
  }

  type CaseChange {
    steps: Float!
    touches: Float!
    "Seconds, as the two that follow."
    waiting: Float!
    p50: Float!
    mean: Float!
  }
`

/** At most so many rows of a list of figures. */
const MOST = 100
const atMost = (first: number) => Math.max(1, Math.min(first, MOST))

type Insight = figures.Insight

export const resolvers: Resolvers = {
  Query: {
    processInsight: (_, question: figures.Question, ctx) => figures.insight(ctx, question),
    performanceComparison: (_, question: { key: string; from: number; to: number }, ctx) =>
      figures.compare(ctx, question),
  },
  ProcessInsight: {
    definition: ({ deployed }: Insight): Deployed => deployed,
    ownCasesOnly: ({ organisationId }: Insight) => organisationId !== null,
    cases: ({ population }: Insight, _, ctx: Context) => repository.cases(ctx, population),
    nodes: ({ population }: Insight, _, ctx: Context) => repository.nodes(ctx, population),
    flows: ({ population }: Insight, _, ctx: Context) => repository.flows(ctx, population),
    bottlenecks: async ({ population }: Insight, { first }: { first: number }, ctx: Context) =>
      bottlenecksOf(await repository.nodes(ctx, population)).slice(0, atMost(first)),
    variants: ({ population }: Insight, { first }: { first: number }, ctx: Context) =>
      repository.variants(ctx, population, atMost(first)),
  },
  PerformanceComparison: { enough: () => ENOUGH_CASES },
}
