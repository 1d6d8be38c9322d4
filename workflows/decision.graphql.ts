import type { Resolvers } from '../core/module.ts'
import * as decisions from './decision.service.ts'
import type { Deployed } from './deployed.ts'
import type { Instance } from './runtime/instance.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    """
    Evaluates a decision of a deployed process, of its latest version unless one is named; stores nothing. \`input\` is
    an object of the decision's inputs by name, dates and durations as ISO 8601 texts.
    """
    evaluateDecision(key: String!, version: Int, decision: String!, input: JSON!): DecisionAnswer!
    "Findings of a DMN file: overlaps, gaps, rules never reached, expressions that do not parse; stores nothing."
    checkDecisions(xml: String!): [DecisionFinding!]!
  }

  extend type ProcessDefinition {
    "Decisions and decision services of the version's DMN files."
    decisions: [Decision!]!
  }

  extend type ProcessInstance {
    "What it decided by its rules, in order; null for who may not read what it knows of the applicant."
    madeDecisions: [MadeDecision!]
  }

  type MadeDecision {
    at: DateTime!
    "The business rule task that asked."
    node: String!
    decision: String!
    "A decimal that a double does not hold exactly is a text."
    result: JSON
    rules: [FiredRule!]!
    warnings: [DecisionWarning!]!
  }

  type Decision {
    name: String!
    "What people call it; null where the file gives no other name."
    label: String
    "Name of the DMN model it is of."
    model: String!
    "decision or service"
    kind: String!
    inputs: [DecisionInput!]!
    "The decision table as data; null for another logic."
    table: JSON
    findings: [DecisionFinding!]!
  }

  type DecisionInput {
    name: String!
    "FEEL type or item definition; null for any."
    type: String
  }

  type DecisionAnswer {
    "A decimal that a double does not hold exactly is a text."
    result: JSON
    rules: [FiredRule!]!
    "Why something is null."
    warnings: [DecisionWarning!]!
  }

  "A rule of a decision table that held."
  type FiredRule {
    decision: String!
    "Counts from 1."
    rule: Int!
    id: String!
    inputs: JSON!
    outputs: JSON!
    annotations: [String!]!
  }

  type DecisionWarning {
    code: String!
    "The decision it arose in."
    at: String!
    zh: String!
    en: String!
  }

  type DecisionFinding {
    rule: String!
    "error, which keeps the model from being deployed, or warning"
    severity: String!
    decision: String!
    "Numbers of the rules it is about, from 1."
    rules: [Int!]!
    zh: String!
    en: String!
  }
`

export const resolvers: Resolvers = {
  Query: {
    evaluateDecision: (_, question: decisions.Question, ctx) => decisions.evaluate(ctx, question),
    checkDecisions: (_, { xml }: { xml: string }, ctx) => decisions.check(ctx, xml),
  },
  ProcessInstance: { madeDecisions: (instance: Instance, _, ctx) => decisions.decisionsMade(ctx, instance) },
  ProcessDefinition: { decisions: (deployed: Deployed) => decisions.decisionsOf(deployed) },
}
