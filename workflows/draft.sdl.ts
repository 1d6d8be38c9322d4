export const typeDefs = /* GraphQL */ `
  extend type Query {
    "Drafts of the actor's organisation, the one changed last first."
    processDrafts: [ProcessDraft!]!
    processDraft(id: UUID!): ProcessDraft!
    "What the gate and bpmnlint say of the draft with \`changes\` made to it; nothing is stored."
    processDraftCheck(id: UUID!, changes: [FileChange!]): ProcessCheck!
    "Plays the draft by the step function that runs live cases: the state after each command, that before all first."
    processDraftSimulation(id: UUID!, changes: [FileChange!], commands: [JSON!]!): [SimulationStep!]!
    "Paths bpmn-engine goes through the saved draft, as it would at deployment."
    processDraftRehearsal(id: UUID!): JSON!
    processVocabulary: ProcessVocabulary!
  }

  extend type Mutation {
    "\`definitionId\` names the version to begin from; without, the process is empty."
    createProcessDraft(commandId: UUID!, key: String!, definitionId: UUID): ProcessDraft!
    saveProcessDraft(
      commandId: UUID!
      id: UUID!
      expectedVersion: Int!
      changes: [FileChange!]!
    ): ProcessDraft!
    "Answers the id of the draft that is gone."
    discardProcessDraft(commandId: UUID!, id: UUID!, expectedVersion: Int!): UUID!
    """
    The draft becomes the next version of its process. \`overVersion\` is the version the person compared with, 0 for
    none. Like deployProcess it needs no command id: a rehearsal must not hold a transaction open.
    """
    deployProcessDraft(id: UUID!, expectedVersion: Int!, overVersion: Int!): ProcessDefinition!
  }

  "A pack that is being edited."
  type ProcessDraft {
    id: UUID!
    key: String!
    name: LocalText!
    version: Int!
    files: [DraftFile!]!
    "The version it was made from; null for a new process."
    basedOn: ProcessDefinition
    "The latest version of its process; null when none is deployed."
    deployed: ProcessDefinition
    "What it would change in that version."
    comparison: ProcessComparison!
    changedAt: DateTime!
  }

  type DraftFile {
    "Place in the pack, such as forms/check-intake.json."
    path: String!
    text: String!
  }

  input FileChange {
    path: String!
    "Null takes the file out."
    text: String
  }

  type ProcessCheck {
    "Whether it may be deployed, as far as can be said without a rehearsal."
    valid: Boolean!
    "Errors first."
    findings: [DraftFinding!]!
  }

  type DraftFinding {
    severity: FindingSeverity!
    rule: String!
    "Id of an element, or the place of a file."
    element: String!
    zh: String!
    en: String!
  }

  enum FindingSeverity {
    ERROR
    WARNING
  }

  type SimulationStep {
    "The command that led here; null for the beginning."
    command: JSON
    "The time in the simulation."
    at: DateTime!
    "new, running, completed or terminated"
    status: String!
    tokens: [SimulationToken!]!
    variables: JSON!
    "What the step function asked the runtime to do, in order."
    effects: JSON!
    choices: [SimulationChoice!]!
    "What an operator may do beside: skip, move, cancel, set-variables."
    operations: [SimulationChoice!]!
  }

  "A token at rest."
  type SimulationToken {
    id: Int!
    node: String!
    "Set while somebody must look: kind, code, messages."
    trouble: JSON
  }

  "Something that may happen now."
  type SimulationChoice {
    """
    start, complete, fail, message, signal, timer, escalation, begin, retry or terminate; of an operator skip, move,
    cancel or set-variables
    """
    kind: String!
    token: Int!
    node: String!
    message: String
    dueAt: DateTime
    "Nodes to choose from, of begin and move."
    targets: [String!]
    "Codes that something around the task catches, of fail and escalation."
    codes: [String!]
  }

  "What a model may name."
  type ProcessVocabulary {
    "The moddle descriptor of our BPMN attributes."
    extension: JSON!
    "Service tasks and commands of the modules."
    tasks: [String!]!
    commands: [String!]!
  }
`
