export const typeDefs = /* GraphQL */ `
  extend type Query {
    codeLists(search: String, first: Int = 20, after: String): CodeListConnection!
    "By number and edition: GB/T 2260@2023"
    codeList(id: String!): CodeList!
    "What changed from one edition to another, each named number@edition."
    codeListDiff(from: String!, to: String!): EditionDiff!
    crosswalks(search: String, first: Int = 20, after: String): CrosswalkConnection!
    crosswalk(from: String!, to: String!): Crosswalk!
    "By the newest published crosswalk; several candidates are for a person to choose from."
    translateCode(from: String!, to: String!, code: String!): CodeTranslation!
  }

  extend type Mutation {
    draftCodeList(commandId: UUID!, input: CodeListInput!, newVersion: String): CodeList!
    "The answer's version may be a higher one: it follows the size of the change."
    changeCodeList(
      commandId: UUID!
      version: String!
      input: CodeListInput!
      newVersion: String
      expectedRevision: Int
    ): CodeList!
    "Adds codes of the own organisation beside the standard's."
    extendCodeList(commandId: UUID!, id: String!, values: [CodeValueInput!]!): CodeList!
    draftCrosswalk(commandId: UUID!, input: CrosswalkInput!, newVersion: String): Crosswalk!
    changeCrosswalk(
      commandId: UUID!
      version: String!
      input: CrosswalkInput!
      newVersion: String
      expectedRevision: Int
    ): Crosswalk!
  }

  type CodeList {
    id: String!
    version: String!
    revision: Int!
    name: LocalText!
    standardNumber: String!
    edition: String!
    status: StandardStatus!
    issuer: String!
    licence: String!
    "In force from this day, up to but without the other."
    effectiveFrom: Date
    effectiveTo: Date
    "number@edition of the list that this one follows"
    previousEdition: String
    "no, organisation or region"
    extensible: String!
    "All published editions of the standard, the newest first."
    editions: [CodeList!]!
    levels: [LocalText!]!
    valueCount: Int!
    "on: only values in force that day; under: only those whose parent is this code, the topmost of an empty one"
    values(
      first: Int = 50
      after: String
      search: String
      on: Date
      under: String
      scope: CodeScope = STANDARD_REGION
    ): CodeValueConnection!
  }

  enum CodeScope {
    STANDARD
    STANDARD_OWN
    STANDARD_REGION
  }

  type CodeValue {
    code: String!
    name: LocalText!
    parent: String
    level: Int!
    "The organisation whose local extension it is."
    owner: String
    validFrom: Date
    "The first day on which it is no longer in force."
    validTo: Date
    precision: DatePrecision!
    definition: String
    includes: String
    excludes: String
    successors: [CodeSuccessor!]!
  }

  enum DatePrecision {
    YEAR
    MONTH
    DAY
  }

  type CodeSuccessor {
    code: String!
    kind: SuccessorKind!
    weight: Float!
  }

  enum SuccessorKind {
    SAME
    RENAMED
    SPLIT
    MERGED
    PARTLY
  }

  "A crosswalk between two code lists."
  type Crosswalk {
    from: String!
    to: String!
    version: String!
    status: StandardStatus!
    name: LocalText!
    authority: String!
    rows(first: Int = 50, after: String): CrosswalkRowConnection!
  }

  type CrosswalkRow {
    fromCode: String!
    toCode: String!
    relation: CodeRelation!
    weight: Float!
    note: String
  }

  enum CodeRelation {
    EXACT
    BROADER
    NARROWER
    RELATED
  }

  type CodeTranslation {
    "Null where no row says exact, or several candidates are there."
    code: String
    candidates: [CrosswalkRow!]!
  }

  input CodeListInput {
    list: CodeListHeadInput!
    values: [CodeValueInput!]!
  }

  input CodeListHeadInput {
    name: LocalTextInput!
    standardNumber: String!
    edition: String!
    issuer: String!
    levels: [LocalTextInput!]!
    licence: String!
    sourceUrl: String
    extensible: String! = "no"
    extensionPattern: String
    codePattern: String
    effectiveFrom: Date
    effectiveTo: Date
    previousEdition: String
  }

  input CodeValueInput {
    code: String!
    name: LocalTextInput!
    parent: String
    level: Int
    spellings: [String!]
    validFrom: Date
    validTo: Date
    precision: DatePrecision
    definition: String
    includes: String
    excludes: String
    successors: [CodeSuccessorInput!]
  }

  input CodeSuccessorInput {
    code: String!
    kind: SuccessorKind!
    weight: Float!
  }

  input CrosswalkInput {
    name: LocalTextInput!
    from: String!
    to: String!
    authority: String!
    rows: [CrosswalkRowInput!]!
  }

  input CrosswalkRowInput {
    fromCode: String!
    toCode: String!
    relation: CodeRelation!
    weight: Float! = 1
    note: String
  }

  type CodeListConnection {
    edges: [CodeListEdge!]!
    pageInfo: PageInfo!
  }
  type CodeListEdge {
    node: CodeList!
    cursor: String!
  }
  type CodeValueConnection {
    edges: [CodeValueEdge!]!
    pageInfo: PageInfo!
  }
  type CodeValueEdge {
    node: CodeValue!
    cursor: String!
  }
  type CodeChangeConnection {
    edges: [CodeChangeEdge!]!
    pageInfo: PageInfo!
  }
  type CodeChangeEdge {
    node: CodeChange!
    cursor: String!
  }
  type CrosswalkConnection {
    edges: [CrosswalkEdge!]!
    pageInfo: PageInfo!
  }
  type CrosswalkEdge {
    node: Crosswalk!
    cursor: String!
  }
  type CrosswalkRowConnection {
    edges: [CrosswalkRowEdge!]!
    pageInfo: PageInfo!
  }
  type CrosswalkRowEdge {
    node: CrosswalkRow!
    cursor: String!
  }
`
