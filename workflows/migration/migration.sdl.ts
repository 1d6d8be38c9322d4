export const typeDefs = /* GraphQL */ `
  extend type Query {
    """
    What could become of each node of the version \`from\` at which an instance can stand, or whose event it can wait
    for, in the version \`to\`: the same id, a name alike, or nothing yet, explained. Running instances are counted.
    """
    migrationSuggestion(key: String!, from: Int!, to: Int!): MigrationSuggestion!
    processMigration(id: UUID!): ProcessMigration!
    "The last 50 plans of a process the actor may see, the newest first; archived ones only when asked for."
    processMigrations(key: String!, archived: Boolean = false): [ProcessMigration!]!
  }

  extend type Mutation {
    """
    Plans to take the running instances of the version \`from\` to the version \`to\`. Nodes that are not mapped keep
    their id. A designer plans for all instances of the processes of the own body, a supervisor for the own body's.
    """
    proposeMigration(
      commandId: UUID!
      key: String!
      from: Int!
      to: Int!
      mapping: [NodeMappingInput!]!
      reason: String!
    ): ProcessMigration!
    "Maps the nodes anew, as long as nothing has been executed; it is to be rehearsed again."
    remapMigration(commandId: UUID!, id: UUID!, mapping: [NodeMappingInput!]!): ProcessMigration!
    "Works out for every running instance whether it can be taken over, in a job; no instance is touched."
    rehearseMigration(commandId: UUID!, id: UUID!): ProcessMigration!
    """
    Takes the instances over in batches of 200, in a job. After a rehearsal; one that was cancelled or has failed
    goes on with those that are left.
    """
    executeMigration(commandId: UUID!, id: UUID!, reason: String!): ProcessMigration!
    "Stops the job that works on it before its next batch; what is done stays done and is told."
    cancelMigration(commandId: UUID!, id: UUID!, reason: String!): ProcessMigration!
    "Takes back what was taken over, in a job: every instance that has not gone on since."
    undoMigration(commandId: UUID!, id: UUID!, reason: String!): ProcessMigration!
    "Puts a plan that is over out of the lists; it cannot be undone from then on."
    archiveMigration(commandId: UUID!, id: UUID!, reason: String!): ProcessMigration!
    "A version on which no instance runs starts no more, not even where a call names it."
    retireVersion(commandId: UUID!, key: String!, version: Int!, reason: String!): ProcessDefinition!
    reinstateVersion(commandId: UUID!, key: String!, version: Int!, reason: String!): ProcessDefinition!
  }

  extend type ProcessDefinition {
    "Since when it starts no more; null while it does."
    retiredAt: DateTime
    "Instances that run on it, of those the actor may migrate."
    runningInstances: Int!
  }

  input NodeMappingInput {
    from: String!
    "A node of the new version; of a flow into a join, a flow."
    to: String!
  }

  type MigrationSuggestion {
    from: ProcessDefinition!
    to: ProcessDefinition!
    running: Int!
    nodes: [SuggestedNode!]!
  }

  type SuggestedNode {
    id: String!
    name: LocalText!
    "Kind of the element, such as userTask or boundaryEvent."
    kind: String!
    "How many running instances stand here."
    instances: Int!
    "Null: to be mapped by hand."
    to: String
    basis: SuggestionBasis!
    "Why, or what to do."
    explanation: LocalText!
    "Nodes of the new version it may be mapped to."
    candidates: [MigrationCandidate!]!
  }

  enum SuggestionBasis {
    SAME_ID
    NAME_ALIKE
    BY_HAND
  }

  type MigrationCandidate {
    id: String!
    name: LocalText!
  }

  type ProcessMigration {
    id: UUID!
    key: String!
    from: ProcessDefinition!
    to: ProcessDefinition!
    mapping: [NodeMapping!]!
    "What is to be known of the mapping before it is rehearsed."
    findings: [MigrationFinding!]!
    status: MigrationStatus!
    "Only this body's instances; null for all."
    organisation: Organisation
    reason: String!
    proposedBy: String!
    "Null where no person did."
    proposedByName: LocalText
    "Who ordered its last execution or undoing, and why; null before the first."
    orderedByName: LocalText
    orderReason: String
    createdAt: DateTime!
    rehearsedAt: DateTime
    "When its execution or undoing began and ended last."
    begunAt: DateTime
    endedAt: DateTime
    "Code of what ended the job that worked on it."
    failure: String
    counts: MigrationCounts!
    "By the nodes where instances stood: how many can be taken over, and how many not."
    places: [MigrationPlace!]!
    "In the order of their ids; at most 100 at once."
    instances(outcome: MigrationOutcome, first: Int = 20, after: UUID): [MigrationInstance!]!
    "What the actor may do with it now."
    actions: [MigrationAction!]!
  }

  type NodeMapping {
    from: String!
    to: String!
  }

  type MigrationFinding {
    severity: FindingSeverity!
    rule: String!
    element: String!
    zh: String!
    en: String!
  }

  enum MigrationStatus {
    PROPOSED
    REHEARSING
    REHEARSED
    EXECUTING
    DONE
    CANCELLED
    FAILED
    UNDOING
    UNDONE
    ARCHIVED
  }

  enum MigrationAction {
    REMAP
    REHEARSE
    EXECUTE
    CANCEL
    UNDO
    ARCHIVE
  }

  enum MigrationOutcome {
    "Rehearsed: it can be taken over."
    MOVABLE
    "It cannot; see its obstacles."
    BLOCKED
    "It is over, or on another version."
    GONE
    "Taken over, or not taken back yet: it can be tried again."
    MOVED
    "It went on each time it was tried."
    STALE
    FAILED
    UNDONE
    "Not taken back: it has gone on since it was taken over."
    KEPT
  }

  type MigrationCounts {
    "Instances of the plan; 0 before the first rehearsal."
    total: Int!
    "Of them, those the present or last job is done with."
    done: Int!
    movable: Int!
    blocked: Int!
    gone: Int!
    moved: Int!
    stale: Int!
    failed: Int!
    undone: Int!
    kept: Int!
  }

  type MigrationPlace {
    node: String!
    name: LocalText!
    "What the plan makes of it."
    to: String!
    movable: Int!
    blocked: Int!
  }

  type MigrationInstance {
    instanceId: UUID!
    businessKey: String!
    outcome: MigrationOutcome!
    "Where it stood."
    nodes: [String!]!
    obstacles: [MigrationObstacle!]!
    "What becomes of its waits."
    waits: WaitChanges!
  }

  type MigrationObstacle {
    "0 for the process itself."
    token: Int!
    node: String!
    code: String!
    zh: String!
    en: String!
  }

  "Tasks, timers, subscriptions and jobs that are kept with their token, made anew or removed."
  type WaitChanges {
    kept: Int!
    renewed: Int!
    added: Int!
    removed: Int!
  }
`
