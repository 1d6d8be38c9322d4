export const typeDefs = /* GraphQL */ `
  extend type Query {
    "One version of a standard of any kind: the newest the reader may see unless one is named."
    standardVersion(kind: StandardKind!, code: String!, version: String): StandardVersion!
    "Who refers to a standard, and through others; of a value, a published code of a list, what names others is left out."
    standardImpact(kind: StandardKind!, code: String!, value: String): StandardImpact!
  }

  extend type Mutation {
    "The days on which a draft is to be in force, apart from its publication."
    scheduleStandard(commandId: UUID!, standard: StandardInput!, effect: EffectInput!): StandardVersion!
    submitStandard(commandId: UUID!, standard: StandardInput!): StandardVersion!
    "By a second person, as every publication."
    publishStandard(commandId: UUID!, standard: StandardInput!, reviewed: ReviewedInput!): StandardVersion!
    returnStandard(
      commandId: UUID!
      standard: StandardInput!
      remark: String!
      reviewed: ReviewedInput!
    ): StandardVersion!
    "Users go on, new references are refused; needs what replaces it or a reason."
    deprecateStandard(
      commandId: UUID!
      standard: StandardInput!
      replacedBy: String
      reason: String
    ): StandardVersion!
    "Refused while anything that is live refers to it."
    retireStandard(commandId: UUID!, standard: StandardInput!): StandardVersion!
  }

  enum StandardKind {
    ELEMENT
    CODE_LIST
    SCHEMA
    CROSSWALK
  }

  input StandardInput {
    kind: StandardKind!
    code: String!
    version: String!
  }

  "What the reviewer had before him; refused when it was submitted anew meanwhile."
  input ReviewedInput {
    reviewId: UUID!
    expectedRevision: Int!
  }

  input EffectInput {
    "Absent: from the day of publication."
    from: Date
    "The first day on which it is no longer in force."
    to: Date
    "Text and clause that allow effect before publication."
    retroactiveBasis: String
    "Refused when the draft has been changed meanwhile."
    expectedRevision: Int
  }

  type StandardVersion {
    kind: StandardKind!
    code: String!
    version: String!
    name: LocalText!
    status: StandardStatus!
    organisationId: String!
    "One more with each change of the draft."
    revision: Int!
    "Of the last submission to review; null before the first."
    reviewId: UUID
    draftedBy: String!
    submittedBy: String
    approvedBy: String
    publishedAt: DateTime
    "In force from this day, up to but without the other."
    effectiveFrom: Date
    effectiveTo: Date
    retroactiveBasis: String
    inForce: Boolean!
    "Why a reviewer sent it back."
    remark: String
    replacedBy: String
    endedBecause: String
    mayEdit: Boolean!
    maySubmit: Boolean!
    mayPublish: Boolean!
    mayDeprecate: Boolean!
    mayRetire: Boolean!
    "Whether the viewer may ask for a dry run."
    mayTry: Boolean!
  }

  enum StandardUserKind {
    ELEMENT
    CODE_LIST
    SCHEMA
    CROSSWALK
    DATASET
    ITEM
    PROCESS
    LEGAL_SOURCE
    "Of the directory of resources."
    ENTRY
    "A right to receive data: open to the public, delivered into a database, shared on request."
    GRANT
    "Of this GraphQL schema."
    FIELD
  }

  type StandardImpact {
    kind: StandardKind!
    code: String!
    value: String
    "The nearest first."
    users: [StandardUse!]!
    "False when there are more than are listed."
    complete: Boolean!
  }

  "One reference: a column, a form field, a side of a crosswalk."
  type StandardUse {
    kind: StandardUserKind!
    code: String!
    version: String!
    name: LocalText!
    organisationId: String!
    "Column, form field or member that holds the reference."
    place: String!
    usedKind: StandardKind!
    usedCode: String!
    usedRange: String
    "Codes it names of the list, at most 20; null where it takes whatever the list holds."
    values: [String!]
    "Only names what was."
    historical: Boolean!
    "In use, to come, or in the making."
    live: Boolean!
    "Null of what is no standard."
    status: StandardStatus
    "1 refers to the standard itself."
    depth: Int!
  }
`
