export const typeDefs = /* GraphQL */ `
  extend type Query {
    "How many ended instances of a process an archiving up to that day would take; of the own body, or for a designer of the process all."
    archivable(key: String!, endedBefore: Date!): Int!
    "Archived instances the actor may see, the one ended last first; \`businessKey\` is the beginning of one."
    archivedInstances(key: String!, businessKey: String, first: Int = 20, after: UUID): [ArchivedInstance!]!
    archivedInstance(id: UUID!): ArchivedInstance!
  }

  extend type Mutation {
    "Instances that ended before the day leave the tables of the runtime, in a job; they can still be read."
    archiveInstances(commandId: UUID!, key: String!, endedBefore: Date!, reason: String!): BatchOperation!
  }

  "An ended instance as it was put away."
  type ArchivedInstance {
    id: UUID!
    businessKey: String!
    key: String!
    version: Int!
    "The version it ran on."
    definition: ProcessDefinition!
    "completed or terminated"
    status: String!
    startedAt: DateTime!
    endedAt: DateTime!
    archivedAt: DateTime!
    "The activities in the order entered."
    path: [String!]!
    visits: [ArchivedVisit!]!
    tasks: [ArchivedTask!]!
  }

  type ArchivedVisit {
    node: String!
    enteredAt: DateTime!
    leftAt: DateTime
    outcome: String
  }

  type ArchivedTask {
    node: String!
    status: String!
    createdAt: DateTime!
    completedAt: DateTime
    completedBy: String
    "Null for what is no person of the directory."
    completedByName: LocalText
  }
`
