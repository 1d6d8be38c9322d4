/** What people do with tasks, and what the desk shows of them. */
export const typeDefs = /* GraphQL */ `
  extend type Query {
    """
    Open tasks the actor may work on: its own and those offered to its roles, or what \`filter\` asks for;
    with \`mine\` only its own.
    """
    tasks(first: Int = 20, after: String, mine: Boolean, filter: TaskFilter): TaskConnection!
    task(id: UUID!): Task!
    "How many open tasks of each kind wait at the actor's desk."
    taskCounts: TaskCounts!
  }

  extend type Mutation {
    claimTask(commandId: UUID!, id: UUID!): Task!
    "All or none; one refusal names each task that stands in the way. 1 to 100."
    claimTasks(commandId: UUID!, ids: [UUID!]!): [Task!]!
    "Gives it back to whom it was offered: its assignee, who stands in, or the head of the body."
    releaseTask(commandId: UUID!, id: UUID!): Task!
    "A colleague works on it and gives it back; the owner keeps it and completes it."
    delegateTask(commandId: UUID!, id: UUID!, personId: UUID!): Task!
    "Gives a delegated task back to its owner, the answers as the owner's draft."
    resolveTask(commandId: UUID!, id: UUID!, output: JSON): Task!
    "The owner takes a delegated task back."
    recallTask(commandId: UUID!, id: UUID!): Task!
    "For good, by the assignee or the head of the body."
    handOverTask(commandId: UUID!, id: UUID!, personId: UUID!): Task!
    """
    By the head of the body, to one member or, without \`personId\`, back to whom they were offered. All or none;
    one refusal names each task that stands in the way. 1 to 100.
    """
    assignTasks(commandId: UUID!, ids: [UUID!]!, personId: UUID): [Task!]!
    "The day on which it is to be looked at again; none takes it away."
    setFollowUp(commandId: UUID!, id: UUID!, on: Date): Task!
    "0 to 100, the most urgent first; by the head of the body."
    prioritiseTask(commandId: UUID!, id: UUID!, priority: Int!): Task!
    "Keeps what the assignee has written so far; nobody else reads it, and completing the task discards it."
    saveAnswerDraft(commandId: UUID!, id: UUID!, answers: JSON!): AnswerDraft!
    "\`output\` holds the answers of the task's form; \`expectedVersion\` is the version the person saw."
    completeTask(commandId: UUID!, id: UUID!, expectedVersion: Int!, output: JSON!): Task!
  }

  input TaskFilter {
    show: TaskShow = ALL
    due: TaskDue
    "Key of the process."
    process: String
    "Found in names of the task and the process, in texts of its variables, or the whole number of a case."
    word: String
    sort: TaskSort = CREATED
  }

  enum TaskShow {
    "Offered to the actor's roles, or its own."
    ALL
    MINE
    "Offered and not claimed."
    GROUP
    "The actor's, with a colleague now."
    DELEGATED
    "Of absent members for whom the actor stands in."
    STANDING_IN
    "Every open task of the body; for its head."
    BODY
  }

  enum TaskDue {
    OVERDUE
    "Due today or on the two days after."
    SOON
    "To be looked at again today, or since earlier."
    FOLLOW_UP
  }

  enum TaskSort {
    "The oldest first."
    CREATED
    "The nearest due date first."
    DUE
    "The most urgent first, then the oldest."
    PRIORITY
  }

  type TaskCounts {
    all: Int!
    mine: Int!
    group: Int!
    delegated: Int!
    standingIn: Int!
    overdue: Int!
    soon: Int!
    followUp: Int!
    "Of the whole body, for its head; 0 for others."
    body: Int!
    processes: [ProcessTaskCount!]!
  }

  type ProcessTaskCount {
    key: String!
    name: LocalText!
    count: Int!
  }

  extend type Case {
    "Tasks of the process that runs the case, in the order they were opened."
    tasks: [Task!]!
  }

  "A step of a process that a person takes."
  type Task {
    id: UUID!
    name: LocalText!
    "Id of the element in the model."
    node: String!
    "Key of the process."
    process: String!
    status: TaskStatus!
    version: Int!
    assignee: String
    assigneeName: LocalText
    assignedToMe: Boolean!
    "A colleague works on it for its owner."
    delegated: Boolean!
    "Of a delegated task."
    ownerName: LocalText
    "The absent member for whom the actor would complete it, or it was completed."
    onBehalfOfName: LocalText
    candidateRole: String
    organisation: Organisation
    "Id of the case."
    businessKey: String!
    form: [FormField!]!
    "What the actor has written so far."
    draft: AnswerDraft
    output: JSON
    "Of the process; empty for whoever may not work on the task."
    variables: JSON!
    "0 to 100; 50 unless the head of the body said otherwise."
    priority: Int!
    createdAt: DateTime!
    dueOn: Date
    isOverdue: Boolean!
    followUpOn: Date
    completedAt: DateTime
    mayClaim: Boolean!
    mayComplete: Boolean!
    mayRelease: Boolean!
    mayDelegate: Boolean!
    mayResolve: Boolean!
    mayRecall: Boolean!
    mayHandOver: Boolean!
    mayPlan: Boolean!
    mayPrioritise: Boolean!
    case: Case
  }

  type AnswerDraft {
    answers: JSON!
    savedAt: DateTime!
  }

  extend type FormField {
    "Smallest number, or amount in fen; the server judges by all these limits again."
    min: Float
    max: Float
    "Most decimal places."
    scale: Int
    minLength: Int
    maxLength: Int
    "A day, or \`today\`."
    notBefore: String
    notAfter: String
  }

  type TaskConnection {
    edges: [TaskEdge!]!
    pageInfo: PageInfo!
  }

  type TaskEdge {
    node: Task!
    cursor: String!
  }

  enum TaskStatus {
    OPEN
    CLAIMED
    COMPLETED
    CANCELLED
  }
`
