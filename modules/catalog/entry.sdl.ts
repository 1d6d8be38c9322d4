export const typeDefs = /* GraphQL */ `
  extend type Query {
    "Published entries of the resource directory, the best first; visitors find the open ones."
    entries(
      "Words of name, items, elements and summary; also pinyin, initials and Latin words."
      search: String
      "Organisation id."
      provider: String
      "Code of the 项, such as 204."
      theme: String
      sharingType: SharingType
      level: Int
      state: EntryUpdateState
      format: EntryFormat
      grade: QualityGrade
      "Only what is open to the public, also for those who find more."
      open: Boolean = false
      first: Int = 20
      after: String
    ): EntryConnection!
    entry(id: UUID!): Entry!
    "The lists of those who keep the directory."
    entryDesk(desk: EntryDesk!, first: Int = 20, after: String): EntryConnection!
    "What the provider of a dataset would write of it, for the form."
    entryDraft(datasetId: UUID!): EntryDraft!
    "The 项 of a kind, by code."
    entryClasses(kind: EntryKind!): [EntryClass!]!
    "Of these elements, those whose legal source is another department, and its entries (一数一源)."
    legalSourcesElsewhere(elementCodes: [String!]!): [CollectedElsewhere!]!
  }

  extend type Mutation {
    "Registers an entry of one's own organisation; the code is generated."
    registerEntry(commandId: UUID!, kind: EntryKind!, classPath: [String!]!, input: EntryInput!): Entry!
    "Writes an entry anew; it is reviewed again."
    changeEntry(commandId: UUID!, id: UUID!, input: EntryInput!): Entry!
    "By another person than its authors."
    reviewEntry(commandId: UUID!, id: UUID!): Entry!
    returnEntry(commandId: UUID!, id: UUID!, remark: String!): Entry!
    publishEntry(commandId: UUID!, id: UUID!): Entry!
    withdrawEntry(commandId: UUID!, id: UUID!, reason: String!): Entry!
    "The custodian's yearly word that the entry still holds."
    confirmEntry(commandId: UUID!, id: UUID!): Entry!
  }

  extend type Dataset {
    "Its entry in the resource directory; null before it is registered."
    entry: Entry
    "Whether the viewer may register the entry that is missing."
    mayRegisterEntry: Boolean!
  }

  "An information resource in the directory (政务信息资源目录)."
  type Entry {
    id: UUID!
    "类, 项, 目, 细目, then a serial of six digits."
    code: String!
    provider: Organisation!
    kind: EntryKind!
    "Names of 项, 目, 细目."
    classPath: [String!]!
    name: String!
    unit: String!
    summary: String!
    keywords: [String!]!
    format: EntryFormat!
    formatType: String!
    items: [EntryItem!]!
    sharingType: SharingType! @element(code: "DE00000249")
    sharingBasis: SharingBasis
    sharingCondition: String
    sharingMethod: SharingMethod
    open: Boolean!
    openCondition: String
    updateCycle: UpdateCycle! @element(code: "DE00000250")
    relatedCodes: [String!]!
    "Null for those outside the offices."
    custodian: String
    "Null for those outside the offices."
    contact: String
    system: String!
    matters: [String!]!
    "Null when its data is kept elsewhere, or the viewer may not see the dataset."
    dataset: Dataset
    status: EntryStatus!
    registeredAt: DateTime!
    "Day of the first publication."
    publishedOn: Date
    "When the current version of its data was published."
    updatedAt: DateTime
    "Rows of that version."
    volume: Int
    level: Int!
    "Of the current version of its data; null before the first."
    grade: QualityGrade
    updateState: EntryUpdateState!
    "When the next version is due, with a third of the cycle as grace."
    dueAt: DateTime
    confirmedAt: DateTime!
    "Whether its custodian has not confirmed it for a year."
    confirmationDue: Boolean!
    "Why it was sent back or withdrawn; null for those outside the offices."
    remark: String
    "Of its elements, those whose legal source is another department."
    collectedElsewhere: [CollectedElsewhere!]!
    mayChange: Boolean!
    mayReview: Boolean!
    "Whether the viewer administers the provider's directory: publishes and withdraws."
    mayAdminister: Boolean!
  }

  type EntryItem {
    name: String!
    elementCode: String
    dataType: String!
    length: Int
    level: Int!
    personal: Boolean!
    "Why it is collected though another department is its legal source."
    duplicateReason: String
  }

  type SharingBasis {
    document: String!
    clause: String!
  }

  type CollectedElsewhere {
    elementCode: String!
    "The legal source (数源单位)."
    organisation: Organisation!
    entries: [EntryReference!]!
  }

  type EntryReference {
    id: UUID!
    code: String!
    name: String!
  }

  type EntryClass {
    code: String!
    name: String!
  }

  type EntryDraft {
    kind: EntryKind!
    classPath: [String!]!
    name: String!
    summary: String!
    keywords: [String!]!
    format: EntryFormat!
    formatType: String!
    items: [EntryDraftItem!]!
    sharingType: SharingType!
    sharingMethod: SharingMethod
    updateCycle: UpdateCycle!
    datasetId: UUID!
  }

  type EntryDraftItem {
    name: String!
    elementCode: String
    dataType: String!
    length: Int
    duplicateReason: String
  }

  enum EntryDesk {
    OWN
    TO_REVIEW
    TO_PUBLISH
    OVERDUE
    "Taken out of the open directory: what they hold may not be open any more."
    CLOSED
  }

  enum EntryKind {
    BASE
    THEME
    DEPARTMENT
  }

  enum EntryStatus {
    REGISTERED
    REVIEWED
    PUBLISHED
    WITHDRAWN
  }

  enum EntryFormat {
    FILE
    SPREADSHEET
    DATABASE
    GRAPHIC
    STREAM
    SELF_DESCRIBING
  }

  enum SharingType {
    UNCONDITIONAL
    CONDITIONAL
    NONE
  }

  enum SharingMethod {
    QUERY
    API
    FILE
    DATABASE
    OFFLINE
  }

  enum UpdateCycle {
    REALTIME
    DAILY
    WEEKLY
    MONTHLY
    QUARTERLY
    YEARLY
    OTHER
  }

  enum EntryUpdateState {
    AWAITING
    CURRENT
    OVERDUE
  }

  input EntryInput {
    "Unique among the entries of one provider."
    name: String!
    unit: String! = ""
    "20 to 500 characters."
    summary: String!
    keywords: [String!]!
    format: EntryFormat!
    formatType: String!
    items: [EntryItemInput!]!
    sharingType: SharingType!
    "Needed when it is not shared."
    sharingBasis: SharingBasisInput
    "Needed when it is shared on condition."
    sharingCondition: String
    sharingMethod: SharingMethod
    open: Boolean! = false
    openCondition: String
    updateCycle: UpdateCycle!
    relatedCodes: [String!]! = []
    custodian: String!
    contact: String!
    system: String! = ""
    matters: [String!]! = []
    datasetId: UUID
  }

  input SharingBasisInput {
    document: String!
    clause: String!
  }

  "Type and length of an item bound to an element are the element's."
  input EntryItemInput {
    name: String!
    elementCode: String
    dataType: String! = "text"
    length: Int
    duplicateReason: String
  }
`
