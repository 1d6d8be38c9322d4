export const typeDefs = /* GraphQL */ `
  extend type Query {
    "How many open incidents of the own body the choice meets now; nothing is changed."
    incidentSelection(choice: IncidentChoice!): BatchSelection!
    "The same of running instances; with an operation, of those it is done to."
    instanceSelection(choice: InstanceChoice!, operation: InstanceOperation): BatchSelection!
    batchOperation(id: UUID!): BatchOperation!
    "The last 50 of the own body, the newest first."
    batchOperations: [BatchOperation!]!
  }

  extend type Mutation {
    """
    Does the same to every open incident chosen, one after another, in a job. A right and the reason are on the
    record of each; what is refused of one leaves the others alone. At most 10,000 at once.
    """
    operateIncidents(
      commandId: UUID!
      operation: IncidentOperation!
      choice: IncidentChoice!
      "What a skipped activity would have given."
      output: JSON
      "The count the selection told; refused when the choice meets more by now."
      expectedCount: Int
      reason: String!
    ): BatchOperation!
    "The same of running instances. What a call has made is ended with its caller, never by itself."
    operateInstances(
      commandId: UUID!
      operation: InstanceOperation!
      choice: InstanceChoice!
      expectedCount: Int
      reason: String!
    ): BatchOperation!
    "Stops it before its next item; what is done stays done and is told."
    cancelBatchOperation(commandId: UUID!, id: UUID!, reason: String!): BatchOperation!
  }

  "With \`ids\` just those; else all that every given field fits, of which there must be one."
  input IncidentChoice {
    ids: [UUID!]
    key: String
    version: Int
    node: String
    kind: String
    "Code of the refusal that raised it."
    code: String
  }

  "With \`ids\` just those; else all that every given field fits, of which there must be one."
  input InstanceChoice {
    ids: [UUID!]
    key: String
    version: Int
    "Where a token stands."
    node: String
    suspended: Boolean
  }

  enum IncidentOperation {
    RETRY
    "Goes on as if the activity were done."
    SKIP
    "Takes the token away."
    CANCEL
    "Says that it has been seen to, where no token stands in it any more."
    RESOLVE
  }

  enum InstanceOperation {
    SUSPEND
    RESUME
    TERMINATE
  }

  type BatchSelection {
    count: Int!
    "The most frequent first, at most 100."
    places: [BatchPlace!]!
  }

  type BatchPlace {
    key: String!
    version: Int!
    "Null for instances, which may stand at several."
    node: String
    "Of incidents: kind and code."
    kind: String
    code: String
    count: Int!
  }

  type BatchOperation {
    id: UUID!
    "retry, skip, cancel, resolve, suspend, resume, terminate or archive"
    operation: String!
    status: BatchStatus!
    reason: String!
    requestedBy: String!
    "Null where no person asked for it."
    requestedByName: LocalText
    createdAt: DateTime!
    endedAt: DateTime
    total: Int!
    done: Int!
    refused: Int!
    "In the order chosen; at most 100 at once. \`after\` is the place of the one before."
    items(outcome: BatchOutcome, first: Int = 20, after: Int): [BatchItem!]!
  }

  enum BatchStatus {
    RUNNING
    DONE
    CANCELLED
    FAILED
  }

  enum BatchOutcome {
    WAITING
    DONE
    REFUSED
  }

  type BatchItem {
    place: Int!
    "The incident; null in operations on instances."
    incidentId: UUID
    instanceId: UUID!
    businessKey: String!
    outcome: BatchOutcome!
    "Code and texts of the refusal."
    code: String
    refusal: LocalText
  }
`
